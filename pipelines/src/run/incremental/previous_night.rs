//! What a night leaves to the next, so that steps whose inputs did not change need not run again: `state/steps.json` (0600).
//!
//! It counts only together with the release it was written for, and only for the definitions, the program and the key that made it.

use std::fs;
use std::path::Path;
use std::thread::{self, JoinHandle};

use anyhow::Result;
use arrow::array::{RecordBatch, StringArray};
use catalog::{Catalog, Kind, Table, Tier};
use publish::{FileStats, LastRelease, PageHashes, Store};
use serde::{Deserialize, Serialize};
use spool::Spool;
use transforms::{Remembered, Words};

use crate::state::private_file;

const FILE: &str = "steps.json";

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PreviousNightFile {
    /// Everything but data and SQL that decides a result.
    pub(crate) base: String,
    /// The release that shows the results.
    pub(crate) manifest_sha256: String,
    /// Core tables, models and checks.
    pub(crate) remembered: Remembered,
    /// What the pages show.
    pub(crate) page_hashes: PageHashes,
    /// What the file system said of the files of the release, of both its sides.
    pub(crate) file_stats: [FileStats; 2],
}

/// The previous night, as far as tonight may build on it.
#[derive(Debug)]
pub(crate) struct PreviousNight {
    pub(crate) remembered: Remembered,
    /// The latest release; without it everything is made again.
    pub(crate) release: Option<LastRelease>,
    /// Why it cannot be built on.
    pub(crate) why_not: Option<&'static str>,
}

/// The previous night while it is examined: each file of its release must be found whole, and some are read.
pub(crate) enum Examination {
    Running(JoinHandle<PreviousNight>),
    Done(Box<PreviousNight>),
}

impl Examination {
    /// Waits for the result.
    pub(crate) fn wait(self) -> PreviousNight {
        match self {
            Self::Running(thread) => thread.join().unwrap_or_else(|_| PreviousNight::unusable("the latest release could not be examined")),
            Self::Done(found) => *found,
        }
    }
}

impl From<PreviousNight> for Examination {
    fn from(found: PreviousNight) -> Self {
        Self::Done(Box::new(found))
    }
}

impl PreviousNight {
    /// Examines in the background what is at hand under `state` and in the store.
    pub(crate) fn examine(state: &Path, store: &Store, base: &str) -> Examination {
        let (state, store, base) = (state.to_owned(), store.clone(), base.to_owned());
        Examination::Running(thread::spawn(move || Self::open(&state, &store, &base)))
    }

    /// A previous night of which nothing may be used.
    pub(crate) fn unusable(why_not: &'static str) -> Self {
        Self { remembered: Remembered::default(), release: None, why_not: Some(why_not) }
    }

    /// Reads what the previous night left; whatever cannot be read is made again.
    fn open(state: &Path, store: &Store, base: &str) -> Self {
        let Ok(bytes) = fs::read(state.join(FILE)) else { return Self::unusable("nothing is known of an earlier night") };
        let Ok(file) = serde_json::from_slice::<PreviousNightFile>(&bytes) else {
            return Self::unusable("state/steps.json cannot be read");
        };
        if file.base != base {
            return Self::unusable("definitions, program or person key are others");
        }
        match LastRelease::open(store, &file.manifest_sha256, file.page_hashes, &file.file_stats) {
            Some(release) => Self { remembered: file.remembered, release: Some(release.waiting_in(Spool::at(state))), why_not: None },
            None => Self::unusable("the latest release is not the one that the last night made, or not whole"),
        }
    }

    /// The rows of a published table as they were: at least the columns that `words` name, or all.
    pub(crate) fn rows(&self, catalog: &Catalog, name: &str, words: Option<&Words>) -> Result<RecordBatch, String> {
        let (release, table, path) = self.table(catalog, name)?;
        let columns: Option<Vec<&str>> = words.map(|words| {
            let names = || table.columns.iter().map(|column| column.column.name.as_str());
            let named: Vec<&str> = names().filter(|name| words.contains(*name)).collect();
            // Rows are counted by a column, so that there must be one.
            if named.is_empty() { names().take(1).collect() } else { named }
        });
        release.rows(table, Tier::Internal, &path, columns.as_deref()).map_err(|error| error.to_string())
    }

    /// Every text that stood in its columns of text, of those that `words` name or of all.
    pub(crate) fn texts(&self, catalog: &Catalog, name: &str, words: Option<&Words>) -> Result<Vec<StringArray>, String> {
        let (release, table, path) = self.table(catalog, name)?;
        let texts = table.columns.iter().filter(|column| column.column.kind == Kind::Text).map(|column| column.column.name.as_str());
        let named: Vec<&str> = texts.filter(|name| words.is_none_or(|words| words.contains(*name))).collect();
        release.texts(Tier::Internal, &path, &named).map_err(|error| error.to_string())
    }

    /// A published table, and where its rows lie in the release.
    fn table<'a>(&'a self, catalog: &'a Catalog, name: &str) -> Result<(&'a LastRelease, &'a Table, String), String> {
        let release = self.release.as_ref().ok_or("there is no release to read it from")?;
        let table = catalog.table(name).map_err(|error| error.to_string())?;
        let dataset = catalog.datasets().find(|dataset| dataset.tables.iter().any(|of| of == name)).ok_or("no dataset holds it")?;
        Ok((release, table, publish::table_path(dataset, table, "parquet")))
    }
}

impl PreviousNightFile {
    /// Writes the file anew.
    pub(crate) fn save(&self, state: &Path) -> Result<()> {
        private_file::replace(&state.join(FILE), &serde_json::to_vec(self)?)
    }
}
