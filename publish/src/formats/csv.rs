//! CSV after RFC 4180: CRLF, UTF-8 without a byte-order mark, column names as the heading.
//!
//! Spreadsheets run a cell that begins with `=`, `+`, `-`, `@` or a control character as a formula (CSV injection, OWASP).
//! A *text* cell of that kind gets one leading apostrophe, [`strip_guard`] takes it off again, and the other formats keep the
//! plain value. Numbers are never guarded. CSV cannot tell an empty text from no value; JSON and Parquet can.

use std::borrow::Cow;
use std::io::Write;

use catalog::{Cells, Released};

use super::{Publisher, refused};
use crate::Error;

const GUARD: char = '\'';

/// The CSV publisher.
pub(super) struct Csv;

impl Publisher for Csv {
    fn name(&self) -> &'static str {
        "CSV"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv; charset=utf-8; header=present"
    }

    fn hint(&self) -> &'static str {
        "skaičiuoklėms; koduotė UTF-8, skirtukas – kablelis. Tekstas, kurį skaičiuoklė palaikytų formule, prasideda apostrofu"
    }

    fn write(&self, table: &Released, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let failed = refused(self, table);
        let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).buffer_capacity(64 * 1024).from_writer(out);
        let rows = table.rows();
        writer.write_record(rows.schema().fields().iter().map(|field| field.name())).map_err(&failed)?;
        let columns: Vec<Cells<'_>> = rows.columns().iter().map(|column| Cells::of(column)).collect();
        let mut printed = Vec::new();
        for row in 0..rows.num_rows() {
            for cells in &columns {
                if let Some(text) = cells.text(row) {
                    writer.write_field(guard(text).as_bytes()).map_err(&failed)?;
                    continue;
                }
                cells.print(row, &mut printed);
                writer.write_field(&printed).map_err(&failed)?;
                printed.clear();
            }
            writer.write_record(None::<&[u8]>).map_err(&failed)?;
        }
        writer.flush().map_err(|error| failed(error.into()))
    }
}

/// A text cell as CSV may hold it: behind an apostrophe where a spreadsheet would run it as a formula.
#[must_use]
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("{GUARD}{text}")) } else { Cow::Borrowed(text) }
}

/// Takes the apostrophe off a guarded text cell; any other text comes back as it is.
#[must_use]
pub fn strip_guard(text: &str) -> &str {
    text.strip_prefix(GUARD).filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// Apostrophes in front count as part of the danger, so that guarding a text which already looks guarded can be undone exactly.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches(GUARD).starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use catalog::print_cell;

    use super::super::samples;
    use super::*;

    fn written(table: &Released) -> String {
        let mut out = Vec::new();
        Csv.write(table, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn all_kinds_come_back_from_csv() {
        let table = samples::all_kinds();
        let text = written(&table);
        assert!(text.starts_with("ja_kodas,tekstas,"), "no byte-order mark, names first");
        assert!(text.ends_with("\r\n") && text.contains("\"Ąžuolas, \"\"Žinios\"\"\nir \\ kt.\""));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), table.rows().num_rows());
        for (row, record) in records.iter().enumerate() {
            for (column, got) in table.rows().columns().iter().zip(record) {
                let mut want = String::new();
                print_cell(column.as_ref(), row, &mut want);
                assert_eq!(strip_guard(got), want);
            }
        }
    }

    #[test]
    fn formulas_in_text_are_guarded_and_numbers_are_not() {
        let text = written(&samples::all_kinds());
        assert!(text.contains("'=1+1") && text.contains("''=abu") && text.contains(",'\tx,"));
        assert!(text.contains(",-0.07,") && !text.contains("'-0.07"));
    }

    #[test]
    fn a_guard_is_undone_exactly() {
        for text in ["=1", "+370", "-", "@a", "\tb", "\rc", "'=1", "''+", "'abc", "", "'", "a=b", "Ž"] {
            assert_eq!(strip_guard(&guard(text)), text);
        }
    }
}
