//! What earlier releases made their statistics of: the rows about persons that they counted, and what they suppressed. In `state/published`
//! (0700), since it has persons' surrogate ids; no names. Each family of statistics has the last few that differ.
//!
//! It is written before the release is committed: one that is cut short counts as published, which protects no less.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use catalog::Table;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::{Deserialize, Serialize};
use transforms::{PersonKey, PublishedPast, PublishedPattern, renew_ids_of_facts};

use super::private_file;

const FOLDER: &str = "published";

/// What stands beside the rows.
#[derive(Serialize, Deserialize)]
struct Beside {
    /// Of which generation their ids are.
    #[serde(default = "first_generation")]
    generation: usize,
    #[serde(flatten)]
    pattern: PublishedPattern,
}

fn first_generation() -> usize {
    1
}

/// The folder of one family.
pub(crate) struct PublishedPasts {
    folder: PathBuf,
}

impl PublishedPasts {
    /// The folder for statistics of `rows` under `state`.
    pub(crate) fn of(state: &Path, rows: &str) -> Self {
        Self { folder: state.join(FOLDER).join(rows) }
    }

    /// The folders of all families, by the table of the rows.
    ///
    /// # Errors
    /// A folder cannot be listed.
    pub(super) fn all(state: &Path) -> Result<Vec<(String, Self)>> {
        let folder = state.join(FOLDER);
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let family = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
            Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), Self { folder: path }))
        };
        entries.map(family).collect()
    }

    /// The last `count`, the newest first, with ids of the key's last generation; each is read when its turn comes. One whose rows had other columns
    /// is of no use.
    ///
    /// # Errors
    /// The folder, or a file in its turn, cannot be read.
    pub(crate) fn load<'a>(
        &'a self,
        table: &'a Table,
        key: &'a PersonKey,
        count: usize,
    ) -> Result<impl Iterator<Item = Result<PublishedPast>> + 'a> {
        let read = move |number: u64| {
            let past = self.read(number, table, key).transpose();
            if past.is_none() {
                tracing::warn!(
                    rows = table.name,
                    number,
                    "an earlier release counted rows of other columns; tonight's statistics are not compared with it"
                );
            }
            past
        };
        Ok(self.numbers()?.into_iter().rev().take(count).filter_map(read))
    }

    /// Adds one, whose ids are of the key's last generation, and removes all but the last `count`.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub(crate) fn add(&self, past: &PublishedPast, key: &PersonKey, count: usize) -> Result<()> {
        let failed = || format!("cannot write {}", self.folder.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).with_context(failed)?;
        let numbers = self.numbers()?;
        let number = numbers.last().map_or(1, |last| last + 1);
        let beside = Beside { generation: key.generation(), pattern: past.pattern.clone() };
        private_file::replace(&self.path(number, "json"), &serde_json::to_vec(&beside)?)?;
        self.write_hidden(number, &past.hidden)?;
        numbers.iter().rev().skip(count.saturating_sub(1)).try_for_each(|old| self.remove(*old))
    }

    /// Writes the rows of one, anew if it is there.
    pub(super) fn write_hidden(&self, number: u64, hidden: &RecordBatch) -> Result<()> {
        let failed = || format!("cannot write {}", self.folder.display());
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, hidden.schema(), None).with_context(failed)?;
        writer.write(hidden).with_context(failed)?;
        writer.close().with_context(failed)?;
        private_file::replace(&self.path(number, "parquet"), &bytes)
    }

    /// Removes one; without its rows it counts no more.
    pub(super) fn remove(&self, number: u64) -> Result<()> {
        for extension in ["parquet", "json"] {
            let path = self.path(number, extension);
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    fn read(&self, number: u64, table: &Table, key: &PersonKey) -> Result<Option<PublishedPast>> {
        let hidden = self.hidden(number)?;
        let names = |fields: &arrow::datatypes::Fields| {
            fields.iter().map(|field| (field.name().clone(), field.data_type().clone())).collect::<Vec<_>>()
        };
        if names(hidden.schema().fields()) != names(table.schema().fields()) {
            return Ok(None);
        }
        let shown = self.path(number, "json");
        let failed = || unreadable(&shown);
        let Beside { generation, pattern } = serde_json::from_slice(&fs::read(&shown).with_context(failed)?).with_context(failed)?;
        Ok(Some(PublishedPast { hidden: renew_ids_of_facts(key, &hidden, generation)?, pattern }))
    }

    /// The rows of one.
    pub(super) fn hidden(&self, number: u64) -> Result<RecordBatch> {
        let path = self.path(number, "parquet");
        let failed = || unreadable(&path);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).with_context(failed)?).with_context(failed)?;
        let schema = reader.schema().clone();
        let batches = reader.build().with_context(failed)?.collect::<Result<Vec<_>, _>>().with_context(failed)?;
        concat_batches(&schema, batches.iter()).with_context(failed)
    }

    /// Numbers of those that are whole, in order.
    pub(super) fn numbers(&self) -> Result<Vec<u64>> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(Vec::new()) };
        let mut numbers = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", self.folder.display()))?.path();
            let is_rows = path.extension().is_some_and(|extension| extension == "parquet");
            let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok());
            numbers.extend(number.filter(|_| is_rows));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(super) fn path(&self, number: u64, extension: &str) -> PathBuf {
        self.folder.join(format!("{number:06}.{extension}"))
    }
}

fn unreadable(path: &Path) -> String {
    format!("cannot read {}; bring it back from a backup: without it, what one person changed could be published", path.display())
}
