//! The last good extract of every raw table: its rows without personal codes, and its profile, in `state/kept`.
//!
//! A source that fails tonight is carried over from here, and one that did not change is not read again. The folder is private (0700): it has
//! names of persons, and codes from submissions. The index is swapped by one rename, after the release.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, DirBuilder, File};
use std::io::{Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::SchemaRef;
use chrono::NaiveDate;
use connectors::Memory;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use transforms::{PersonKey, Profile};

use crate::state::private_file;

const FOLDER: &str = "kept";
const INDEX: &str = "index.json";
/// Rows decoded at a time.
const BATCH: usize = 64 * 1024;

/// The last good extract of one raw table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastGoodExtract {
    /// The profile of the whole extract.
    pub(crate) profile: Profile,
    /// What the transport remembers of it.
    pub(crate) memory: Memory,
    /// Hash of the row filter: with another list of VIRS the same extract has other rows.
    pub(crate) scope: String,
    /// Number of codes a register was asked about that answers code by code; 0 for all others.
    #[serde(default)]
    pub(crate) asked: u64,
    /// Hash of the columns it was stored with and of the person key: with others it is of no use.
    pub(crate) schema: String,
    /// Hash of the definitions and the program that cleaned it: others may clean the same extract otherwise.
    #[serde(default)]
    pub(crate) cleaned_by: String,
    /// How many rows about participants of which entity were set aside.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) set_aside: BTreeMap<String, u64>,
    /// How its keys were made ([`transforms::keyed_by`]): hashes of keys that were made otherwise cannot be compared.
    #[serde(default)]
    pub(crate) keyed_by: String,
    /// Since which release the source brings nothing newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stale_since: Option<NaiveDate>,
}

impl LastGoodExtract {
    /// Identifies these rows.
    pub(crate) fn content(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.profile.hash, &self.scope, &self.schema, &self.cleaned_by] {
            hash.update(part.as_bytes());
            hash.update(b"\n");
        }
        hex::encode(hash.finalize())
    }
}

impl LastGoodExtract {
    /// What an extract about `asked` codes may be expected to look like. Nothing can be said of its keys if it is about others. A day
    /// after `last_day`, wherever it came from, is not expected to be kept up with.
    pub(crate) fn expected(&self, asked: u64, last_day: NaiveDate) -> Profile {
        let mut profile = self.profile.clone();
        for day in [&mut profile.well_known, &mut profile.extract_date] {
            *day = day.filter(|day| *day <= last_day);
        }
        if self.asked > 0 && asked != self.asked {
            let scaled = |rows: u64| u64::try_from(u128::from(rows) * u128::from(asked) / u128::from(self.asked)).unwrap_or(u64::MAX);
            profile.rows = scaled(profile.rows);
            profile.filled.values_mut().for_each(|filled| *filled = scaled(*filled));
            profile.well_known = None;
        }
        profile
    }
}

/// The index of all last good extracts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    /// By raw table.
    pub(crate) tables: BTreeMap<String, LastGoodExtract>,
    /// Hash of everything that decided the release made from these tables.
    pub(crate) night: String,
    /// SHA-256 of that release's manifest.
    #[serde(default)]
    pub(crate) manifest_sha256: String,
    /// The day of that release. On an earlier one, which comes of a day that has been put right, it does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<NaiveDate>,
    /// The day on which that release must be made again although nothing changed, since a holding begins or ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) holds_until: Option<NaiveDate>,
}

/// The folder of last good extracts.
#[derive(Debug, Clone)]
pub(crate) struct LastGoodExtracts {
    folder: PathBuf,
    /// Fingerprint of the person key as it was before any rotation: rows are kept with the ids that it makes.
    key: String,
    pub(crate) index: Index,
}

impl LastGoodExtracts {
    /// Opens the folder under `state`; makes it where it is not.
    ///
    /// # Errors
    /// The folder cannot be made. An index that cannot be read counts as none: everything is then read anew.
    pub(crate) fn open(state: &Path, key: &PersonKey) -> Result<Self> {
        let folder = state.join(FOLDER);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let index = match fs::read(folder.join(INDEX)) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|_| {
                tracing::warn!(folder = %folder.display(), "the index of last good extracts cannot be read; every source is read again");
                Index::default()
            }),
            Err(_) => Index::default(),
        };
        Ok(Self { folder, key: key.fingerprint_of_first(), index })
    }

    /// Whether there are any yet.
    pub(crate) fn exists(state: &Path) -> bool {
        state.join(FOLDER).join(INDEX).exists()
    }

    /// The private folder in which a transport stores what it needs for one table.
    pub(crate) fn folder_of(&self, table: &str) -> Result<PathBuf> {
        let folder = self.folder.join(table);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// The last good extract of a table, if it was stored with these columns.
    pub(crate) fn get(&self, table: &str, schema: &SchemaRef) -> Option<&LastGoodExtract> {
        self.index.tables.get(table).filter(|kept| kept.schema == self.schema_hash(schema) && self.path(table, kept, "parquet").exists())
    }

    /// Writes rows and keys; they count only once the index is saved with `entry`.
    pub(crate) fn write(&self, table: &str, entry: &LastGoodExtract, rows: &RecordBatch, keys: &[u64]) -> Result<()> {
        let path = self.path(table, entry, "parquet");
        let failed = || format!("cannot write {}", path.display());
        // Kept only until the next run: time matters more than disk space.
        let properties = WriterProperties::builder().set_compression(Compression::UNCOMPRESSED).build();
        let file = private_file::create(&path)?;
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).with_context(failed)?;
        writer.write(rows).with_context(failed)?;
        writer.into_inner().with_context(failed)?.sync_all().with_context(failed)?;
        let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_le_bytes()).collect();
        let mut file = private_file::create(&self.path(table, entry, "keys"))?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(failed)
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &str, entry: &LastGoodExtract, schema: &SchemaRef) -> Result<RecordBatch> {
        let path = self.path(table, entry, "parquet");
        let failed = || format!("cannot read {}; delete the folder it is in, and every source is read again", path.display());
        let file = File::open(&path).with_context(failed)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| builder.with_batch_size(BATCH).build())
            .with_context(failed)?;
        let batches = reader.collect::<Result<Vec<_>, _>>().with_context(failed)?;
        let rows = concat_batches(schema, batches.iter()).with_context(failed)?;
        RecordBatch::try_new(schema.clone(), rows.columns().to_vec()).with_context(failed)
    }

    /// Keyed hashes of the keys of the last good extract, sorted.
    pub(crate) fn keys(&self, table: &str, entry: &LastGoodExtract) -> Vec<u64> {
        let mut bytes = Vec::new();
        let read = File::open(self.path(table, entry, "keys")).and_then(|mut file| file.read_to_end(&mut bytes));
        if read.is_err() {
            return Vec::new();
        }
        bytes.chunks_exact(8).map(|chunk| chunk.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte))).collect()
    }

    /// The raw tables of which anything is stored.
    pub(crate) fn tables(&self) -> Vec<String> {
        let mut tables: Vec<String> = self.index.tables.keys().cloned().collect();
        let folders = fs::read_dir(&self.folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
        tables.extend(folders.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        tables.sort();
        tables.dedup();
        tables
    }

    /// The files that store rows of a table, those of its transport among them.
    pub(crate) fn files(&self, table: &str) -> Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> = self.index.tables.get(table).map(|entry| self.path(table, entry, "parquet")).into_iter().collect();
        let folder = self.folder.join(table);
        if folder.is_dir() {
            for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
                files.push(entry?.path());
            }
        }
        files.retain(|path| path.is_file());
        Ok(files)
    }

    /// Deletes everything about these tables; the next run reads them again and makes a release even if nothing else changed.
    pub(crate) fn forget(&mut self, tables: &[String]) -> Result<()> {
        let mut index = self.index.clone();
        index.tables.retain(|table, _| !tables.contains(table));
        (index.night, index.manifest_sha256) = (String::new(), String::new());
        for folder in tables.iter().map(|table| self.folder.join(table)).filter(|folder| folder.is_dir()) {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        self.save(index)
    }

    /// Saves `index`, and deletes the rows of extracts that it does not name.
    pub(crate) fn save(&mut self, index: Index) -> Result<()> {
        private_file::replace(&self.folder.join(INDEX), &serde_json::to_vec_pretty(&index)?).context("the index of last good extracts")?;
        self.index = index;
        self.tidy()
    }

    /// Deletes files that the index does not name: leftovers of a run that was cut short.
    pub(crate) fn tidy(&self) -> Result<()> {
        let known: HashSet<PathBuf> = self
            .index
            .tables
            .iter()
            .flat_map(|(table, entry)| ["parquet", "keys"].map(|extension| self.path(table, entry, extension)))
            .chain([self.folder.join(INDEX)])
            .collect();
        for entry in fs::read_dir(&self.folder).with_context(|| format!("cannot list {}", self.folder.display()))? {
            let path = entry?.path();
            if path.is_file() && !known.contains(&path) {
                fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }

    /// Hash of column names and types, and of the key.
    pub(crate) fn schema_hash(&self, schema: &SchemaRef) -> String {
        let columns: String = schema.fields().iter().map(|field| format!("{} {}\n", field.name(), field.data_type())).collect();
        hex::encode(Sha256::digest(format!("{}\n{columns}", self.key)))
    }

    fn path(&self, table: &str, entry: &LastGoodExtract, extension: &str) -> PathBuf {
        self.folder.join(format!("{table}-{}.{extension}", &entry.content()[..16]))
    }
}
