//! Documents attached to a submission.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::sessions::Acting;
use super::stamp;
use crate::Error;

/// An attached document, without its bytes.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Its number.
    pub id: i64,
    /// File name as uploaded, tidied.
    pub name: String,
    /// What its content was found to be.
    pub media_type: String,
    /// SHA-256 of its bytes; stands in the signed document.
    pub sha256: String,
    /// How many bytes.
    pub size: i64,
    /// Whether it shall be published.
    pub public: bool,
}

/// Attaches a document.
///
/// # Errors
/// The store's.
pub fn add(transaction: &Transaction<'_>, submission: i64, attachment: &Attachment, bytes: &[u8], now: DateTime<Utc>) -> Result<(), Error> {
    transaction.execute(
        "INSERT INTO attachment (submission, name, media_type, sha256, bytes, added, public)
         VALUES (:submission, :name, :type, :sha256, :bytes, :now, :public)",
        named_params! {
            ":submission": submission, ":name": attachment.name, ":type": attachment.media_type, ":sha256": attachment.sha256,
            ":bytes": bytes, ":now": stamp(now), ":public": attachment.public,
        },
    )?;
    Ok(())
}

/// Takes a document off.
///
/// # Errors
/// The store's.
pub fn remove(transaction: &Transaction<'_>, submission: i64, id: i64) -> Result<bool, Error> {
    Ok(transaction.execute("DELETE FROM attachment WHERE submission = ?1 AND id = ?2", (submission, id))? == 1)
}

/// The documents of a submission.
///
/// # Errors
/// The store's.
pub fn list(connection: &Connection, submission: i64) -> Result<Vec<Attachment>, Error> {
    let mut select = connection
        .prepare_cached("SELECT id, name, media_type, sha256, length(bytes), public FROM attachment WHERE submission = ?1 ORDER BY id")?;
    let found = select.query_map([submission], |row| {
        Ok(Attachment {
            id: row.get(0)?,
            name: row.get(1)?,
            media_type: row.get(2)?,
            sha256: row.get(3)?,
            size: row.get(4)?,
            public: row.get(5)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// How many bytes are attached to what an organisation has not submitted yet.
///
/// # Errors
/// The store's.
pub fn open_bytes(connection: &Connection, acting: &Acting) -> Result<i64, Error> {
    let mut select = connection.prepare_cached(
        "SELECT coalesce(sum(length(bytes)), 0) FROM attachment JOIN submission ON submission.id = submission
         WHERE role = ?1 AND organisation_code = ?2 AND state IN ('draft', 'checked', 'formed', 'reviewed')",
    )?;
    Ok(select.query_row((acting.role.code(), &acting.organisation_code), |row| row.get(0))?)
}

/// Name, media type and bytes of one document.
///
/// # Errors
/// The store's.
pub fn read(connection: &Connection, submission: i64, id: i64) -> Result<Option<(String, String, Vec<u8>)>, Error> {
    let mut select = connection.prepare_cached("SELECT name, media_type, bytes FROM attachment WHERE submission = ?1 AND id = ?2")?;
    Ok(select.query_row((submission, id), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

/// Says whether a document shall be published.
///
/// # Errors
/// The store's.
pub fn publish(transaction: &Transaction<'_>, submission: i64, id: i64, public: bool) -> Result<bool, Error> {
    Ok(transaction.execute("UPDATE attachment SET public = ?3 WHERE submission = ?1 AND id = ?2", (submission, id, public))? == 1)
}

/// Bytes of a document that whoever submitted it wants published. Its submission may be superseded since a night read what holds.
///
/// # Errors
/// The store's.
pub fn published(connection: &Connection, sha256: &str) -> Result<Option<Vec<u8>>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT bytes FROM attachment JOIN submission ON submission.id = submission WHERE sha256 = ?1 AND public = 1 AND state IN ('submitted', 'superseded')",
    )?;
    Ok(select.query_row([sha256], |row| row.get(0)).optional()?)
}

/// Which submissions that hold want a document published: number and receipt.
///
/// # Errors
/// The store's.
pub fn publishers(connection: &Connection, sha256: &str) -> Result<Vec<(i64, String)>, Error> {
    let mut select = connection.prepare_cached(
        "SELECT DISTINCT submission.id, coalesce(receipt, '') FROM attachment JOIN submission ON submission.id = submission
         WHERE sha256 = ?1 AND public = 1 AND state = 'submitted' ORDER BY submission.id",
    )?;
    Ok(select.query_map([sha256], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// Hands every attached document to `look`, one after another, until it says yes.
///
/// # Errors
/// The store's.
pub fn any(connection: &Connection, mut look: impl FnMut(&[u8]) -> bool) -> Result<bool, Error> {
    let mut select = connection.prepare_cached("SELECT bytes FROM attachment")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if look(row.get_ref(0)?.as_blob().unwrap_or_default()) {
            return Ok(true);
        }
    }
    Ok(false)
}
