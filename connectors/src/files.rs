//! The drop-folder transport: delimited files, streamed in batches of raw text.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::SchemaRef;
use catalog::Table;
use csv::ByteRecord;

use crate::{Encoding, Error, Extract, HeadingLine};

/// Field delimiter of the Centre of Registers' files and of extract format 1.
const DELIMITER: u8 = b'|';
/// Rows in one batch: large enough to amortise, small enough to stay in cache.
const BATCH_ROWS: usize = 16_384;
/// No real row is longer, or has more lines; one that does means a quotation mark that was never closed.
const LONGEST_ROW: usize = 256 * 1024;
const MOST_LINES_OF_ROW: usize = 8;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A row that could not even be split into its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejected {
    /// Row of the file, from 1; the heading line counts.
    pub row_number: u64,
    /// `columns` (wrong number of fields) or `encoding` (bytes that are no text).
    pub rule: &'static str,
}

/// Some rows of an extract, all text, columns as the raw table defines them.
#[derive(Debug)]
pub struct Batch {
    /// The rows; an empty field is null.
    pub rows: RecordBatch,
    /// Where in the file each row stands, from 1; the heading line counts.
    pub row_numbers: Vec<u64>,
    /// Rows that are not among `rows`.
    pub rejected: Vec<Rejected>,
}

/// Reads one extract; an iterator over its batches.
#[derive(Debug)]
pub struct FileReader {
    source: &'static str,
    path: PathBuf,
    encoding: Encoding,
    schema: SchemaRef,
    /// For each field of the file, the column it fills.
    targets: Vec<Option<usize>>,
    reader: csv::Reader<BufReader<File>>,
    /// The first line of a file without headings: already read, still to be handed out.
    pending: Option<ByteRecord>,
    finished: bool,
}

impl FileReader {
    /// Opens the extract in `folder` and settles its headings.
    ///
    /// # Errors
    /// The file is missing, unreadable, truncated, or its headings are not those the connector knows.
    pub fn open(source: &'static str, extract: &Extract, table: &Table, folder: &Path) -> Result<Self, Error> {
        let path = folder.join(extract.file);
        let failed = |reason| Error::Read { source_name: source, path: path.clone(), reason };
        let mut file = File::open(&path).map_err(|reason| match reason.kind() {
            std::io::ErrorKind::NotFound => Error::Missing { source_name: source, path: path.clone() },
            _ => failed(reason),
        })?;
        let truncated = |found| Error::Truncated { source_name: source, path: path.clone(), found };
        if file.metadata().map_err(failed)?.len() == 0 {
            return Err(truncated("it is empty"));
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last)).and_then(|()| file.rewind()).map_err(failed)?;
        if last != *b"\n" {
            return Err(truncated("its last row has no line end"));
        }
        let mut input = BufReader::with_capacity(1 << 17, file);
        if input.fill_buf().map_err(failed)?.starts_with(BYTE_ORDER_MARK) {
            input.consume(BYTE_ORDER_MARK.len());
        }
        let mut reader = csv::ReaderBuilder::new().delimiter(DELIMITER).has_headers(false).flexible(true).from_reader(input);
        let mut first = ByteRecord::new();
        reader.read_byte_record(&mut first).map_err(|error| failed(error.into()))?;
        let known = extract.headings(table);
        let (order, pending) = match settle(&known, &first) {
            Settled::Headings(order) => (order, None),
            Settled::Unknown(_) | Settled::NotHeadings
                if extract.heading_line == HeadingLine::MayBeMissing
                    && first.len() == known.len()
                    && !looks_like_headings(&known, &first) =>
            {
                tracing::warn!(source, file = extract.file, "no heading line: columns are taken by position");
                ((0..known.len()).collect(), Some(first))
            }
            Settled::Unknown(place) => return Err(Error::UnknownHeading { source_name: source, path, place }),
            Settled::Missing(heading) => return Err(Error::MissingHeading { source_name: source, path, heading }),
            Settled::NotHeadings => return Err(Error::NoHeadings { source_name: source, path }),
        };
        let schema = table.raw_schema();
        let targets = order.iter().map(|&at| known[at].1.as_ref().and_then(|column| schema.index_of(column).ok())).collect();
        Ok(Self { source, path, encoding: extract.encoding, schema, targets, reader, pending, finished: false })
    }

    fn read_batch(&mut self) -> Result<Option<Batch>, Error> {
        let mut builders: Vec<_> = self.schema.fields().iter().map(|_| StringBuilder::with_capacity(BATCH_ROWS, 0)).collect();
        let (mut row_numbers, mut rejected) = (Vec::with_capacity(BATCH_ROWS), Vec::new());
        let mut record = ByteRecord::new();
        while row_numbers.len() < BATCH_ROWS {
            match self.pending.take() {
                Some(first) => record = first,
                None if !self.reader.read_byte_record(&mut record).map_err(|error| self.failed(error.into()))? => {
                    self.finished = true;
                    break;
                }
                None => {}
            }
            let row_number = record.position().map_or(0, |position| position.record() + 1);
            if is_endless(&record) {
                return Err(Error::EndlessRow { source_name: self.source, path: self.path.clone(), row_number });
            }
            if record.len() != self.targets.len() {
                rejected.push(Rejected { row_number, rule: "columns" });
            } else if self.append(&record, &mut builders) {
                row_numbers.push(row_number);
            } else {
                rejected.push(Rejected { row_number, rule: "encoding" });
            }
        }
        if row_numbers.is_empty() && rejected.is_empty() {
            return Ok(None);
        }
        let columns = builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let rows = RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| self.failed(std::io::Error::other(error)))?;
        Ok(Some(Batch { rows, row_numbers, rejected }))
    }

    /// Adds one row; `false`, with nothing added, when its bytes are no text in the extract's encoding.
    fn append(&self, record: &ByteRecord, builders: &mut [StringBuilder]) -> bool {
        // Fields lie one after another in one buffer and are cut at ASCII delimiters: one check covers them all.
        if self.encoding == Encoding::Utf8 && std::str::from_utf8(record.as_slice()).is_err() {
            return false;
        }
        for (field, target) in record.iter().zip(&self.targets) {
            let Some(target) = *target else { continue };
            let text = match self.encoding {
                Encoding::Utf8 => std::str::from_utf8(field).map(std::borrow::Cow::Borrowed).unwrap_or_default(),
                Encoding::Windows1257 => encoding_rs::WINDOWS_1257.decode_without_bom_handling(field).0,
            };
            let text = text.trim();
            if text.is_empty() { builders[target].append_null() } else { builders[target].append_value(text) }
        }
        true
    }

    fn failed(&self, reason: std::io::Error) -> Error {
        Error::Read { source_name: self.source, path: self.path.clone(), reason }
    }
}

impl Iterator for FileReader {
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

/// Whether a quotation mark was opened in this row and never closed.
fn is_endless(record: &ByteRecord) -> bool {
    let bytes = record.as_slice();
    bytes.len() > LONGEST_ROW || bytes.iter().filter(|byte| **byte == b'\n').count() >= MOST_LINES_OF_ROW
}

enum Settled {
    /// For each field of the file, its place among the known headings.
    Headings(Vec<usize>),
    Unknown(usize),
    Missing(String),
    NotHeadings,
}

/// Compares the first line with the known headings, in any order and letter case.
fn settle(known: &[(String, Option<String>)], first: &ByteRecord) -> Settled {
    let found: Vec<String> = first.iter().map(|field| String::from_utf8_lossy(field).trim().to_lowercase()).collect();
    let place = |heading: &String| known.iter().position(|(name, _)| name == heading);
    if found.iter().all(|heading| place(heading).is_none()) {
        return Settled::NotHeadings;
    }
    if let Some(stranger) = found.iter().position(|heading| place(heading).is_none()) {
        return Settled::Unknown(stranger + 1);
    }
    match known.iter().find(|(name, _)| !found.contains(name)) {
        Some((name, _)) => Settled::Missing(name.clone()),
        None => Settled::Headings(found.iter().filter_map(place).collect()),
    }
}

/// Whether some field of the first line is a known heading: then it is a changed heading line, not data.
fn looks_like_headings(known: &[(String, Option<String>)], first: &ByteRecord) -> bool {
    first.iter().any(|field| known.iter().any(|(name, _)| name.as_bytes().eq_ignore_ascii_case(field)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CONNECTORS;
    use arrow::array::{Array, AsArray};
    use catalog::Catalog;

    fn read(table: &str, content: &[u8]) -> Result<Vec<Batch>, Error> {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let (connector, extract) =
            CONNECTORS.iter().flat_map(|c| c.extracts.iter().map(move |e| (c, e))).find(|(_, e)| e.table == table).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(extract.file), content).unwrap();
        FileReader::open(connector.source, extract, catalog.table(table).unwrap(), folder.path())?.collect()
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
