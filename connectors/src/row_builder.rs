//! Rows of text becoming a batch, the same for every form of a file.

use std::sync::Arc;

use arrow::array::{ArrayBuilder, ArrayRef, BooleanArray, RecordBatch, StringBuilder};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use catalog::tidy;

use crate::transport::{Batch, Rejected};

/// Rows in one batch: large enough to amortise, small enough to stay in cache.
pub(crate) const BATCH_ROWS: usize = 16_384;
/// No real row is longer, in bytes.
pub(crate) const LONGEST_ROW: usize = 256 * 1024;

/// A batch in the making.
#[derive(Debug)]
pub(crate) struct RowBuilder {
    schema: SchemaRef,
    columns: Vec<StringBuilder>,
    row_numbers: Vec<u64>,
    rejected: Vec<Rejected>,
    /// Places of rows that were rejected after they were built.
    taken_back: Vec<usize>,
}

impl RowBuilder {
    /// Begins a batch of a raw table.
    pub(crate) fn new(schema: &SchemaRef) -> Self {
        let columns = schema.fields().iter().map(|_| StringBuilder::with_capacity(BATCH_ROWS, 0)).collect();
        Self { schema: schema.clone(), columns, row_numbers: Vec::with_capacity(BATCH_ROWS), rejected: Vec::new(), taken_back: Vec::new() }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.row_numbers.len() >= BATCH_ROWS
    }

    /// Adds a cell to the row that is being built, tidied; each column gets one. An empty text is a missing value.
    pub(crate) fn cell(&mut self, column: usize, text: &str) {
        let text = tidy(text);
        if text.is_empty() { self.columns[column].append_null() } else { self.columns[column].append_value(&text) }
    }

    /// Ends the row that was built. A column that the file does not have stays empty.
    pub(crate) fn row(&mut self, row_number: u64) {
        self.row_numbers.push(row_number);
        for column in &mut self.columns {
            if column.len() < self.row_numbers.len() {
                column.append_null();
            }
        }
    }

    /// Notes a row of which no cell was added.
    pub(crate) fn reject(&mut self, row_number: u64, rule: &'static str) {
        self.rejected.push(Rejected { row_number, rule });
    }

    /// Takes the last row back that was built, if there is one.
    pub(crate) fn reject_last(&mut self, rule: &'static str) {
        if let Some(row_number) = self.row_numbers.last() {
            self.rejected.push(Rejected { row_number: *row_number, rule });
            self.taken_back.push(self.row_numbers.len() - 1);
        }
    }

    /// The batch, if there is anything in it.
    ///
    /// # Errors
    /// Columns differ in length: a mistake in whoever built the rows.
    pub(crate) fn finish(mut self) -> Result<Option<Batch>, ArrowError> {
        if self.row_numbers.is_empty() && self.rejected.is_empty() {
            return Ok(None);
        }
        let columns = self.columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let mut rows = RecordBatch::try_new(self.schema, columns)?;
        if !self.taken_back.is_empty() {
            let stays: Vec<bool> = (0..self.row_numbers.len()).map(|row| !self.taken_back.contains(&row)).collect();
            let mut each = stays.iter();
            self.row_numbers.retain(|_| each.next().copied().unwrap_or_default());
            rows = filter_record_batch(&rows, &BooleanArray::from(stays))?;
        }
        Ok(Some(Batch { rows, row_numbers: self.row_numbers, rejected: self.rejected }))
    }
}
