//! Sign-ins through VIISP under way: a ticket belongs to one browser and is used once.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension, Transaction};

use super::sessions::hashed;
use super::stamp;
use crate::Error;

/// A ticket is good for so many minutes.
const MINUTES: i64 = 15;

/// Remembers a ticket for the browser that holds `browser` in a cookie.
///
/// # Errors
/// The store's.
pub fn begin(transaction: &Transaction<'_>, correlation: &str, browser: &str, ticket: &str, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO handover (correlation, browser, ticket, created) VALUES (?1, ?2, ?3, ?4)",
        (correlation, hashed(browser), ticket, stamp(now)),
    )?;
    Ok(())
}

/// The portal sent a browser back with this ticket. `false` when none such is under way, it is too old, it came back before, or what
/// we gave along (`correlation`) is another.
///
/// # Errors
/// The store's.
pub fn returned(transaction: &Transaction<'_>, ticket: &str, correlation: Option<&str>, now: DateTime<Utc>) -> Result<bool, Error> {
    let changed = transaction.execute(
        "UPDATE handover SET returned = 1 WHERE ticket = ?1 AND (?2 IS NULL OR correlation = ?2) AND returned = 0 AND created > ?3",
        (ticket, correlation, stamp(now - TimeDelta::minutes(MINUTES))),
    )?;
    Ok(changed == 1)
}

/// Takes the handover of a browser whose ticket came back: correlation and ticket. The second time there is none.
///
/// # Errors
/// The store's.
pub fn take(transaction: &Transaction<'_>, browser: &str, now: DateTime<Utc>) -> Result<Option<(String, String)>, Error> {
    let taken = transaction.query_row(
        "DELETE FROM handover WHERE browser = ?1 AND returned = 1 AND created > ?2 RETURNING correlation, ticket",
        (hashed(browser), stamp(now - TimeDelta::minutes(MINUTES))),
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    Ok(taken.optional()?)
}
