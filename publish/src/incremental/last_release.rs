//! The latest release, from which the next one takes over what did not change: files are linked, rows are read back from Parquet.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, RecordBatchReader, StringArray};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use catalog::{Table, Tier};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use spool::Spool;

use super::file_stats::FileStats;
use super::page_hashes::PageHashes;
use crate::error::Error;
use crate::paths::{TWIN, path_in_release};
use crate::store::manifest::{FileEntry, sha256};
use crate::store::sides::Store;
use crate::store::staging::{Staging, Written};
use crate::store::verify::read_sound_manifest;

/// Rows decoded at a time.
const BATCH: usize = 64 * 1024;

/// One side of a release.
#[derive(Debug)]
struct Folder {
    root: PathBuf,
    files: HashMap<String, FileEntry>,
    /// The release's number.
    sequence: u64,
}

/// The latest release, of which every file is sound.
#[derive(Debug)]
pub struct LastRelease {
    portal: Folder,
    internal: Folder,
    page_hashes: PageHashes,
    /// Where rows wait that were read.
    spool: Spool,
}

impl LastRelease {
    /// The same, whose rows wait in a spool when they were read.
    #[must_use]
    pub fn waiting_in(self, spool: Spool) -> Self {
        Self { spool, ..self }
    }

    /// The latest release, if it is the one with this manifest and no file of it is missing or damaged; `page_hashes` say what its
    /// pages show, `file_stats` how its files looked when it was made.
    ///
    /// `None` is no error: everything is then made again.
    #[must_use]
    pub fn open(store: &Store, manifest_sha256: &str, page_hashes: PageHashes, file_stats: &[FileStats; 2]) -> Option<Self> {
        let (portal, internal) = (store.latest()?, store.latest_internal()?);
        let side = |root: PathBuf| -> Option<(Folder, String)> {
            let (manifest, files, sha256) = read_sound_manifest(&root).ok()?;
            let files = files.into_iter().map(|file| (file.path.clone(), file)).collect();
            Some((Folder { root, files, sequence: manifest.sequence }, sha256))
        };
        if portal.file_name() != internal.file_name() {
            return None;
        }
        let ((portal, sha256), (internal, _)) = (side(portal)?, side(internal)?);
        let whole = |folder: &Folder, stats: &FileStats| stats.hold(&folder.root, &folder.files, folder.sequence);
        let whole = sha256 == manifest_sha256 && whole(&portal, &file_stats[0]) && whole(&internal, &file_stats[1]);
        whole.then_some(Self { portal, internal, page_hashes, spool: Spool::memory() })
    }

    /// One side of any release, with files that are taken to be sound; of the other side it has nothing.
    pub(crate) fn one_side(root: &Path, internal: bool, files: &[FileEntry], sequence: u64, page_hashes: PageHashes) -> Self {
        let side = |has_files: bool| {
            let files = files.iter().filter(|_| has_files).map(|file| (file.path.clone(), file.clone())).collect();
            Folder { root: root.to_owned(), files, sequence }
        };
        Self { portal: side(!internal), internal: side(internal), page_hashes, spool: Spool::memory() }
    }

    /// Its number.
    pub(crate) fn sequence(&self) -> u64 {
        self.portal.sequence.max(self.internal.sequence)
    }

    /// Where one side lies, and its files by path.
    pub(crate) fn side(&self, internal: bool) -> (&Path, &HashMap<String, FileEntry>) {
        let folder = if internal { &self.internal } else { &self.portal };
        (&folder.root, &folder.files)
    }

    fn folder(&self, tier: Tier) -> &Folder {
        if tier == Tier::Internal { &self.internal } else { &self.portal }
    }

    /// What the manifest says of a file of this tier.
    pub(crate) fn entry(&self, tier: Tier, path: &str) -> Option<&FileEntry> {
        self.folder(tier).files.get(&path_in_release(tier, path))
    }

    /// Where a file of this tier lies.
    pub(crate) fn file(&self, tier: Tier, path: &str) -> Option<PathBuf> {
        self.entry(tier, path).map(|entry| self.folder(tier).root.join(&entry.path))
    }

    pub(crate) fn page_hashes(&self) -> &PageHashes {
        &self.page_hashes
    }

    /// Links a file of this release into the new one; `None` where it has none.
    ///
    /// # Errors
    /// [`Error::Io`], and as [`Staging::write`].
    pub(crate) fn link(&self, staging: &Staging, tier: Tier, path: &str) -> Result<Option<Written>, Error> {
        let Some(entry) = self.entry(tier, path) else { return Ok(None) };
        staging.take_over(&self.folder(tier).root, tier, entry)?;
        Ok(Some(Written { sha256: entry.sha256.clone(), bytes: entry.bytes }))
    }

    /// Writes a file, or links that of this release where it is the same.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub(crate) fn link_or_write(&self, staging: &Staging, tier: Tier, path: &str, bytes: &[u8]) -> Result<Written, Error> {
        let same = self.entry(tier, path).filter(|entry| entry.bytes == bytes.len() as u64 && entry.sha256 == sha256(bytes));
        match same {
            Some(entry) => {
                staging.take_over(&self.folder(tier).root, tier, entry)?;
                Ok(Written { sha256: entry.sha256.clone(), bytes: entry.bytes })
            }
            None => staging.write_bytes(tier, path, bytes),
        }
    }

    /// Links every file of this tier whose path begins so, but packed twins, which are taken over with what lies beside them at last; gives how
    /// many there are.
    ///
    /// # Errors
    /// As [`LastRelease::link`].
    pub(crate) fn link_below(&self, staging: &Staging, tier: Tier, start: &str) -> Result<usize, Error> {
        let (folder, start) = (self.folder(tier), path_in_release(tier, start));
        let files: Vec<&FileEntry> =
            folder.files.values().filter(|file| file.path.starts_with(&start) && !file.path.ends_with(TWIN)).collect();
        files.iter().try_for_each(|file| staging.take_over(&folder.root, tier, file))?;
        Ok(files.len())
    }

    /// Links every file at the root of the portal's release whose path begins so.
    ///
    /// # Errors
    /// As [`LastRelease::link`].
    pub(crate) fn link_root_below(&self, staging: &Staging, start: &str) -> Result<(), Error> {
        let files = self.portal.files.values().filter(|file| file.tier.is_none() && file.path.starts_with(start));
        files.into_iter().try_for_each(|file| staging.take_over(&self.portal.root, Tier::Public, file))
    }

    /// A file of this release, whole; `None` where it has none.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read.
    pub(crate) fn bytes(&self, tier: Tier, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(entry) = self.entry(tier, path) else { return Ok(None) };
        let full = self.folder(tier).root.join(&entry.path);
        std::fs::read(&full).map(Some).map_err(Error::io("read", &full))
    }

    /// The rows of a table that lie in a Parquet file of this tier, at `path`: these columns, or all.
    ///
    /// # Errors
    /// [`Error::LastRelease`] when they cannot be read.
    pub fn rows(&self, table: &Table, tier: Tier, path: &str, columns: Option<&[&str]>) -> Result<RecordBatch, Error> {
        self.read(table, tier, path, &Which { columns, ..Which::default() })
    }

    /// Every text that stands in these columns of text, at least once, and perhaps an empty one.
    ///
    /// # Errors
    /// As [`LastRelease::rows`].
    pub fn texts(&self, tier: Tier, path: &str, columns: &[&str]) -> Result<Vec<StringArray>, Error> {
        let full = self.folder(tier).root.join(path_in_release(tier, path));
        distinct_texts(&full, columns).map_err(|_| not_the_table(full))
    }

    /// The first of them.
    pub(crate) fn first_rows(&self, table: &Table, tier: Tier, path: &str, count: usize) -> Result<RecordBatch, Error> {
        self.read(table, tier, path, &Which { first: Some(count), ..Which::default() })
    }

    /// Those of them that have one of these codes in `column`.
    pub(crate) fn rows_about(
        &self,
        table: &Table,
        tier: Tier,
        path: &str,
        column: &str,
        codes: &HashSet<String>,
    ) -> Result<RecordBatch, Error> {
        self.read(table, tier, path, &Which { about: Some((column, codes)), ..Which::default() })
    }

    fn read(&self, table: &Table, tier: Tier, path: &str, which: &Which<'_>) -> Result<RecordBatch, Error> {
        let full = self.folder(tier).root.join(path_in_release(tier, path));
        let mut schema = table.schema_for(tier);
        if let Some(columns) = which.columns {
            let places: Vec<usize> =
                (0..schema.fields().len()).filter(|place| columns.contains(&schema.field(*place).name().as_str())).collect();
            schema = Arc::new(Schema::new(places.iter().map(|place| schema.fields()[*place].clone()).collect::<Vec<_>>()));
        }
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let read = || -> Result<ParquetRecordBatchReader, ParquetError> {
            // With its index, pages none of whose rows are asked for are not even unpacked.
            let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
            let mut builder = ParquetRecordBatchReaderBuilder::try_new_with_options(File::open(&full)?, options)?.with_batch_size(BATCH);
            let mask = ProjectionMask::columns(builder.parquet_schema(), names.iter().copied());
            if let Some((column, codes)) = which.about {
                let asked = ProjectionMask::columns(builder.parquet_schema(), [column]);
                let codes = codes.clone();
                let known = ArrowPredicateFn::new(asked, move |batch| {
                    let texts = batch.column(0).as_string::<i32>();
                    Ok((0..texts.len()).map(|row| Some(texts.is_valid(row) && codes.contains(texts.value(row)))).collect::<BooleanArray>())
                });
                builder = builder.with_row_filter(RowFilter::new(vec![Box::new(known)]));
            }
            if let Some(count) = which.first {
                builder = builder.with_limit(count);
            }
            builder.with_projection(mask).build()
        };
        let wrong = || not_the_table(full.clone());
        let reader = read().map_err(|_| wrong())?;
        if !reader.schema().fields().iter().map(|field| field.name().as_str()).eq(names.iter().copied()) {
            return Err(wrong());
        }
        let mut rows = self.spool.table(table, schema.clone());
        for batch in reader {
            // Titles and units stand in the file's schema; the definition's has none.
            let batch = batch.and_then(|batch| RecordBatch::try_new(schema.clone(), batch.columns().to_vec()));
            rows.push(batch.map_err(|_| wrong())?)?;
        }
        Ok(rows.finish()?)
    }
}

/// As dictionaries, in which a text is decoded once for many rows that have it. Where the file has none, an empty text may stand for empty cells.
fn distinct_texts(path: &Path, columns: &[&str]) -> Result<Vec<StringArray>, ParquetError> {
    let file = File::open(path)?;
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let known = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let asked = |field: &Arc<Field>| match columns.contains(&field.name().as_str()) {
        true => field.as_ref().clone().with_data_type(dictionary.clone()),
        false => field.as_ref().clone(),
    };
    let schema = Arc::new(Schema::new(known.schema().fields().iter().map(asked).collect::<Vec<_>>()));
    let options = ArrowReaderOptions::new().with_schema(schema);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)?.with_batch_size(BATCH);
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    let mut texts: Vec<StringArray> = Vec::new();
    for batch in builder.with_projection(mask).build()? {
        for column in batch?.columns() {
            let found = column.as_dictionary::<Int32Type>().values();
            // Batches of one row group may share their dictionary.
            if !texts.iter().rev().take(columns.len()).any(|known| known.to_data().ptr_eq(&found.to_data())) {
                texts.push(found.as_string::<i32>().clone());
            }
        }
    }
    Ok(texts)
}

/// Not the reader's own words: they may quote a value.
fn not_the_table(path: PathBuf) -> Error {
    Error::LastRelease { path, reason: "it is not the table that its definition describes".to_owned() }
}

/// Which part of a table is asked for; all of it where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
struct Which<'a> {
    columns: Option<&'a [&'a str]>,
    about: Option<(&'a str, &'a HashSet<String>)>,
    first: Option<usize>,
}

#[cfg(test)]
mod tests {
    use arrow::array::ArrayRef;
    use parquet::arrow::ArrowWriter;

    use super::*;

    #[test]
    fn every_text_of_the_asked_columns_is_found_however_it_is_stored() {
        const ROWS: usize = 300_000;
        // Few texts, some cells empty; a text of its own in every row, too many for a dictionary; one nobody asks for.
        let few = (0..ROWS).map(|row| (row % 7 != 0).then(|| format!("f{}", row / 1000 % 90)));
        let columns: [(&str, ArrayRef); 3] = [
            ("few", Arc::new(few.collect::<StringArray>())),
            ("own", Arc::new((0..ROWS).map(|row| Some(format!("own text number {row}"))).collect::<StringArray>())),
            ("other", Arc::new((0..ROWS).map(|_| Some("x")).collect::<StringArray>())),
        ];
        let rows = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), rows.schema(), None).unwrap();
        for part in [rows.slice(0, 100_000), rows.slice(100_000, ROWS - 100_000)] {
            writer.write(&part).unwrap();
            writer.flush().unwrap();
        }
        writer.close().unwrap();
        let asked = ["few", "own"];
        let found = distinct_texts(file.path(), &asked).unwrap();
        let found: HashSet<&str> = found.iter().flat_map(|texts| texts.iter().flatten()).filter(|text| !text.is_empty()).collect();
        let expected = asked.into_iter().flat_map(|name| rows.column_by_name(name).unwrap().as_string::<i32>().iter().flatten());
        assert!(found == expected.collect());
    }
}
