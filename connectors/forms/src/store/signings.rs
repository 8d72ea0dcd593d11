//! Documents that wait for their signature in the Centre of Registers' module.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Transaction};

use super::stamp;
use crate::Error;

/// Remembers what the module calls the document of this version of a submission; one handed over earlier is forgotten.
///
/// # Errors
/// The store's.
pub fn begin(transaction: &Transaction<'_>, submission: i64, version: i64, reference: &str, now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO signing (submission, version, reference, begun) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (submission) DO UPDATE SET version = ?2, reference = ?3, begun = ?4",
        (submission, version, reference, stamp(now)),
    )?;
    Ok(())
}

/// What the module calls the document of this version, if it has it.
///
/// # Errors
/// The store's.
pub fn reference(connection: &rusqlite::Connection, submission: i64, version: i64) -> Result<Option<String>, Error> {
    let mut select = connection.prepare_cached("SELECT reference FROM signing WHERE submission = ?1 AND version = ?2")?;
    Ok(select.query_row((submission, version), |row| row.get(0)).optional()?)
}
