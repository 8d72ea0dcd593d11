//! Delimited text, from wherever it comes, in batches of raw text.

use std::borrow::Cow;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::PathBuf;

use arrow::datatypes::SchemaRef;
use catalog::Table;
use csv::ByteRecord;

use crate::headings::KnownHeadings;
use crate::place::Place;
use crate::row_builder::{LONGEST_ROW, RowBuilder};
use crate::transport::Batch;
use crate::{Encoding, Error, Extract};

/// Field delimiter of the Centre of Registers' files and of extract format 1.
const DELIMITER: u8 = b'|';
/// No real row has more lines; one that does, or is longer than [`LONGEST_ROW`], means a quotation mark that was never closed.
const MOST_LINES_OF_ROW: usize = 8;
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text, its first bytes read already.
type Text<R> = BufReader<LastByte<Chain<Cursor<Vec<u8>>, R>>>;

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
    reader: csv::Reader<Text<R>>,
    /// The first line of a text without headings: already read, still to be handed out.
    pending: Option<ByteRecord>,
    finished: bool,
}

impl<R: Read> Delimited<R> {
    /// Begins to read and settles the headings.
    ///
    /// # Errors
    /// The text is empty, unreadable, or its headings are not those the connector knows.
    pub(crate) fn open(source: &'static str, extract: &Extract, table: &Table, place: PathBuf, mut text: R) -> Result<Self, Error> {
        let place = Place { source, path: place };
        let failed = |reason| place.read(reason);
        // The network may hand out fewer bytes at first than the mark has.
        let mut begin = Vec::with_capacity(BYTE_ORDER_MARK.len());
        text.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut begin).map_err(failed)?;
        if begin.is_empty() {
            return Err(place.truncated("it is empty"));
        }
        if begin == BYTE_ORDER_MARK {
            begin.clear();
        }
        let input = BufReader::with_capacity(1 << 17, LastByte { inner: Cursor::new(begin).chain(text), last: None });
        let mut reader = csv::ReaderBuilder::new().delimiter(DELIMITER).has_headers(false).flexible(true).from_reader(input);
        let mut first = ByteRecord::new();
        reader.read_byte_record(&mut first).map_err(|error| failed(error.into()))?;
        let found: Vec<String> = first.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
        let settled = KnownHeadings::new(extract, table).settle(&found, &place)?;
        let (schema, encoding) = (table.raw_schema(), extract.encoding);
        Ok(Self { place, encoding, schema, targets: settled.targets, reader, pending: settled.is_data.then_some(first), finished: false })
    }

    /// What was read from, after the last batch.
    pub(crate) fn into_inner(self) -> R {
        self.reader.into_inner().into_inner().inner.into_inner().1
    }

    fn read_batch(&mut self) -> Result<Option<Batch>, Error> {
        let mut rows = RowBuilder::new(&self.schema);
        let mut record = ByteRecord::new();
        while !rows.is_full() {
            match self.pending.take() {
                Some(first) => record = first,
                None if !self.reader.read_byte_record(&mut record).map_err(|error| self.failed(error.into()))? => {
                    self.finished = true;
                    if self.reader.get_ref().get_ref().last != Some(b'\n') {
                        return Err(self.place.truncated("its last row has no line end"));
                    }
                    break;
                }
                None => {}
            }
            let row_number = record.position().map_or(0, |position| position.record() + 1);
            if is_endless(&record) {
                return Err(self.place.endless_row(row_number));
            }
            if record.len() != self.targets.len() {
                rows.reject(row_number, "columns");
            } else if self.append(&record, &mut rows) {
                rows.row(row_number);
            } else {
                rows.reject(row_number, "encoding");
            }
        }
        rows.finish().map_err(|error| self.failed(std::io::Error::other(error)))
    }

    /// Adds the cells of one row; `false`, with nothing added, when its bytes are no text in the extract's encoding.
    fn append(&self, record: &ByteRecord, rows: &mut RowBuilder) -> bool {
        // Fields lie one after another in one buffer and are cut at ASCII delimiters: one check covers them all.
        let all = match self.encoding {
            Encoding::Utf8 => match std::str::from_utf8(record.as_slice()) {
                Ok(all) => all,
                Err(_) => return false,
            },
            Encoding::Windows1257 => "",
        };
        for (place, target) in self.targets.iter().enumerate() {
            let (Some(target), Some(range)) = (*target, record.range(place)) else { continue };
            let text = match self.encoding {
                Encoding::Utf8 => Cow::Borrowed(all.get(range).unwrap_or_default()),
                Encoding::Windows1257 => encoding_rs::WINDOWS_1257.decode_without_bom_handling(&record[place]).0,
            };
            rows.cell(target, &text);
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

/// Remembers the last byte: a text that was cut off does not end with a line end.
#[derive(Debug)]
struct LastByte<R> {
    inner: R,
    last: Option<u8>,
}

impl<R: Read> Read for LastByte<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(last) = buffer[..read].last() {
            self.last = Some(*last);
        }
        Ok(read)
    }
}

/// Whether a quotation mark was opened in this row and never closed.
fn is_endless(record: &ByteRecord) -> bool {
    let bytes = record.as_slice();
    bytes.len() > LONGEST_ROW || bytes.iter().filter(|byte| **byte == b'\n').count() >= MOST_LINES_OF_ROW
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::CONNECTORS;
    use crate::transport::Rejected;
    use arrow::array::{Array, AsArray};
    use catalog::Catalog;

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
