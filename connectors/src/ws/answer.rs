//! Reading a verified answer: the schema's few elements, each in its place, and nothing else.

use std::collections::HashMap;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::{Flaw, NAMESPACE};

/// Bytes of one cell: the schema's 4000 characters, none of which has more than four.
pub(super) const LONGEST_CELL: usize = 4 * 4_000;

/// The fields of one row, in the order of the table's columns; an empty one is `None`.
pub(super) type Row = Vec<Option<String>>;

/// What an answer must be about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    /// The question's id.
    pub(super) question: &'a str,
    /// The raw table's subject, which is also the name of a row.
    pub(super) extract: &'a str,
    /// The table's columns.
    pub(super) columns: &'a [String],
    /// Which of them holds the code that was asked for.
    pub(super) code: usize,
    /// The codes that were asked for.
    pub(super) codes: &'a [String],
}

/// The rows of each code, in the order of the question.
pub(super) fn read(canonical: &str, expected: &Expected<'_>) -> Result<Vec<Vec<Row>>, Flaw> {
    let mut reader = NsReader::from_str(canonical);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading::new(expected);
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| reading.flaw("cannot be read"))?;
        match event {
            Event::Start(start) => reading.start(namespace == ResolveResult::Bound(Namespace(NAMESPACE)), &start)?,
            Event::End(_) => reading.end()?,
            Event::Text(text) => reading.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => reading.reference(&reference)?,
            Event::Eof => return reading.finish(),
            // The canonical form has none of these.
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                return Err(reading.flaw("is followed by something else than elements and text"));
            }
        }
    }
}

/// Where in the answer the reader stands: nothing can nest deeper than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Begin,
    /// Within `atsakymas`.
    Answer,
    /// Within `apie`: one code.
    About,
    /// Within a row.
    Row,
    /// Within a field of a row: this column.
    Field(usize),
    End,
}

struct Reading<'a> {
    expected: &'a Expected<'a>,
    place: Place,
    /// How many elements have begun.
    element: u64,
    finished: HashMap<String, Vec<Row>>,
    code: String,
    rows: Vec<Row>,
    row: Row,
    text: String,
}

impl<'a> Reading<'a> {
    fn new(expected: &'a Expected<'a>) -> Self {
        let (finished, rows, row) = (HashMap::new(), Vec::new(), Vec::new());
        Self { expected, place: Place::Begin, element: 0, finished, code: String::new(), rows, row, text: String::new() }
    }

    fn start(&mut self, is_ours: bool, start: &BytesStart<'_>) -> Result<(), Flaw> {
        self.element += 1;
        let expected = self.expected;
        let name = start.local_name();
        self.place = match (self.place, name.as_ref()) {
            _ if !is_ours => return Err(self.flaw("is of another namespace")),
            (Place::Begin, "atsakymas") => {
                if self.attribute(start, "uzklausa")? != expected.question || self.attribute(start, "israsas")? != expected.extract {
                    return Err(Flaw::OtherQuestion);
                }
                Place::Answer
            }
            (Place::Answer, "apie") => {
                self.code = self.attribute(start, "kodas")?;
                if !expected.codes.contains(&self.code) {
                    return Err(Flaw::Stranger);
                }
                if self.finished.contains_key(&self.code) {
                    return Err(self.flaw("speaks of a code for the second time"));
                }
                Place::About
            }
            (Place::About, name) if name == expected.extract => {
                self.row = vec![None; expected.columns.len()];
                Place::Row
            }
            (Place::Row, name) => match expected.columns.iter().position(|column| column == name) {
                Some(column) if self.row[column].is_none() => Place::Field(column),
                Some(_) => return Err(self.flaw("repeats a field of its row")),
                None => return Err(self.flaw("is no field of this extract")),
            },
            _ => return Err(self.flaw("is not where the schema wants it")),
        };
        Ok(())
    }

    fn end(&mut self) -> Result<(), Flaw> {
        self.place = match self.place {
            Place::Field(column) => {
                let text = std::mem::take(&mut self.text);
                let text = text.trim();
                self.row[column] = (!text.is_empty()).then(|| text.to_owned());
                Place::Row
            }
            Place::Row => {
                if self.row[self.expected.code].as_ref() != Some(&self.code) {
                    return Err(Flaw::Stranger);
                }
                self.rows.push(std::mem::take(&mut self.row));
                Place::About
            }
            Place::About => {
                self.finished.insert(std::mem::take(&mut self.code), std::mem::take(&mut self.rows));
                Place::Answer
            }
            Place::Answer => Place::End,
            Place::Begin | Place::End => return Err(self.flaw("ends what never began")),
        };
        Ok(())
    }

    fn text(&mut self, piece: &str) -> Result<(), Flaw> {
        match self.place {
            Place::Field(_) if self.text.len() + piece.len() > LONGEST_CELL => Err(self.flaw("is longer than any field may be")),
            Place::Field(_) => {
                self.text.push_str(piece);
                Ok(())
            }
            _ if piece.chars().all(char::is_whitespace) => Ok(()),
            _ => Err(self.flaw("is followed by text that belongs to no field")),
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Flaw> {
        match reference.resolve_char_ref() {
            Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
            Ok(None) => match resolve_predefined_entity(reference) {
                Some(text) => self.text(text),
                None => Err(self.flaw("uses an entity; only the five predefined ones exist")),
            },
            Err(_) => Err(self.flaw("has a reference to no character")),
        }
    }

    fn finish(mut self) -> Result<Vec<Vec<Row>>, Flaw> {
        if self.place != Place::End {
            return Err(self.flaw("is the last one, but the answer does not end there"));
        }
        match self.expected.codes.len() - self.finished.len() {
            0 => Ok(self.expected.codes.iter().filter_map(|code| self.finished.remove(code)).collect()),
            count => Err(Flaw::Silent { count }),
        }
    }

    fn attribute(&self, start: &BytesStart<'_>, name: &str) -> Result<String, Flaw> {
        let attribute = start.try_get_attribute(name).ok().flatten().ok_or_else(|| self.flaw("lacks an attribute"))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| self.flaw("has an unreadable attribute"))?;
        Ok(value.into_owned())
    }

    fn flaw(&self, found: &'static str) -> Flaw {
        Flaw::Answer { element: self.element, found }
    }
}
