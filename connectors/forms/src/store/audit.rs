//! The audit log: every action, chained by hashes, so that a change or a gap shows.
//!
//! An entry never holds what was entered, a code or a name: only who (the account's number), what, on which object, when. The one text in it that
//! somebody typed is an administrator's reason, which is searched for codes before.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sha2::{Digest, Sha256};

use super::stamp;
use crate::Error;

/// What the chain begins with.
const BEGINNING: &str = "VIRSIS";

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody signed in: the account's number.
    Account(i64),
    /// Somebody not signed in.
    Nobody,
    /// An operator at the command line.
    Operator,
    /// The endpoint itself.
    System,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => write!(out, "account {id}"),
            Self::Nobody => out.write_str("nobody"),
            Self::Operator => out.write_str("operator"),
            Self::System => out.write_str("system"),
        }
    }
}

/// Something done.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// Who.
    pub actor: Actor,
    /// What: a fixed word.
    pub action: &'a str,
    /// On what: a kind and a number, such as `submission 12`.
    pub object: String,
    /// More: fixed words, numbers, hashes of documents.
    pub detail: String,
}

/// An entry of the log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// Place in the chain, from 1.
    pub entry: i64,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// On what.
    pub object: String,
    /// More.
    pub detail: String,
    /// SHA-256 over the hash before and everything above.
    pub hash: String,
}

impl AuditEntry {
    /// The columns that [`AuditEntry::read`] reads, in their order.
    pub(super) const COLUMNS: &'static str = "entry, at, actor, action, object, detail, hash";

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            entry: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            object: row.get(4)?,
            detail: row.get(5)?,
            hash: row.get(6)?,
        })
    }

    fn hash_after(&self, before: &str) -> String {
        let mut hash = Sha256::new();
        // Lengths keep two different entries from being the same text.
        for part in [before, &self.entry.to_string(), &self.at, &self.actor, &self.action, &self.object, &self.detail] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

/// Number and hash of the last entry.
///
/// # Errors
/// The store's.
pub fn last_entry(connection: &Connection) -> Result<Option<(i64, String)>, Error> {
    let mut select = connection.prepare_cached("SELECT entry, hash FROM audit ORDER BY entry DESC LIMIT 1")?;
    Ok(select.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The hash of an entry, if there is one of this number.
///
/// # Errors
/// The store's.
pub fn hash_of(connection: &Connection, entry: i64) -> Result<Option<String>, Error> {
    Ok(connection.prepare_cached("SELECT hash FROM audit WHERE entry = ?1")?.query_row([entry], |row| row.get(0)).optional()?)
}

/// Adds an entry, in the transaction of the action itself.
///
/// # Errors
/// The store's.
pub fn note(transaction: &Transaction<'_>, act: Act<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let (last, before) = last_entry(transaction)?.unwrap_or_else(|| (0, BEGINNING.to_owned()));
    let mut entry = AuditEntry {
        entry: last + 1,
        at: stamp(now),
        actor: act.actor.to_string(),
        action: act.action.to_owned(),
        object: act.object,
        detail: act.detail,
        hash: String::new(),
    };
    entry.hash = entry.hash_after(&before);
    transaction
        .prepare_cached("INSERT INTO audit (entry, at, actor, action, object, detail, hash) VALUES (:entry, :at, :actor, :action, :object, :detail, :hash)")?
        .execute(named_params! {
            ":entry": entry.entry, ":at": entry.at, ":actor": entry.actor, ":action": entry.action, ":object": entry.object,
            ":detail": entry.detail, ":hash": entry.hash,
        })?;
    Ok(())
}

/// Goes through entries from a number on.
///
/// # Errors
/// The store's, or those of `each`.
pub fn entries(connection: &Connection, from: i64, mut each: impl FnMut(AuditEntry) -> Result<(), Error>) -> Result<(), Error> {
    let mut select = connection.prepare(&format!("SELECT {} FROM audit WHERE entry >= ?1 ORDER BY entry", AuditEntry::COLUMNS))?;
    let mut rows = select.query([from])?;
    while let Some(row) = rows.next()? {
        each(AuditEntry::read(row)?)?;
    }
    Ok(())
}

/// Whether the chain is whole; how many entries it has and the last one's hash, which somebody else should keep.
///
/// # Errors
/// [`Error::AuditLog`] names the first entry that does not fit.
pub fn verify(connection: &Connection) -> Result<(i64, String), Error> {
    let (mut last, mut before) = (0, BEGINNING.to_owned());
    entries(connection, i64::MIN, |entry| {
        if entry.entry != last + 1 {
            return Err(Error::AuditLog { entry: entry.entry, reason: "entries before it are missing" });
        }
        if entry.hash != entry.hash_after(&before) {
            return Err(Error::AuditLog { entry: entry.entry, reason: "it was changed" });
        }
        last = entry.entry;
        before = entry.hash;
        Ok(())
    })?;
    Ok((last, before))
}
