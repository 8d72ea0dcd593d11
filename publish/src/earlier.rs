//! The latest release, from which the next one takes over what did not change: files are linked, rows are read back from Parquet.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, RecordBatchReader};
use arrow::compute::concat_batches;
use catalog::{Table, Tier};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ParquetRecordBatchReaderBuilder, RowFilter};
use rayon::prelude::*;

use crate::site::PageMarks;
use crate::store::{Staging, Store, file_sha256, path_in, read_sound_manifest};
use crate::{Error, FileEntry, Written};

/// Rows of these files may be asked for, so their hashes are looked at first.
const ROWS: &str = ".parquet";

/// One side of a release.
#[derive(Debug)]
struct Folder {
    root: PathBuf,
    files: HashMap<String, FileEntry>,
}

/// The latest release, whole.
#[derive(Debug)]
pub struct Earlier {
    portal: Folder,
    internal: Folder,
    marks: PageMarks,
}

impl Earlier {
    /// The latest release, if it is the one with this manifest and nothing of it is missing; `marks` say what its pages show.
    ///
    /// `None` is no error: everything is then made again.
    #[must_use]
    pub fn open(store: &Store, manifest_sha256: &str, marks: PageMarks) -> Option<Self> {
        let (portal, internal) = (store.latest()?, store.latest_internal()?);
        let side = |root: PathBuf| -> Option<(Folder, String)> {
            let (manifest, sha256) = read_sound_manifest(&root).ok()?;
            let files = manifest.files.into_iter().map(|file| (file.path.clone(), file)).collect();
            Some((Folder { root, files }, sha256))
        };
        if portal.file_name() != internal.file_name() {
            return None;
        }
        let ((portal, sha256), (internal, _)) = (side(portal)?, side(internal)?);
        let whole = sha256 == manifest_sha256 && portal.is_whole() && internal.is_whole();
        whole.then_some(Self { portal, internal, marks })
    }

    fn folder(&self, tier: Tier) -> &Folder {
        if tier == Tier::Internal { &self.internal } else { &self.portal }
    }

    /// What the manifest says of a file of this tier.
    pub(crate) fn entry(&self, tier: Tier, path: &str) -> Option<&FileEntry> {
        self.folder(tier).files.get(&path_in(tier, path))
    }

    pub(crate) fn marks(&self) -> &PageMarks {
        &self.marks
    }

    /// Gives the new release the very file that this one has; `None` where it has none.
    ///
    /// # Errors
    /// [`Error::Io`], and as [`Staging::write`].
    pub(crate) fn link(&self, staging: &Staging, tier: Tier, path: &str) -> Result<Option<Written>, Error> {
        let Some(entry) = self.entry(tier, path) else { return Ok(None) };
        staging.take_over(&self.folder(tier).root, tier, entry)?;
        Ok(Some(Written { sha256: entry.sha256.clone(), bytes: entry.bytes }))
    }

    /// The rows of a table that lie in a Parquet file of this tier, at `path`: these columns, or all.
    ///
    /// # Errors
    /// [`Error::Earlier`] when they cannot be read.
    pub fn rows(&self, table: &Table, tier: Tier, path: &str, columns: Option<&[&str]>) -> Result<RecordBatch, Error> {
        self.read(table, tier, path, columns, None)
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
        self.read(table, tier, path, None, Some((column, codes)))
    }

    fn read(
        &self,
        table: &Table,
        tier: Tier,
        path: &str,
        columns: Option<&[&str]>,
        about: Option<(&str, &HashSet<String>)>,
    ) -> Result<RecordBatch, Error> {
        let full = self.folder(tier).root.join(path_in(tier, path));
        // Titles and units stand in the file's schema; the definition's has none.
        let schema = table.schema_for(tier);
        let read = || -> Result<RecordBatch, parquet::errors::ParquetError> {
            let file = File::open(&full)?;
            let mut builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
            if let Some((column, codes)) = about {
                let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
                let codes = codes.clone();
                let known = ArrowPredicateFn::new(mask, move |batch| {
                    let texts = batch.column(0).as_string::<i32>();
                    Ok((0..texts.len()).map(|row| Some(texts.is_valid(row) && codes.contains(texts.value(row)))).collect::<BooleanArray>())
                });
                builder = builder.with_row_filter(RowFilter::new(vec![Box::new(known)]));
            }
            let mut schema = schema.clone();
            if let Some(columns) = columns {
                let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
                builder = builder.with_projection(mask);
                let places: Vec<usize> = columns.iter().filter_map(|name| schema.index_of(name).ok()).collect();
                schema = Arc::new(schema.project(&places)?);
            }
            let reader = builder.build()?;
            let found = reader.schema();
            let batches = reader.collect::<Result<Vec<_>, _>>()?;
            let rows = concat_batches(&found, &batches)?;
            Ok(RecordBatch::try_new(schema, rows.columns().to_vec())?)
        };
        read().map_err(|error| Error::Earlier { path: full.clone(), reason: error.to_string() })
    }
}

impl Folder {
    /// Whether every file is there in its size, and those whose rows may be asked for have their hash.
    fn is_whole(&self) -> bool {
        let sound = |file: &FileEntry| {
            let path = self.root.join(&file.path);
            has_size(&path, file.bytes) && (!file.path.ends_with(ROWS) || file_sha256(&path).is_ok_and(|sha256| sha256 == file.sha256))
        };
        self.files.par_iter().all(|(_, file)| sound(file))
    }
}

fn has_size(path: &Path, bytes: u64) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == bytes)
}
