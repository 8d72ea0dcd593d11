//! The outbox: letters are written in the transaction that is their reason, and stay until they are delivered.
//!
//! The id of a letter tells what it is about; the same letter written twice is one. A letter is marked as delivered after the server
//! took it: if the endpoint dies in between, it is sent again with the same `Message-ID`.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Transaction, named_params};

use super::{stamp, unstamp};
use crate::Error;

/// Delivery is given up after so many attempts, some three days.
const ATTEMPTS: i64 = 20;
/// The longest time between two attempts, in minutes.
const LONGEST_WAIT: i64 = 360;

/// A letter to be delivered.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// What it is about; one letter each.
    pub id: String,
    /// To whom.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When it was written.
    pub written: DateTime<Utc>,
}

/// Writes a letter, unless one of this id was written before.
///
/// # Errors
/// The store's.
pub fn enqueue(transaction: &Transaction<'_>, letter: &Waiting) -> Result<bool, Error> {
    let written = transaction.execute(
        "INSERT INTO outbox (id, recipient, subject, body, written, next_attempt) VALUES (:id, :to, :subject, :body, :now, :now)
         ON CONFLICT (id) DO NOTHING",
        named_params! {":id": letter.id, ":to": letter.recipient, ":subject": letter.subject, ":body": letter.body, ":now": stamp(letter.written)},
    )?;
    Ok(written == 1)
}

/// Letters whose time has come.
///
/// # Errors
/// The store's.
pub fn due(connection: &Connection, now: DateTime<Utc>, at_most: usize) -> Result<Vec<Waiting>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT id, recipient, subject, body, written FROM outbox
         WHERE delivered IS NULL AND given_up IS NULL AND next_attempt <= ?1 ORDER BY next_attempt, id LIMIT ?2",
    )?;
    let found = select.query_map((stamp(now), at_most as i64), |row| {
        Ok(Waiting {
            id: row.get(0)?,
            recipient: row.get(1)?,
            subject: row.get(2)?,
            body: row.get(3)?,
            written: unstamp(&row.get::<_, String>(4)?)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many letters are neither delivered nor given up.
///
/// # Errors
/// The store's.
pub fn waiting(connection: &Connection) -> Result<i64, Error> {
    Ok(connection.query_row("SELECT count(*) FROM outbox WHERE delivered IS NULL AND given_up IS NULL", [], |row| row.get(0))?)
}

/// How many letters were given up: nobody got them.
///
/// # Errors
/// The store's.
pub fn given_up(connection: &Connection) -> Result<i64, Error> {
    Ok(connection.query_row("SELECT count(*) FROM outbox WHERE given_up IS NOT NULL", [], |row| row.get(0))?)
}

/// Notes a delivery.
///
/// # Errors
/// The store's.
pub fn delivered(transaction: &Transaction<'_>, id: &str, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "UPDATE outbox SET delivered = ?2, attempts = attempts + 1, given_up = NULL, failure = NULL WHERE id = ?1",
        (id, stamp(now)),
    )?;
    Ok(())
}

/// Notes a failure, and why: the next attempt comes after twice the time, or never. A letter that somebody gave up meanwhile stays so.
///
/// # Errors
/// The store's.
pub fn failed(transaction: &Transaction<'_>, id: &str, for_good: bool, why: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let attempts: i64 = transaction.query_row("SELECT attempts + 1 FROM outbox WHERE id = ?1", [id], |row| row.get(0))?;
    let wait = TimeDelta::minutes(LONGEST_WAIT.min(1 << attempts.clamp(0, 20)));
    let given_up = (for_good || attempts >= ATTEMPTS).then(|| stamp(now));
    transaction.execute(
        "UPDATE outbox SET attempts = ?2, next_attempt = ?3, given_up = coalesce(given_up, ?4), failure = ?5 WHERE id = ?1",
        (id, attempts, stamp(now + wait), given_up, why),
    )?;
    Ok(())
}

/// A letter that nobody got so far, as those see it who look after the system: not what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// What it is about.
    pub id: String,
    /// What stands behind the @ of its address.
    pub domain: String,
    /// When it was written.
    pub written: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_attempt: String,
    /// When it was given up.
    pub given_up: Option<String>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
}

/// Letters that nobody got: those that are still tried first, the oldest before the others.
///
/// # Errors
/// The store's.
pub fn undelivered(connection: &Connection, most: usize) -> Result<Vec<Undelivered>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT id, recipient, written, attempts, next_attempt, given_up, failure FROM outbox WHERE delivered IS NULL
         ORDER BY given_up IS NOT NULL, written, id LIMIT ?1",
    )?;
    let found = select.query_map([most as i64], |row| {
        let recipient: String = row.get(1)?;
        Ok(Undelivered {
            id: row.get(0)?,
            domain: recipient.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default(),
            written: row.get(2)?,
            attempts: row.get(3)?,
            next_attempt: row.get(4)?,
            given_up: row.get(5)?,
            failure: row.get(6)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Has a letter tried again at once, or all that wait; one that was given up begins anew. Says how many.
///
/// # Errors
/// The store's.
pub fn try_again(transaction: &Transaction<'_>, id: Option<&str>, now: DateTime<Utc>) -> Result<usize, Error> {
    Ok(transaction.execute(
        "UPDATE outbox SET next_attempt = ?2, attempts = iif(given_up IS NULL, attempts, 0), given_up = NULL
         WHERE delivered IS NULL AND (id = ?1 OR ?1 IS NULL AND given_up IS NULL)",
        (id, stamp(now)),
    )?)
}

/// Gives a letter up that waits. `false` when it waits no more.
///
/// # Errors
/// The store's.
pub fn give_up(transaction: &Transaction<'_>, id: &str, now: DateTime<Utc>) -> Result<bool, Error> {
    let sql = "UPDATE outbox SET given_up = ?2 WHERE id = ?1 AND delivered IS NULL AND given_up IS NULL";
    Ok(transaction.execute(sql, (id, stamp(now)))? == 1)
}
