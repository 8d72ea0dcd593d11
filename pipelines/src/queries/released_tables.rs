//! Published tables of one release and tier, read back from Parquet into an engine that has no access to files or the network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use catalog::{Catalog, Tier};
use chrono::NaiveDate;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use transforms::{DuckDb, Engine};

use super::faults::{self, Columns};
use crate::config::Config;
use crate::refusal::Refusal;

/// Words of statements that list the tables: for these, every table must be registered.
const ASKS_FOR_ALL: &[&str] = &["show", "information_schema", "duckdb_tables", "duckdb_views", "duckdb_columns", "pg_catalog"];

/// What somebody is told who queries what was never published.
fn nothing_yet(root: &Path) -> Refusal {
    Refusal::one(format!("aplanke {} dar nėra nė vieno leidimo; jį parengia „virsis run“", root.display()))
}

/// A release as tables to query; each is read when a statement first names it.
pub(crate) struct ReleasedTables {
    engine: DuckDb,
    files: BTreeMap<String, PathBuf>,
    columns: Columns,
    date: Option<NaiveDate>,
    loaded: BTreeSet<String>,
}

impl ReleasedTables {
    /// Opens a release: `name` is a sequence number or a folder name; without it, the latest.
    pub(crate) fn open(config: &Config, catalog: &Catalog, name: Option<&str>, tier: Tier) -> Result<Self> {
        let root = config.tier_root(tier);
        let release = match name {
            None => root.join("latest"),
            Some(name) => find_release(root, name)
                .map_err(|_| nothing_yet(root))?
                .ok_or_else(|| Refusal::one(format!("leidimo {name} nėra; leidimus išvardija „virsis release list“")))?,
        };
        if !release.exists() {
            return Err(nothing_yet(root).into());
        }
        let (mut files, mut columns) = (BTreeMap::new(), Columns::new());
        for dataset in catalog.datasets() {
            for table in &dataset.tables {
                let table = catalog.table(table)?;
                let path = release.join(publish::path_in_release(tier, &publish::table_path(dataset, table, "parquet")));
                if path.exists() {
                    files.insert(table.subject().to_owned(), path);
                    columns.insert(table.subject().to_owned(), table.visible(tier).map(|used| used.column.name.clone()).collect());
                }
            }
        }
        let manifest = publish::Manifest::read(&release).ok().map(|(manifest, _)| manifest);
        if files.is_empty() && manifest.as_ref().is_some_and(|manifest| manifest.withdrawn.is_some()) {
            return Err(Refusal::one(format!(
                "leidimas {} atšauktas, jo lentelių nebėra; leidimus išvardija „virsis release list“",
                release.display()
            ))
            .into());
        }
        let date = manifest.map(|manifest| manifest.date);
        Ok(Self { engine: DuckDb::open()?, files, columns, date, loaded: BTreeSet::new() })
    }

    /// The day whose data the release shows.
    pub(crate) fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// Columns of each table, in order.
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Names of all tables.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Runs a statement that somebody typed; what is wrong with it is told in his words.
    pub(crate) fn ask(&mut self, sql: &str) -> Result<RecordBatch> {
        let answer = self.run("statement", sql, &BTreeMap::new())?;
        let told = |error: transforms::Error| match &error {
            transforms::Error::Sql { reason, .. } => Refusal::one(faults::told(reason, sql, &self.columns)),
            _ => Refusal::one(&error),
        };
        Ok(answer.map_err(told)?)
    }

    /// Runs a statement of ours with its parameters; `label` names it in errors.
    pub(crate) fn query(&mut self, label: &str, sql: &str, parameters: &BTreeMap<String, String>) -> Result<RecordBatch> {
        Ok(self.run(label, sql, parameters)?.map_err(Refusal::one)?)
    }

    /// Reads the tables that a statement names and runs it. The outer error is that of reading.
    fn run(&mut self, label: &str, sql: &str, parameters: &BTreeMap<String, String>) -> Result<Result<RecordBatch, transforms::Error>> {
        let words: BTreeSet<String> = sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_').map(str::to_lowercase).collect();
        let all = ASKS_FOR_ALL.iter().any(|word| words.contains(*word));
        for (name, file) in self.files.iter().filter(|(name, _)| all || words.contains(*name)) {
            if self.loaded.insert(name.clone()) {
                self.engine.register(name, &read_parquet(file)?)?;
            }
        }
        let seen: Vec<String> = self.loaded.iter().cloned().collect();
        Ok(self.engine.query_with(label, sql, &seen, parameters))
    }
}

/// The folder of a release under `root`, by sequence number or folder name.
pub(crate) fn release_folder(root: &Path, name: &str) -> Result<PathBuf> {
    let found = find_release(root, name)
        .map_err(|_| Refusal::one(format!("there is no release in {} yet; run `virsis run` first", root.display())))?;
    Ok(found.ok_or_else(|| Refusal::one(format!("there is no release {name}; `virsis release list` lists the releases")))?)
}

/// The same; none where there is no such release.
fn find_release(root: &Path, name: &str) -> std::io::Result<Option<PathBuf>> {
    let releases = root.join("releases");
    let wanted = name.parse::<u64>().ok();
    let mut found: Vec<String> = fs::read_dir(&releases)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    found.retain(|folder| folder == name || wanted.is_some() && folder.split('-').next().and_then(|number| number.parse().ok()) == wanted);
    Ok(found.pop().map(|folder| releases.join(folder)))
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
