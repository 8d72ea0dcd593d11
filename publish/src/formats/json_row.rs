//! A row as a JSON object, for the two JSON formats. Decimals are JSON numbers with all their places, dates are ISO strings.

use arrow::record_batch::RecordBatch;
use catalog::Cells;

/// Prints rows of one table; keys are escaped once.
pub(crate) struct RowPrinter<'a> {
    columns: Vec<(String, Cells<'a>)>,
}

impl<'a> RowPrinter<'a> {
    pub(super) fn new(rows: &'a RecordBatch) -> Self {
        Self::without(rows, &[])
    }

    /// All columns but these.
    pub(crate) fn without(rows: &'a RecordBatch, left_out: &[&str]) -> Self {
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns()).filter(|(field, _)| !left_out.contains(&field.name().as_str()));
        let columns = columns.enumerate().map(|(index, (field, column))| {
            let start = if index == 0 { "{" } else { "," };
            (format!("{start}{}:", serde_json::Value::from(field.name().as_str())), Cells::of(column))
        });
        Self { columns: columns.collect() }
    }

    /// Appends the object of one row, without a line end.
    pub(crate) fn print(&self, row: usize, out: &mut Vec<u8>) -> std::io::Result<()> {
        for (key, cells) in &self.columns {
            out.extend_from_slice(key.as_bytes());
            if cells.is_null(row) {
                out.extend_from_slice(b"null");
            } else if let Some(text) = cells.text(row) {
                serde_json::to_writer(&mut *out, text)?;
            } else if cells.is_date() {
                out.push(b'"');
                cells.print(row, out);
                out.push(b'"');
            } else {
                cells.print(row, out);
            }
        }
        out.push(b'}');
        Ok(())
    }
}
