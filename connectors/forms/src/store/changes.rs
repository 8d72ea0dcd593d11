//! Changes of registers about a VIRS, and by when it must check them: a task for each kind of data, until the VIRS confirms that one.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Transaction, named_params};

use super::stamp;
use crate::Error;

/// So many are shown at a time; a VIRS that never looks must not get a page without end.
const SHOWN: i64 = 20;

/// What a night changed, and nobody has looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; later ones are greater.
    pub id: i64,
    /// What changed, and in which register.
    pub what: String,
    /// The day of the notice.
    pub noticed: String,
    /// By when the VIRS must look.
    pub due: String,
}

/// Notes one thing that a night changed about a VIRS; the same thing of the same night is noted once.
///
/// # Errors
/// The store's.
pub fn notice(transaction: &Transaction<'_>, virs: &str, night: &str, what: &str, noticed: NaiveDate, due: NaiveDate) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO register_change (virs, night, what, noticed, due) VALUES (:virs, :night, :what, :noticed, :due)
         ON CONFLICT (virs, night, what) DO NOTHING",
        named_params! {":virs": virs, ":night": night, ":what": what, ":noticed": noticed.to_string(), ":due": due.to_string()},
    )?;
    Ok(())
}

/// What a VIRS has not looked at yet, the oldest first.
///
/// # Errors
/// The store's.
pub fn unseen(connection: &Connection, virs: &str) -> Result<Vec<Change>, Error> {
    let mut select = connection
        .prepare_cached("SELECT id, what, noticed, due FROM register_change WHERE virs = ?1 AND looked IS NULL ORDER BY id LIMIT ?2")?;
    let read = |row: &rusqlite::Row<'_>| Ok(Change { id: row.get(0)?, what: row.get(1)?, noticed: row.get(2)?, due: row.get(3)? });
    Ok(select.query_map((virs, SHOWN), read)?.collect::<Result<_, _>>()?)
}

/// How many changes nobody has looked at although the day has passed.
///
/// # Errors
/// The store's.
pub fn overdue(connection: &Connection, today: NaiveDate) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM register_change WHERE looked IS NULL AND due < ?1";
    Ok(connection.query_row(sql, [today.to_string()], |row| row.get(0))?)
}

/// The VIRS confirms that it looked at one thing that changed; all others stay. Whether it was still waiting for that.
///
/// # Errors
/// The store's.
pub fn looked(transaction: &Transaction<'_>, virs: &str, change: i64, by: i64, now: DateTime<Utc>) -> Result<bool, Error> {
    let update = "UPDATE register_change SET looked = ?4, looked_by = ?3 WHERE virs = ?1 AND id = ?2 AND looked IS NULL";
    Ok(transaction.execute(update, (virs, change, by, stamp(now)))? == 1)
}
