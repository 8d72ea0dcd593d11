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

/// Takes the handover of a ticket that came back: its correlation, if it is this browser's and not too old. Whatever comes of it, the ticket
/// is used up: somebody else's browser cannot keep it for later.
///
/// # Errors
/// The store's.
pub fn take(transaction: &Transaction<'_>, ticket: &str, browser: &str, now: DateTime<Utc>) -> Result<Option<String>, Error> {
    let taken = transaction.query_row("DELETE FROM handover WHERE ticket = ?1 RETURNING browser, created, correlation", [ticket], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?, row.get(2)?))
    });
    let earliest = stamp(now - TimeDelta::minutes(MINUTES));
    Ok(taken
        .optional()?
        .and_then(|(holder, created, correlation)| (holder == hashed(browser) && created > earliest).then_some(correlation)))
}
