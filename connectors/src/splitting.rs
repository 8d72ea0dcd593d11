//! Splitting delimited text into rows and fields, as RFC 4180 has them and not otherwise.
//!
//! A field is quoted from its first byte to its last, or not at all; a quotation mark within is doubled; after the closing one comes a delimiter
//! or a line end. A reader that is lenient here makes one row of two where a mark was lost, and publishes the name of one company with
//! the address of another. So anything else is *damage*: the row, with every line that it took in, is given out as such, and reading
//! resumes at the line after it. A mark that is never closed takes in everything: that cannot be bounded, and is an error.
//!
//! What a well-written file holds is always read as it was written: a field with line breaks never becomes rows of its own,
//! whatever is in it.

use std::io::{BufRead, BufReader, Read};
use std::ops::{Range, RangeInclusive};

use crate::row_builder::LONGEST_ROW;

/// No real row has more lines; one that does, or is longer than [`LONGEST_ROW`], means a quotation mark that was never closed.
const MOST_LINES_OF_ROW: u64 = 8;
const QUOTE: u8 = b'"';

/// What comes next in a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A row, whose fields are to be had from the splitter.
    Row,
    /// A row that is not written as it should be.
    Damaged,
    /// A row without an end: nobody knows where the next one begins.
    Endless,
    /// Nothing.
    End,
}

/// Splits a text.
#[derive(Debug)]
pub(crate) struct Splitter<R> {
    reader: BufReader<R>,
    delimiter: u8,
    line_end: u8,
    line: Vec<u8>,
    /// The last line that was read has its end.
    is_ended: bool,
    fields: Vec<u8>,
    /// Where in `fields` each one ends.
    ends: Vec<usize>,
    /// Rows before this one.
    before: u64,
    /// As how many this one counts: each line of what was set aside may have been a row.
    counts: u64,
    /// Lines of this row.
    lines: u64,
    /// Some field of this row goes over more than one line and has a delimiter in it.
    is_doubtful: bool,
    /// The first field of this row is the damaged one, goes over more than one line, or has a delimiter in it.
    begins_within: bool,
}

/// Where in a row the splitter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quotation mark within a quoted field: the closing one, or the first of two.
    Closed,
}

/// A field being read.
struct Field {
    at: At,
    goes_on: bool,
    has_delimiter: bool,
}

impl<R: Read> Splitter<R> {
    /// Splits at `delimiter`; a row ends with `line_end`, before which a carriage return may stand.
    pub(crate) fn new(reader: R, delimiter: u8, line_end: u8) -> Self {
        let reader = BufReader::with_capacity(1 << 17, reader);
        let (line, fields, ends) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            reader,
            delimiter,
            line_end,
            line,
            is_ended: true,
            fields,
            ends,
            before: 0,
            counts: 0,
            lines: 0,
            is_doubtful: false,
            begins_within: false,
        }
    }

    /// The number of this row, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.before + 1
    }

    /// The numbers of the lines of this row, each of which may have been a row of its own.
    pub(crate) fn set_aside(&mut self) -> RangeInclusive<u64> {
        self.counts = self.lines;
        self.number()..=self.before + self.lines
    }

    /// Lines of this row.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// Whether some field goes over more than one line and has a delimiter in it: a mark that was lost, and another that seems to close it?
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// Whether this may be no row, but the rest of the one before, whose last field lost the mark that opens it: the first field is damaged, goes over
    /// more than one line, or has a delimiter in it, none of which a code does.
    pub(crate) fn may_be_a_rest(&self) -> bool {
        self.begins_within
    }

    /// Whether the text broke off within a line.
    pub(crate) fn is_cut(&self) -> bool {
        !self.is_ended
    }

    /// All fields one after another, without delimiters.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.fields
    }

    /// Where each field stands in [`Splitter::bytes`].
    pub(crate) fn fields(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        self.ends.iter().enumerate().map(|(place, end)| place.checked_sub(1).map_or(0, |before| self.ends[before])..*end)
    }

    /// What was read from.
    pub(crate) fn into_inner(self) -> R {
        self.reader.into_inner()
    }

    /// Goes to the next row; empty lines are none.
    ///
    /// # Errors
    /// The text cannot be read.
    pub(crate) fn next(&mut self) -> std::io::Result<Next> {
        self.before += self.counts;
        self.fields.clear();
        self.ends.clear();
        (self.counts, self.lines) = (0, 0);
        (self.is_doubtful, self.begins_within) = (false, false);
        let mut field = Field { at: At::Start, goes_on: false, has_delimiter: false };
        loop {
            self.line.clear();
            let room = LONGEST_ROW.saturating_sub(self.fields.len()) as u64 + 1;
            let read = self.reader.by_ref().take(room).read_until(self.line_end, &mut self.line)?;
            if read == 0 {
                return Ok(if self.lines == 0 || self.is_cut() { Next::End } else { Next::Endless });
            }
            self.is_ended = self.line.last() == Some(&self.line_end);
            if read as u64 == room && !self.is_ended {
                return Ok(Next::Endless);
            }
            if self.lines == 0 && self.line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
                continue;
            }
            (self.counts, self.lines) = (1, self.lines + 1);
            if !self.split(&mut field) {
                return Ok(Next::Damaged);
            }
            if field.at != At::Quoted {
                return Ok(Next::Row);
            }
            if self.lines >= MOST_LINES_OF_ROW {
                return Ok(Next::Endless);
            }
        }
    }

    /// Takes in a line; `false` if a byte stands where none may.
    fn split(&mut self, field: &mut Field) -> bool {
        let line = std::mem::take(&mut self.line);
        let text = line.strip_suffix(&[self.line_end]).unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let is_whole = text.iter().all(|byte| self.take(*byte, field));
        self.begins_within |= !is_whole && self.ends.is_empty();
        if field.at == At::Quoted {
            self.fields.extend_from_slice(&line[text.len()..]);
            field.goes_on = true;
        } else {
            self.end_field(field);
        }
        self.line = line;
        is_whole
    }

    fn take(&mut self, byte: u8, field: &mut Field) -> bool {
        field.at = match (field.at, byte) {
            (At::Start, QUOTE) => At::Quoted,
            (At::Quoted, QUOTE) => At::Closed,
            (At::Closed, QUOTE) => {
                self.fields.push(byte);
                At::Quoted
            }
            (At::Quoted, _) => {
                field.has_delimiter |= byte == self.delimiter;
                self.fields.push(byte);
                At::Quoted
            }
            (_, _) if byte == self.delimiter => {
                self.end_field(field);
                At::Start
            }
            // A quotation mark in the middle, text after the closing one, the line end of another system.
            (At::Closed, _) | (At::Plain, QUOTE) | (_, b'\r' | b'\n') => return false,
            (At::Start | At::Plain, _) => {
                self.fields.push(byte);
                At::Plain
            }
        };
        true
    }

    fn end_field(&mut self, field: &mut Field) {
        self.begins_within |= self.ends.is_empty() && (field.goes_on || field.has_delimiter);
        self.ends.push(self.fields.len());
        self.is_doubtful |= field.goes_on && field.has_delimiter;
        (field.goes_on, field.has_delimiter) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row: its number and its fields.
    type Row = (u64, Vec<String>);

    /// What a text is split into: its rows, and the lines that were set aside.
    fn split(text: &str) -> (Vec<Row>, Vec<u64>, Next) {
        let mut splitter = Splitter::new(text.as_bytes(), b'|', b'\n');
        let (mut rows, mut aside) = (Vec::new(), Vec::new());
        loop {
            match splitter.next().unwrap() {
                Next::Row => {
                    let text = |range: Range<usize>| String::from_utf8(splitter.bytes()[range].to_vec()).unwrap();
                    rows.push((splitter.number(), splitter.fields().map(text).collect()));
                }
                Next::Damaged => aside.extend(splitter.set_aside()),
                end => return (rows, aside, end),
            }
        }
    }

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn what_the_standard_allows_is_read_as_it_was_written() {
        let (rows, aside, end) = split("a|\"b|c\"|\r\n\n\"say \"\"yes\"\"\"|\"two\r\nlines\"|\"\"\n\"\"\"\"|x|\"\n\n\"\n");
        assert_eq!(rows[0], (1, cells(&["a", "b|c", ""])));
        assert_eq!(rows[1], (2, cells(&["say \"yes\"", "two\r\nlines", ""])));
        assert_eq!(rows[2], (3, cells(&["\"", "x", "\n\n"])));
        assert_eq!((rows.len(), aside, end), (3, vec![], Next::End));
    }

    #[test]
    fn text_after_a_closing_mark_or_a_mark_in_the_middle_sets_its_row_aside() {
        for bad in ["\"Aušros\" UAB|x", "x|\"a\"b", "x|\"a\" ", "UAB \"Ryto\" grupė|x", "x|a\"", "x|\"a\"\"\"b|c", "a\rb|x", "\"a\"\r|x"]
        {
            let (rows, aside, end) = split(&format!("1|a\n{bad}\n3|c\n"));
            assert_eq!((rows, aside, end), (vec![(1, cells(&["1", "a"])), (3, cells(&["3", "c"]))], vec![2], Next::End), "{bad}");
        }
    }

    #[test]
    fn a_mark_that_is_not_closed_sets_aside_its_row_and_what_it_took_in() {
        let (rows, aside, end) = split("1|\"a|b\n2|c|d\n3|\"e\"|f\n4|g|h\n");
        assert_eq!((rows, aside, end), (vec![(4, cells(&["4", "g", "h"]))], vec![1, 2, 3], Next::End));
        assert_eq!(split("1|a\n2|\"b\n3|c\n").2, Next::Endless, "to the end of the text");
        assert_eq!(split(&format!("1|\"a\n{}", "2|b\n".repeat(20))).2, Next::Endless);
        assert_eq!(split(&format!("1|\"a\n{}3|\"c\"\n", "2|b\n".repeat(20))).2, Next::Endless, "up to a mark of another row");
        assert_eq!(split(&"x".repeat(LONGEST_ROW + 2)).2, Next::Endless);
    }

    #[test]
    fn a_field_with_lines_and_delimiters_is_doubtful() {
        let doubtful = |text: &str| {
            let mut splitter = Splitter::new(text.as_bytes(), b'|', b'\n');
            assert_eq!(splitter.next().unwrap(), Next::Row);
            (splitter.is_doubtful(), splitter.lines(), splitter.set_aside())
        };
        assert_eq!(doubtful("1|\"a|b\nc\"|d\n"), (true, 2, 1..=2));
        assert_eq!(doubtful("1|\"a\nb|c\"|d\n"), (true, 2, 1..=2));
        assert_eq!(doubtful("1|\"a\nb\"|\"c|d\"\n"), (false, 2, 1..=2));
    }

    #[test]
    fn what_may_be_the_rest_of_the_row_before_is_told() {
        for (text, is_rest) in [
            ("b\"\n", true),
            ("\"b\"x|c\n", true),
            ("\"a\nb\"|c\n", true),
            ("\"|\"|c\n", true),
            ("a|b\"\n", false),
            ("a|\"b\nc\"\n", false),
            ("a|b\n", false),
        ] {
            let mut splitter = Splitter::new(text.as_bytes(), b'|', b'\n');
            splitter.next().unwrap();
            assert_eq!(splitter.may_be_a_rest(), is_rest, "{text}");
        }
    }

    #[test]
    fn a_text_that_breaks_off_is_told_from_one_that_ends() {
        for (text, is_cut) in [("1|a\n", false), ("1|a", true), ("1|\"a", true), ("1|\"a\nb", true)] {
            let mut splitter = Splitter::new(text.as_bytes(), b'|', b'\n');
            while splitter.next().unwrap() != Next::End {}
            assert_eq!(splitter.is_cut(), is_cut, "{text}");
        }
    }
}
