//! JSON Lines: one object per line and nothing else, for streaming readers.

use std::io::Write;
use std::path::Path;

use catalog::Released;

use super::json_row::RowPrinter;
use super::json_shape;
use super::publisher::{Publisher, Shape, flush_full, refused};
use crate::error::Error;
use crate::language::say;

/// The JSON Lines publisher.
pub(super) struct JsonLines;

impl Publisher for JsonLines {
    fn name(&self) -> &'static str {
        "JSON Lines"
    }

    fn extension(&self) -> &'static str {
        "jsonl"
    }

    fn media_type(&self) -> &'static str {
        "application/jsonl"
    }

    fn hint(&self) -> &'static str {
        say!("srautiniam skaitymui; vienas objektas eilutėje")
    }

    fn write(&self, table: &Released, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let failed = refused(self, table);
        let printer = RowPrinter::new(table.rows());
        let mut text = Vec::new();
        for row in 0..table.rows().num_rows() {
            printer.print(row, &mut text).map_err(&failed)?;
            text.push(b'\n');
            flush_full(&mut text, out).map_err(&failed)?;
        }
        out.write_all(&text).map_err(&failed)
    }

    fn shape(&self, file: &Path, expected: &[&str]) -> Result<Shape, String> {
        json_shape::shape(file, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{json, samples};
    use super::*;

    #[test]
    fn lines_are_the_objects_of_the_array() {
        let (mut lines, mut array) = (Vec::new(), Vec::new());
        JsonLines.write(&samples::all_kinds(), &mut lines).unwrap();
        json::Json.write(&samples::all_kinds(), &mut array).unwrap();
        let lines = String::from_utf8(lines).unwrap();
        let array = String::from_utf8(array).unwrap();
        let objects: Vec<_> = array.lines().filter(|line| line.starts_with('{')).map(|line| line.trim_end_matches(',')).collect();
        assert_eq!(lines.lines().collect::<Vec<_>>(), objects);
    }
}
