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
    let mut reading = Reading { expected, place: Place::Outside, element: 0, about: HashMap::new() };
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| reading.flaw("cannot be read"))?;
        match event {
            Event::Start(_) if namespace != ResolveResult::Bound(Namespace(NAMESPACE)) => {
                reading.element += 1;
                return Err(reading.flaw("does not belong to the schema"));
            }
            Event::Start(start) => reading.start(&start)?,
            Event::End(_) => reading.end()?,
            Event::Text(text) => reading.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => reading.reference(&reference)?,
            Event::Eof => return reading.finish(),
            // The canonical form has none of these; comments were left out of it.
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                return Err(reading.flaw("is followed by something else than elements and text"));
            }
        }
    }
}

/// Where in the answer the reader stands: there are four levels, so nothing can nest deeper.
enum Place {
    Outside,
    /// Within `atsakymas`.
    Answer,
    /// Within `apie`, which is about one code.
    About { code: String, rows: Vec<Row> },
    /// Within a row.
    Row { code: String, rows: Vec<Row>, row: Row },
    /// Within a field of a row.
    Field { code: String, rows: Vec<Row>, row: Row, column: usize, text: String },
    Ended,
}

struct Reading<'a> {
    expected: &'a Expected<'a>,
    place: Place,
    element: u64,
    about: HashMap<String, Vec<Row>>,
}

impl Reading<'_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Flaw> {
        self.element += 1;
        let expected = self.expected;
        let name = start.local_name();
        self.place = match std::mem::replace(&mut self.place, Place::Ended) {
            Place::Outside if name.as_ref() == "atsakymas" => {
                if self.attribute(start, "uzklausa")? != expected.question || self.attribute(start, "israsas")? != expected.extract {
                    return Err(Flaw::OtherQuestion);
                }
                Place::Answer
            }
            Place::Answer if name.as_ref() == "apie" => {
                let code = self.attribute(start, "kodas")?;
                if !expected.codes.contains(&code) {
                    return Err(Flaw::Stranger);
                }
                if self.about.contains_key(&code) {
                    return Err(self.flaw("speaks a second time of the same code"));
                }
                Place::About { code, rows: Vec::new() }
            }
            Place::About { code, rows } if name.as_ref() == expected.extract => {
                Place::Row { code, rows, row: vec![None; expected.columns.len()] }
            }
            Place::Row { code, rows, row } => {
                let column = expected.columns.iter().position(|column| column == name.as_ref());
                let column = column.ok_or_else(|| self.flaw("is no field of this extract"))?;
                Place::Field { code, rows, row, column, text: String::new() }
            }
            _ => return Err(self.flaw("is not where the schema wants it")),
        };
        Ok(())
    }

    fn end(&mut self) -> Result<(), Flaw> {
        self.place = match std::mem::replace(&mut self.place, Place::Ended) {
            Place::Field { code, rows, mut row, column, text } => {
                let text = text.trim();
                if row[column].is_some() {
                    return Err(self.flaw("repeats a field of the row"));
                }
                if !text.is_empty() {
                    row[column] = Some(text.to_owned());
                }
                Place::Row { code, rows, row }
            }
            Place::Row { code, mut rows, row } => {
                if row[self.expected.code].as_ref() != Some(&code) {
                    return Err(Flaw::Stranger);
                }
                rows.push(row);
                Place::About { code, rows }
            }
            Place::About { code, rows } => {
                self.about.insert(code, rows);
                Place::Answer
            }
            Place::Answer => Place::Ended,
            Place::Outside | Place::Ended => return Err(self.flaw("ends what never began")),
        };
        Ok(())
    }

    fn text(&mut self, piece: &str) -> Result<(), Flaw> {
        match &mut self.place {
            Place::Field { text, .. } if text.len() + piece.len() > LONGEST_CELL => Err(self.flaw("is longer than any field may be")),
            Place::Field { text, .. } => {
                text.push_str(piece);
                Ok(())
            }
            _ if piece.chars().all(char::is_whitespace) => Ok(()),
            _ => Err(self.flaw("is followed by text that belongs to no field")),
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Flaw> {
        match reference.resolve_char_ref() {
            Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
            Ok(None) => {
                let text = resolve_predefined_entity(reference).ok_or_else(|| self.flaw("uses an entity; only the predefined five exist"))?;
                self.text(text)
            }
            Err(_) => Err(self.flaw("has a reference to no character")),
        }
    }

    fn finish(mut self) -> Result<Vec<Vec<Row>>, Flaw> {
        if !matches!(self.place, Place::Ended) {
            return Err(self.flaw("is the last one, and the answer does not end there"));
        }
        let count = self.expected.codes.len() - self.about.len();
        if count > 0 {
            return Err(Flaw::Silent { count });
        }
        Ok(self.expected.codes.iter().filter_map(|code| self.about.remove(code)).collect())
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
