//! Searches files for texts in any spelling: a personal code, a person's id, a name that must go.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use aho_corasick::AhoCorasick;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use flate2::read::GzDecoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::Error;

/// What a Parquet file begins with.
const PARQUET: &[u8] = b"PAR1";
/// What a packed file begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What a document begins with.
const PDF: &[u8] = b"%PDF";
/// Bytes of the largest document that is read as pages; nothing larger is published.
const LARGEST_PDF: u64 = 16 << 20;
/// Letters and digits of the shortest text that may be searched for: half of all files hold a shorter one.
pub const SHORTEST_SOUGHT: usize = 6;

/// Texts to search for.
///
/// In tables (Parquet) and on the pages of documents (PDF) it is found in whatever cell or line, with any marks, spaces and invisible
/// characters between its letters. Any other file is read as it is: there it is found in the spellings that HTML, JSON and CSV have for it. A release has each of its tables as Parquet, too.
pub struct Sought {
    folded: AhoCorasick,
    spelled: AhoCorasick,
}

impl std::fmt::Debug for Sought {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Nobody may read in a log what shall be forgotten.
        out.write_str("Sought")
    }
}

impl Sought {
    /// Prepares a search for these texts.
    ///
    /// # Errors
    /// [`Error::Sought`] when there is none, or one is too short.
    pub fn new(texts: &[String]) -> Result<Self, Error> {
        let folded: BTreeSet<String> = texts.iter().map(|text| fold(text)).collect();
        if folded.is_empty() || folded.iter().any(|text| text.chars().count() < SHORTEST_SOUGHT) {
            return Err(Error::Sought { least: SHORTEST_SOUGHT });
        }
        let spelled: BTreeSet<String> = texts.iter().flat_map(|text| spellings(text)).chain(folded.iter().cloned()).collect();
        let build = |texts: BTreeSet<String>| {
            AhoCorasick::builder().ascii_case_insensitive(true).build(texts).map_err(|_| Error::Sought { least: SHORTEST_SOUGHT })
        };
        Ok(Self { folded: build(folded)?, spelled: build(spelled)? })
    }

    /// Whether one of them stands in a text, with whatever marks between its letters.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.folded.is_match(&fold(text))
    }

    /// Whether one of them stands in a file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read.
    pub fn is_in_file(&self, path: &Path) -> Result<bool, Error> {
        let look = || -> io::Result<bool> {
            let mut file = File::open(path)?;
            let mut begin = [0; PARQUET.len()];
            let is_parquet = file.read_exact(&mut begin).is_ok() && begin == *PARQUET;
            file.rewind()?;
            if begin == *PDF {
                let mut bytes = Vec::new();
                (&file).take(LARGEST_PDF).read_to_end(&mut bytes)?;
                // What cannot be read as pages is at least looked at as it lies there.
                if pdf::text(&bytes).is_some_and(|text| self.is_in(&text)) {
                    return Ok(true);
                }
                file.rewind()?;
            }
            let unpacked = || Ok::<_, io::Error>(self.spelled.stream_find_iter(GzDecoder::new(file.try_clone()?)).next());
            if begin.starts_with(GZIP) && matches!(unpacked()?, Some(Ok(_))) {
                return Ok(true);
            }
            file.rewind()?;
            if is_parquet && let Ok(found) = self.is_in_table(file.try_clone()?) {
                return Ok(found);
            }
            // Also a damaged table: better looked at as it lies there than not at all.
            file.rewind()?;
            self.spelled.stream_find_iter(file).next().transpose().map(|found| found.is_some())
        };
        look().map_err(Error::io("read", path))
    }

    fn is_in_table(&self, file: File) -> Result<bool, ArrowError> {
        for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
            for column in batch?.columns() {
                if !self.in_column(column)?.is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Which rows of a table hold one of them, in whatever cell.
    ///
    /// # Errors
    /// [`Error::Cells`] for a column of a kind that no table has.
    pub fn in_rows(&self, rows: &RecordBatch) -> Result<Vec<bool>, Error> {
        let mut hold = vec![false; rows.num_rows()];
        for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
            let failed = |error: ArrowError| Error::Cells { column: field.name().clone(), reason: error.to_string() };
            self.in_column(column).map_err(failed)?.into_iter().for_each(|row| hold[row] = true);
        }
        Ok(hold)
    }

    /// The rows of a column in whose cells one of them stands.
    fn in_column(&self, column: &ArrayRef) -> Result<Vec<usize>, ArrowError> {
        if matches!(column.data_type(), DataType::Boolean | DataType::Date32) {
            return Ok(Vec::new());
        }
        if let Some(texts) = column.as_string_opt::<i32>() {
            return Ok((0..texts.len()).filter(|row| texts.is_valid(*row) && self.is_in(texts.value(*row))).collect());
        }
        let options = FormatOptions::default();
        let printed = ArrayFormatter::try_new(column, &options)?;
        Ok((0..column.len()).filter(|row| column.is_valid(*row) && self.is_in(&printed.value(*row).to_string())).collect())
    }
}

/// Letters and digits alone, small; full-width forms as plain ones.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    };
    text.chars().map(plain).filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How HTML, JSON and CSV write a text.
fn spellings(text: &str) -> Vec<String> {
    let escaped = |quote: &str, apostrophe: &str, slash: &str| {
        let plain = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        plain.replace('"', quote).replace('\'', apostrophe).replace('/', slash)
    };
    vec![
        text.to_owned(),
        escaped("&quot;", "&#x27;", "&#x2f;"),
        escaped("&quot;", "&#39;", "/"),
        escaped("&quot;", "'", "/"),
        escaped("\"", "'", "/"),
        text.replace('"', "\"\""),
        serde_json::to_string(text).unwrap_or_default().trim_matches('"').to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};
    use parquet::arrow::ArrowWriter;

    use super::*;

    fn sought(text: &str) -> Sought {
        Sought::new(&[text.to_owned()]).unwrap()
    }

    fn in_bytes(text: &str, bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        sought(text).is_in_file(file.path()).unwrap()
    }

    fn in_table(text: &str, column: ArrayRef) -> bool {
        let rows = RecordBatch::try_from_iter([("a", column)]).unwrap();
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), None).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        in_bytes(text, &bytes)
    }

    #[test]
    fn a_text_is_found_in_the_spelling_of_every_format() {
        let name = "UAB \"Rytas & Co\" d'Or/Ąžuolas";
        let html = "<p>UAB &quot;Rytas &amp; Co&quot; d&#x27;Or&#x2f;Ąžuolas</p>";
        let json = serde_json::json!({ "pavadinimas": name }).to_string();
        for held in [name, html, &json, "x,\"UAB \"\"Rytas & Co\"\" d'Or/Ąžuolas\",1"] {
            assert!(in_bytes(name, held.as_bytes()), "{held}");
        }
        assert!(!in_bytes(name, b"UAB \"Rytas\""));
    }

    #[test]
    fn a_code_is_found_in_whatever_cell_with_whatever_stands_between_its_digits() {
        let code = "33309240064";
        for held in ["33309240064", "gim. 333-0924 0064.", "x３３３０９２４００６４", "333\u{200b}0924\u{a0}0064", "ab33309240064cd"]
        {
            assert!(in_table(code, Arc::new(StringArray::from(vec!["kita", held]))), "{held}");
            assert!(!in_table(code, Arc::new(StringArray::from(vec![held.replace(['4', '４'], "5")]))));
        }
        assert!(in_table(code, Arc::new(Int64Array::from(vec![1, 33_309_240_064]))));
        assert!(!in_table(code, Arc::new(StringArray::from(vec!["33309", "240064"]))), "cells are apart");
    }

    #[test]
    fn the_rows_that_hold_a_text_are_told_apart_from_the_others() {
        let columns: [(&str, ArrayRef); 2] = [
            ("a", Arc::new(StringArray::from(vec![Some("kita"), None, Some("333-0924-0064"), Some("kita")]))),
            ("b", Arc::new(Int64Array::from(vec![Some(1), Some(33_309_240_064), None, Some(2)]))),
        ];
        let rows = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap();
        assert_eq!(sought("33309240064").in_rows(&rows).unwrap(), [false, true, true, false]);
    }

    #[test]
    fn a_text_is_found_on_the_packed_pages_of_a_document() {
        let record = document::Record { title: String::new(), fields: vec![("Kodas".into(), "333 0924-0064".into())] };
        let section = document::Section { title: "Sprendimas".into(), records: vec![record], note: None };
        let pdf = document::Document { sections: vec![section], ..document::Document::default() }.to_pdf();
        assert!(!pdf.windows(3).any(|window| window == b"333"), "it is packed");
        assert!(in_bytes("33309240064", &pdf) && !in_bytes("33309240065", &pdf));
        assert!(in_bytes("33309240064", b"%PDF-1.7 damaged 33309240064"));
    }

    #[test]
    fn a_text_is_found_in_a_packed_twin() {
        let mut packed = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::new(6));
        std::io::Write::write_all(&mut packed, "<p>33309240064</p>".repeat(9).as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert!(!packed.windows(11).any(|window| window == b"33309240064"), "it is packed");
        assert!(in_bytes("33309240064", &packed) && !in_bytes("33309240065", &packed));
        assert!(!in_bytes("33309240064", &packed[..20]), "cut off, it has nothing more to say");
    }

    #[test]
    fn a_table_that_is_cut_off_is_still_looked_at() {
        assert!(in_bytes("33309240064", b"PAR1 33309240064"));
    }

    #[test]
    fn nothing_is_looked_for_that_stands_everywhere_and_nothing_sought_is_ever_printed() {
        for text in ["", "a", " 1 2 3 4 5 "] {
            assert!(Sought::new(&[text.to_owned()]).is_err(), "{text}");
        }
        assert!(Sought::new(&[]).is_err());
        assert_eq!(format!("{:?}", sought("33309240064")), "Sought");
    }
}
