//! The store's promises: whole or not at all, once only, in order, provable afterwards.

mod people;

use chrono::TimeDelta;

use super::*;
use crate::Role;
use crate::entry::Entry;
use crate::state::{State, Step};
use crate::store::sessions::Acting;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("forms.sqlite")).unwrap();
    (folder, store)
}

fn account(store: &Store) -> i64 {
    let new = NewAccount { login: "jonas", person: "p1", given_names: "Jonas", family_names: "Pavyzdys", password: "x", seed: b"secret" };
    store.write(Durability::Usual, |transaction| create_account(transaction, &new, Utc::now())).unwrap()
}

fn acting() -> Acting {
    Acting { role: Role::Km, organisation_code: "188683671".into(), organisation_name: "Ministerija".into() }
}

fn draft(store: &Store, account: i64, supersedes: Option<i64>) -> Submission {
    store
        .write::<_, Error>(Durability::Usual, |transaction| {
            let new = NewSubmission { feed: "imokos", virs: "1", acting: &acting(), account, entry: &Entry::default(), supersedes };
            let id = create(transaction, &new, Utc::now())?;
            Ok(find(transaction, id)?.unwrap())
        })
        .unwrap()
}

fn step(store: &Store, submission: &Submission, step: Step, moved: Moved<'_>) -> Option<Submission> {
    store.write::<_, Error>(Durability::OnDisk, |transaction| advance(transaction, submission, step, &moved, Utc::now())).unwrap()
}

fn submitted(store: &Store, mut submission: Submission, receipt: &str) -> Option<Submission> {
    for (next, moved) in [
        (Step::Check, Moved::Nothing),
        (Step::Form, Moved::Document(b"%PDF")),
        (Step::Review, Moved::Nothing),
        (Step::Sign, Moved::Signed(Signature { container: b"PK", documents: 1, at: Utc::now(), by: submission.account })),
        (Step::Submit, Moved::Receipt(receipt)),
    ] {
        submission = step(store, &submission, next, moved)?;
    }
    Some(submission)
}

#[test]
fn the_file_and_its_copies_can_be_read_by_their_owner_only_and_a_copy_is_whole() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, store) = store();
    account(&store);
    let copy = folder.path().join("copy.sqlite");
    store.back_up(&copy).unwrap();
    assert!(store.back_up(&copy).is_err(), "a backup never overwrites");
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
    let copied = Store::open(&copy).unwrap();
    assert!(copied.read(|connection| by_login(connection, "jonas")).unwrap().is_some());
}

#[test]
fn a_copy_that_is_put_back_revives_no_session_and_gives_no_number_twice() {
    let (folder, store) = store();
    let id = account(&store);
    let now = Utc::now();
    let token = "a token that a browser keeps";
    store.write(Durability::Usual, |transaction| open_session(transaction, token, "csrf", id, now)).unwrap();
    let begun = draft(&store, id, None).id;
    let next = |store: &Store| store.write(Durability::Usual, |transaction| next_number(transaction, "VIP", 0)).unwrap();
    next(&store);
    let copy = folder.path().join("copy.sqlite");
    store.back_up(&copy).unwrap();
    // Of no use to whoever finds the copy either.
    let hidden = sessions::hashed(token);
    assert!(!std::fs::read(&copy).unwrap().windows(hidden.len()).any(|window| window == hidden));
    let (given, later) = (next(&store), draft(&store, id, None).id);
    let copied = Store::open(&copy).unwrap();
    let found = |store: &Store| store.read(|connection| find_session(connection, token, now)).unwrap().is_some();
    assert!(found(&store) && !found(&copied));
    assert!(next(&copied) > given && draft(&copied, id, None).id > later);
    assert!(copied.read(|connection| find(connection, begun)).unwrap().is_some());
    copied.read(verify).unwrap();
}

#[test]
fn a_copy_of_an_empty_store_leaves_its_gap_too() {
    let (folder, store) = store();
    let copy = folder.path().join("copy.sqlite");
    store.back_up(&copy).unwrap();
    let id = account(&store);
    let given = draft(&store, id, None).id;
    let copied = Store::open(&copy).unwrap();
    assert!(draft(&copied, account(&copied), None).id > given);
}

#[test]
fn receipts_of_one_store_all_differ() {
    let (_folder, store) = store();
    let id = account(&store);
    let today = "2026-11-26".parse().unwrap();
    for _ in 0..20 {
        let draft = draft(&store, id, None);
        let receipt = store.write(Durability::Usual, |transaction| new_receipt(transaction, today)).unwrap();
        assert!(receipt.starts_with("VIRSIS-26-") && receipt.len() == 18, "{receipt}");
        submitted(&store, draft, &receipt).unwrap();
    }
}

#[test]
fn a_page_sent_twice_changes_nothing_the_second_time() {
    let (_folder, store) = store();
    let draft = draft(&store, account(&store), None);
    let checked = step(&store, &draft, Step::Check, Moved::Nothing).unwrap();
    assert_eq!(checked.state, State::Checked);
    assert!(step(&store, &draft, Step::Check, Moved::Nothing).is_none(), "the version is another by now");
    assert!(step(&store, &checked, Step::Submit, Moved::Receipt("R")).is_none(), "steps cannot be skipped");
    let kept = store.write::<_, Error>(Durability::Usual, |transaction| save(transaction, &draft, &Entry::default(), Utc::now())).unwrap();
    assert!(!kept, "an old page overwrites nothing");
}

#[test]
fn changing_what_was_formed_throws_the_document_away() {
    let (_folder, store) = store();
    let submission = draft(&store, account(&store), None);
    let submission = step(&store, &submission, Step::Check, Moved::Nothing).unwrap();
    let submission = step(&store, &submission, Step::Form, Moved::Document(b"%PDF")).unwrap();
    assert!(store.read(|connection| document(connection, submission.id)).unwrap().is_some());
    let back = step(&store, &submission, Step::Back, Moved::Nothing).unwrap();
    assert_eq!((back.state, back.formed), (State::Draft, None));
    assert!(store.read(|connection| document(connection, submission.id)).unwrap().is_none());
}

#[test]
fn what_is_thrown_away_leaves_no_content_behind() {
    let (_folder, store) = store();
    let mut submission = draft(&store, account(&store), None);
    let mut entry = Entry::default();
    entry.sections.insert("atsakingi".into(), vec![[("asmens_kodas".to_owned(), "33309240064".to_owned())].into()]);
    store.write::<_, Error>(Durability::Usual, |transaction| save(transaction, &submission, &entry, Utc::now())).unwrap();
    submission = store.read(|connection| find(connection, submission.id)).unwrap().unwrap();
    assert_eq!(submission.entry, entry);
    let gone = step(&store, &submission, Step::Discard, Moved::Nothing).unwrap();
    assert_eq!(gone.entry, Entry::default());
}

#[test]
fn of_two_corrections_of_one_submission_only_the_first_is_taken() {
    let (_folder, store) = store();
    let account = account(&store);
    let first = submitted(&store, draft(&store, account, None), "R-1").unwrap();
    let (one, other) = (draft(&store, account, Some(first.id)), draft(&store, account, Some(first.id)));
    let one = submitted(&store, one, "R-2").unwrap();
    assert_eq!(one.state, State::Submitted);
    let late = store.write::<_, Error>(Durability::OnDisk, |transaction| {
        let mut submission = other.clone();
        for (next, moved) in [
            (Step::Check, Moved::Nothing),
            (Step::Form, Moved::Document(b"%PDF")),
            (Step::Review, Moved::Nothing),
            (Step::Sign, Moved::Signed(Signature { container: b"PK", documents: 1, at: Utc::now(), by: account })),
            (Step::Submit, Moved::Receipt("R-3")),
        ] {
            submission = advance(transaction, &submission, next, &moved, Utc::now())?.ok_or(Error::Content("late"))?;
        }
        Ok(submission)
    });
    assert!(late.is_err());
    let history = store.read(|connection| history_of(connection, first.id)).unwrap();
    assert_eq!(history.iter().map(|one| one.state).collect::<Vec<_>>(), [State::Superseded, State::Submitted]);
    assert_eq!(store.read(|connection| of_feed(connection, "imokos", Which::Current)).unwrap().len(), 1);
}

#[test]
fn a_container_is_kept_once_for_all_that_were_handed_in_with_it() {
    let (_folder, store) = store();
    let account = account(&store);
    let sign = |container: &[u8], documents: usize, receipt: &str| {
        let mut submission = draft(&store, account, None);
        for (next, moved) in [
            (Step::Check, Moved::Nothing),
            (Step::Form, Moved::Document(b"%PDF")),
            (Step::Review, Moved::Nothing),
            (Step::Sign, Moved::Signed(Signature { container, documents, at: Utc::now(), by: account })),
            (Step::Submit, Moved::Receipt(receipt)),
        ] {
            submission = step(&store, &submission, next, moved).unwrap();
        }
        submission.id
    };
    let (one, other) = (sign(b"PK 1", 2, "R-1"), sign(b"PK 2", 1, "R-2"));
    let read = |id: i64| store.read(|connection| Ok((container(connection, id)?, in_container_of(connection, id)?))).unwrap();
    assert_eq!(read(one), (Some(b"PK 1".to_vec()), None), "it holds a document that was not handed in");
    assert_eq!(read(other), (Some(b"PK 2".to_vec()), Some(vec![other])));
    let second = sign(b"PK 1", 2, "R-3");
    assert_eq!([read(one), read(second)], [(); 2].map(|()| (Some(b"PK 1".to_vec()), Some(vec![one, second]))));
    let kept = |acting: &Acting, bytes: &[u8]| store.read(|connection| handed_in_with(connection, acting, bytes)).unwrap();
    assert_eq!([kept(&acting(), b"PK 1"), kept(&acting(), b"PK 3")], [vec![one, second], vec![]]);
    let stranger = Acting { organisation_code: "300000000".into(), ..acting() };
    assert_eq!(kept(&stranger, b"PK 1"), Vec::<i64>::new());
    let rows = store.read(|connection| Ok(connection.query_row("SELECT count(*) FROM container", [], |row| row.get::<_, i64>(0))?));
    assert_eq!(rows.unwrap(), 2);
    assert_eq!(read(draft(&store, account, None).id), (None, None));
}

#[test]
fn containers_of_an_earlier_program_are_still_those_of_their_submissions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forms.sqlite");
    let mut old = Connection::open(&path).unwrap();
    Migrations::from_slice(&SCHEMA[..6]).to_latest(&mut old).unwrap();
    old.execute_batch(
        "INSERT INTO account (id, person, given_names, family_names, created) VALUES (1, 'p', 'A', 'B', '2026-01-01');
         INSERT INTO submission (id, feed, virs, state, role, organisation_code, organisation_name, account, content, created, changed, container)
         VALUES (4, 'imokos', '1', 'submitted', 'km', '2', 'X', 1, '{}', '2026-01-01', '2026-01-01', x'504b'),
             (5, 'imokos', '1', 'draft', 'km', '2', 'X', 1, '{}', '2026-01-01', '2026-01-01', NULL);",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let read = |id: i64| store.read(|connection| Ok((container(connection, id)?, in_container_of(connection, id)?))).unwrap();
    assert_eq!([read(4), read(5)], [(Some(b"PK".to_vec()), Some(vec![4])), (None, None)]);
}

#[test]
fn numbers_are_never_given_twice_and_begin_after_those_known() {
    let (_folder, store) = store();
    let number = |known| store.write(Durability::Usual, |transaction| next_number(transaction, "VIP", known)).unwrap();
    assert_eq!([number(40), number(0), number(90), number(0)], [41, 42, 91, 92]);
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

#[test]
fn a_copy_is_made_to_its_end_however_much_is_written_meanwhile() {
    let (folder, store) = store();
    // Enough pages for many steps, had it more than one.
    let rows: Vec<HistoryRow> = (0..8_000).map(|number| [("a".to_owned(), format!("{number:0900}"))].into()).collect();
    store.write(Durability::Usual, |transaction| add_history(transaction, "t", &rows)).unwrap();
    let (ended, copies) = (std::sync::atomic::AtomicBool::new(false), 3);
    std::thread::scope(|threads| {
        let writer = threads.spawn(|| {
            while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                store.write(Durability::Usual, |transaction| next_number(transaction, "VIP", 0)).unwrap();
            }
        });
        for place in 0..copies {
            let to = folder.path().join(format!("copy{place}"));
            store.back_up(&to).unwrap();
            assert_eq!(Store::open(&to).unwrap().read(|connection| history::rows(connection, "t")).unwrap().len(), rows.len());
        }
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        writer.join().unwrap();
    });
}

#[test]
fn a_letter_is_written_once_tried_later_and_given_up_at_last() {
    let (_folder, store) = store();
    let now = Utc::now();
    let letter = Waiting { id: "l-1".into(), recipient: "a@example.invalid".into(), subject: "s".into(), body: "b".into(), written: now };
    let write = || store.write(Durability::Usual, |transaction| enqueue(transaction, &letter)).unwrap();
    assert!(write() && !write());
    let due_at = |at| store.read(|connection| due(connection, at, 10)).unwrap().len();
    assert_eq!(due_at(now), 1);
    store.write(Durability::Usual, |transaction| failed(transaction, "l-1", false, now)).unwrap();
    assert_eq!((due_at(now), due_at(now + TimeDelta::hours(1))), (0, 1));
    store.write(Durability::Usual, |transaction| failed(transaction, "l-1", true, now)).unwrap();
    assert_eq!(store.read(waiting).unwrap(), 0);
}

#[test]
fn a_changed_or_missing_entry_of_the_audit_log_shows() {
    let (folder, store) = store();
    for number in 0..5 {
        let act = Act { actor: Actor::System, action: "test", object: format!("thing {number}"), detail: String::new() };
        store.write(Durability::Usual, |transaction| note(transaction, act, Utc::now())).unwrap();
    }
    assert_eq!(store.read(verify).unwrap().0, 5);
    let raw = Connection::open(folder.path().join("forms.sqlite")).unwrap();
    assert!(raw.execute("UPDATE audit SET action = 'x' WHERE entry = 3", []).is_err(), "the log is only added to");
    assert!(raw.execute("DELETE FROM audit WHERE entry = 3", []).is_err());
    raw.execute_batch("DROP TRIGGER audit_is_only_added_to; UPDATE audit SET action = 'x' WHERE entry = 3;").unwrap();
    assert!(matches!(store.read(verify), Err(Error::AuditLog { entry: 3, .. })));
    raw.execute_batch("DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE entry = 3;").unwrap();
    assert!(matches!(store.read(verify), Err(Error::AuditLog { entry: 4, .. })));
}

#[test]
fn what_is_written_in_a_failed_transaction_is_not_there() {
    let (_folder, store) = store();
    let id = account(&store);
    let failed: Result<(), Error> = store.write(Durability::OnDisk, |transaction| {
        create(
            transaction,
            &NewSubmission { feed: "f", virs: "1", acting: &acting(), account: id, entry: &Entry::default(), supersedes: None },
            Utc::now(),
        )?;
        Err(Error::Content("no"))
    });
    assert!(failed.is_err());
    assert!(store.read(|connection| list(connection, Filter::Open(Role::Km, "188683671"), 10)).unwrap().is_empty());
}

#[test]
fn a_store_of_an_earlier_program_is_brought_up_to_date_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forms.sqlite");
    let mut old = Connection::open(&path).unwrap();
    Migrations::from_slice(&SCHEMA[..1]).to_latest(&mut old).unwrap();
    old.execute("INSERT INTO number (prefix, last) VALUES ('VIP', 41)", []).unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.write(Durability::Usual, |transaction| next_number(transaction, "VIP", 0)).unwrap(), 42);
    assert_eq!(store.read(|connection| unseen_changes(connection, "1")).unwrap(), []);
}

#[test]
fn what_registers_changed_waits_for_its_virs_until_it_looked_at_that_very_thing() {
    let (_folder, store) = store();
    let account = account(&store);
    let day = |text: &str| text.parse().unwrap();
    let notice = |virs: &str, night: &str, what: &str| {
        let noticed = |transaction: &Transaction<'_>| notice_change(transaction, virs, night, what, day("2026-11-22"), day("2026-12-06"));
        store.write(Durability::OnDisk, noticed).unwrap();
    };
    let unseen = |virs: &str| store.read(|connection| unseen_changes(connection, virs)).unwrap();
    notice("1", "a", "Dalyviai");
    notice("1", "a", "Dalyviai");
    notice("1", "a", "Licencijos");
    notice("2", "a", "Dalyviai");
    let shown = unseen("1");
    assert_eq!((shown.len(), shown[0].due.as_str()), (2, "2026-12-06"), "the same thing of a night is noted once");
    notice("1", "b", "Dalyviai");
    let looked = |virs: &str, change: i64| {
        store.write(Durability::OnDisk, |transaction| looked_at_change(transaction, virs, change, account, Utc::now())).unwrap()
    };
    assert_eq!([looked("2", shown[1].id), looked("1", shown[1].id), looked("1", shown[1].id)], [false, true, false]);
    let left: Vec<String> = unseen("1").into_iter().map(|change| change.what).collect();
    assert_eq!((left, unseen("2").len()), (vec!["Dalyviai".to_owned(); 2], 1), "the other thing, what came later, and what is another's");
}

#[test]
fn tasks_of_an_earlier_program_are_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("forms.sqlite");
    let mut old = Connection::open(&path).unwrap();
    Migrations::from_slice(&SCHEMA[..3]).to_latest(&mut old).unwrap();
    let insert = "INSERT INTO register_change (virs, night, what, noticed, due) VALUES ('1', 'a', 'Dalyviai, Licencijos', '2026-11-22', '2026-12-06')";
    old.execute(insert, []).unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let waiting = store.read(|connection| unseen_changes(connection, "1")).unwrap();
    assert_eq!((waiting.len(), waiting[0].what.as_str()), (1, "Dalyviai, Licencijos"));
}

/// Locks that processes have on a file, told by its inode.
#[cfg(target_os = "linux")]
fn locks(path: &Path) -> usize {
    let inode = format!(":{} ", std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap()));
    std::fs::read_to_string("/proc/locks").unwrap().lines().filter(|line| line.contains(&inode)).count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_store_that_is_opened_again_and_flushed_keeps_the_locks_of_whoever_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let store = Store::open(&path).unwrap();
    store.read(last_entry).unwrap();
    let before = locks(&path);
    assert!(before > 0, "a store in use is locked");
    drop(Store::open(&path).unwrap());
    store.flush().unwrap();
    assert_eq!(locks(&path), before);
}
