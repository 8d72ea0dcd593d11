//! Submissions: drafts, their documents, what was handed in, what stands in whose place.

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
    /// Where it is.
    pub state: State,
    /// Grows with every change; a page that was made of another version changes nothing.
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
    /// In whose place it stands, or shall stand.
    pub supersedes: Option<i64>,
    /// When its document was formed.
    pub formed: Option<String>,
    /// Receipt number.
    pub receipt: Option<String>,
    /// When it was handed in.
    pub submitted: Option<String>,
    /// Who signed it.
    pub signer: Option<i64>,
}

/// A submission in a list.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its number.
    pub id: i64,
    /// Which feed.
    pub feed: String,
    /// Code of the VIRS it is about.
    pub virs: String,
    /// Where it is.
    pub state: State,
    /// In whose name.
    pub organisation_name: String,
    /// When it was changed last.
    pub changed: String,
    /// Receipt number.
    pub receipt: Option<String>,
    /// When it was handed in.
    pub submitted: Option<String>,
}

/// A submission to be begun.
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
    /// What it begins with.
    pub entry: &'a Entry,
    /// In whose place it shall stand.
    pub supersedes: Option<i64>,
}

/// Which submissions to list.
#[derive(Debug, Clone, Copy)]
pub enum Filter<'a> {
    /// Those still open, of an organisation.
    Open(Role, &'a str),
    /// Of these, those that wait for their signature.
    Waiting(Role, &'a str),
    /// Those an organisation handed in.
    HandedIn(Role, &'a str),
    /// All handed in about a VIRS.
    About(&'a str),
    /// All handed in, by anybody.
    All,
}

/// What a step leaves behind beside the new state.
#[derive(Debug)]
pub enum Moved<'a> {
    /// Nothing.
    Nothing,
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

const COLUMNS: &str = "id, feed, virs, state, version, role, organisation_code, organisation_name, account, content, created, changed, \
     supersedes, formed, receipt, submitted, signer";

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Submission, Error>> {
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

/// Keeps what was entered. `false` when the draft is another version by now, or cannot be changed any more.
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

/// Takes one step. `None` when it is not possible from here, or the submission is another version by now.
///
/// # Errors
/// The store's.
pub fn advance(
    transaction: &Transaction<'_>,
    submission: &Submission,
    step: Step,
    moved: &Moved<'_>,
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
    let (id, at) = (submission.id, stamp(now));
    match moved {
        // What was thrown away is gone: nobody needs the codes in it.
        Moved::Nothing if step == Step::Discard => {
            transaction
                .prepare_cached("UPDATE submission SET content = '{}', document = NULL, formed = NULL WHERE id = ?1")?
                .execute([id])?;
            transaction.execute("DELETE FROM attachment WHERE submission = ?1", [id])?;
        }
        Moved::Nothing if step == Step::Back => {
            transaction.prepare_cached("UPDATE submission SET document = NULL, formed = NULL WHERE id = ?1")?.execute([id])?;
        }
        Moved::Nothing => {}
        Moved::Document(bytes) => {
            transaction.prepare_cached("UPDATE submission SET document = ?2, formed = ?3 WHERE id = ?1")?.execute((id, bytes, at))?;
        }
        Moved::Signed(signature) => {
            let kept = containers::keep(transaction, &submission.acting, signature.container, signature.documents)?;
            transaction.prepare_cached("UPDATE submission SET container = ?2, signed = ?3, signer = ?4 WHERE id = ?1")?.execute((
                id,
                kept,
                stamp(signature.at),
                signature.by,
            ))?;
        }
        Moved::Receipt(receipt) => {
            transaction.prepare_cached("UPDATE submission SET receipt = ?2, submitted = ?3 WHERE id = ?1")?.execute((id, receipt, at))?;
        }
    }
    if step == Step::Submit
        && let Some(earlier) = submission.supersedes
    {
        let changed = transaction.execute(
            "UPDATE submission SET state = 'superseded', version = version + 1 WHERE id = ?1 AND state = 'submitted'",
            [earlier],
        )?;
        if changed != 1 {
            return Ok(None);
        }
        clarifications::carry(transaction, earlier, id)?;
    }
    find(transaction, id)
}

/// The document that was formed.
///
/// # Errors
/// The store's.
pub fn document(connection: &Connection, id: i64) -> Result<Option<Vec<u8>>, Error> {
    Ok(connection.prepare_cached("SELECT document FROM submission WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?.flatten())
}

/// Lists submissions, the latest first.
///
/// # Errors
/// The store's.
pub fn list(connection: &Connection, filter: Filter<'_>, at_most: usize) -> Result<Vec<Summary>, Error> {
    const OPEN: &str = "state IN ('draft', 'checked', 'formed', 'reviewed', 'signed')";
    const HANDED_IN: &str = "state IN ('submitted', 'superseded')";
    let (condition, first, second) = match filter {
        Filter::Open(role, code) => (format!("{OPEN} AND role = ?1 AND organisation_code = ?2"), role.code(), code),
        Filter::Waiting(role, code) => ("state = 'reviewed' AND role = ?1 AND organisation_code = ?2".to_owned(), role.code(), code),
        Filter::HandedIn(role, code) => (format!("{HANDED_IN} AND role = ?1 AND organisation_code = ?2"), role.code(), code),
        Filter::About(virs) => (format!("{HANDED_IN} AND virs = ?1 AND ?2 = ''"), virs, ""),
        Filter::All => (format!("{HANDED_IN} AND ?1 = ?2"), "", ""),
    };
    let sql = format!(
        "SELECT id, feed, virs, state, organisation_name, changed, receipt, submitted FROM submission WHERE {condition}
         ORDER BY coalesce(submitted, changed) DESC, id DESC LIMIT {at_most}"
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for row in select.query_map((first, second), |row| {
        let state: String = row.get(3)?;
        Ok((state, row.get(0)?, row.get(1)?, row.get(2)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?))
    })? {
        let (state, id, feed, virs, organisation_name, changed, receipt, submitted) = row?;
        let state = State::of(&state).ok_or(Error::Content("a submission"))?;
        found.push(Summary { id, feed, virs, state, organisation_name, changed, receipt, submitted });
    }
    Ok(found)
}

/// How many drafts there are, of all organisations.
///
/// # Errors
/// The store's.
pub fn open_count(connection: &Connection) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM submission WHERE state IN ('draft', 'checked', 'formed', 'reviewed', 'signed')";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Submissions in whose place this one stands, one after another, and those that stand in its place; the oldest first, itself among them.
///
/// # Errors
/// The store's.
pub fn history_of(connection: &Connection, id: i64) -> Result<Vec<Summary>, Error> {
    let mut select = connection.prepare_cached(
        "WITH RECURSIVE before (id) AS (SELECT ?1 UNION SELECT supersedes FROM submission JOIN before USING (id) WHERE supersedes IS NOT NULL),
             after (id) AS (SELECT ?1 UNION SELECT submission.id FROM submission JOIN after ON supersedes = after.id
                            WHERE state IN ('submitted', 'superseded'))
         SELECT id, feed, virs, state, organisation_name, changed, receipt, submitted FROM submission
         WHERE id IN (SELECT id FROM before UNION SELECT id FROM after) ORDER BY id",
    )?;
    let mut found = Vec::new();
    let mut rows = select.query([id])?;
    while let Some(row) = rows.next()? {
        let state: String = row.get(3)?;
        found.push(Summary {
            id: row.get(0)?,
            feed: row.get(1)?,
            virs: row.get(2)?,
            state: State::of(&state).ok_or(Error::Content("a submission"))?,
            organisation_name: row.get(4)?,
            changed: row.get(5)?,
            receipt: row.get(6)?,
            submitted: row.get(7)?,
        });
    }
    Ok(found)
}

/// What was handed in, as far as it says what holds.
#[derive(Debug, Clone)]
pub struct Current {
    /// The submission's number.
    pub id: i64,
    /// Code of the VIRS.
    pub virs: String,
    /// Code of the organisation that handed it in.
    pub organisation: String,
    /// Receipt number.
    pub receipt: String,
    /// When it was handed in.
    pub submitted: String,
    /// What was entered.
    pub entry: Entry,
    /// SHA-256 of the attached documents that shall be published.
    pub public: Vec<String>,
}

/// Which submissions of a feed are read.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Those that hold now: submitted and not superseded.
    Current,
    /// Of these, those about one VIRS.
    CurrentAbout(&'a str),
    /// Superseded ones, too.
    All,
}

/// Submissions of a feed, in the order in which they were handed in.
///
/// # Errors
/// The store's.
pub fn of_feed(connection: &Connection, feed: &str, which: Which<'_>) -> Result<Vec<Current>, Error> {
    let (condition, virs) = match which {
        Which::Current => ("state = 'submitted' AND ?2 = ''", ""),
        Which::CurrentAbout(virs) => ("state = 'submitted' AND virs = ?2", virs),
        Which::All => ("state IN ('submitted', 'superseded') AND ?2 = ''", ""),
    };
    let mut select = connection.prepare_cached(&format!(
        "SELECT id, virs, organisation_code, coalesce(receipt, ''), coalesce(submitted, ''), content,
             (SELECT group_concat(DISTINCT sha256) FROM attachment WHERE attachment.submission = submission.id AND public = 1) FROM submission
         WHERE feed = ?1 AND {condition} ORDER BY submitted, id"
    ))?;
    let mut found = Vec::new();
    let mut rows = select.query((feed, virs))?;
    while let Some(row) = rows.next()? {
        let content: String = row.get(5)?;
        let public: Option<String> = row.get(6)?;
        let mut public: Vec<String> = public.iter().flat_map(|all| all.split(',')).map(str::to_owned).collect();
        public.sort();
        found.push(Current {
            id: row.get(0)?,
            virs: row.get(1)?,
            organisation: row.get(2)?,
            receipt: row.get(3)?,
            submitted: row.get(4)?,
            entry: serde_json::from_str(&content).map_err(|_| Error::Content("a submission"))?,
            public,
        });
    }
    Ok(found)
}

/// Submissions that were handed in after a moment, the oldest first.
///
/// # Errors
/// The store's.
pub fn handed_in_since(connection: &Connection, since: DateTime<Utc>) -> Result<Vec<Summary>, Error> {
    let mut found = list(connection, Filter::All, usize::MAX >> 1)?;
    let since = stamp(since);
    found.retain(|one| one.submitted.as_deref().is_some_and(|submitted| submitted > since.as_str()));
    found.reverse();
    Ok(found)
}

/// What of a feed holds now about one VIRS; the latest, if there are several.
///
/// # Errors
/// The store's.
pub fn current_of(connection: &Connection, feed: &str, virs: &str) -> Result<Option<Submission>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM submission WHERE feed = ?1 AND virs = ?2 AND state = 'submitted' ORDER BY id DESC LIMIT 1");
    connection.prepare_cached(&sql)?.query_row((feed, virs), read).optional()?.transpose()
}

/// The next number of a prefix, greater than `known`; never given again, even if the draft is thrown away.
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
