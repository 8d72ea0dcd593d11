//! What administrators do with the store: proposals that are decided once, mandates one by one, letters that are tried again or given up, the log
//! that is searched.

use super::*;

fn another(store: &Store, person: &str) -> i64 {
    store.write(Durability::Usual, |transaction| upsert_person(transaction, person, "Ona", "Pavyzdė", Utc::now())).unwrap()
}

fn proposed(store: &Store, subject: &str, account: i64, now: DateTime<Utc>) -> Proposed {
    store
        .write(Durability::Usual, |transaction| propose(transaction, ProposalKind::Accept, subject, "paklausta registro", account, now))
        .unwrap()
}

fn decided(store: &Store, id: i64, decision: Decision, account: i64) -> bool {
    store.write(Durability::Usual, |transaction| decide(transaction, id, decision, account, Utc::now())).unwrap()
}

#[test]
fn the_same_is_proposed_once_at_a_time_and_a_proposal_is_decided_once() {
    let (_folder, store) = store();
    let (one, other, now) = (account(&store), another(&store, "p2"), Utc::now());
    let Proposed::New(id) = proposed(&store, "jar raw_x 0a", one, now) else { panic!() };
    assert_eq!(proposed(&store, "jar raw_x 0a", other, now), Proposed::Already(id));
    assert!(decided(&store, id, Decision::Confirmed, other));
    assert!(!decided(&store, id, Decision::Declined, other), "it was decided before");
    let found = store.read(|connection| find_proposal(connection, id)).unwrap().unwrap();
    assert_eq!(found.decided.map(|(decision, by, _)| (decision, by)), Some((Decision::Confirmed, other)));
    assert!(!found.is_open(now) && matches!(proposed(&store, "jar raw_x 0a", one, now), Proposed::New(_)), "it may be proposed again");
}

#[test]
fn a_flood_of_proposals_is_refused_and_those_that_nobody_decided_in_time_stand_in_nobodys_way() {
    let (_folder, store) = store();
    let (one, other, now) = (account(&store), another(&store, "p2"), Utc::now());
    let flood =
        |account| (0..60).filter(|number| proposed(&store, &format!("a {account} {number}"), account, now) != Proposed::TooMany).count();
    assert_eq!((flood(one), flood(other)), (10, 10), "so many of one account");
    let late = now + TimeDelta::days(PROPOSAL_DAYS);
    let open = |at| store.read(|connection| last_proposals(connection, 100)).unwrap().iter().filter(|one| one.is_open(at)).count();
    assert_eq!((open(now), open(late)), (20, 0));
    assert!(matches!(proposed(&store, "a 1 0", one, late), Proposed::New(_)), "what is too old may be proposed again");
}

fn mandate(person: &str, organisation: &str, until: Option<i64>) -> NewMandate {
    let today = crate::days::today(Utc::now());
    NewMandate {
        person: person.into(),
        role: Role::Km,
        organisation_code: organisation.into(),
        organisation_name: format!("Organizacija {organisation}"),
        email: None,
        valid_from: today - TimeDelta::days(9),
        valid_to: until.map(|days| today + TimeDelta::days(days)),
    }
}

#[test]
fn exactly_one_mandate_is_ended_and_those_that_have_ended_are_in_force_no_more() {
    let (_folder, store) = store();
    let account = account(&store);
    let today = crate::days::today(Utc::now());
    let all = [mandate("p1", "1", None), mandate("p1", "2", Some(0)), mandate("p2", "3", Some(-1))];
    store.write(Durability::Usual, |transaction| replace_all(transaction, &all)).unwrap();
    let in_force = || store.read(|connection| mandates_in_force(connection, today)).unwrap();
    let found: Vec<_> = in_force().into_iter().map(|(_, mandate, holder)| (mandate.organisation_code, holder)).collect();
    let jonas = Some((account, "Jonas Pavyzdys".to_owned()));
    assert_eq!(found, [("1".to_owned(), jonas.clone()), ("2".to_owned(), jonas)]);
    let end = |mandate: &NewMandate| store.write(Durability::Usual, |transaction| end_mandate(transaction, mandate)).unwrap();
    assert!(!end(&mandate("p1", "1", Some(5))), "another one than what is in force");
    assert!(end(&all[0]) && !end(&all[0]));
    assert_eq!(in_force().len(), 1);
    store.write(Durability::Usual, |transaction| add_mandate(transaction, &all[0])).unwrap();
    let (id, ..) = in_force().into_iter().find(|(_, mandate, _)| *mandate == all[0]).unwrap();
    assert_eq!(store.read(|connection| find_mandate(connection, id)).unwrap().as_ref(), Some(&all[0]));
}

#[test]
fn letters_are_tried_again_or_given_up_and_who_they_go_to_is_not_told() {
    let (_folder, store) = store();
    let now = Utc::now();
    let letter = |id: &str| Waiting {
        id: id.into(),
        recipient: "jonas@pastas.example.invalid".into(),
        subject: "VIRSIS: slapta".into(),
        body: "slapta".into(),
        written: now,
    };
    let write = |work: &dyn Fn(&Transaction<'_>) -> Result<(), Error>| store.write(Durability::Usual, work).unwrap();
    for id in ["a-1-0", "b-2-0"] {
        write(&|transaction| enqueue(transaction, &letter(id)).map(drop));
    }
    write(&|transaction| failed(transaction, "a-1-0", false, "serveris neklauso", now));
    let due = |at| store.read(|connection| due(connection, at, 9)).unwrap().into_iter().map(|letter| letter.id).collect::<Vec<_>>();
    assert_eq!(due(now), ["b-2-0"]);
    assert_eq!(store.write(Durability::Usual, |transaction| try_again(transaction, None, now)).unwrap(), 2);
    assert_eq!(due(now), ["a-1-0", "b-2-0"]);
    let give_up = |id: &str| store.write(Durability::Usual, |transaction| give_up(transaction, id, now)).unwrap();
    assert!(give_up("a-1-0") && !give_up("a-1-0") && !give_up("c-3-0"));
    // The delivery that was under way fails now: the letter stays given up.
    write(&|transaction| failed(transaction, "a-1-0", false, "serveris neklauso", now));
    let seen = store.read(|connection| undelivered(connection, 9)).unwrap();
    assert_eq!(seen.iter().map(|one| (one.id.as_str(), one.given_up.is_some())).collect::<Vec<_>>(), [("b-2-0", false), ("a-1-0", true)]);
    assert_eq!((seen[1].domain.as_str(), seen[1].failure.as_deref()), ("pastas.example.invalid", Some("serveris neklauso")));
    assert!(!format!("{seen:?}").contains("slapta") && !format!("{seen:?}").contains("jonas"));
    assert_eq!(store.write(Durability::Usual, |transaction| try_again(transaction, Some("a-1-0"), now)).unwrap(), 1);
    assert_eq!(due(now), ["a-1-0", "b-2-0"]);
    write(&|transaction| delivered(transaction, "a-1-0", now));
    assert_eq!(store.write(Durability::Usual, |transaction| try_again(transaction, Some("a-1-0"), now)).unwrap(), 0, "it was taken");
}

#[test]
fn the_log_is_searched_by_time_account_action_and_form_page_by_page() {
    let (_folder, store) = store();
    let account = account(&store);
    let draft = draft(&store, account, None);
    let start = Utc::now() - TimeDelta::days(5);
    let note = |day: i64, actor: Actor, action: &'static str, object: String| {
        let act = Act { actor, action, object, detail: String::new() };
        store.write(Durability::Usual, |transaction| note(transaction, act, start + TimeDelta::days(day))).unwrap();
    };
    note(0, Actor::Account(account), "sign in", "session".into());
    note(1, Actor::Account(account), "save", format!("submission {}", draft.id));
    note(2, Actor::Account(account + 1), "save", format!("submission {}", draft.id + 1));
    note(3, Actor::Operator, "import mandates", "mandates".into());
    let search = |filter: &AuditFilter, most| {
        let found = store.read(|connection| search_audit(connection, filter, most)).unwrap();
        found.into_iter().map(|one| one.entry).collect::<Vec<_>>()
    };
    let all = AuditFilter::default();
    assert_eq!((search(&all, 9), search(&all, 2)), (vec![4, 3, 2, 1], vec![4, 3]));
    assert_eq!(search(&AuditFilter { before: Some(3), ..all.clone() }, 9), [2, 1]);
    assert_eq!(search(&AuditFilter { actor: Some(format!("account {account}")), ..all.clone() }, 9), [2, 1]);
    assert_eq!(search(&AuditFilter { action: Some("save".into()), ..all.clone() }, 9), [3, 2]);
    assert_eq!(search(&AuditFilter { feed: Some("imokos".into()), ..all.clone() }, 9), [2]);
    assert_eq!(search(&AuditFilter { feed: Some("lesos".into()), ..all.clone() }, 9), [0; 0]);
    let days = |from, until| AuditFilter {
        from: Some(start + TimeDelta::days(from)),
        until: Some(start + TimeDelta::days(until)),
        ..AuditFilter::default()
    };
    assert_eq!((search(&days(1, 3), 9), search(&days(9, 10), 9)), (vec![3, 2], vec![]));
    assert_eq!(store.read(audited_actions).unwrap(), ["import mandates", "save", "sign in"]);
}
