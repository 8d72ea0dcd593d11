//! One step of a history: from what it was in one release to what it is in the next.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array, PrimitiveArray, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{concat, take};
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Int64Type};
use arrow::error::ArrowError;
use catalog::{FIRST_RELEASE, LAST_RELEASE, SHOWN_SINCE, SHOWN_UNTIL, Table, Tier, for_each_row_hash};

use super::When;

/// A table whose history is made, and the definition of that.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) table: &'a Table,
    pub(super) history: &'a Table,
    pub(super) tier: Tier,
}

impl Kept<'_> {
    /// The table's own columns, as far as the tier remembers them.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        let is_own = |name: &&str| self.table.remembered().any(|used| used.column.name == *name);
        self.history.visible(self.tier).map(|used| used.column.name.as_str()).filter(is_own)
    }

    /// The columns that tell rows apart on one day; none where the tier does not remember all of them.
    pub(super) fn key(&self) -> Option<Vec<&str>> {
        let key: Vec<&str> = self.table.key.iter().map(String::as_str).collect();
        key.iter().all(|name| self.own().any(|own| own == *name)).then_some(key)
    }

    /// Where the days come from on which its facts begin and end to hold.
    fn valid_time(&self, column: &str) -> Option<&str> {
        let history = self.table.history.as_ref()?;
        history.valid_time(self.table).find(|(name, _)| *name == column).map(|(_, of)| of)
    }
}

/// The history after a release that shows `now`. `before` is the history after the release before it, `previous` the number of that; without one
/// this is the first release that shows the table.
pub(super) fn advance(
    kept: Kept<'_>,
    before: Option<&RecordBatch>,
    now: &RecordBatch,
    (release, previous): (When, i64),
    salt: &[u8; 32],
) -> Result<RecordBatch, ArrowError> {
    let empty = RecordBatch::new_empty(Arc::new(arrow::datatypes::Schema::empty()));
    let before = before.unwrap_or(&empty);
    let matched = Matched::of(kept, before, now, salt)?;
    let schema = kept.history.schema_for(kept.tier);
    let (old_rows, added) = (before.num_rows(), UInt32Array::from(matched.added));
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    let own = |name: &str, data_type| -> Result<ArrayRef, ArrowError> {
        let fresh = now.column_by_name(name).filter(|column| column.data_type() == data_type);
        let fresh = fresh.cloned().unwrap_or_else(|| new_null_array(data_type, now.num_rows()));
        let old = match before.column_by_name(name).filter(|column| column.data_type() == data_type) {
            Some(column) => column.clone(),
            // A column that the table did not have: rows that are still shown get it now.
            None => take(&fresh, &matched.stays, None)?,
        };
        concat(&[&old, &take(&fresh, &added, None)?])
    };
    let day = Date32Type::from_naive_date(release.date);
    for field in schema.fields() {
        let (name, data_type) = (field.name().as_str(), field.data_type());
        let column: ArrayRef = match name {
            SHOWN_SINCE => stamped::<Date32Type>(before, name, &|_| None, added.len(), Some(day)),
            FIRST_RELEASE => stamped::<Int64Type>(before, name, &|_| None, added.len(), Some(release.sequence)),
            SHOWN_UNTIL => stamped::<Date32Type>(before, name, &|row| matched.closes[row].then_some(day), added.len(), None),
            LAST_RELEASE => stamped::<Int64Type>(before, name, &|row| matched.closes[row].then_some(previous), added.len(), None),
            _ => match kept.valid_time(name) {
                Some(of) if kept.own().any(|seen| seen == of) => own(of, data_type)?,
                Some(_) => new_null_array(data_type, old_rows + added.len()),
                None => own(name, data_type)?,
            },
        };
        columns.push(column);
    }
    RecordBatch::try_new(schema, columns)
}

/// Which rows of a history go on, which end, and which are new.
struct Matched {
    /// For each row of the history, its row of the table; none for one that is not shown any more.
    stays: UInt32Array,
    /// Whether each row of the history was shown until now, and is not any more.
    closes: Vec<bool>,
    /// Rows of the table that were not shown before.
    added: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Matched {
    /// Rows are the same if all their cells are; of two that are alike, one may go and the other stay. They are told apart by keyed 64-bit
    /// hashes: among a million rows, two others have the same one in one night of ten million.
    fn of(kept: Kept<'_>, before: &RecordBatch, now: &RecordBatch, salt: &[u8; 32]) -> Result<Self, ArrowError> {
        let same_type = |name: &&str| match (before.column_by_name(name), now.column_by_name(name)) {
            (Some(one), Some(other)) => one.data_type() == other.data_type(),
            _ => false,
        };
        let compared: Vec<&str> = kept.own().filter(same_type).collect();
        let of = |rows: &RecordBatch| -> Vec<ArrayRef> { compared.iter().filter_map(|name| rows.column_by_name(name).cloned()).collect() };
        let last = before.column_by_name(LAST_RELEASE).map(|column| column.as_primitive::<Int64Type>());
        let is_open = |row: usize| last.is_some_and(|last| last.is_null(row));
        let mut hashes = vec![0; before.num_rows()];
        for_each_row_hash(&of(before), salt, |row, hash| hashes[row] = hash)?;
        let (mut first, mut next) = (HashMap::with_capacity(now.num_rows()), vec![NONE; before.num_rows()]);
        for row in (0..before.num_rows()).rev().filter(|row| is_open(*row)) {
            next[row] = first.insert(hashes[row], index(row)).unwrap_or(NONE);
        }
        let (mut stays, mut added) = (vec![None; before.num_rows()], Vec::new());
        let mut seen = 0;
        for_each_row_hash(&of(now), salt, |row, hash| {
            seen = row + 1;
            match first.get_mut(&hash).filter(|place| **place != NONE) {
                Some(place) => {
                    let old = *place as usize;
                    *place = next[old];
                    stays[old] = Some(index(row));
                }
                None => added.push(index(row)),
            }
        })?;
        // With nothing to compare, all of them are new.
        added.extend((seen..now.num_rows()).map(index));
        let closes = (0..before.num_rows()).map(|row| is_open(row) && stays[row].is_none()).collect();
        Ok(Self { stays: stays.into(), closes, added })
    }
}

fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(NONE)
}

/// A column of the history itself: as it was, or what `now` says of a row; and the same for all rows that are added.
fn stamped<T: ArrowPrimitiveType>(
    before: &RecordBatch,
    name: &str,
    now: &dyn Fn(usize) -> Option<T::Native>,
    added: usize,
    of_added: Option<T::Native>,
) -> ArrayRef {
    let old = before.column_by_name(name).map(|column| column.as_primitive::<T>());
    let was = |row: usize| old.filter(|old| old.is_valid(row)).map(|old| old.value(row));
    let before = (0..before.num_rows()).map(|row| now(row).or_else(|| was(row)));
    Arc::new(before.chain(std::iter::repeat_n(of_added, added)).collect::<PrimitiveArray<T>>())
}

/// When a row of a history was shown.
pub(super) struct Times<'a> {
    since: &'a Date32Array,
    until: &'a Date32Array,
    first: &'a Int64Array,
    last: &'a Int64Array,
}

impl<'a> Times<'a> {
    /// Nothing where the rows are no history.
    pub(super) fn of(rows: &'a RecordBatch) -> Option<Self> {
        let date = |name| rows.column_by_name(name)?.as_primitive_opt::<Date32Type>();
        let number = |name| rows.column_by_name(name)?.as_primitive_opt::<Int64Type>();
        Some(Self { since: date(SHOWN_SINCE)?, until: date(SHOWN_UNTIL)?, first: number(FIRST_RELEASE)?, last: number(LAST_RELEASE)? })
    }

    /// The day of the first release that showed it, in days since 1970.
    pub(super) fn first_day(&self, row: usize) -> i32 {
        self.since.value(row)
    }

    /// Whether the latest release shows it.
    pub(super) fn is_shown(&self, row: usize) -> bool {
        self.last.is_null(row)
    }

    /// Numbers of the releases from the first that showed it to the last; none while it is shown.
    pub(super) fn releases(&self, row: usize) -> Option<std::ops::RangeInclusive<i64>> {
        self.last.is_valid(row).then(|| self.first.value(row)..=self.last.value(row))
    }

    /// Whether it was shown at the end of a day.
    pub(super) fn was_shown_on(&self, row: usize, day: i32) -> bool {
        self.since.value(row) <= day && (self.until.is_null(row) || self.until.value(row) > day)
    }

    /// Whether a release showed it.
    pub(super) fn was_shown_in(&self, row: usize, release: i64) -> bool {
        self.first.value(row) <= release && (self.last.is_null(row) || self.last.value(row) >= release)
    }

    /// The day since when it has been shown, unless that is the first release of the table.
    pub(super) fn came(&self, row: usize, first: i64) -> Option<i32> {
        (self.first.value(row) > first).then(|| self.since.value(row))
    }

    /// The day since when it is no longer shown.
    pub(super) fn went(&self, row: usize) -> Option<i32> {
        self.until.is_valid(row).then(|| self.until.value(row))
    }
}
