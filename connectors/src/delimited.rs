//! Delimited text, from wherever it comes, in batches of raw text.

use std::borrow::Cow;
use std::io::Read;
use std::path::PathBuf;

use arrow::datatypes::SchemaRef;
use catalog::Table;

use crate::beginning::{Beginning, Whole, windows_1257};
use crate::headings::KnownHeadings;
use crate::place::Place;
use crate::row_builder::RowBuilder;
use crate::splitting::{Next, Splitter};
use crate::transport::Batch;
use crate::{Encoding, Error, Extract};

/// Field delimiter of the Centre of Registers' files and of extract format 1.
const DELIMITER: u8 = b'|';

/// Splits delimited text into batches; an iterator.
///
/// `place` names the text in errors: a path or an address.
#[derive(Debug)]
pub(crate) struct Delimited<R> {
    place: Place,
    encoding: Encoding,
    schema: SchemaRef,
    /// For each field of the text, the column it fills.
    targets: Vec<Option<usize>>,
    rows: Splitter<Whole<R>>,
    /// What was read already and is still to be handed out.
    pending: Option<Next>,
    /// The last row was good, and since then came nothing but lines of one field: they may be the rest of its last one.
    is_followed: bool,
    finished: bool,
}

impl<R: Read> Delimited<R> {
    /// Begins to read and settles encoding and headings.
    ///
    /// # Errors
    /// The text is empty, unreadable, no text, or its headings are not those the connector knows.
    pub(crate) fn open(source: &'static str, extract: &Extract, table: &Table, place: PathBuf, mut text: R) -> Result<Self, Error> {
        let place = Place { source, path: place };
        let beginning = Beginning::of(&place, &mut text)?;
        let encoding = beginning.encoding(extract.encoding);
        if encoding != extract.encoding {
            tracing::warn!(source, file = %place.path.display(), ?encoding, "read in another encoding than was agreed, as its bytes are");
        }
        let line_end = beginning.line_end;
        let mut rows = Splitter::new(beginning.before(text), DELIMITER, line_end);
        match rows.next().map_err(|reason| place.read(reason))? {
            Next::Row => {}
            Next::Endless => return Err(place.endless_row(rows.number())),
            Next::Damaged | Next::End => return Err(place.no_headings()),
        }
        let found: Vec<String> = rows.fields().map(|range| String::from_utf8_lossy(&rows.bytes()[range]).into_owned()).collect();
        let settled = KnownHeadings::new(extract, table).settle(&found, &place)?;
        let (schema, targets) = (table.raw_schema(), settled.targets);
        // The first line of a text without headings is a row.
        let pending = settled.is_data.then_some(Next::Row);
        Ok(Self { place, encoding, schema, targets, rows, pending, is_followed: false, finished: false })
    }

    /// What was read from, after the last batch.
    pub(crate) fn into_inner(self) -> R {
        self.rows.into_inner().into_inner().1
    }

    fn read_batch(&mut self) -> Result<Option<Batch>, Error> {
        let mut rows = RowBuilder::new(&self.schema);
        loop {
            let next = match self.pending.take() {
                Some(next) => next,
                None => self.rows.next().map_err(|error| self.failed(error))?,
            };
            // Whether the last row stands is not clear before the next line was looked at.
            if rows.is_full() && next == Next::Row && !self.rows.may_be_a_rest() && self.has_all_fields() {
                self.pending = Some(next);
                break;
            }
            match next {
                Next::Row => self.admit(&mut rows),
                Next::Damaged => self.set_aside(&mut rows),
                Next::Endless => return Err(self.place.endless_row(self.rows.number())),
                Next::End => {
                    self.finished = true;
                    if self.rows.is_cut() {
                        return Err(self.place.truncated("its last row has no line end"));
                    }
                    break;
                }
            }
        }
        rows.finish().map_err(|error| self.failed(std::io::Error::other(error)))
    }

    fn has_all_fields(&self) -> bool {
        self.rows.fields().len() == self.targets.len()
    }

    /// Takes over a row that could be split.
    fn admit(&mut self, rows: &mut RowBuilder) {
        let number = self.rows.number();
        if self.rows.is_doubtful() || self.rows.may_be_a_rest() || !self.has_all_fields() && self.rows.lines() > 1 {
            self.set_aside(rows);
        } else if !self.has_all_fields() {
            self.is_followed &= self.rows.fields().len() == 1;
            rows.reject(number, "columns");
        } else if self.append(rows) {
            self.is_followed = true;
            rows.row(number);
        } else {
            self.is_followed = false;
            rows.reject(number, "encoding");
        }
    }

    /// Rejects each line of a row whose quotation marks are not as they should be, and the row before if these may be its rest.
    fn set_aside(&mut self, rows: &mut RowBuilder) {
        if std::mem::take(&mut self.is_followed) && self.rows.may_be_a_rest() {
            rows.reject_last("quotes");
        }
        for number in self.rows.set_aside() {
            rows.reject(number, "quotes");
        }
    }

    /// Adds the cells of one row; `false`, with nothing added, when its bytes are no text in the encoding.
    fn append(&self, rows: &mut RowBuilder) -> bool {
        // Fields lie one after another, without the delimiters: one look covers them all.
        let bytes = self.rows.bytes();
        let utf8 = std::str::from_utf8(bytes).ok().filter(|all| self.rows.fields().all(|range| all.is_char_boundary(range.end)));
        let is_readable = match (self.encoding, utf8) {
            // Letters that were lost before the text was written are lost here, too.
            (Encoding::Utf8, all) => all.is_some_and(|all| !all.contains(char::REPLACEMENT_CHARACTER)),
            // In a text of the code page, letters that are whole in UTF-8 come from somewhere else.
            (Encoding::Windows1257, Some(all)) => all.is_ascii(),
            (Encoding::Windows1257, None) => windows_1257(bytes).is_some(),
        };
        if !is_readable {
            return false;
        }
        for (target, range) in self.targets.iter().zip(self.rows.fields()) {
            let Some(target) = *target else { continue };
            let cell = match utf8 {
                Some(all) => Cow::Borrowed(&all[range]),
                None => windows_1257(&bytes[range]).unwrap_or_default(),
            };
            rows.cell(target, &cell);
        }
        true
    }

    fn failed(&self, reason: std::io::Error) -> Error {
        self.place.read(reason)
    }
}

impl<R: Read> Iterator for Delimited<R> {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let batch = self.read_batch();
        self.finished |= batch.is_err();
        batch.transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::CONNECTORS;
    use crate::row_builder::LONGEST_ROW;
    use crate::transport::Rejected;
    use arrow::array::{Array, AsArray};
    use catalog::Catalog;
    use encoding_rs::WINDOWS_1257;
    use proptest::prelude::*;

    fn read(table: &str, content: &[u8]) -> Result<Vec<Batch>, Error> {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let (connector, extract) =
            CONNECTORS.iter().flat_map(|c| c.extracts.iter().map(move |e| (c, e))).find(|(_, e)| e.table == table).unwrap();
        Delimited::open(connector.source, extract, catalog.table(table).unwrap(), extract.file.into(), content)?.collect()
    }

    const STATUS: &str = "raw_jar__statusai";

    #[test]
    fn byte_order_mark_capitals_and_another_order_of_headings_are_understood() {
        let batches =
            read(STATUS, "\u{feff}STAT_name|stat_kodas|stat_pavadinimas|formavimo_data\r\nx|0|\"a|\"\"b\"\"\"|2026-10-31\r\n".as_bytes())
                .unwrap();
        let rows = &batches[0].rows;
        assert_eq!(rows.column_by_name("statusas").unwrap().as_string::<i32>().value(0), "0");
        assert_eq!(rows.column_by_name("statusas_pavadinimas").unwrap().as_string::<i32>().value(0), "a|\"b\"");
        assert_eq!(batches[0].row_numbers, [2]);
    }

    #[test]
    fn a_byte_order_mark_that_comes_byte_by_byte_is_understood() {
        struct Dripping<'a>(&'a [u8]);
        impl Read for Dripping<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                self.0.read(&mut buffer[..1])
            }
        }
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let extract = CONNECTORS.iter().flat_map(|connector| connector.extracts).find(|extract| extract.table == STATUS).unwrap();
        let text = Dripping("\u{feff}stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|a|b|\n".as_bytes());
        let rows = Delimited::open("jar", extract, catalog.table(STATUS).unwrap(), "drip".into(), text).unwrap();
        assert_eq!(rows.map(|batch| batch.unwrap().rows.num_rows()).sum::<usize>(), 1);
    }

    #[test]
    fn a_missing_heading_line_means_columns_by_position() {
        let batches = read(STATUS, b"0|Pavadinimas|Name|2026-10-31\n1||Name|\n").unwrap();
        assert_eq!(batches[0].rows.num_rows(), 2);
        assert!(batches[0].rows.column_by_name("statusas_pavadinimas").unwrap().is_null(1));
    }

    #[test]
    fn rows_with_wrong_fields_or_bytes_are_rejected_and_the_rest_goes_on() {
        let batches = read(STATUS, b"stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|a\n1|\xff|b|c\n2|a|b|\n").unwrap();
        assert_eq!(batches[0].rejected, [Rejected { row_number: 2, rule: "columns" }, Rejected { row_number: 3, rule: "encoding" }]);
        assert_eq!(batches[0].row_numbers, [4]);
    }

    /// Every extract, with a text of its own: a heading line and so many rows whose every cell is one of these texts with a number.
    fn every_extract() -> impl Iterator<Item = (&'static str, Vec<String>)> {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let extracts = CONNECTORS.iter().flat_map(|connector| connector.extracts);
        extracts.map(move |extract| {
            let headings = extract.headings(catalog.table(extract.table).unwrap());
            (extract.table, headings.into_iter().map(|(heading, _)| heading).collect())
        })
    }

    fn all_cells(batches: &[Batch]) -> Vec<String> {
        let columns = batches.iter().flat_map(|batch| batch.rows.columns());
        columns.flat_map(|column| column.as_string::<i32>().iter().flatten().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn every_text_source_is_read_in_every_encoding_and_with_every_line_end() {
        for (table, headings) in every_extract() {
            for line_end in ["\n", "\r\n", "\r"] {
                let row = |cell: &str| vec![cell; headings.len()].join("|") + line_end;
                let text = headings.join("|") + line_end + &row("Žąsų „ūkis“ – ė") + &row("plain") + &row("„Ąžuolas“, IĮ");
                let expected = all_cells(&read(table, text.replace(line_end, "\n").as_bytes()).unwrap());
                assert!(
                    !expected.is_empty() && expected.iter().all(|cell| ["Žąsų „ūkis“ – ė", "plain", "„Ąžuolas“, IĮ"].contains(&&**cell))
                );
                let baltic = WINDOWS_1257.encode(&text).0.into_owned();
                for bytes in [text.clone().into_bytes(), format!("\u{feff}{text}").into_bytes(), baltic] {
                    let batches = read(table, &bytes).unwrap();
                    assert_eq!((all_cells(&batches), batches[0].rejected.len()), (expected.clone(), 0), "{table} {line_end:?}");
                }
                for wide in [
                    text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
                    text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                ] {
                    let error = read(table, &wide).unwrap_err().to_string();
                    assert!(error.contains("UTF-16"), "{table}: {error}");
                }
            }
        }
    }

    #[test]
    fn a_row_in_the_other_encoding_or_with_a_byte_without_a_letter_is_set_aside_in_every_source() {
        for (table, headings) in every_extract() {
            let row = |cell: &str| vec![cell; headings.len()].join("|") + "\n";
            let (head, good, other) = (headings.join("|") + "\n", row("Žąsų ūkis"), row("Vakarų žinios"));
            let baltic = |text: &str| WINDOWS_1257.encode(text).0.into_owned();
            let mut undefined = baltic(&other);
            undefined[1] = 0xa1;
            for bad in [other.clone().into_bytes(), undefined] {
                let bytes = [head.clone().into_bytes(), baltic(&good), baltic(&good), bad].concat();
                assert_eq!(read(table, &bytes).unwrap()[0].rejected, [Rejected { row_number: 4, rule: "encoding" }], "{table}");
            }
            let lost = other.replacen('ų', "\u{fffd}", 1).into_bytes();
            for bad in [baltic(&other), lost] {
                let bytes = [head.clone().into_bytes(), good.clone().into_bytes(), good.clone().into_bytes(), bad].concat();
                assert_eq!(read(table, &bytes).unwrap()[0].rejected, [Rejected { row_number: 4, rule: "encoding" }], "{table}");
            }
        }
    }

    #[test]
    fn invisible_characters_reach_no_cell() {
        let text = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|R\u{0}y\u{b}t\u{200b}a\u{202e}s\u{ad} \u{a0} e\u{307}|b|\n";
        let batches = read(STATUS, text.as_bytes()).unwrap();
        assert_eq!(batches[0].rows.column_by_name("statusas_pavadinimas").unwrap().as_string::<i32>().value(0), "R y tas ė");
    }

    /// Cells as registers have them, quoted where they must be; line breaks and delimiters are in different ones.
    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![Just(String::new()), "[a-c]{1,3}", "[a-c|\" ]{0,5}", "[a-c\n\"]{0,5}", "UAB \"[a-c]{1,3}\""]
    }

    fn written(cell: &str) -> String {
        if cell.contains(['|', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn whatever_quotation_mark_is_lost_or_added_no_row_is_published_that_was_never_written(
            table in prop::collection::vec((cell(), cell()), 3..12),
            damage in prop::collection::vec(prop::option::weighted(0.3, (any::<bool>(), any::<prop::sample::Index>())), 12),
        ) {
            let mut text = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n".to_owned();
            let mut first_damaged = table.len();
            for (at, (name, day)) in table.iter().enumerate() {
                let mut row = format!("{at}|{}|x|{}", written(name), written(day));
                if let Some((adds, place)) = damage[at] {
                    let marks: Vec<usize> = row.match_indices('"').map(|(place, _)| place).collect();
                    if adds {
                        row.insert(place.index(row.len() + 1), '"');
                    } else if !marks.is_empty() {
                        row.remove(marks[place.index(marks.len())]);
                    }
                    first_damaged = first_damaged.min(at);
                }
                text.push_str(&row);
                text.push('\n');
            }
            // Where damage cannot be bounded, the whole text is refused.
            let Ok(batches) = read(STATUS, text.as_bytes()) else { return Ok(()) };
            let mut found = Vec::new();
            for batch in &batches {
                let column = |name: &str| batch.rows.column_by_name(name).unwrap().as_string::<i32>().clone();
                let (codes, names, days) = (column("statusas"), column("statusas_pavadinimas"), column("formavimo_data"));
                for row in 0..batch.rows.num_rows() {
                    let cell = |column: &arrow::array::StringArray| if column.is_null(row) { String::new() } else { column.value(row).to_owned() };
                    let at: usize = cell(&codes).parse().map_err(|_| TestCaseError::fail("no row has this code"))?;
                    prop_assert_eq!((cell(&names), cell(&days)), (catalog::tidy(&table[at].0).into_owned(), catalog::tidy(&table[at].1).into_owned()));
                    found.push(at);
                }
            }
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "no row comes twice");
            // Damage reaches forward, and back by one row at most; without it all is read.
            prop_assert!((0..first_damaged.saturating_sub(1)).all(|at| found.contains(&at)));
        }
    }

    #[test]
    fn a_row_whose_last_field_lost_its_opening_mark_is_not_published_without_its_rest() {
        let heading = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n";
        // The first line of row 1 looks whole.
        for rest in ["c\"\n", "c\n\nd\"\n", "\"\n2|\"x\"|y|\n"] {
            let batches = read(STATUS, format!("{heading}0|a|b|\n1|a|b|x\n{rest}3|a|b|\n").as_bytes()).unwrap();
            assert_eq!(batches.iter().flat_map(|batch| batch.row_numbers.clone()).next(), Some(2), "{rest:?}");
            assert!(batches[0].rejected.contains(&Rejected { row_number: 3, rule: "quotes" }), "{rest:?}");
        }
        // At the end of a batch, too; and a row with a field too few says nothing of the one before.
        let many = "1|a|b|x\n".repeat(crate::row_builder::BATCH_ROWS);
        let batches = read(STATUS, format!("{heading}{many}c\"\n3|a|b|\n").as_bytes()).unwrap();
        assert_eq!(batches.iter().map(|batch| batch.row_numbers.len()).sum::<usize>(), crate::row_builder::BATCH_ROWS);
        let batches = read(STATUS, format!("{heading}{many}1|a\n3|a|b|\n").as_bytes()).unwrap();
        assert_eq!(batches.iter().map(|batch| batch.row_numbers.len()).sum::<usize>(), crate::row_builder::BATCH_ROWS + 1);
    }

    #[test]
    fn a_field_of_several_lines_that_looks_like_rows_is_one_field() {
        let text = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|\"a\n1|b|c|\n2|d|e|\n\"|f|\n3|g|h|\n";
        let batches = read(STATUS, text.as_bytes()).unwrap();
        assert_eq!((all_cells(&batches), batches[0].rejected.len()), (vec!["3".to_owned(), "g".to_owned()], 4));
        let short = "stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|\"a\nb\"|c|\n";
        assert_eq!(all_cells(&read(STATUS, short.as_bytes()).unwrap()), ["0", "a b"]);
    }

    #[test]
    fn old_code_page_becomes_lithuanian_letters() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1257.encode("ja_kodas|vip_nr|leidinys|numerio_tipas|numeris\n1||Žąsų ūkis|ISSN|2\n");
        let batches = read("raw_libis__numeriai", &bytes).unwrap();
        assert_eq!(batches[0].rows.column_by_name("leidinys").unwrap().as_string::<i32>().value(0), "Žąsų ūkis");
    }

    #[test]
    fn damaged_files_are_refused_by_name() {
        assert!(matches!(read(STATUS, b""), Err(Error::Truncated { .. })));
        assert!(matches!(read(STATUS, b"stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|a|b"), Err(Error::Truncated { .. })));
        assert!(matches!(
            read(STATUS, b"stat_kodas|stat_pavadinimas|naujas|formavimo_data\n"),
            Err(Error::UnknownHeading { place: 3, .. })
        ));
        assert!(matches!(read(STATUS, b"stat_kodas|stat_pavadinimas|stat_name\n"), Err(Error::MissingHeading { .. })));
        assert!(matches!(read("raw_gr__asmenys", b"1|2|3\n"), Err(Error::NoHeadings { .. })));
        let endless = format!("stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|\"a|b|c\n{}", "1|a|b|c\n".repeat(LONGEST_ROW / 7));
        assert!(matches!(read(STATUS, endless.as_bytes()), Err(Error::EndlessRow { row_number: 2, .. })));
        let short = format!("stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|\"a|b|c\n{}", "1|a|b|c\n".repeat(20));
        assert!(matches!(read(STATUS, short.as_bytes()), Err(Error::EndlessRow { row_number: 2, .. })));
    }
}
