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
    /// Histories of tables, which are not listed among the tables.
    histories: BTreeMap<String, PathBuf>,
    /// The day as of which the tables are shown, out of their histories; none if as they are now.
    as_of: Option<NaiveDate>,
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
        let (mut files, mut histories, mut columns) = (BTreeMap::new(), BTreeMap::new(), Columns::new());
        for dataset in catalog.datasets() {
            for table in &dataset.tables {
                let table = catalog.table(table)?;
                let file = |table| release.join(publish::path_in_release(tier, &publish::table_path(dataset, table, "parquet")));
                let path = file(table);
                if path.exists() {
                    files.insert(table.subject().to_owned(), path);
                    columns.insert(table.subject().to_owned(), table.visible(tier).map(|used| used.column.name.clone()).collect());
                }
                if let Some((history, path)) =
                    catalog.table(&table.history_name()).ok().map(|history| (history, file(history))).filter(|(_, path)| path.exists())
                {
                    histories.insert(history.subject().to_owned(), path);
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
        Ok(Self { engine: DuckDb::open()?, files, histories, as_of: None, columns, date, loaded: BTreeSet::new() })
    }

    /// The tables as they were at the end of a day, out of their histories; tables without one are not there.
    pub(crate) fn on(mut self, day: NaiveDate, catalog: &Catalog, tier: Tier) -> Result<Self> {
        let of_table = |subject: &str| catalog.table(&format!("out_{subject}")).ok().cloned();
        let history_of = |subject: &str| Some(of_table(subject)?.history_name().trim_start_matches("out_").to_owned());
        let files = std::mem::take(&mut self.files);
        let known = files.into_keys().filter_map(|subject| Some((self.histories.remove(&history_of(&subject)?)?, subject)));
        self.files = known.map(|(path, subject)| (subject, path)).collect();
        if self.files.is_empty() {
            return Err(Refusal::one("šioje dalyje istorijos nėra: ji kaupiama tik viešojoje (--tier public)").into());
        }
        let first = self.files.values().map(|path| Ok(publish::remembered_since(&read_parquet(path)?))).collect::<Result<Vec<_>>>()?;
        if let Some(first) = first.into_iter().flatten().min().filter(|first| day < *first) {
            return Err(Refusal::one(format!("istorija kaupiama nuo {first}; kas skelbta {day}, nežinoma")).into());
        }
        self.columns.retain(|subject, _| self.files.contains_key(subject));
        for (subject, columns) in &mut self.columns {
            let history = of_table(subject).and_then(|table| catalog.table(&table.history_name()).ok().cloned());
            let remembered: Vec<String> =
                history.iter().flat_map(|history| history.visible(tier).map(|used| used.column.name.clone()).collect::<Vec<_>>()).collect();
            columns.retain(|column| remembered.contains(column));
        }
        self.as_of = Some(day);
        Ok(self)
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
        let histories = self.histories.iter().filter(|(name, _)| words.contains(*name));
        for (name, file) in self.files.iter().filter(|(name, _)| all || words.contains(*name)).chain(histories) {
            if self.loaded.insert(name.clone()) {
                self.engine.register(name, &self.rows(name, file)?)?;
            }
        }
        let seen: Vec<String> = self.loaded.iter().cloned().collect();
        Ok(self.engine.query_with(label, sql, &seen, parameters))
    }
}

impl ReleasedTables {
    /// The rows of a table, as of the day that is asked for.
    fn rows(&self, name: &str, file: &Path) -> Result<RecordBatch> {
        let rows = read_parquet(file)?;
        let (Some(day), Some(columns)) = (self.as_of, self.columns.get(name)) else { return Ok(rows) };
        let rows = publish::shown_on(&rows, day)?;
        let places = columns.iter().map(|column| rows.schema().index_of(column)).collect::<Result<Vec<_>, _>>()?;
        Ok(rows.project(&places)?)
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
