//! What an extract looked like, so that the next one can be compared with it: rows, filled cells, keys, newest events, hash.
//!
//! No single row decides when something was: a mistyped year would date the release, and make every right extract after it look old.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use arrow::array::{Array, AsArray, Date32Array, RecordBatch};
use arrow::datatypes::Date32Type;
use catalog::{EXTRACT_DATE, Table};
use chrono::NaiveDate;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::cells::day;
use crate::persons::PersonKey;

/// What an extract looked like. It holds counts and dates, never a value of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Keyed hash of everything in the extract but the day it was made.
    pub hash: String,
    /// Rows received, good and bad.
    pub received: u64,
    /// Good rows.
    pub rows: u64,
    /// Bad rows by rule.
    pub quarantined: BTreeMap<String, u64>,
    /// Good rows with a value, by column.
    pub filled: BTreeMap<String, u64>,
    /// The newest fact, where the table's definition names its date.
    pub newest: Option<NaiveDate>,
    /// A day of which, or of days after it, [`FEW`] facts are. An extract without any so new is an older one; one or two may have been wrong.
    #[serde(default)]
    pub well_known: Option<NaiveDate>,
    /// The day the source made the extract, where it says so: as more than a few rows say.
    pub extract_date: Option<NaiveDate>,
    /// Good rows with a day that lies ahead and therefore counts for nothing, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub doubted: BTreeMap<String, u64>,
}

impl Profile {
    /// Whether the same extract may be understood otherwise when a day has come.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.doubted.is_empty() || self.quarantined.contains_key(AHEAD)
    }
}

/// So many rows are too few to be sure of a day, where there are many others.
pub const FEW: usize = 10;
/// Of so few rows of a hundred, too, nothing is sure.
const SHARE: u64 = 100;
/// The rule that something that has happened has not happened on a day to come.
pub const AHEAD: &str = "ahead";
/// The rule that an extract was not made on a day to come.
const EXTRACT_DATE_AHEAD: &str = "extract_date_ahead";
/// The rule that a beginning which lies ahead is no newest fact.
const EVENT_AHEAD: &str = "event_ahead";

/// Hash of one column. Lengths and texts have one each, so that it does not matter where a batch ends.
#[derive(Debug)]
struct ColumnHash {
    name: String,
    lengths: Hmac<Sha256>,
    texts: Hmac<Sha256>,
}

/// Looks at an extract while it is read.
#[derive(Debug)]
pub(crate) struct Profiler {
    columns: Vec<ColumnHash>,
    rejected: Hmac<Sha256>,
    profile: Profile,
    last_day: i32,
    /// Days of the newest [`FEW`] facts.
    newest: BinaryHeap<Reverse<i32>>,
    /// How many rows say that the extract was made on which day.
    made: BTreeMap<i32, u64>,
}

impl Profiler {
    pub(crate) fn new(table: &Table, key: &PersonKey) -> Self {
        let columns = table.columns.iter().map(|column| &column.column.name).map(|name| ColumnHash {
            name: name.clone(),
            lengths: key.digest(&format!("extract lengths {name}")),
            texts: key.digest(&format!("extract texts {name}")),
        });
        Self {
            columns: columns.collect(),
            rejected: key.digest("extract rejected"),
            profile: Profile::default(),
            last_day: i32::MAX,
            newest: BinaryHeap::with_capacity(FEW + 1),
            made: BTreeMap::new(),
        }
    }

    /// See [`crate::Cleaner::know_last_day`].
    pub(crate) fn know_last_day(&mut self, day: i32) {
        self.last_day = day;
    }

    /// Rows as they came.
    pub(crate) fn raw(&mut self, rows: &RecordBatch) {
        self.profile.received += rows.num_rows() as u64;
        let mut lengths = Vec::with_capacity(rows.num_rows() * 4);
        for (hash, column) in self.columns.iter_mut().zip(rows.columns()) {
            if hash.name == EXTRACT_DATE {
                continue;
            }
            let column = column.as_string::<i32>();
            lengths.clear();
            // An empty cell is no text of length 0.
            column.iter().for_each(|cell| {
                let length = cell.map_or(u32::MAX, |cell| u32::try_from(cell.len()).unwrap_or(u32::MAX));
                lengths.extend_from_slice(&length.to_le_bytes());
            });
            hash.lengths.update(&lengths);
            let offsets = column.value_offsets();
            if let (Some(first), Some(last)) = (offsets.first(), offsets.last()) {
                hash.texts.update(&column.value_data()[*first as usize..*last as usize]);
            }
        }
    }

    /// A row that was no row.
    pub(crate) fn rejected(&mut self, row_number: u64, rule: &str) {
        self.profile.received += 1;
        self.rejected.update(format!("{row_number} {rule}\n").as_bytes());
    }

    /// Good rows with the table's types.
    pub(crate) fn clean(&mut self, table: &Table, rows: &RecordBatch) {
        self.profile.rows += rows.num_rows() as u64;
        for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
            *self.profile.filled.entry(field.name().clone()).or_default() += (column.len() - column.null_count()) as u64;
        }
        let days = |name: &str| rows.column_by_name(name).map(|column| column.as_primitive::<Date32Type>());
        if let Some(events) = table.event.as_deref().and_then(days) {
            self.events(events);
        }
        if let Some(made) = days(EXTRACT_DATE) {
            self.made(made);
        }
    }

    fn events(&mut self, days: &Date32Array) {
        for day in days.iter().flatten() {
            if day > self.last_day {
                *self.profile.doubted.entry(EVENT_AHEAD.to_owned()).or_default() += 1;
            } else if self.newest.len() < FEW {
                self.newest.push(Reverse(day));
            } else if let Some(mut oldest) = self.newest.peek_mut()
                && oldest.0 < day
            {
                *oldest = Reverse(day);
            }
        }
    }

    fn made(&mut self, days: &Date32Array) {
        for day in days.iter().flatten() {
            if day > self.last_day {
                *self.profile.doubted.entry(EXTRACT_DATE_AHEAD.to_owned()).or_default() += 1;
            } else {
                *self.made.entry(day).or_default() += 1;
            }
        }
    }

    /// The newest day on which, or on days after it, more than a few rows say that the extract was made.
    fn made_on(&self) -> Option<NaiveDate> {
        let all: u64 = self.made.values().sum();
        let enough = (all / SHARE).clamp(2, FEW as u64).min(all);
        let mut rows = 0;
        let said = self.made.iter().rev().find(|(_, count)| {
            rows += **count;
            rows >= enough
        });
        said.map(|(made, _)| day(*made))
    }

    pub(crate) fn finish(mut self, quarantined: BTreeMap<String, u64>) -> Profile {
        let mut all = self.rejected.clone();
        for column in std::mem::take(&mut self.columns) {
            all.update(&column.lengths.finalize().into_bytes());
            all.update(&column.texts.finalize().into_bytes());
        }
        // On a later night the same rows say more.
        if let Some(ahead) = quarantined.get(AHEAD) {
            all.update(format!("{AHEAD} {ahead}\n").as_bytes());
        }
        self.profile.hash = hex::encode(all.finalize().into_bytes());
        self.profile.extract_date = self.made_on();
        self.profile.newest = self.newest.iter().map(|newest| day(newest.0)).max();
        self.profile.well_known = self.newest.peek().filter(|_| self.newest.len() == FEW).map(|oldest| day(oldest.0));
        self.profile.quarantined = quarantined;
        self.profile
    }
}
