//! What the ministry asks a VIRS to clarify, and by when: a task until whoever submits a correction says that it answers it.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, Transaction, named_params};

use super::stamp;
use crate::{Error, Role};

/// A request to clarify.
#[derive(Debug, Clone)]
pub struct Clarification {
    /// Its number.
    pub id: i64,
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
    Ok(Clarification {
        id: row.get(0)?,
        submission: row.get(1)?,
        feed: row.get(2)?,
        virs: row.get(3)?,
        question: row.get(4)?,
        due: row.get(5)?,
    })
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

/// Notes that a submission answers a request.
///
/// # Errors
/// The store's.
pub fn answer(transaction: &Transaction<'_>, request: i64, submission: i64) -> Result<(), Error> {
    transaction.execute("UPDATE clarification SET answered = ?2 WHERE id = ?1 AND answered IS NULL", (request, submission))?;
    Ok(())
}

/// `later` takes the place of `earlier`: what is still asked is asked about it from now on.
///
/// # Errors
/// The store's.
pub(super) fn carry(transaction: &Transaction<'_>, earlier: i64, later: i64) -> Result<(), Error> {
    transaction.execute("UPDATE clarification SET submission = ?2 WHERE submission = ?1 AND answered IS NULL", (earlier, later))?;
    Ok(())
}

/// How many requests are open whose day has passed.
///
/// # Errors
/// The store's.
pub fn overdue(connection: &Connection, today: NaiveDate) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM clarification WHERE answered IS NULL AND due < ?1";
    Ok(connection.query_row(sql, [today.to_string()], |row| row.get(0))?)
}

/// Open requests to those who handed something in.
///
/// # Errors
/// The store's.
pub fn open_for(connection: &Connection, role: Role, organisation: &str) -> Result<Vec<Clarification>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT clarification.id, submission.id, feed, virs, question, due FROM clarification JOIN submission ON submission.id = clarification.submission
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
        "SELECT clarification.id, submission.id, feed, virs, question, due FROM clarification JOIN submission ON submission.id = clarification.submission
         WHERE answered IS NULL AND submission.id = ?1 ORDER BY due, clarification.id",
    )?;
    Ok(select.query_map([submission], read)?.collect::<Result<_, _>>()?)
}
