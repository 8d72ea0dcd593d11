//! What the ministry asks a VIRS to clarify, and by when: a task until a new submission answers it.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, Transaction, named_params};

use super::stamp;
use crate::{Error, Role};

/// A request to clarify.
#[derive(Debug, Clone)]
pub struct Clarification {
    /// The submission it is about.
    pub submission: i64,
    /// Which feed that is.
    pub feed: String,
    /// Which VIRS that is about.
    pub virs: String,
    /// What is asked.
    pub question: String,
    /// By when.
    pub due: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Clarification> {
    Ok(Clarification { submission: row.get(0)?, feed: row.get(1)?, virs: row.get(2)?, question: row.get(3)?, due: row.get(4)? })
}

/// Asks.
///
/// # Errors
/// The store's.
pub fn ask(
    transaction: &Transaction<'_>,
    submission: i64,
    question: &str,
    due: NaiveDate,
    by: i64,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO clarification (submission, question, due, asked, asked_by) VALUES (:submission, :question, :due, :now, :by)",
        named_params! {":submission": submission, ":question": question, ":due": due.to_string(), ":now": stamp(now), ":by": by},
    )?;
    Ok(())
}

/// Notes that `answer` takes the place of `submission`: all that was asked about it is answered.
///
/// # Errors
/// The store's.
pub(super) fn answered(transaction: &Transaction<'_>, submission: i64, answer: i64) -> Result<(), Error> {
    transaction.execute("UPDATE clarification SET answered = ?2 WHERE submission = ?1 AND answered IS NULL", (submission, answer))?;
    Ok(())
}

/// Open requests to those who handed something in.
///
/// # Errors
/// The store's.
pub fn open_for(connection: &Connection, role: Role, organisation: &str) -> Result<Vec<Clarification>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT submission.id, feed, virs, question, due FROM clarification JOIN submission ON submission.id = clarification.submission
         WHERE answered IS NULL AND role = ?1 AND organisation_code = ?2 ORDER BY due, clarification.id",
    )?;
    Ok(select.query_map((role.code(), organisation), read)?.collect::<Result<_, _>>()?)
}

/// Open requests about one submission.
///
/// # Errors
/// The store's.
pub fn open_of(connection: &Connection, submission: i64) -> Result<Vec<Clarification>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT submission.id, feed, virs, question, due FROM clarification JOIN submission ON submission.id = clarification.submission
         WHERE answered IS NULL AND submission.id = ?1 ORDER BY due, clarification.id",
    )?;
    Ok(select.query_map([submission], read)?.collect::<Result<_, _>>()?)
}
