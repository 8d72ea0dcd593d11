//! The tables of one side of a release without the rows that hold a text, and without the documents that do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use catalog::{Dataset, PUBLISHED_FILE, Released, Table, Tier, published_cell, published_files, published_path};

use super::obstacle::Obstacle;
use super::reprint::Reprint;
use super::standing::Standing;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::paths::{path_in_release, table_path};
use crate::sought::Sought;
use crate::store::entries::file_sha256;

/// How many rows of which table went, by tier.
pub(super) type Gone = BTreeMap<Tier, BTreeMap<String, u64>>;

/// The tables that have other rows now, the histories that do, and how many of each went.
pub(super) fn without(
    standing: &Standing<'_>,
    last: &LastRelease,
    sought: &Sought,
    reprint: &Reprint<'_>,
) -> Result<(Vec<Released>, Vec<Released>, Gone), Obstacle> {
    let (mut tables, mut histories, mut gone) = (Vec::new(), Vec::new(), Gone::new());
    for dataset in reprint.catalog.datasets() {
        for table in dataset.tables.iter().filter_map(|name| reprint.catalog.table(name).ok()) {
            for tier in table.tiers.iter().filter(|tier| standing.tiers.contains(tier)) {
                let history = reprint.catalog.table(&table.history_name()).ok();
                for (one, left) in [(Some(table), &mut tables), (history, &mut histories)] {
                    let Some(one) = one.filter(|one| one.tiers.contains(tier)) else { continue };
                    let Some((rows, removed)) = rows_left(standing, last, (dataset, one, *tier), sought)? else { continue };
                    left.push((reprint.admit)(one.clone(), *tier, rows).map_err(Obstacle::Release)?);
                    if removed > 0 {
                        gone.entry(*tier).or_default().insert(one.name.clone(), removed);
                    }
                }
            }
        }
    }
    if tables.is_empty() && histories.is_empty() {
        return Err(Obstacle::Release("no row of its tables holds the text".to_owned()));
    }
    Ok((tables, histories, gone))
}

/// The rows of a table that are left, and how many went; nothing if it stays as it is.
fn rows_left(
    standing: &Standing<'_>,
    last: &LastRelease,
    (dataset, table, tier): (&Dataset, &Arc<Table>, Tier),
    sought: &Sought,
) -> Result<Option<(RecordBatch, u64)>, Obstacle> {
    let path = table_path(dataset, table, "parquet");
    let in_release = path_in_release(tier, &path);
    let documents = documents(standing, tier);
    let names_documents = !documents.is_empty() && table.visible(tier).any(|shown| shown.column.name == PUBLISHED_FILE);
    if !standing.holding.paths.contains(&in_release) && !names_documents {
        return Ok(None);
    }
    let full = standing.folder.join(&in_release);
    let found = file_sha256(&full).map_err(Error::io("read", &full))?;
    if !standing.files.iter().any(|file| file.path == in_release && file.sha256 == found) {
        return Err(Obstacle::Release(format!("{in_release} is not what its manifest says")));
    }
    let rows = last.rows(table, tier, &path, None)?;
    let keep: BooleanArray = sought.in_rows(&rows)?.into_iter().map(|holds| Some(!holds)).collect();
    let removed = keep.false_count() as u64;
    let failed = |error: arrow::error::ArrowError| Obstacle::Release(error.to_string());
    let rows = filter_record_batch(&rows, &keep).map_err(failed)?;
    match without_documents(&rows, &documents).map_err(failed)? {
        Some(rows) => Ok(Some((rows, removed))),
        None => Ok((removed > 0).then_some((rows, removed))),
    }
}

/// The documents of a tier that hold the text, by SHA-256.
fn documents(standing: &Standing<'_>, tier: Tier) -> BTreeSet<String> {
    let is_held = |sha256: &&String| standing.holding.paths.contains(&path_in_release(tier, &published_path(sha256)));
    standing.files.iter().filter(|file| file.tier == Some(tier)).map(|file| &file.sha256).filter(is_held).cloned().collect()
}

/// Rows that do not name these documents any more; nothing if none of them does.
fn without_documents(rows: &RecordBatch, gone: &BTreeSet<String>) -> Result<Option<RecordBatch>, arrow::error::ArrowError> {
    let Ok(place) = rows.schema().index_of(PUBLISHED_FILE) else { return Ok(None) };
    let Some(cells) = rows.column(place).as_string_opt::<i32>() else { return Ok(None) };
    let left = |cell: &str| {
        let files = published_files(cell).unwrap_or_default();
        let stay: Vec<&str> = files.iter().copied().filter(|file| !gone.contains(*file)).collect();
        let cell = if stay.len() == files.len() { cell.to_owned() } else { published_cell(&stay) };
        (!cell.is_empty()).then_some(cell)
    };
    let names_one = |cell: &str| published_files(cell).is_some_and(|files| files.iter().any(|file| gone.contains(*file)));
    if !cells.iter().flatten().any(names_one) {
        return Ok(None);
    }
    let cells: StringArray = (0..cells.len()).map(|row| if cells.is_valid(row) { left(cells.value(row)) } else { None }).collect();
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    columns[place] = Arc::new(cells);
    RecordBatch::try_new(rows.schema(), columns).map(Some)
}
