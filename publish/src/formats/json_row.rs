//! A row as a JSON object, for the two JSON formats. Decimals are JSON numbers with all their places, dates are ISO strings.

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use catalog::print_cell;

/// Prints rows of one table; keys are escaped once.
pub(super) struct RowPrinter<'a> {
    columns: Vec<(String, &'a dyn Array)>,
    text: Vec<u8>,
    cell: String,
}

impl<'a> RowPrinter<'a> {
    pub(super) fn new(rows: &'a RecordBatch) -> Self {
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns()).enumerate().map(|(index, (field, column))| {
            let start = if index == 0 { "{" } else { "," };
            (format!("{start}{}:", serde_json::Value::from(field.name().as_str())), column.as_ref())
        });
        Self { columns: columns.collect(), text: Vec::new(), cell: String::new() }
    }

    /// The object of one row, without a line end.
    pub(super) fn print(&mut self, row: usize) -> std::io::Result<&[u8]> {
        self.text.clear();
        for (key, column) in &self.columns {
            self.text.extend_from_slice(key.as_bytes());
            if column.is_null(row) {
                self.text.extend_from_slice(b"null");
                continue;
            }
            match column.data_type() {
                DataType::Utf8 => serde_json::to_writer(&mut self.text, column.as_string::<i32>().value(row))?,
                other => {
                    let quote: &[u8] = if *other == DataType::Date32 { b"\"" } else { b"" };
                    self.cell.clear();
                    print_cell(*column, row, &mut self.cell);
                    self.text.extend_from_slice(quote);
                    self.text.extend_from_slice(self.cell.as_bytes());
                    self.text.extend_from_slice(quote);
                }
            }
        }
        self.text.push(b'}');
        Ok(&self.text)
    }
}
