//! The releases that stand, out of which a history is made that the latest release has not: after an update of the program, or if a file was damaged.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow::array::Int64Array;
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, RecordBatchReader, new_null_array};
use arrow::compute::concat_batches;
use arrow::compute::kernels::boolean::or;
use arrow::compute::kernels::cmp::gt;
use arrow::compute::{filter_record_batch, is_not_null};
use arrow::datatypes::{Date32Type, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use catalog::{Dataset, FIRST_RELEASE, LAST_RELEASE, Tier};
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ParquetRecordBatchReaderBuilder, RowFilter};
use parquet::errors::ParquetError;

use super::When;
use super::fold::{Kept, Times, advance};
use super::index::Index;
use crate::error::Error;
use crate::paths::{CHANGES_INDEX, path_in_release, table_path};
use crate::site::context::RenewIds;
use crate::store::entries::FileEntry;
use crate::store::entries::file_sha256;
use crate::store::manifest::Manifest;
use crate::store::sides::{Side, names};
use crate::store::tier_manifest::PORTAL_TIERS;

/// The releases of the portal that stand.
pub(super) struct Past<'a> {
    renew_ids: &'a RenewIds<'a>,
    /// The newest first.
    releases: Vec<PastRelease>,
    /// Numbers of those that were withdrawn: what only they showed is not remembered either.
    withdrawn: HashSet<i64>,
}

struct PastRelease {
    folder: PathBuf,
    when: When,
    manifest: Manifest,
    files: OnceLock<HashMap<String, FileEntry>>,
    indexes: [OnceLock<Option<Index>>; PORTAL_TIERS.len()],
}

/// A history as it was after the newest release that stands.
pub(super) struct Known {
    pub(super) first: When,
    pub(super) rows: RecordBatch,
}

impl<'a> Past<'a> {
    /// Looks which there are. One whose manifest cannot be read is left out: what only it showed is not remembered.
    pub(super) fn open(portal: &Side, renew_ids: &'a RenewIds<'a>) -> Result<Self, Error> {
        let (mut releases, mut withdrawn) = (Vec::new(), HashSet::new());
        for name in names(&portal.releases())?.into_iter().rev() {
            let folder = portal.release(&name);
            match Manifest::read(&folder) {
                Ok((manifest, _)) if manifest.withdrawn.is_none() => {
                    let when = When { sequence: number(&manifest), date: manifest.date };
                    releases.push(PastRelease { folder, when, manifest, files: OnceLock::new(), indexes: Default::default() });
                }
                Ok((manifest, _)) => drop(withdrawn.insert(number(&manifest))),
                Err(error) => tracing::warn!(%error, "a release is left out of the histories"),
            }
        }
        Ok(Self { renew_ids, releases, withdrawn })
    }

    /// The newest of them.
    pub(super) fn newest(&self) -> Option<When> {
        self.releases.first().map(|release| release.when)
    }

    pub(super) fn has_withdrawn(&self) -> bool {
        !self.withdrawn.is_empty()
    }

    /// The rows of a history that a release shows or showed that was not withdrawn; nothing if these are all.
    pub(super) fn without_withdrawn(&self, history: &RecordBatch) -> Result<Option<RecordBatch>, ArrowError> {
        let Some(times) = Times::of(history).filter(|_| !self.withdrawn.is_empty()) else { return Ok(None) };
        let keep: BooleanArray = (0..history.num_rows())
            .map(|row| Some(times.releases(row).is_none_or(|mut all| all.any(|one| !self.withdrawn.contains(&one)))))
            .collect();
        if keep.false_count() == 0 { Ok(None) } else { filter_record_batch(history, &keep).map(Some) }
    }

    /// The history of a table, made of as many releases as it takes; none if no release has shown the table.
    pub(super) fn history(&self, kept: Kept<'_>, dataset: &Dataset, salt: &[u8; 32]) -> Result<Option<Known>, Error> {
        let failed = |error: ArrowError| Error::History { table: kept.table.name.clone(), reason: error.to_string() };
        let path = |table| path_in_release(kept.tier, &table_path(dataset, table, "parquet"));
        let (of_table, of_history) = (path(kept.table), path(kept.history));
        let (mut known, mut later): (Option<Known>, _) = (None, self.releases.len());
        for (place, release) in self.releases.iter().enumerate() {
            let first = release.index(kept.tier).and_then(|index| index.first_of(kept.table.subject()));
            if let (Some(first), Some(rows)) = (first, self.rows(release, &of_history)) {
                (known, later) = (Some(Known { first, rows }), place);
                break;
            }
        }
        let mut shown = None;
        for (place, release) in self.releases[..later].iter().enumerate().rev() {
            let Some(entry) = release.files().get(&of_table) else { continue };
            let is_same = shown.as_ref() == Some(&entry.sha256);
            shown = Some(entry.sha256.clone());
            if is_same {
                continue;
            }
            let Some(rows) = self.rows(release, &of_table) else {
                tracing::warn!(
                    table = kept.table.name,
                    release = release.manifest.name(),
                    "its rows are left out of the history: the file is not whole"
                );
                continue;
            };
            let previous = self.releases.get(place + 1).map_or(0, |before| before.when.sequence);
            let before = known.as_ref().map(|known| &known.rows);
            let rows = advance(kept, before, &rows, (release.when, previous), salt).map_err(failed)?;
            known = Some(Known { first: known.map_or(release.when, |known| known.first), rows });
        }
        Ok(known)
    }

    /// The rows of a file of a release, if it is what the manifest says, with ids of persons as they are today.
    fn rows(&self, release: &PastRelease, path: &str) -> Option<RecordBatch> {
        let rows = read(&release.sound(path)?, None).ok()?;
        (self.renew_ids)(&rows, release.manifest.person_ids.unwrap_or(1)).ok()
    }
}

fn number(manifest: &Manifest) -> i64 {
    i64::try_from(manifest.sequence).unwrap_or(i64::MAX)
}

impl PastRelease {
    fn files(&self) -> &HashMap<String, FileEntry> {
        self.files.get_or_init(|| {
            let files = self.manifest.all_files(&self.folder).unwrap_or_else(|error| {
                tracing::warn!(%error, "a release is left out of the histories");
                Vec::new()
            });
            files.into_iter().map(|file| (file.path.clone(), file)).collect()
        })
    }

    fn index(&self, tier: Tier) -> Option<&Index> {
        let place = PORTAL_TIERS.iter().position(|one| *one == tier)?;
        let read = || Index::read(&fs::read(self.sound(&path_in_release(tier, CHANGES_INDEX))?).ok()?);
        self.indexes[place].get_or_init(read).as_ref()
    }

    /// A file of it, if it is what the manifest says.
    fn sound(&self, path: &str) -> Option<PathBuf> {
        let entry = self.files().get(path)?;
        let full = self.folder.join(path);
        file_sha256(&full).is_ok_and(|found| found == entry.sha256).then_some(full)
    }
}

/// The rows of a Parquet file; of a history only those that came after this release, or went.
pub(super) fn read(path: &Path, moved_after: Option<i64>) -> Result<RecordBatch, ParquetError> {
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    if let Some(first) = moved_after {
        let asked = ProjectionMask::columns(builder.parquet_schema(), [FIRST_RELEASE, LAST_RELEASE]);
        let has_moved = ArrowPredicateFn::new(asked, move |batch| moved(&batch, first));
        builder = builder.with_row_filter(RowFilter::new(vec![Box::new(has_moved)]));
    }
    let reader = builder.build()?;
    let found = reader.schema();
    let rows = concat_batches(&found, &reader.collect::<Result<Vec<_>, _>>()?)?;
    // Titles and units stand in the file's schema; the definition's has none.
    let fields = found.fields().iter().map(|field| field.as_ref().clone().with_metadata(HashMap::new()));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), rows.columns().to_vec())?)
}

/// The rows of a history's file, with the columns that a tier sees of it; else what is wrong with it.
pub(crate) fn read_history(path: &Path, schema: &SchemaRef) -> Result<RecordBatch, String> {
    let rows = read(path, None).map_err(|error| error.to_string())?;
    project(&rows, schema).map_err(|error| error.to_string())
}

/// The rows of a history that were shown at the end of a day.
///
/// # Errors
/// Arrow's, if the rows are no history.
pub fn shown_on(history: &RecordBatch, day: NaiveDate) -> Result<RecordBatch, ArrowError> {
    let times = Times::of(history).ok_or_else(|| ArrowError::SchemaError("it is no history".to_owned()))?;
    let day = Date32Type::from_naive_date(day);
    let keep: BooleanArray = (0..history.num_rows()).map(|row| Some(times.was_shown_on(row, day))).collect();
    filter_record_batch(history, &keep)
}

/// The day of the first release that a history knows; none if it has no rows.
#[must_use]
pub fn remembered_since(history: &RecordBatch) -> Option<NaiveDate> {
    let times = Times::of(history)?;
    (0..history.num_rows()).map(|row| times.first_day(row)).min().and_then(Date32Type::to_naive_date_opt)
}

/// Whether each row of a history came after this release, or went.
pub(super) fn moved(history: &RecordBatch, first: i64) -> Result<BooleanArray, ArrowError> {
    let column = |name: &str| history.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")));
    let came = gt(&column(FIRST_RELEASE)?.as_primitive::<Int64Type>(), &Int64Array::new_scalar(first))?;
    or(&came, &is_not_null(column(LAST_RELEASE)?.as_ref())?)
}

/// The columns of a schema out of rows that may have others: one that is missing, or of another type, is empty.
pub(super) fn project(rows: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let column = |field: &Arc<arrow::datatypes::Field>| {
        let found = rows.column_by_name(field.name()).filter(|column| column.data_type() == field.data_type());
        found.cloned().unwrap_or_else(|| new_null_array(field.data_type(), rows.num_rows()))
    };
    RecordBatch::try_new(schema.clone(), schema.fields().iter().map(column).collect())
}
