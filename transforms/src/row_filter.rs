//! Which rows of an extract are kept: those about whom a night asks.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;

use crate::Error;

/// Keeps the rows whose `column` holds one of `values`.
#[derive(Debug, Clone)]
pub struct RowFilter {
    /// A text column of the table, or its persons' surrogate id.
    pub column: &'static str,
    /// What it may hold.
    pub values: Arc<HashSet<String>>,
}

impl RowFilter {
    /// The rows of a table that it keeps; all of them, if the table has no such column.
    ///
    /// # Errors
    /// Arrow cannot filter them.
    pub fn apply(&self, table: &str, rows: RecordBatch) -> Result<RecordBatch, Error> {
        let Some(column) = rows.column_by_name(self.column) else { return Ok(rows) };
        let is_kept = |cell: Option<&str>| Some(cell.is_some_and(|cell| self.values.contains(cell)));
        let keep: BooleanArray = column.as_string::<i32>().iter().map(is_kept).collect();
        if keep.true_count() == keep.len() { Ok(rows) } else { filter_record_batch(&rows, &keep).map_err(Error::arrow(table)) }
    }
}
