//! Searching the audit log: by time, account, action and form; page by page, the newest entries first.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, named_params};

use super::{AuditEntry, stamp};
use crate::Error;

/// What is looked for; what is not said does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Not earlier.
    pub from: Option<DateTime<Utc>>,
    /// Earlier.
    pub until: Option<DateTime<Utc>>,
    /// Who, as the log names them.
    pub actor: Option<String>,
    /// What.
    pub action: Option<String>,
    /// About submissions of this feed.
    pub feed: Option<String>,
    /// Only entries before this one: the next page.
    pub before: Option<i64>,
}

/// At most so many entries.
///
/// # Errors
/// The store's.
pub fn search(connection: &Connection, filter: &AuditFilter, most: usize) -> Result<Vec<AuditEntry>, Error> {
    // Each condition is there only if it narrows, so that the index fits.
    let mut sql = format!("SELECT {} FROM audit WHERE entry < coalesce(:before, 9223372036854775807)", AuditEntry::COLUMNS);
    for (said, condition) in [
        (filter.from.is_some(), " AND at >= :from"),
        (filter.until.is_some(), " AND at < :until"),
        (filter.actor.is_some(), " AND actor = :actor"),
        (filter.action.is_some(), " AND action = :action"),
        (
            filter.feed.is_some(),
            " AND object LIKE 'submission %' AND CAST(substr(object, 12) AS INTEGER) IN (SELECT id FROM submission WHERE feed = :feed)",
        ),
    ] {
        if said {
            sql.push_str(condition);
        }
    }
    sql.push_str(" ORDER BY entry DESC LIMIT :most");
    let mut select = connection.prepare_cached(&sql)?;
    let (from, until) = (filter.from.map(stamp), filter.until.map(stamp));
    let values: &[(&str, &dyn rusqlite::ToSql)] = named_params! {
        ":before": filter.before, ":most": most as i64, ":from": from, ":until": until, ":actor": filter.actor, ":action": filter.action,
        ":feed": filter.feed,
    };
    // Only those that stand in the statement may be given.
    let given: Vec<_> = values.iter().copied().filter(|(name, _)| sql.contains(name)).collect();
    let mut rows = select.query(given.as_slice())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(AuditEntry::read(row)?);
    }
    Ok(found)
}

/// All actions of the log.
///
/// # Errors
/// The store's.
pub fn actions(connection: &Connection) -> Result<Vec<String>, Error> {
    // From one word to the next by the index: the log may have millions of entries, and has some forty words.
    let mut select = connection.prepare_cached(
        "WITH RECURSIVE word (action) AS (
             SELECT min(action) FROM audit
             UNION ALL SELECT (SELECT min(action) FROM audit WHERE action > word.action) FROM word WHERE word.action IS NOT NULL)
         SELECT action FROM word WHERE action IS NOT NULL",
    )?;
    let found = select.query_map([], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}
