//! CSV after RFC 4180: CRLF, UTF-8 without a byte-order mark, column names as the heading.
//!
//! Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, their wide forms or a control character, behind spaces too, as a formula
//! (CSV injection, OWASP). A *text* cell of that kind gets one leading apostrophe, [`strip_guard`] takes it off again, and the other
//! formats keep the plain value. Numbers are never guarded, nor are telephone numbers (`+370 600 00000`). CSV cannot tell an empty text from no value; JSON and Parquet can.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use catalog::{Cells, Released};

use super::publisher::{Publisher, Shape, refused};
use crate::error::Error;
use crate::language::say;

const GUARD: char = '\'';
/// Plain, full-width and small forms: where people write in wide letters, spreadsheets take `＝` for `=`.
const BEGINS_A_FORMULA: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

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
        say!("skaičiuoklėms; koduotė UTF-8, skirtukas – kablelis. Tekstas, kurį skaičiuoklė palaikytų formule, prasideda apostrofu")
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

    fn shape(&self, file: &Path, _: &[&str]) -> Result<Shape, String> {
        let mut reader = ::csv::Reader::from_path(file).map_err(|error| error.to_string())?;
        let columns = reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
        let (mut record, mut rows) = (::csv::ByteRecord::new(), 0);
        while reader.read_byte_record(&mut record).map_err(|error| error.to_string())? {
            rows += 1;
        }
        Ok(Shape { columns, rows })
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

/// Whether a text is a telephone number as people write it: `+370 600 00000`. No spreadsheet makes more of it than a number.
fn is_telephone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ' ' | '\u{a0}'))
}

/// Apostrophes in front count as part of the danger, so that guarding a text which already looks guarded can be undone exactly.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches(GUARD);
    let is_run = text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(is_unseen).starts_with(BEGINS_A_FORMULA);
    is_run && !is_telephone_number(text)
}

/// Spaces and what shows nothing at all: some programs take it away before they look at a cell.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
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
    fn a_formula_is_guarded_in_whatever_width_and_behind_whatever_spaces() {
        for sign in BEGINS_A_FORMULA {
            for before in ["", " ", "  \t", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff} ", "\0", "'", "' "] {
                let text = format!("{before}{sign}cmd|' /C calc'!A0");
                assert_eq!(guard(&text), format!("'{text}"), "{before:?} {sign}");
            }
        }
        for text in ["a=1", " a", "„=“", "UAB ＝", "1-2", "Ž", ""] {
            assert_eq!(guard(text), text);
        }
    }

    #[test]
    fn a_telephone_number_stays_as_it_is_and_nothing_that_only_begins_like_one() {
        for text in ["+37060000000", "+370 600 00000", "+370\u{a0}5\u{a0}200 0000"] {
            assert_eq!((guard(text).as_ref(), strip_guard(text)), (text, text));
        }
        for text in ["+", "+ 1", "+1+2", "+370-600", "+1;cmd", "++370", "+370 x", " +370", "+１"] {
            assert_eq!(guard(text), format!("'{text}"));
        }
        // Behind an apostrophe that somebody wrote it is no guarded text.
        assert_eq!(strip_guard(&guard("'+370 600")), "'+370 600");
    }

    #[test]
    fn a_guard_is_undone_exactly() {
        for text in [
            " =1",
            "' =1",
            "＝1",
            "'＝1",
            "\u{200b}@",
            " a",
            " '=1",
            "=1",
            "+370",
            "-",
            "@a",
            "\tb",
            "\rc",
            "'=1",
            "''+",
            "'abc",
            "",
            "'",
            "a=b",
            "Ž",
        ] {
            assert_eq!(strip_guard(&guard(text)), text);
        }
    }
}
