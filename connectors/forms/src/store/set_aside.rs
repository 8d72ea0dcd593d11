//! Records of submissions that a night set aside although they have a receipt: a task of whoever submitted them, until a correction or a
//! better night.

use rusqlite::{Connection, Row, Transaction};

use crate::{Error, Role};

/// A record that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The submission's number.
    pub submission: i64,
    /// Place of the record in its section, from 1.
    pub place: usize,
    /// The column at fault; empty where the record as a whole is.
    pub column: String,
    /// The rule it breaks.
    pub rule: String,
}

/// A record of a submission that holds, with its raw table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideNotice {
    /// The receipt's number, by which people know the submission.
    pub receipt: String,
    /// The raw table.
    pub table: String,
    /// The record.
    pub record: SetAside,
}

fn read(row: &Row<'_>) -> rusqlite::Result<SetAsideNotice> {
    let place: i64 = row.get(2)?;
    let place = usize::try_from(place).unwrap_or(0);
    let receipt: Option<String> = row.get(5)?;
    Ok(SetAsideNotice {
        receipt: receipt.unwrap_or_default(),
        table: row.get(0)?,
        record: SetAside { submission: row.get(1)?, place, column: row.get(3)?, rule: row.get(4)? },
    })
}

/// Puts what a night set aside of a table when it read it in the place of what an earlier one did.
///
/// # Errors
/// The store's.
pub fn replace(transaction: &Transaction<'_>, table: &str, records: &[SetAside]) -> Result<(), Error> {
    transaction.execute("DELETE FROM set_aside WHERE raw_table = ?1 AND NOT joined", [table])?;
    records.iter().try_for_each(|one| insert(transaction, table, one, false))
}

/// Puts what a night set aside because another feed had brought the same key, each with its raw table, in the place of what an earlier one did.
///
/// # Errors
/// The store's.
pub fn replace_joined(transaction: &Transaction<'_>, records: &[(String, SetAside)]) -> Result<(), Error> {
    transaction.execute("DELETE FROM set_aside WHERE joined", [])?;
    records.iter().try_for_each(|(table, one)| insert(transaction, table, one, true))
}

fn insert(transaction: &Transaction<'_>, table: &str, one: &SetAside, joined: bool) -> Result<(), Error> {
    let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO set_aside VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    insert.execute((table, one.submission, one.place as i64, &one.column, &one.rule, joined))?;
    Ok(())
}

/// Everything that is set aside of submissions that hold, by submission.
///
/// # Errors
/// The store's.
pub fn all(connection: &Connection) -> Result<Vec<SetAsideNotice>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT raw_table, submission, place, column_name, rule, receipt FROM set_aside JOIN submission ON submission.id = submission
         WHERE state = 'submitted' ORDER BY submission, raw_table, place",
    )?;
    Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
}

/// Of these, those that an organisation submitted.
///
/// # Errors
/// The store's.
pub fn of_organisation(connection: &Connection, role: Role, organisation: &str) -> Result<Vec<SetAsideNotice>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT raw_table, submission, place, column_name, rule, receipt FROM set_aside JOIN submission ON submission.id = submission
         WHERE state = 'submitted' AND role = ?1 AND organisation_code = ?2 ORDER BY submission, raw_table, place",
    )?;
    Ok(select.query_map((role.code(), organisation), read)?.collect::<Result<_, _>>()?)
}
