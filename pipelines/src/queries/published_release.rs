//! The tables of a release as whoever downloads them has them: read from its published files, whichever release it is and wherever it lies.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalog::{Catalog, Layer, Table, Tier};
use transforms::{PublishedTables, has_columns};

use super::released_tables::{read_parquet, release_folder};
use crate::config::Config;
use crate::refusal::Refusal;

/// A release to read.
pub(crate) struct PublishedRelease {
    folder: PathBuf,
}

impl PublishedRelease {
    /// A release of the portal by its number or name, or in a folder of its own; without one, the latest.
    pub(crate) fn open(config: &Config, name: Option<&str>) -> Result<Self> {
        let root = &config.paths.portal;
        let folder = match name {
            None => root.join("latest"),
            Some(name) if Path::new(name).is_dir() => PathBuf::from(name),
            Some(name) => release_folder(root, name)?,
        };
        if !folder.exists() {
            return Err(Refusal::one(format!("there is no release in {} yet; run `virsis run` first", root.display())).into());
        }
        Ok(Self { folder })
    }

    /// One that lies in this folder.
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A file of a tier; none where the release has none at this path.
    pub(crate) fn file(&self, tier: Tier, path: &str) -> Result<Option<Vec<u8>>> {
        let path = self.folder.join(publish::path_in_release(tier, path));
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Tables of a tier that meet a condition; those that the release has not, or has with other columns, are left out.
    pub(crate) fn tables(&self, catalog: &Catalog, tier: Tier, wanted: impl Fn(&Table) -> bool) -> Result<PublishedTables> {
        let mut tables = PublishedTables::new();
        for dataset in catalog.datasets() {
            for table in dataset.tables.iter().filter_map(|name| catalog.table(name).ok()) {
                let path = self.folder.join(publish::path_in_release(tier, &publish::table_path(dataset, table, "parquet")));
                if table.layer != Layer::Out || !table.tiers.contains(&tier) || !wanted(table) || !path.exists() {
                    continue;
                }
                let rows = read_parquet(&path)?;
                if has_columns(table, tier, &rows) {
                    tables.insert(table.name.clone(), rows);
                }
            }
        }
        Ok(tables)
    }
}
