//! Input that could not be saved in its draft, encrypted for whoever typed it and for nobody else; deleted after a day.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::stamp;
use crate::Error;

/// It is kept for so many hours.
pub const HOURS: i64 = 24;
/// Texts of one person; the oldest gives way.
const MOST: i64 = 5;

/// Keeps a sealed text of somebody about a draft, in the place of an earlier one about the same.
///
/// # Errors
/// The store's.
pub fn keep(transaction: &Transaction<'_>, account: i64, submission: i64, sealed: &[u8], now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO typed (account, submission, sealed, kept) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account, submission) DO UPDATE SET sealed = excluded.sealed, kept = excluded.kept",
        (account, submission, sealed, stamp(now)),
    )?;
    transaction.execute(
        "DELETE FROM typed WHERE account = ?1 AND submission NOT IN
             (SELECT submission FROM typed WHERE account = ?1 ORDER BY kept DESC, submission DESC LIMIT ?2)",
        (account, MOST),
    )?;
    Ok(())
}

/// The sealed text of somebody about a draft, and since when it is kept.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, account: i64, submission: i64, now: DateTime<Utc>) -> Result<Option<(Vec<u8>, String)>, Error> {
    let mut select = connection.prepare_cached("SELECT sealed, kept FROM typed WHERE account = ?1 AND submission = ?2 AND kept > ?3")?;
    Ok(select.query_row((account, submission, earliest(now)), |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// About which drafts a text of somebody is kept, and since when.
///
/// # Errors
/// The store's.
pub fn of_account(connection: &Connection, account: i64, now: DateTime<Utc>) -> Result<Vec<(i64, String)>, Error> {
    let mut select = connection.prepare_cached("SELECT submission, kept FROM typed WHERE account = ?1 AND kept > ?2 ORDER BY kept DESC")?;
    Ok(select.query_map((account, earliest(now)), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// Forgets the text of somebody about a draft.
///
/// # Errors
/// The store's.
pub fn forget(transaction: &Transaction<'_>, account: i64, submission: i64) -> Result<(), Error> {
    transaction.execute("DELETE FROM typed WHERE account = ?1 AND submission = ?2", (account, submission))?;
    Ok(())
}

/// Forgets what is too old.
///
/// # Errors
/// The store's.
pub(super) fn expire(transaction: &Transaction<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute("DELETE FROM typed WHERE kept <= ?1", [earliest(now)])?;
    Ok(())
}

fn earliest(now: DateTime<Utc>) -> String {
    stamp(now - TimeDelta::hours(HOURS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use crate::entry::Entry;
    use crate::store::{self, Acting, Durability, Mandate, NewAccount, NewSubmission, Store};

    struct Prepared {
        _folder: tempfile::TempDir,
        store: Store,
        account: i64,
        drafts: Vec<i64>,
    }

    fn write<T>(store: &Store, work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> T {
        store.write(Durability::Usual, work).unwrap()
    }

    fn prepared(drafts: usize) -> Prepared {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("s")).unwrap();
        let now = Utc::now();
        let new = NewAccount { login: "ona", person: "p", given_names: "Ona", family_names: "Pavyzdė", password: "x", seed: b"s" };
        let account = write(&store, |transaction| store::create_account(transaction, &new, now));
        let acting = Acting { role: Role::Virs, organisation_code: "1".into(), organisation_name: "X".into() };
        let entry = Entry::default();
        let new = NewSubmission { feed: "virs", virs: "1", acting: &acting, account, entry: &entry, supersedes: None };
        let drafts = (0..drafts).map(|_| write(&store, |transaction| store::create(transaction, &new, now))).collect();
        Prepared { _folder: folder, store, account, drafts }
    }

    #[test]
    fn only_so_much_is_kept_of_one_person_and_only_for_a_day() {
        let Prepared { store, account, drafts, .. } = &prepared(7);
        let begin = Utc::now();
        for (minute, draft) in (0..).zip(drafts) {
            write(store, |transaction| keep(transaction, *account, *draft, b"sealed", begin + TimeDelta::minutes(minute)));
        }
        write(store, |transaction| keep(transaction, *account, drafts[6], b"again", begin + TimeDelta::minutes(9)));
        let kept = |at| store.read(|connection| of_account(connection, *account, at)).unwrap();
        let ids: Vec<i64> = kept(begin).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, [drafts[6], drafts[5], drafts[4], drafts[3], drafts[2]], "the oldest gave way");
        let found = |at| store.read(|connection| find(connection, *account, drafts[6], at)).unwrap().map(|(sealed, _)| sealed);
        assert_eq!(found(begin), Some(b"again".to_vec()));
        let next_day = begin + TimeDelta::hours(HOURS) + TimeDelta::minutes(10);
        assert_eq!((found(next_day), kept(next_day).len()), (None, 0));
        write(store, |transaction| store::end_stale(transaction, next_day));
        let rows: i64 = store.read(|connection| Ok(connection.query_row("SELECT count(*) FROM typed", [], |row| row.get(0))?)).unwrap();
        assert_eq!(rows, 0, "and it is gone from the file");
    }

    #[test]
    fn a_session_that_ended_by_itself_is_known_for_a_while_and_one_that_somebody_ended_is_not() {
        let Prepared { store, account, .. } = &prepared(0);
        let begin = Utc::now();
        let mandate = Mandate { id: 1, role: Role::Virs, organisation_code: "1".into(), organisation_name: "X".into() };
        for token in ["idle", "left"] {
            write(store, |transaction| {
                store::open_session(transaction, "first", "csrf", *account, begin)?;
                store::take_role(transaction, "first", token, "csrf-2", &mandate)
            });
        }
        let known = |token: &str, at| store.read(|connection| store::ended_session(connection, token, at)).unwrap();
        assert!(known("idle", begin).is_none(), "it has not ended");
        write(store, |transaction| store::close_session(transaction, "left"));
        let late = begin + TimeDelta::minutes(store::IDLE_MINUTES + 1);
        for tidied in [false, true] {
            if tidied {
                write(store, |transaction| store::end_stale(transaction, late));
            }
            let ended = known("idle", late).unwrap();
            assert_eq!((ended.account, ended.csrf.as_str(), ended.acting.organisation_code.as_str()), (*account, "csrf-2", "1"));
            assert!(known("left", late).is_none() && known("nobody's", late).is_none());
        }
        assert!(store.read(|connection| store::find_session(connection, "idle", late)).unwrap().is_none(), "nobody acts by it");
        assert!(known("idle", late + TimeDelta::hours(13)).is_none());
        write(store, |transaction| store::close_sessions(transaction, Some(*account)));
        assert!(known("idle", late).is_none(), "an operator ends all of it");
    }
}
