//! What the store keeps of people: accounts, sessions, and drafts that their owners forgot.

use super::*;

/// Somebody who came through VIISP.
fn visitor(store: &Store, person: &str) -> i64 {
    store.write(Durability::Usual, |transaction| upsert_person(transaction, person, "Ona", "Pavyzdė", Utc::now())).unwrap()
}

#[test]
fn a_new_store_has_no_accounts() {
    let (_folder, store) = store();
    let accounts: i64 = store.read(|connection| Ok(connection.query_row("SELECT count(*) FROM account", [], |row| row.get(0))?)).unwrap();
    assert_eq!(accounts, 0);
}

#[test]
fn people_see_where_they_are_signed_in_and_end_all_other_sessions_of_their_own() {
    let (_folder, store) = store();
    let (one, other, now) = (account(&store), visitor(&store, "p2"), Utc::now());
    let open = |token: &'static str, account, at| {
        store.write(Durability::Usual, |transaction| open_session(transaction, token, "csrf", account, at)).unwrap();
    };
    open("here", one, now);
    open("elsewhere", one, now - TimeDelta::minutes(5));
    open("ended", one, now - TimeDelta::minutes(IDLE_MINUTES + 1));
    open("stranger's", other, now);
    let seen = || store.read(|connection| sessions_of(connection, one, "here", now)).unwrap();
    assert_eq!(seen().iter().map(|session| session.this).collect::<Vec<_>>(), [true, false]);
    let alive = |token: &str| store.read(|connection| find_session(connection, token, now)).unwrap().map(|session| session.csrf);
    let ended = store.write(Durability::Usual, |transaction| keep_only_session(transaction, one, "here", "anew", "csrf2")).unwrap();
    assert_eq!(ended, 2, "the one that had ended by itself among them");
    assert_eq!((alive("here"), alive("elsewhere"), alive("anew").as_deref()), (None, None, Some("csrf2")));
    assert_eq!(alive("stranger's").as_deref(), Some("csrf"));
    assert!(seen().iter().all(|session| !session.this) && seen().len() == 1, "the old token is nobody's");
    let end = |account| store.write(Durability::Usual, |transaction| close_sessions(transaction, account)).unwrap();
    assert_eq!((end(Some(one)), alive("anew"), alive("stranger's").is_some()), (1, None, true));
    open("again", one, now);
    assert_eq!((end(None), alive("again"), alive("stranger's")), (2, None, None));
}

#[test]
fn a_password_is_changed_by_whoever_shows_the_old_one_and_is_good_for_ever_then() {
    let (_folder, store) = store();
    let (id, now) = (account(&store), Utc::now());
    let account = || store.read(|connection| find_account(connection, id)).unwrap().unwrap();
    let given = |account: &Account| {
        let days = TimeDelta::days(GIVEN_PASSWORD_DAYS);
        account.password_until.is_some_and(|until| until > now + days - TimeDelta::minutes(1) && until < now + days + TimeDelta::minutes(1))
    };
    assert!(given(&account()));
    let change =
        |old: &str, new: &str| store.write(Durability::Usual, |transaction| change_password(transaction, id, old, new, now)).unwrap();
    assert!(!change("y", "z") && account().password.as_deref() == Some("x"));
    for _ in 0..5 {
        store.write(Durability::Usual, |transaction| sign_in_failed(transaction, id, now)).unwrap();
    }
    assert!(!change("x", "y"), "the account rests");
    store.write(Durability::Usual, |transaction| renew_account(transaction, "jonas", "x", |_| Ok(vec![1]), now)).unwrap().unwrap();
    assert!(given(&account()));
    assert!(change("x", "y"));
    assert_eq!((account().password.as_deref(), account().password_until), (Some("y"), None));
}

#[test]
fn a_renewed_account_has_another_secret_sealed_for_its_owner_is_open_again_and_signed_in_nowhere() {
    let (_folder, store) = store();
    let (id, now) = (account(&store), Utc::now());
    store.write(Durability::Usual, |transaction| close_account(transaction, "jonas", now)).unwrap().unwrap();
    store.write(Durability::Usual, |transaction| open_session(transaction, "token", "csrf", id, now)).unwrap();
    let renew = |login: &'static str| {
        let seal = |person: &str| Ok([person.as_bytes(), b" sealed"].concat());
        store.write(Durability::Usual, |transaction| renew_account(transaction, login, "y", seal, now)).unwrap()
    };
    assert_eq!((renew("jonas"), renew("petras")), (Some(id), None));
    let account = store.read(|connection| by_login(connection, "jonas")).unwrap().unwrap();
    assert_eq!((account.password.as_deref(), account.seed.as_deref()), (Some("y"), Some(b"p1 sealed".as_slice())));
    assert!(store.read(|connection| find_session(connection, "token", now)).unwrap().is_none());
}

#[test]
fn secrets_that_an_earlier_program_kept_in_clear_are_encrypted_and_leave_no_trace() {
    const SECRET: &[u8] = b"twenty bytes exactly";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forms.sqlite");
    {
        let mut connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        Migrations::from_slice(&SCHEMA[..1]).to_latest(&mut connection).unwrap();
        let sql = "INSERT INTO account (login, person, given_names, family_names, password, totp, created) VALUES (?1, ?1, 'A', 'B', 'x', ?2, 'now')";
        for login in ["jonas", "petras"] {
            connection.execute(sql, (login, SECRET)).unwrap();
        }
    }
    let bytes = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<u8>>()
    };
    let in_clear = || bytes().windows(SECRET.len()).any(|part| part == SECRET);
    let store = Store::open(&path).unwrap();
    assert!(in_clear());
    let seal = crate::PersonHash::new([7; 32]).seal();
    assert_eq!((store.seal_seeds(&seal).unwrap(), store.seal_seeds(&seal).unwrap()), (2, 0));
    assert!(!in_clear(), "not even in the log beside the file");
    for login in ["jonas", "petras"] {
        let account = store.read(|connection| by_login(connection, login)).unwrap().unwrap();
        assert_eq!(seal.open(login, &account.seed.unwrap()).unwrap(), SECRET);
        assert_eq!(account.password_until, None, "who had a password keeps it");
    }
    assert_eq!(store.read(verify).unwrap().0, 1);
}

#[test]
fn drafts_that_nobody_touches_lose_their_content_and_nothing_else_does() {
    let (_folder, store) = store();
    let (id, now) = (account(&store), Utc::now());
    let mut entry = Entry::default();
    entry.sections.insert("atsakingi".into(), vec![[("asmens_kodas".to_owned(), "33309240064".to_owned())].into()]);
    let attached =
        Attachment { id: 0, name: "a.pdf".into(), media_type: "application/pdf".into(), sha256: "0".into(), size: 4, public: false };
    let long_ago = now - TimeDelta::days(90);
    let filled = |at: DateTime<Utc>| {
        let draft = draft(&store, id, None);
        store
            .write::<_, Error>(Durability::Usual, |transaction| {
                assert!(save(transaction, &draft, &entry, at)?);
                add_attachment(transaction, draft.id, &attached, b"%PDF", at)?;
                Ok(find(transaction, draft.id)?.unwrap())
            })
            .unwrap()
    };
    let forgotten = filled(long_ago - TimeDelta::minutes(1));
    let touched = filled(long_ago + TimeDelta::minutes(1));
    let handed_in = submitted(&store, filled(now), "R-9").unwrap();
    let age = |id: i64| {
        let at = stamp(long_ago - TimeDelta::days(1));
        store
            .write::<_, Error>(Durability::Usual, |transaction| {
                Ok(transaction.execute("UPDATE submission SET changed = ?2 WHERE id = ?1", (id, at))?)
            })
            .unwrap();
    };
    age(handed_in.id);
    let discard = || store.write(Durability::Usual, |transaction| discard_abandoned(transaction, long_ago, now)).unwrap();
    assert_eq!((discard(), discard()), (1, 0));
    let now_is = |id: i64| store.read(|connection| Ok((find(connection, id)?.unwrap(), attachments(connection, id)?.len()))).unwrap();
    let (gone, attachments) = now_is(forgotten.id);
    assert_eq!((gone.state, gone.entry, attachments), (State::Discarded, Entry::default(), 0));
    for (kept, state) in [(touched.id, State::Draft), (handed_in.id, State::Submitted)] {
        let (found, attachments) = now_is(kept);
        assert_eq!((found.state, &found.entry, attachments), (state, &entry, 1));
    }
    let mut last = None;
    store
        .read(|connection| {
            entries(connection, 1, |entry| {
                last = Some(entry);
                Ok(())
            })
        })
        .unwrap();
    let last = last.unwrap();
    assert_eq!((last.actor.as_str(), last.action.as_str(), last.detail.as_str()), ("system", "discard", "abandoned"));
    assert_eq!(last.object, format!("submission {}", forgotten.id));
}

#[test]
fn what_is_attached_to_drafts_is_summed_for_their_organisation() {
    let (_folder, store) = store();
    let id = account(&store);
    let attach = |submission: i64, size: usize| {
        let attached =
            Attachment { id: 0, name: "a.pdf".into(), media_type: "application/pdf".into(), sha256: "0".into(), size: 0, public: false };
        store
            .write(Durability::Usual, |transaction| add_attachment(transaction, submission, &attached, &vec![b'a'; size], Utc::now()))
            .unwrap();
    };
    let (one, other, gone) = (draft(&store, id, None), draft(&store, id, None), draft(&store, id, None));
    for (draft, size) in [(&one, 10), (&other, 200), (&gone, 3_000)] {
        attach(draft.id, size);
    }
    step(&store, &gone, Step::Discard, StepOutcome::StateOnly).unwrap();
    let sum = |acting: &Acting| store.read(|connection| attached_bytes(connection, acting)).unwrap();
    assert_eq!(sum(&acting()), 210);
    assert_eq!(sum(&Acting { organisation_code: "1".into(), ..acting() }), 0);
    assert_eq!(sum(&Acting { role: Role::Lrtk, ..acting() }), 0);
    submitted(&store, other, "R-1").unwrap();
    assert_eq!(sum(&acting()), 10, "what was handed in stays as evidence and hinders nobody");
}

#[test]
fn sessions_end_after_being_idle_and_after_their_longest_time() {
    let (_folder, store) = store();
    let account = account(&store);
    let now = Utc::now();
    let alive = |at| store.read(|connection| find_session(connection, "token", at)).unwrap().is_some();
    store.write(Durability::Usual, |transaction| open_session(transaction, "token", "csrf", account, now)).unwrap();
    assert!(alive(now + TimeDelta::minutes(IDLE_MINUTES - 1)));
    assert!(!alive(now + TimeDelta::minutes(IDLE_MINUTES + 1)));
    let late = now + TimeDelta::hours(ABSOLUTE_HOURS) + TimeDelta::minutes(1);
    store.write(Durability::Usual, |transaction| sessions::touch(transaction, "token", late)).unwrap();
    assert!(!alive(late), "being used does not prolong a session for ever");
    store.write(Durability::Usual, |transaction| close_session(transaction, "token")).unwrap();
    assert!(!alive(now));
}

#[test]
fn a_ticket_comes_back_once_to_the_browser_it_was_given_to() {
    let (_folder, store) = store();
    let now = Utc::now();
    let begin = |ticket: &'static str, browser: &'static str| {
        store.write(Durability::Usual, |transaction| begin_handover(transaction, ticket, browser, ticket, now)).unwrap();
    };
    let taken = |ticket: &str, browser: &str, at| {
        store.write(Durability::Usual, |transaction| take_handover(transaction, ticket, browser, at)).unwrap().is_some()
    };
    begin("one", "browser");
    assert!(!taken("other", "browser", now), "a ticket that nobody was given");
    assert!(taken("one", "browser", now));
    assert!(!taken("one", "browser", now), "used");
    begin("two", "attacker");
    assert!(!taken("two", "victim", now), "another browser");
    assert!(!taken("two", "attacker", now), "used up by it all the same");
    begin("three", "late");
    assert!(!taken("three", "late", now + TimeDelta::minutes(16)), "too old");
}

#[test]
fn a_code_is_used_once_and_too_many_failures_lock_the_account() {
    let (_folder, store) = store();
    let id = account(&store);
    let now = Utc::now();
    let good_at = |step, at| store.write(Durability::Usual, |transaction| sign_in_succeeded(transaction, id, step, at)).unwrap();
    let good = |step| good_at(step, now);
    assert!(good(100) && !good(100) && !good(99) && good(101));
    for _ in 0..5 {
        store.write(Durability::Usual, |transaction| sign_in_failed(transaction, id, now)).unwrap();
    }
    let locked = store.read(|connection| find_account(connection, id)).unwrap().unwrap().locked_until;
    assert!(locked.is_some_and(|until| until > now));
    // Somebody who looked at the account before it was locked is too late all the same.
    assert!(!good(200) && good_at(200, now + TimeDelta::minutes(LOCKED_MINUTES)));
    store.write(Durability::Usual, |transaction| close_account(transaction, "jonas", now)).unwrap();
    assert!(!good_at(300, now + TimeDelta::hours(1)), "nor does a closed account let anybody in");
}

#[test]
fn whoever_loses_a_mandate_acts_for_nobody_from_then_on() {
    let (_folder, store) = store();
    let account = account(&store);
    let now = Utc::now();
    let day = |days| crate::days::today(now) + TimeDelta::days(days);
    let mandate = |person: &str, valid_to| NewMandate {
        person: person.into(),
        role: Role::Km,
        organisation_code: "188683671".into(),
        organisation_name: "Ministerija".into(),
        email: None,
        valid_from: day(-9),
        valid_to,
    };
    let import = |mandates: &[NewMandate]| store.write(Durability::Usual, |transaction| replace_all(transaction, mandates)).unwrap();
    import(&[mandate("p1", None)]);
    store
        .write::<_, Error>(Durability::Usual, |transaction| {
            open_session(transaction, "old", "csrf", account, now)?;
            let mandates = of_person(transaction, "p1", crate::days::today(now))?;
            take_role(transaction, "old", "token", "csrf", &mandates[0])
        })
        .unwrap();
    let acts = || store.read(|connection| find_session(connection, "token", now)).unwrap().unwrap().acting.is_some();
    assert!(acts());
    import(&[mandate("p1", Some(day(0)))]);
    assert!(acts(), "the last day counts");
    import(&[mandate("p1", Some(day(-1)))]);
    assert!(!acts(), "it has ended");
    import(&[mandate("p1", None)]);
    assert!(acts());
    import(&[mandate("p2", None)]);
    assert!(!acts(), "somebody else has it now");
}

#[test]
fn an_organisation_stays_the_same_when_its_name_is_written_otherwise() {
    let renamed = Acting { organisation_name: "Kultūros ministerija".into(), ..acting() };
    assert_eq!(renamed, acting());
    assert_ne!(Acting { role: Role::Zeit, ..acting() }, acting());
    assert_ne!(Acting { organisation_code: "2".into(), ..acting() }, acting());
}
