//! The one file, its copies, and files of earlier programs.

use super::*;

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

/// Whether a process has a lock on a file, told by its inode. While other tests lock and unlock, one reading of the kernel's list may leave a
/// lock out or tell it twice: what is there is in one of several.
#[cfg(target_os = "linux")]
fn is_locked(path: &Path) -> bool {
    let inode = format!(":{} ", std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap()));
    (0..20).any(|_| std::fs::read_to_string("/proc/locks").unwrap().contains(&inode))
}

#[test]
#[cfg(target_os = "linux")]
fn a_store_that_is_opened_again_and_flushed_keeps_the_locks_of_whoever_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let store = Store::open(&path).unwrap();
    store.read(last_entry).unwrap();
    assert!(is_locked(&path), "a store in use is locked");
    drop(Store::open(&path).unwrap());
    store.flush().unwrap();
    assert!(is_locked(&path), "and stays so");
}
