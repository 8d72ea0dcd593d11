//! JSON Lines: one object per line, its keys are headings. What is absent or `null` is a missing value. In columns of numbers, a number is
//! read by its value; in columns of text it stays as it is written.

use std::fmt;
use std::io::{BufRead, BufReader, Read};

use arrow::datatypes::SchemaRef;
use catalog::Table;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::numbers::plain;
use crate::beginning::{Beginning, Whole};
use crate::headings::{KnownHeadings, normal};
use crate::place::Place;
use crate::row_builder::{LONGEST_ROW, RowBuilder};
use crate::transport::Batch;
use crate::{Error, Extract};

/// Splits JSON Lines into batches; an iterator.
pub(super) struct JsonLines<R> {
    place: Place,
    known: KnownHeadings,
    schema: SchemaRef,
    /// Whether a column holds numbers.
    is_numeric: Vec<bool>,
    reader: BufReader<Whole<R>>,
    line_end: u8,
    line: Vec<u8>,
    row_number: u64,
    /// The first line is read already, still to be handed out.
    pending: bool,
    /// Which headings some object had.
    seen: Vec<bool>,
    finished: bool,
}

/// The keys and values of one object, as they are written.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl<R: Read> JsonLines<R> {
    /// Begins to read.
    ///
    /// # Errors
    /// The text is empty, unreadable, no text, or does not begin with an object.
    pub(super) fn open(place: &Place, extract: &Extract, table: &Table, mut text: R) -> Result<Self, Error> {
        let beginning = Beginning::of(place, &mut text)?;
        let (line_end, reader) = (beginning.line_end, BufReader::with_capacity(1 << 17, beginning.before(text)));
        let (known, schema, place) = (KnownHeadings::new(extract, table), table.raw_schema(), place.clone());
        let is_numeric = table.columns.iter().map(|column| column.column.kind.is_numeric()).collect();
        let (seen, line) = (vec![false; known.count()], Vec::new());
        let (row_number, pending, finished) = (0, true, false);
        let mut lines = Self { place, known, schema, is_numeric, reader, line_end, line, row_number, pending, seen, finished };
        if !lines.next_line()? {
            return Err(lines.place.truncated("it is empty"));
        }
        if lines.line.trim_ascii_start().first() == Some(&b'{') { Ok(lines) } else { Err(lines.place.no_headings()) }
    }

    /// Reads the next line that is not blank; `false` after the last.
    fn next_line(&mut self) -> Result<bool, Error> {
        loop {
            self.line.clear();
            let mut bounded = self.reader.by_ref().take(LONGEST_ROW as u64 + 1);
            let read = bounded.read_until(self.line_end, &mut self.line).map_err(|reason| self.place.read(reason))?;
            self.row_number += 1;
            if read > LONGEST_ROW {
                return Err(self.place.endless_row(self.row_number));
            }
            if read == 0 || !self.line.trim_ascii().is_empty() {
                return Ok(read > 0);
            }
        }
    }

    fn read_batch(&mut self) -> Result<Option<Batch>, Error> {
        let mut rows = RowBuilder::new(&self.schema);
        while !rows.is_full() {
            if !std::mem::take(&mut self.pending) && !self.next_line()? {
                self.finished = true;
                if let Some(missing) = self.seen.iter().position(|seen| !seen) {
                    return Err(self.place.missing_heading(self.known.name(missing)));
                }
                break;
            }
            let line = std::mem::take(&mut self.line);
            match self.append(&line, &mut rows)? {
                Ok(()) => rows.row(self.row_number),
                // A whole line ends with a line end; the last one may lack it, but then it must be whole all the same.
                Err(_) if line.last() != Some(&self.line_end) => return Err(self.place.truncated("its last line breaks off")),
                Err(rule) => rows.reject(self.row_number, rule),
            }
            self.line = line;
        }
        rows.finish().map_err(|error| self.place.read(std::io::Error::other(error)))
    }

    /// Adds the cells of one line; the rule it breaks, with nothing added, when it is no row.
    fn append(&mut self, line: &[u8], rows: &mut RowBuilder) -> Result<Result<(), &'static str>, Error> {
        let Ok(line) = std::str::from_utf8(line) else { return Ok(Err("encoding")) };
        let Ok(Object(pairs)) = serde_json::from_str(line) else { return Ok(Err("json")) };
        let positions: Vec<Option<usize>> = pairs.iter().map(|(key, _)| self.known.position(&normal(key))).collect();
        if let Some(stranger) = positions.iter().position(Option::is_none) {
            // Before any heading was seen, keys that are all strange are another file's; later, one was added.
            return Err(if self.seen.contains(&true) || positions.iter().any(Option::is_some) {
                let (source_name, path) = (self.place.source, self.place.path.clone());
                Error::UnknownKey { source_name, path, row_number: self.row_number, place: stranger + 1 }
            } else {
                self.place.no_headings()
            });
        }
        let mut cells = vec![None; self.known.count()];
        let mut broken = None;
        for (position, (_, value)) in positions.into_iter().flatten().zip(pairs) {
            self.seen[position] = true;
            let is_numeric = self.known.column(position).is_some_and(|column| self.is_numeric[column]);
            let cell =
                text_of(value, is_numeric).and_then(|text| if cells[position].replace(text).is_some() { Err("json") } else { Ok(()) });
            broken = broken.or(cell.err());
        }
        if let Some(rule) = broken {
            return Ok(Err(rule));
        }
        for (position, cell) in cells.into_iter().enumerate() {
            if let Some(column) = self.known.column(position) {
                rows.cell(column, cell.as_deref().unwrap_or_default());
            }
        }
        Ok(Ok(()))
    }
}

/// A value as text: a number by its value where numbers stand, else with all its digits; `true` and `false` as they are written.
fn text_of(value: &RawValue, is_numeric: bool) -> Result<String, &'static str> {
    let written = value.get();
    match written.as_bytes().first() {
        Some(b'"') => serde_json::from_str(written).map_err(|_| "json"),
        Some(b'{' | b'[') => Err("nested"),
        Some(b'-' | b'0'..=b'9') if is_numeric => plain(written).ok_or("cell"),
        _ if written == "null" => Ok(String::new()),
        _ => Ok(written.to_owned()),
    }
}

impl<R: Read> Iterator for JsonLines<R> {
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
