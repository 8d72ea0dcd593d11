//! Published tables of one release and tier, read back from Parquet into an engine that has no access to files or the network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use catalog::{Catalog, Tier};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use transforms::{DuckDb, Engine};

use crate::config::Config;
use crate::refusal::Refusal;

/// Words of statements that list the tables: for these, every table must be registered.
const ASKS_FOR_ALL: &[&str] = &["show", "information_schema", "duckdb_tables", "duckdb_views", "duckdb_columns", "pg_catalog"];

/// A release as tables to query; each is read when a statement first names it.
pub(crate) struct ReleasedTables {
    engine: DuckDb,
    files: BTreeMap<String, PathBuf>,
    loaded: BTreeSet<String>,
}

impl ReleasedTables {
    /// Opens a release: `name` is a sequence number or a folder name; without it, the latest.
    pub(crate) fn open(config: &Config, catalog: &Catalog, name: Option<&str>, tier: Tier) -> Result<Self> {
        let root = config.tier_root(tier);
        let release = match name {
            None => root.join("latest"),
            Some(name) => release_folder(root, name)?,
        };
        if !release.exists() {
            return Err(Refusal::one(format!("there is no release in {} yet; run `virsis run` first", root.display())).into());
        }
        let mut files = BTreeMap::new();
        for dataset in catalog.datasets() {
            for table in &dataset.tables {
                let table = catalog.table(table)?;
                let path = release.join(publish::path_in_release(tier, &publish::table_path(dataset, table, "parquet")));
                if path.exists() {
                    files.insert(table.subject().to_owned(), path);
                }
            }
        }
        if files.is_empty() && publish::Manifest::read(&release).is_ok_and(|(manifest, _)| manifest.withdrawn.is_some()) {
            return Err(
                Refusal::one(format!("{} was withdrawn and no longer has tables; see `virsis release list`", release.display())).into()
            );
        }
        Ok(Self { engine: DuckDb::open()?, files, loaded: BTreeSet::new() })
    }

    /// Names of all tables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Runs one statement with its parameters; `label` names it in errors.
    pub(crate) fn query(&mut self, label: &str, sql: &str, parameters: &BTreeMap<String, String>) -> Result<RecordBatch> {
        let words: BTreeSet<String> = sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_lowercase).collect();
        let all = ASKS_FOR_ALL.iter().any(|word| words.contains(*word));
        let wanted: Vec<String> = self.files.keys().filter(|name| all || words.contains(*name)).cloned().collect();
        for name in wanted {
            if self.loaded.insert(name.clone()) {
                self.engine.register(&name, &read_parquet(&self.files[&name])?)?;
            }
        }
        let loaded: Vec<String> = self.loaded.iter().cloned().collect();
        Ok(self.engine.query_with(label, sql, &loaded, parameters).map_err(Refusal::one)?)
    }
}

/// The folder of a release under `root`, by sequence number or folder name.
pub(crate) fn release_folder(root: &Path, name: &str) -> Result<PathBuf> {
    let releases = root.join("releases");
    let wanted = name.parse::<u64>().ok();
    let entries = fs::read_dir(&releases)
        .map_err(|_| Refusal::one(format!("there is no release in {} yet; run `virsis run` first", root.display())))?;
    let mut found: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    found.retain(|folder| folder == name || wanted.is_some() && folder.split('-').next().and_then(|number| number.parse().ok()) == wanted);
    match found.pop() {
        Some(folder) => Ok(releases.join(folder)),
        None => Err(Refusal::one(format!("there is no release {name}; `virsis release list` lists the releases")).into()),
    }
}

/// A table of a release, whole.
pub(crate) fn read_parquet(path: &Path) -> Result<RecordBatch> {
    let read = || -> Result<RecordBatch> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
        let schema = builder.schema().clone();
        let batches = builder.build()?.collect::<Result<Vec<_>, _>>()?;
        Ok(concat_batches(&schema, &batches)?)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}
