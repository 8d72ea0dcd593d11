//! Letters that wait, what the audit log shows, what registers changed.

use super::*;

#[test]
fn a_letter_is_written_once_tried_later_and_given_up_at_last() {
    let (_folder, store) = store();
    let now = Utc::now();
    let letter = Waiting { id: "l-1".into(), recipient: "a@example.invalid".into(), subject: "s".into(), body: "b".into(), written: now };
    let write = || store.write(Durability::Usual, |transaction| enqueue(transaction, &letter)).unwrap();
    assert!(write() && !write());
    let due_at = |at| store.read(|connection| due(connection, at, 10)).unwrap().len();
    assert_eq!(due_at(now), 1);
    store.write(Durability::Usual, |transaction| failed(transaction, "l-1", false, "ryšys nutrūko", now)).unwrap();
    assert_eq!((due_at(now), due_at(now + TimeDelta::hours(1))), (0, 1));
    store.write(Durability::Usual, |transaction| failed(transaction, "l-1", true, "adresas netinka", now)).unwrap();
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
