//! The index of histories and changes of a tier: which files there are, since when, and how much changed. Programs begin here.

use catalog::Tier;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::When;
use crate::error::Error;
use crate::paths::{CHANGES_INDEX, path_in_release};

/// What the comparison with the release before is called.
pub(crate) const RELEASE: &str = "release";
/// Version of the file's format.
const FORMAT: u32 = 1;

/// `pokyciai/index.json` of a tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) format: u32,
    /// Number of the release.
    pub(crate) release: i64,
    /// The day whose data it shows.
    pub(crate) date: NaiveDate,
    /// Number of the release before it that stood when it was made; none of the first.
    pub(crate) previous: Option<i64>,
    pub(crate) tables: Vec<IndexedTable>,
}

/// A table with a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexedTable {
    /// What the table is called.
    pub(crate) table: String,
    pub(crate) dataset: String,
    /// Where its history lies in the tier.
    pub(crate) history: String,
    /// The first release whose rows it knows.
    pub(crate) first_release: i64,
    pub(crate) first_date: NaiveDate,
    /// The columns by which a changed row replaces another; none if rows only come and go.
    pub(crate) key: Vec<String>,
    pub(crate) changes: Vec<IndexedChanges>,
}

/// What changed in it within some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexedChanges {
    /// `release` (since the release before), or a number of days.
    pub(crate) window: String,
    /// The day with whose end it is compared.
    pub(crate) since: NaiveDate,
    pub(crate) came: usize,
    pub(crate) changed: usize,
    pub(crate) went: usize,
    /// Where the rows lie in the tier; nowhere if there are none.
    pub(crate) files: Vec<String>,
}

impl Index {
    pub(crate) fn new(release: When, previous: Option<i64>, tables: Vec<IndexedTable>) -> Self {
        Self { format: FORMAT, release: release.sequence, date: release.date, previous, tables }
    }

    /// Reads it; `None` for one that this program does not know.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|index: &Self| index.format == FORMAT)
    }

    /// The day of the release before.
    pub(crate) fn previous_date(&self) -> Option<NaiveDate> {
        let windows = self.tables.iter().flat_map(|table| &table.changes);
        windows.into_iter().find(|changes| changes.window == RELEASE).map(|changes| changes.since)
    }

    /// The first release whose rows the history of a table knows.
    pub(crate) fn first_of(&self, table: &str) -> Option<When> {
        let found = self.tables.iter().find(|found| found.table == table)?;
        Some(When { sequence: found.first_release, date: found.first_date })
    }

    /// The bytes of the file.
    pub(crate) fn print(&self, tier: Tier) -> Result<Vec<u8>, Error> {
        let failed =
            |error: serde_json::Error| Error::Manifest { path: path_in_release(tier, CHANGES_INDEX).into(), reason: error.to_string() };
        let mut bytes = serde_json::to_vec_pretty(self).map_err(failed)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
