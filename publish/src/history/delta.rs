//! What changed in a table since some release or day.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::row::{OwnedRow, RowConverter, Rows, SortField};
use catalog::{CHANGE, CHANGED_COLUMNS, Table};
use chrono::NaiveDate;

use super::fold::{Kept, Times};

/// The state that something is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// At the end of a day.
    Day(NaiveDate),
    /// In a release.
    Release(i64),
}

/// What became of rows; in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Went,
    Changed,
    Came,
}

impl Change {
    /// The code of the classifier `pokyciai`.
    fn code(self) -> &'static str {
        match self {
            Self::Went => "pasalinta",
            Self::Changed => "pakeista",
            Self::Came => "prideta",
        }
    }
}

/// The rows that came, changed or went.
pub(super) struct Delta {
    pub(super) rows: RecordBatch,
    pub(super) came: usize,
    pub(super) changed: usize,
    pub(super) went: usize,
}

/// One row of a delta: of the history it is taken from, and of the history that it replaces.
struct Line {
    change: Change,
    row: usize,
    before: Option<usize>,
}

/// `moved` has at least all rows of the history that were not shown by every release since.
pub(super) fn delta(kept: Kept<'_>, changes: &Table, moved: &RecordBatch, since: Since) -> Result<Delta, ArrowError> {
    let times = Times::of(moved).ok_or_else(|| ArrowError::SchemaError("it is no history".to_owned()))?;
    let was_there = |row: usize| match since {
        Since::Day(day) => times.was_shown_on(row, Date32Type::from_naive_date(day)),
        Since::Release(release) => times.was_shown_in(row, release),
    };
    let all = 0..moved.num_rows();
    let went: Vec<usize> = all.clone().filter(|row| was_there(*row) && !times.is_shown(*row)).collect();
    let came: Vec<usize> = all.filter(|row| !was_there(*row) && times.is_shown(*row)).collect();
    let own: Vec<&str> = kept.own().collect();
    let cells = Keys::of(moved, &own)?;
    let (went, came) = without_pairs(&cells, went, &came);
    let key = kept.key();
    let keys = key.as_deref().map(|key| Keys::of(moved, key)).transpose()?;
    let mut lines = lines(keys.as_ref(), went, came);
    let order = keys.as_ref().unwrap_or(&cells);
    lines.sort_by(|one, other| {
        order.compare(one.row, other.row).then(one.change.cmp(&other.change)).then(cells.compare(one.row, other.row))
    });
    let count = |change| lines.iter().filter(|line| line.change == change).count();
    Ok(Delta {
        came: count(Change::Came),
        changed: count(Change::Changed),
        went: count(Change::Went),
        rows: print(kept, changes, moved, &lines)?,
    })
}

/// Rows that went and came again as they were are no change.
fn without_pairs(cells: &Keys, went: Vec<usize>, came: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut again: HashMap<OwnedRow, usize> = HashMap::new();
    came.iter().for_each(|row| *again.entry(cells.row(*row)).or_default() += 1);
    let mut taken: HashMap<OwnedRow, usize> = HashMap::new();
    let went = went.into_iter().filter(|row| {
        let found = again.get_mut(&cells.row(*row)).filter(|left| **left > 0);
        found.is_none_or(|left| {
            *left -= 1;
            *taken.entry(cells.row(*row)).or_default() += 1;
            false
        })
    });
    let went = went.collect();
    let came = came.iter().copied().filter(|row| {
        taken.get_mut(&cells.row(*row)).filter(|left| **left > 0).is_none_or(|left| {
            *left -= 1;
            false
        })
    });
    (went, came.collect())
}

/// A row that went and one that came with the same key are one that changed.
fn lines(keys: Option<&Keys>, went: Vec<usize>, came: Vec<usize>) -> Vec<Line> {
    let mut before: HashMap<OwnedRow, usize> = keys.map(|keys| went.iter().map(|row| (keys.row(*row), *row)).collect()).unwrap_or_default();
    let mut lines = Vec::with_capacity(went.len() + came.len());
    let mut replaced = std::collections::HashSet::new();
    for row in came {
        let old = keys.and_then(|keys| before.remove(&keys.row(row)));
        replaced.extend(old);
        lines.push(Line { change: if old.is_some() { Change::Changed } else { Change::Came }, row, before: old });
    }
    lines.extend(went.into_iter().filter(|row| !replaced.contains(row)).map(|row| Line { change: Change::Went, row, before: None }));
    lines
}

fn print(kept: Kept<'_>, changes: &Table, moved: &RecordBatch, lines: &[Line]) -> Result<RecordBatch, ArrowError> {
    let schema = changes.schema_for(kept.tier);
    let places: UInt32Array = lines.iter().map(|line| u32::try_from(line.row).ok()).collect();
    let columns = schema.fields().iter().map(|field| -> Result<ArrayRef, ArrowError> {
        match field.name().as_str() {
            CHANGE => Ok(Arc::new(lines.iter().map(|line| Some(line.change.code())).collect::<StringArray>())),
            CHANGED_COLUMNS => Ok(Arc::new(lines.iter().map(|line| changed_columns(kept, moved, line)).collect::<StringArray>())),
            name => {
                let column = moved.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))?;
                take(column, &places, None)
            }
        }
    });
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(schema, columns)
}

fn changed_columns(kept: Kept<'_>, moved: &RecordBatch, line: &Line) -> Option<String> {
    let before = line.before?;
    let differs = |name: &&str| moved.column_by_name(name).is_some_and(|column| *column.slice(before, 1) != *column.slice(line.row, 1));
    Some(kept.own().filter(differs).collect::<Vec<_>>().join(";"))
}

/// Cells of some columns, to be compared row by row.
pub(super) struct Keys(Rows);

impl Keys {
    pub(super) fn of(rows: &RecordBatch, names: &[&str]) -> Result<Self, ArrowError> {
        let missing = |name: &&str| ArrowError::SchemaError(format!("column {name} is missing"));
        let columns = names.iter().map(|name| rows.column_by_name(name).cloned().ok_or_else(|| missing(name)));
        let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
        let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
        Ok(Self(RowConverter::new(fields)?.convert_columns(&columns)?))
    }

    pub(super) fn row(&self, row: usize) -> OwnedRow {
        self.0.row(row).owned()
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        self.0.row(one).cmp(&self.0.row(other))
    }
}
