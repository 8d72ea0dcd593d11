//! What is kept of the last good extracts: their rows without codes, and what they looked like.
//!
//! A source that fails tonight is carried over from here, and one that did not change is not read again. The folder is closed
//! (0700): names of persons stand in it, and codes that were handed in. The index is swapped by one rename, after the release.

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
pub(crate) struct KeptTable {
    /// What the whole extract looked like.
    pub(crate) profile: Profile,
    /// What the transport remembers of it.
    pub(crate) memory: Memory,
    /// Hash of what was asked for: with another list of VIRS the same extract has other rows.
    pub(crate) scope: String,
    /// About how many codes a register was asked that answers code by code; 0 for all others.
    #[serde(default)]
    pub(crate) asked: u64,
    /// Hash of the columns it was kept with, and of the key that made its persons' ids: with others it is of no use.
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

impl KeptTable {
    /// Tells these rows from all others.
    pub(crate) fn content(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.profile.hash, &self.scope, &self.schema, &self.cleaned_by] {
            hash.update(part.as_bytes());
            hash.update(b"\n");
        }
        hex::encode(hash.finalize())
    }
}

impl KeptTable {
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

/// All that is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    /// By raw table.
    pub(crate) tables: BTreeMap<String, KeptTable>,
    /// Everything that decided the release which shows these tables.
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

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    folder: PathBuf,
    /// Tells the key that makes persons' ids.
    key: String,
    pub(crate) index: Index,
}

impl Kept {
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
        Ok(Self { folder, key: key.fingerprint(), index })
    }

    /// Whether anything has been kept yet.
    pub(crate) fn exists(state: &Path) -> bool {
        state.join(FOLDER).join(INDEX).exists()
    }

    /// The closed folder in which a transport keeps what it needs of one table.
    pub(crate) fn folder_of(&self, table: &str) -> Result<PathBuf> {
        let folder = self.folder.join(table);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// What is kept of a table with these columns.
    pub(crate) fn get(&self, table: &str, schema: &SchemaRef) -> Option<&KeptTable> {
        self.index.tables.get(table).filter(|kept| kept.schema == self.schema_hash(schema) && self.path(table, kept, "parquet").exists())
    }

    /// Writes rows and keys; they count only once the index is saved with `entry`.
    pub(crate) fn write(&self, table: &str, entry: &KeptTable, rows: &RecordBatch, keys: &[u64]) -> Result<()> {
        let path = self.path(table, entry, "parquet");
        let failed = || format!("cannot write {}", path.display());
        // Kept until the next night only: time matters more than room.
        let properties = WriterProperties::builder().set_compression(Compression::UNCOMPRESSED).build();
        let file = private_file::create(&path)?;
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).with_context(failed)?;
        writer.write(rows).with_context(failed)?;
        writer.into_inner().with_context(failed)?.sync_all().with_context(failed)?;
        let bytes: Vec<u8> = keys.iter().flat_map(|key| key.to_le_bytes()).collect();
        let mut file = private_file::create(&self.path(table, entry, "keys"))?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(failed)
    }

    /// The kept rows of a table.
    pub(crate) fn rows(&self, table: &str, entry: &KeptTable, schema: &SchemaRef) -> Result<RecordBatch> {
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
    pub(crate) fn keys(&self, table: &str, entry: &KeptTable) -> Vec<u64> {
        let mut bytes = Vec::new();
        let read = File::open(self.path(table, entry, "keys")).and_then(|mut file| file.read_to_end(&mut bytes));
        if read.is_err() {
            return Vec::new();
        }
        bytes.chunks_exact(8).map(|chunk| chunk.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte))).collect()
    }

    /// The raw tables of which something is kept.
    pub(crate) fn tables(&self) -> Vec<String> {
        let mut tables: Vec<String> = self.index.tables.keys().cloned().collect();
        let folders = fs::read_dir(&self.folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
        tables.extend(folders.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        tables.sort();
        tables.dedup();
        tables
    }

    /// The files in which rows of a table are kept, those of its transport among them.
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

    /// Keeps nothing of these tables any more; the next night reads them anew, and makes a release whatever else did not change.
    pub(crate) fn forget(&mut self, tables: &[String]) -> Result<()> {
        let mut index = self.index.clone();
        index.tables.retain(|table, _| !tables.contains(table));
        (index.night, index.manifest_sha256) = (String::new(), String::new());
        for folder in tables.iter().map(|table| self.folder.join(table)).filter(|folder| folder.is_dir()) {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        self.save(index)
    }

    /// Makes `index` what is kept, and removes the rows of all others.
    pub(crate) fn save(&mut self, index: Index) -> Result<()> {
        private_file::replace(&self.folder.join(INDEX), &serde_json::to_vec_pretty(&index)?).context("the index of last good extracts")?;
        self.index = index;
        self.tidy()
    }

    /// Removes what no index names: leftovers of a run that was cut short.
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

    fn path(&self, table: &str, entry: &KeptTable, extension: &str) -> PathBuf {
        self.folder.join(format!("{table}-{}.{extension}", &entry.content()[..16]))
    }
}
