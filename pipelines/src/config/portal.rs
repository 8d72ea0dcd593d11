//! `[portal]`: what a release has for readers who ask its tables themselves.

use std::path::PathBuf;

use serde::Deserialize;

/// What a release has for readers who ask its tables themselves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Portal {
    /// Whether the tables of each tier of the portal lie in one DuckDB file, too.
    pub(crate) database: bool,
    /// Folder that `publish/browser/build.sh` has made; with it the portal has pages of SQL and of reports.
    pub(crate) browser_engine: Option<PathBuf>,
}

impl Default for Portal {
    fn default() -> Self {
        Self { database: true, browser_engine: None }
    }
}
