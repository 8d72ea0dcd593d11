//! The log of changes: what happened since the last accepted extract, and a snapshot with it applied.
//!
//! The log is purged from time to time and begins anew when a model is loaded again. That is why the change remembered must still be
//! there, of the same object and revision; if it is not, only a full read helps.

use std::collections::HashSet;

use serde_json::Value;

use super::bookmark::Bookmark;
use super::fields::{Fields, Object};
use super::page::Row;
use super::source::{Snapshot, Source};
use crate::Error;
use crate::http::Problem;

/// So many changes cost more than a full read.
const MOST_CHANGES: usize = 200_000;

/// What happened since a bookmark.
#[derive(Debug)]
pub(super) enum News {
    /// Nothing.
    None,
    /// These changes; the bookmark is that of the last one.
    Changes(Vec<Change>, Bookmark),
    /// Nobody can tell any more.
    Lost,
}

/// One change of an object.
#[derive(Debug)]
pub(super) struct Change {
    at: Bookmark,
    operation: String,
    /// For an insert all properties, for a patch the changed ones.
    delta: Object,
}

/// Reads the log from a bookmark to its end.
pub(super) fn since(source: &Source<'_>, bookmark: &Bookmark) -> Result<News, Error> {
    let revision = source.uapi.settings.dialect.revision();
    let mut news: Vec<Change> = Vec::new();
    loop {
        let last = news.last().map_or(bookmark, |change| &change.at).clone();
        let mut changes = source.changes(last.number)?.into_iter().map(|mut delta| {
            let at = Bookmark::take(&mut delta, revision)?;
            let operation = match delta.remove("_op") {
                Some(Value::String(operation)) => operation,
                _ => return Err(Problem::Protocol { found: "a change without an operation" }),
            };
            Ok(Change { at, operation, delta })
        });
        // The place we stand at is given again; it shows whether this is still the same log.
        match changes.next().transpose().map_err(|problem| source.failed(problem))? {
            Some(first) if first.at == last => {}
            _ => return Ok(News::Lost),
        }
        let before = news.len();
        for change in changes {
            let change = change.map_err(|problem| source.failed(problem))?;
            if change.at.number <= news.last().map_or(last.number, |last| last.at.number) {
                return Err(source.failed(Problem::DuplicatePage { found: "its changes are not in order" }));
            }
            news.push(change);
        }
        if news.len() > MOST_CHANGES {
            return Ok(News::Lost);
        }
        if news.len() == before {
            return Ok(match news.last().map(|change| change.at.clone()) {
                None => News::None,
                Some(at) => News::Changes(news, at),
            });
        }
    }
}

/// Brings a snapshot up to date; `false`, and the snapshot is of no use, if the changes do not fit it.
pub(super) fn apply(fields: &Fields, snapshot: &mut Snapshot, changes: Vec<Change>) -> Result<bool, Problem> {
    let known = fields.known(snapshot.values().map(|row| &row.cells));
    // The snapshot may already be past the first changes: it was read after their bookmark was set. Changes of an object that
    // it does not have any more are in order as long as the object is deleted, or comes back, later in the log.
    let mut absent = HashSet::new();
    for Change { at: Bookmark { id, revision, .. }, operation, delta } in changes {
        let cells = match operation.as_str() {
            "delete" => {
                snapshot.remove(&id);
                absent.remove(&id);
                continue;
            }
            "insert" => Some(vec![None; fields.properties.len()]),
            "patch" | "update" => snapshot.get(&id).map(|row| row.cells.clone()),
            _ => return Ok(false),
        };
        let Some(mut cells) = cells else {
            absent.insert(id);
            continue;
        };
        if !fields.change(&mut cells, &delta, &known)? {
            return Ok(false);
        }
        absent.remove(&id);
        snapshot.insert(id, Row { revision: revision.into(), cells });
    }
    Ok(absent.is_empty())
}
