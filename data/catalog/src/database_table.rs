//! A table as those see it who write all tables of a tier into one file.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use crate::Table;

/// A table for a database file. Its rows are read when they are asked for: whoever takes them from the last release's file does without.
pub trait DatabaseTable: Sync {
    /// The definition.
    fn table(&self) -> &Arc<Table>;

    /// The columns that the tier sees.
    fn schema(&self) -> SchemaRef;

    /// Number of rows.
    fn count(&self) -> usize;

    /// Whether the last release's file has it with these very rows.
    fn is_unchanged(&self) -> bool;

    /// All rows.
    ///
    /// # Errors
    /// Why they cannot be read, in words that hold no value.
    fn rows(&self) -> Result<RecordBatch, String>;
}

/// Rows that are at hand, and no last release.
impl DatabaseTable for (Arc<Table>, RecordBatch) {
    fn table(&self) -> &Arc<Table> {
        &self.0
    }

    fn schema(&self) -> SchemaRef {
        self.1.schema()
    }

    fn count(&self) -> usize {
        self.1.num_rows()
    }

    fn is_unchanged(&self) -> bool {
        false
    }

    fn rows(&self) -> Result<RecordBatch, String> {
        Ok(self.1.clone())
    }
}
