//! Submissions as lists show them and nights read them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Rows};

use super::stamp;
use super::submissions::{COLUMNS, Submission, read};
use crate::entry::Entry;
use crate::state::State;
use crate::{Error, Role};

/// A submission in a list.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its number.
    pub id: i64,
    /// Which feed.
    pub feed: String,
    /// Code of the VIRS it is about.
    pub virs: String,
    /// Its state.
    pub state: State,
    /// In whose name.
    pub organisation_name: String,
    /// When it was changed last.
    pub changed: String,
    /// Receipt number.
    pub receipt: Option<String>,
    /// When it was submitted.
    pub submitted: Option<String>,
}

/// Which submissions to list.
#[derive(Debug, Clone, Copy)]
pub enum Filter<'a> {
    /// Those still open, of an organisation.
    Open(Role, &'a str),
    /// Of these, those that only wait for a signature.
    Waiting(Role, &'a str),
    /// Those an organisation submitted.
    Submitted(Role, &'a str),
    /// All submissions about a VIRS.
    About(&'a str),
    /// All submissions.
    All,
}

const SUMMARY: &str = "id, feed, virs, state, organisation_name, changed, receipt, submitted";

fn summaries(mut rows: Rows<'_>) -> Result<Vec<Summary>, Error> {
    let mut found = Vec::new();
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

/// Lists submissions, the latest first.
///
/// # Errors
/// The store's.
pub fn list(connection: &Connection, filter: Filter<'_>, at_most: usize) -> Result<Vec<Summary>, Error> {
    const OPEN: &str = "state IN ('draft', 'checked', 'formed', 'reviewed', 'signed')";
    const SUBMITTED: &str = "state IN ('submitted', 'superseded')";
    let (condition, first, second) = match filter {
        Filter::Open(role, code) => (format!("{OPEN} AND role = ?1 AND organisation_code = ?2"), role.code(), code),
        Filter::Waiting(role, code) => ("state = 'reviewed' AND role = ?1 AND organisation_code = ?2".to_owned(), role.code(), code),
        Filter::Submitted(role, code) => (format!("{SUBMITTED} AND role = ?1 AND organisation_code = ?2"), role.code(), code),
        Filter::About(virs) => (format!("{SUBMITTED} AND virs = ?1 AND ?2 = ''"), virs, ""),
        Filter::All => (format!("{SUBMITTED} AND ?1 = ?2"), "", ""),
    };
    let sql = format!(
        "SELECT {SUMMARY} FROM submission WHERE {condition}
         ORDER BY coalesce(submitted, changed) DESC, id DESC LIMIT {at_most}"
    );
    let mut select = connection.prepare_cached(&sql)?;
    summaries(select.query((first, second))?)
}

/// How many drafts there are, of all organisations.
///
/// # Errors
/// The store's.
pub fn open_count(connection: &Connection) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM submission WHERE state IN ('draft', 'checked', 'formed', 'reviewed', 'signed')";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// The submissions that this one supersedes, one after another, and those that supersede it; the oldest first, itself among them.
///
/// # Errors
/// The store's.
pub fn history_of(connection: &Connection, id: i64) -> Result<Vec<Summary>, Error> {
    let mut select = connection.prepare_cached(&format!(
        "WITH RECURSIVE before (id) AS (SELECT ?1 UNION SELECT supersedes FROM submission JOIN before USING (id) WHERE supersedes IS NOT NULL),
             after (id) AS (SELECT ?1 UNION SELECT submission.id FROM submission JOIN after ON supersedes = after.id
                            WHERE state IN ('submitted', 'superseded'))
         SELECT {SUMMARY} FROM submission WHERE id IN (SELECT id FROM before UNION SELECT id FROM after) ORDER BY id"
    ))?;
    summaries(select.query([id])?)
}

/// A submission that is current: submitted and not superseded.
#[derive(Debug, Clone)]
pub struct Current {
    /// The submission's number.
    pub id: i64,
    /// Code of the VIRS.
    pub virs: String,
    /// Code of the organisation that submitted it.
    pub organisation: String,
    /// Receipt number.
    pub receipt: String,
    /// When it was submitted.
    pub submitted: String,
    /// What was entered.
    pub entry: Entry,
    /// SHA-256 of the attached documents that shall be published.
    pub public: Vec<String>,
}

/// Which submissions of a feed are read.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Current ones: submitted and not superseded.
    Current,
    /// Of these, those about one VIRS.
    CurrentAbout(&'a str),
    /// Superseded ones as well.
    All,
}

/// Submissions of a feed, in the order in which they were submitted.
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

/// Submissions made after a moment, the oldest first.
///
/// # Errors
/// The store's.
pub fn submitted_since(connection: &Connection, since: DateTime<Utc>) -> Result<Vec<Summary>, Error> {
    let mut found = list(connection, Filter::All, usize::MAX >> 1)?;
    let since = stamp(since);
    found.retain(|one| one.submitted.as_deref().is_some_and(|submitted| submitted > since.as_str()));
    found.reverse();
    Ok(found)
}

/// The current submission of a feed about one VIRS; the latest, if there are several.
///
/// # Errors
/// The store's.
pub fn current_of(connection: &Connection, feed: &str, virs: &str) -> Result<Option<Submission>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM submission WHERE feed = ?1 AND virs = ?2 AND state = 'submitted' ORDER BY id DESC LIMIT 1");
    connection.prepare_cached(&sql)?.query_row((feed, virs), read).optional()?.transpose()
}
