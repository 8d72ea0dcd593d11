//! JSON: one array of objects, one object per line, so that two releases can be compared with line tools.

use std::io::Write;
use std::path::Path;

use catalog::Released;

use super::json_row::RowPrinter;
use super::json_shape;
use super::publisher::{Publisher, Shape, flush_full, refused};
use crate::error::Error;
use crate::language::say;

/// The JSON publisher.
pub(super) struct Json;

impl Publisher for Json {
    fn name(&self) -> &'static str {
        "JSON"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn hint(&self) -> &'static str {
        say!("programoms; vienas objektų masyvas")
    }

    fn write(&self, table: &Released, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let failed = refused(self, table);
        let printer = RowPrinter::new(table.rows());
        let mut text = b"[".to_vec();
        for row in 0..table.rows().num_rows() {
            text.extend_from_slice(if row == 0 { b"\n" } else { b",\n" });
            printer.print(row, &mut text).map_err(&failed)?;
            flush_full(&mut text, out).map_err(&failed)?;
        }
        text.extend_from_slice(b"\n]\n");
        out.write_all(&text).map_err(&failed)
    }

    fn shape(&self, file: &Path, expected: &[&str]) -> Result<Shape, String> {
        json_shape::shape(file, expected)
    }
}

#[cfg(test)]
mod tests {
    use catalog::print_cell;
    use serde_json::Value;

    use super::super::samples;
    use super::*;

    #[test]
    fn all_kinds_come_back_from_json_one_object_per_line() {
        let table = samples::all_kinds();
        let mut out = Vec::new();
        Json.write(&table, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), table.rows().num_rows() + 2);
        assert!(text.contains("\"suma\":-0.07") && text.contains("\"dalis\":0.333333333333"), "numbers keep every place");
        assert!(text.contains("\"tekstas\":\"=1+1\""), "plain value, no guard");
        let objects: Vec<serde_json::Map<String, Value>> = serde_json::from_str(&text).unwrap();
        for (row, object) in objects.iter().enumerate() {
            for (field, column) in table.rows().schema().fields().iter().zip(table.rows().columns()) {
                let mut want = String::new();
                let present = print_cell(column.as_ref(), row, &mut want);
                match &object[field.name()] {
                    Value::Null => assert!(!present),
                    Value::String(got) => assert_eq!(*got, want),
                    Value::Number(got) => assert_eq!(got.as_f64(), want.parse().ok(), "{}", field.name()),
                    got => assert_eq!(got.to_string(), want),
                }
            }
        }
    }

    #[test]
    fn an_empty_table_is_an_empty_array() {
        let mut out = Vec::new();
        Json.write(&samples::empty(), &mut out).unwrap();
        assert_eq!(serde_json::from_slice::<Vec<Value>>(&out).unwrap(), Vec::<Value>::new());
    }
}
