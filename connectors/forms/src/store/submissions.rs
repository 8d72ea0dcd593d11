//! One submission: it is begun as a draft, changed, and taken step by step to its receipt.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::sessions::Acting;
use super::{clarifications, containers, stamp};
use crate::entry::Entry;
use crate::state::{State, Step};
use crate::{Error, Role};

/// A submission without its documents.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Its number.
    pub id: i64,
    /// Which feed.
    pub feed: String,
    /// Code of the VIRS it is about.
    pub virs: String,
    /// Its state.
    pub state: State,
    /// Grows with every change; a page made from an earlier version changes nothing.
    pub version: i64,
    /// In whose name.
    pub acting: Acting,
    /// Who began it.
    pub account: i64,
    /// What was entered.
    pub entry: Entry,
    /// When it was begun.
    pub created: String,
    /// When it was changed last.
    pub changed: String,
    /// The submission that it supersedes, or is to supersede.
    pub supersedes: Option<i64>,
    /// When its document was formed.
    pub formed: Option<String>,
    /// Receipt number.
    pub receipt: Option<String>,
    /// When it was submitted.
    pub submitted: Option<String>,
    /// Number of the account that signed it.
    pub signer: Option<i64>,
}

/// A draft to be begun.
#[derive(Debug)]
pub struct NewSubmission<'a> {
    /// Which feed.
    pub feed: &'a str,
    /// Code of the VIRS.
    pub virs: &'a str,
    /// In whose name.
    pub acting: &'a Acting,
    /// By whom.
    pub account: i64,
    /// What it holds from the start.
    pub entry: &'a Entry,
    /// The submission that it is to supersede.
    pub supersedes: Option<i64>,
}

/// What a step leaves behind beside the new state.
#[derive(Debug)]
pub enum StepOutcome<'a> {
    /// Nothing but the new state.
    StateOnly,
    /// The document that was formed; the same bytes are kept.
    Document(&'a [u8]),
    /// The document was signed.
    Signed(Signature<'a>),
    /// The receipt number.
    Receipt(&'a str),
}

/// A signature that was believed.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// The container with it.
    pub container: &'a [u8],
    /// How many documents it holds.
    pub documents: usize,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it: the account's number.
    pub by: i64,
}

pub(super) const COLUMNS: &str = "id, feed, virs, state, version, role, organisation_code, organisation_name, account, content, created, changed, \
     supersedes, formed, receipt, submitted, signer";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Result<Submission, Error>> {
    let (state, role, content): (String, String, String) = (row.get(3)?, row.get(5)?, row.get(9)?);
    let (Some(state), Some(role), Ok(entry)) = (State::of(&state), Role::of(&role), serde_json::from_str(&content)) else {
        return Ok(Err(Error::Content("a submission")));
    };
    Ok(Ok(Submission {
        id: row.get(0)?,
        feed: row.get(1)?,
        virs: row.get(2)?,
        state,
        version: row.get(4)?,
        acting: Acting { role, organisation_code: row.get(6)?, organisation_name: row.get(7)? },
        account: row.get(8)?,
        entry,
        created: row.get(10)?,
        changed: row.get(11)?,
        supersedes: row.get(12)?,
        formed: row.get(13)?,
        receipt: row.get(14)?,
        submitted: row.get(15)?,
        signer: row.get(16)?,
    }))
}

/// Begins a draft.
///
/// # Errors
/// The store's.
pub fn create(transaction: &Transaction<'_>, new: &NewSubmission<'_>, now: DateTime<Utc>) -> Result<i64, Error> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO submission (feed, virs, state, role, organisation_code, organisation_name, account, content, created, changed, supersedes)
         VALUES (:feed, :virs, 'draft', :role, :code, :name, :account, :content, :now, :now, :supersedes)",
    )?;
    Ok(insert.insert(named_params! {
        ":feed": new.feed, ":virs": new.virs, ":role": new.acting.role.code(), ":code": new.acting.organisation_code,
        ":name": new.acting.organisation_name, ":account": new.account, ":content": printed(new.entry)?, ":now": stamp(now),
        ":supersedes": new.supersedes,
    })?)
}

/// A submission by its number.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: i64) -> Result<Option<Submission>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM submission WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], read).optional()?.transpose()
}

/// Saves a draft. `false` when it has another version by now, or cannot be changed any more.
///
/// # Errors
/// The store's.
pub fn save(transaction: &Transaction<'_>, submission: &Submission, entry: &Entry, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(next) = submission.state.after(Step::Save) else { return Ok(false) };
    let mut update = transaction.prepare_cached(
        "UPDATE submission SET content = :content, state = :next, version = version + 1, changed = :now, document = NULL, formed = NULL
         WHERE id = :id AND version = :version AND state = :state",
    )?;
    let changed = update.execute(named_params! {
        ":content": printed(entry)?, ":next": next.code(), ":now": stamp(now), ":id": submission.id, ":version": submission.version,
        ":state": submission.state.code(),
    })?;
    Ok(changed == 1)
}

/// Takes one step. `None` when it is not possible from this state, or the submission has another version by now.
///
/// # Errors
/// The store's.
pub fn advance(
    transaction: &Transaction<'_>,
    submission: &Submission,
    step: Step,
    moved: &StepOutcome<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Submission>, Error> {
    let Some(next) = submission.state.after(step) else { return Ok(None) };
    let mut update = transaction.prepare_cached(
        "UPDATE submission SET state = :next, version = version + 1, changed = :now WHERE id = :id AND version = :version AND state = :state",
    )?;
    let changed = update.execute(named_params! {
        ":next": next.code(), ":now": stamp(now), ":id": submission.id, ":version": submission.version, ":state": submission.state.code(),
    })?;
    if changed != 1 {
        return Ok(None);
    }
    record(transaction, submission, step, moved, now)?;
    if step == Step::Submit
        && let Some(earlier) = submission.supersedes
        && !supersede(transaction, earlier, submission.id)?
    {
        return Ok(None);
    }
    find(transaction, submission.id)
}

/// Records what a step leaves behind.
fn record(
    transaction: &Transaction<'_>,
    submission: &Submission,
    step: Step,
    moved: &StepOutcome<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (id, at) = (submission.id, stamp(now));
    match moved {
        // What was discarded is gone: nobody needs the codes in it.
        StepOutcome::StateOnly if step == Step::Discard => {
            transaction
                .prepare_cached("UPDATE submission SET content = '{}', document = NULL, formed = NULL WHERE id = ?1")?
                .execute([id])?;
            transaction.execute("DELETE FROM attachment WHERE submission = ?1", [id])?;
        }
        StepOutcome::StateOnly if step == Step::Back => {
            transaction.prepare_cached("UPDATE submission SET document = NULL, formed = NULL WHERE id = ?1")?.execute([id])?;
        }
        StepOutcome::StateOnly => {}
        StepOutcome::Document(bytes) => {
            transaction.prepare_cached("UPDATE submission SET document = ?2, formed = ?3 WHERE id = ?1")?.execute((id, bytes, at))?;
        }
        StepOutcome::Signed(signature) => {
            let kept = containers::keep(transaction, &submission.acting, signature.container, signature.documents)?;
            transaction.prepare_cached("UPDATE submission SET container = ?2, signed = ?3, signer = ?4 WHERE id = ?1")?.execute((
                id,
                kept,
                stamp(signature.at),
                signature.by,
            ))?;
        }
        StepOutcome::Receipt(receipt) => {
            transaction.prepare_cached("UPDATE submission SET receipt = ?2, submitted = ?3 WHERE id = ?1")?.execute((id, receipt, at))?;
        }
    }
    Ok(())
}

/// Puts a submission in the place of an earlier one; `false` when another has taken that place already.
fn supersede(transaction: &Transaction<'_>, earlier: i64, id: i64) -> Result<bool, Error> {
    let changed = transaction
        .execute("UPDATE submission SET state = 'superseded', version = version + 1 WHERE id = ?1 AND state = 'submitted'", [earlier])?;
    if changed == 1 {
        clarifications::carry(transaction, earlier, id)?;
    }
    Ok(changed == 1)
}

/// The document that was formed.
///
/// # Errors
/// The store's.
pub fn document(connection: &Connection, id: i64) -> Result<Option<Vec<u8>>, Error> {
    Ok(connection.prepare_cached("SELECT document FROM submission WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?.flatten())
}

/// The next number of a prefix, greater than `known`; never given again, even if the draft is discarded.
///
/// # Errors
/// The store's.
pub fn next_number(transaction: &Transaction<'_>, prefix: &str, known: i64) -> Result<i64, Error> {
    let mut next = transaction.prepare_cached(
        "INSERT INTO number (prefix, last) VALUES (?1, ?2 + 1) ON CONFLICT (prefix) DO UPDATE SET last = max(last, ?2) + 1 RETURNING last",
    )?;
    Ok(next.query_row((prefix, known), |row| row.get(0))?)
}

fn printed(entry: &Entry) -> Result<String, Error> {
    serde_json::to_string(entry).map_err(|_| Error::Content("an entry"))
}
