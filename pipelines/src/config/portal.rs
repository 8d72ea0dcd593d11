//! `[portal]`: what a release has for readers who ask its tables themselves.

use std::path::PathBuf;

use serde::Deserialize;

/// What a release has for readers who ask its tables themselves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Portal {
    /// Whether the tables of each tier of the portal lie in one DuckDB file, too.
    pub(crate) database: bool,
    /// Whether they lie in one SQLite file, too.
    pub(crate) sqlite: bool,
    /// For how many days readers may believe what the signed pointer says is the latest release; every run renews it.
    pub(crate) pointer_days: u64,
    /// Folder that `publish/browser/build.sh` has made; with it the portal has pages of SQL and of reports.
    pub(crate) browser_engine: Option<PathBuf>,
}

impl Default for Portal {
    fn default() -> Self {
        Self { database: true, sqlite: true, pointer_days: 7, browser_engine: None }
    }
}
