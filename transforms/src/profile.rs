//! What an extract looked like, so that the next one can be compared with it: rows, filled cells, keys, newest event, hash.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::max;
use arrow::datatypes::Date32Type;
use catalog::{EXTRACT_DATE, Table};
use chrono::NaiveDate;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::holdings::day;
use crate::persons::{PersonKey, hexadecimal};

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
    /// The day the source made the extract, where it says so.
    pub extract_date: Option<NaiveDate>,
}

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
}

impl Profiler {
    pub(crate) fn new(table: &Table, key: &PersonKey) -> Self {
        let columns = table.columns.iter().map(|column| &column.column.name).map(|name| ColumnHash {
            name: name.clone(),
            lengths: key.digest(&format!("extract lengths {name}")),
            texts: key.digest(&format!("extract texts {name}")),
        });
        Self { columns: columns.collect(), rejected: key.digest("extract rejected"), profile: Profile::default() }
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
        let newest = |name: &str| max(rows.column_by_name(name)?.as_primitive::<Date32Type>()).map(day);
        self.profile.newest = self.profile.newest.max(table.event.as_deref().and_then(newest));
        self.profile.extract_date = self.profile.extract_date.max(newest(EXTRACT_DATE));
    }

    pub(crate) fn finish(mut self, quarantined: BTreeMap<String, u64>) -> Profile {
        let mut all = self.rejected;
        for column in self.columns {
            all.update(&column.lengths.finalize().into_bytes());
            all.update(&column.texts.finalize().into_bytes());
        }
        self.profile.hash = hexadecimal(&all.finalize().into_bytes());
        self.profile.quarantined = quarantined;
        self.profile
    }
}
