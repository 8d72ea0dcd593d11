//! `[portal]`: what a release has beside tables and pages: the database file, the engine that asks it, the boundaries on the map.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What a release has beside tables and pages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Portal {
    /// Whether the tables of each tier of the portal lie in one DuckDB file, too.
    pub(crate) database: bool,
    /// Whether they lie in one SQLite file, too.
    pub(crate) sqlite: bool,
    /// Whether the internal tier has pages and every format, too; otherwise its tables are there as Parquet alone.
    pub(crate) internal_pages: bool,
    /// For how many days readers may believe what the signed pointer says is the latest release; every run renews it.
    pub(crate) pointer_days: u64,
    /// Folder that `publish/browser/build.sh` has made; with it the portal has pages of SQL and of reports.
    pub(crate) browser_engine: Option<PathBuf>,
    /// With them the map of municipalities has their real shapes.
    pub(crate) boundaries: Option<BoundariesFile>,
}

/// Boundaries of municipalities as GeoJSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoundariesFile {
    /// A FeatureCollection in degrees (WGS 84) or in metres (LKS-94).
    pub(crate) file: PathBuf,
    /// The property with the code of a municipality; found by its usual names if it is not given.
    pub(crate) code: Option<String>,
    /// Whose boundaries they are, as the map says it.
    pub(crate) source: Option<String>,
}

impl Default for Portal {
    fn default() -> Self {
        Self { database: true, sqlite: true, internal_pages: false, pointer_days: 7, browser_engine: None, boundaries: None }
    }
}

impl Portal {
    pub(super) fn anchor(&mut self, folder: &Path) {
        let boundaries = self.boundaries.iter_mut().map(|boundaries| &mut boundaries.file);
        self.browser_engine.iter_mut().chain(boundaries).for_each(|path| *path = folder.join(&*path).components().collect());
    }
}
