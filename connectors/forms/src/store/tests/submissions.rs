//! A submission takes each step once, and only one submission supersedes another.

use super::*;

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
    let checked = step(&store, &draft, Step::Check, StepOutcome::StateOnly).unwrap();
    assert_eq!(checked.state, State::Checked);
    assert!(step(&store, &draft, Step::Check, StepOutcome::StateOnly).is_none(), "the version is another by now");
    assert!(step(&store, &checked, Step::Submit, StepOutcome::Receipt("R")).is_none(), "steps cannot be skipped");
    let kept = store.write::<_, Error>(Durability::Usual, |transaction| save(transaction, &draft, &Entry::default(), Utc::now())).unwrap();
    assert!(!kept, "an old page overwrites nothing");
}

#[test]
fn changing_what_was_formed_throws_the_document_away() {
    let (_folder, store) = store();
    let submission = draft(&store, account(&store), None);
    let submission = step(&store, &submission, Step::Check, StepOutcome::StateOnly).unwrap();
    let submission = step(&store, &submission, Step::Form, StepOutcome::Document(b"%PDF")).unwrap();
    assert!(store.read(|connection| document(connection, submission.id)).unwrap().is_some());
    let back = step(&store, &submission, Step::Back, StepOutcome::StateOnly).unwrap();
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
    let gone = step(&store, &submission, Step::Discard, StepOutcome::StateOnly).unwrap();
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
            (Step::Check, StepOutcome::StateOnly),
            (Step::Form, StepOutcome::Document(b"%PDF")),
            (Step::Review, StepOutcome::StateOnly),
            (Step::Sign, StepOutcome::Signed(Signature { container: b"PK", documents: 1, at: Utc::now(), by: account })),
            (Step::Submit, StepOutcome::Receipt("R-3")),
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
            (Step::Check, StepOutcome::StateOnly),
            (Step::Form, StepOutcome::Document(b"%PDF")),
            (Step::Review, StepOutcome::StateOnly),
            (Step::Sign, StepOutcome::Signed(Signature { container, documents, at: Utc::now(), by: account })),
            (Step::Submit, StepOutcome::Receipt(receipt)),
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
    let kept = |acting: &Acting, bytes: &[u8]| store.read(|connection| submitted_with(connection, acting, bytes)).unwrap();
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
