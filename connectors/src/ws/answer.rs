//! Reading a verified answer: the schema's few elements, each in its place, and nothing else.

use std::collections::HashMap;

use catalog::SecretCode;
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

/// What an answer must be about. Not to be printed: it holds codes.
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
    pub(super) codes: &'a [SecretCode],
}

/// The rows, in the order of the codes of the question.
pub(super) fn read(canonical: &str, expected: &Expected<'_>) -> Result<Vec<Row>, Flaw> {
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
                if !expected.codes.iter().any(|code| code.expose_to_register() == self.code) {
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
                let text = catalog::tidy(&text);
                self.row[column] = (!text.is_empty()).then(|| text.into_owned());
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

    fn finish(mut self) -> Result<Vec<Row>, Flaw> {
        if self.place != Place::End {
            return Err(self.flaw("is the last one, but the answer does not end there"));
        }
        match self.expected.codes.len() - self.finished.len() {
            0 => Ok(self.expected.codes.iter().filter_map(|code| self.finished.remove(code.expose_to_register())).flatten().collect()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_about(codes: &[&str], inside: &str) -> Result<Vec<Row>, Flaw> {
        let columns = ["ja_kodas", "el_pastas", "telefonas"].map(str::to_owned);
        let codes: Vec<SecretCode> = codes.iter().copied().map(SecretCode::new).collect();
        let expected = Expected { question: "_1", extract: "jar__kontaktai", columns: &columns, code: 0, codes: &codes };
        let begin = format!("<v:atsakymas xmlns:v=\"{NAMESPACE}\" uzklausa=\"_1\" israsas=\"jar__kontaktai\">");
        read(&inside.replace("BEGIN", &begin).replace("END", "</v:atsakymas>"), &expected)
    }

    fn about(code: &str, fields: &str) -> String {
        format!("<v:apie kodas=\"{code}\"><v:jar__kontaktai><v:ja_kodas>{code}</v:ja_kodas>{fields}</v:jar__kontaktai></v:apie>")
    }

    fn found(inside: &str) -> &'static str {
        match read_about(&["1", "2"], inside) {
            Err(Flaw::Answer { found, .. }) => found,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_come_in_the_order_of_the_question_and_empty_fields_are_nothing() {
        let second = about("2", "<v:telefonas> +370 \n</v:telefonas><v:el_pastas>a&amp;b&#xD;&lt;c</v:el_pastas>");
        let rows =
            read_about(&["1", "3", "2"], &format!("BEGIN{second}{}\n<v:apie kodas=\"3\"/>END", about("1", "<v:el_pastas> </v:el_pastas>")));
        let cell = |text: &str| Some(text.to_owned());
        assert_eq!(rows, Ok(vec![vec![cell("1"), None, None], vec![cell("2"), cell("a&b <c"), cell("+370")]]));
    }

    #[test]
    fn an_answer_is_about_the_question_and_about_all_of_it() {
        let (first, second, third) = (about("1", ""), about("2", ""), about("3", ""));
        assert_eq!(read_about(&["1", "2"], &format!("BEGIN{first}END")), Err(Flaw::Silent { count: 1 }));
        assert_eq!(read_about(&["1", "2"], &format!("BEGIN{first}{third}{second}END")), Err(Flaw::Stranger));
        let strange_row = first.replace("<v:ja_kodas>1", "<v:ja_kodas>2");
        assert_eq!(read_about(&["1", "2"], &format!("BEGIN{strange_row}{second}END")), Err(Flaw::Stranger));
        assert_eq!(found(&format!("BEGIN{first}{first}{second}END")), "speaks of a code for the second time");
        let other = format!("<v:atsakymas xmlns:v=\"{NAMESPACE}\" uzklausa=\"_2\" israsas=\"jar__kontaktai\">END");
        assert_eq!(read_about(&[], &other), Err(Flaw::OtherQuestion));
        assert_eq!(read_about(&[], &other.replace("_2", "_1").replace("kontaktai", "valdymas")), Err(Flaw::OtherQuestion));
    }

    #[test]
    fn what_the_schema_does_not_know_is_refused_by_its_place() {
        let first = about("1", "");
        let with = |fields: &str| format!("BEGIN{}END", about("1", fields));
        assert_eq!(found(&with("<v:kita>39001010005</v:kita>")), "is no field of this extract");
        assert_eq!(found(&with("<el_pastas>x</el_pastas>")), "is of another namespace");
        assert_eq!(found(&with("<v:el_pastas><v:el_pastas/></v:el_pastas>")), "is not where the schema wants it");
        assert_eq!(found(&with("<v:el_pastas>x</v:el_pastas><v:el_pastas>y</v:el_pastas>")), "repeats a field of its row");
        assert_eq!(found(&with("text")), "is followed by text that belongs to no field");
        assert_eq!(found(&with("<v:el_pastas>&x;</v:el_pastas>")), "uses an entity; only the five predefined ones exist");
        assert_eq!(
            found(&with(&format!("<v:el_pastas>{}</v:el_pastas>", "x".repeat(LONGEST_CELL + 1)))),
            "is longer than any field may be"
        );
        for foreign in ["<!DOCTYPE v>", "<?x y?>", "<!-- x -->", "<![CDATA[x]]>"] {
            assert_eq!(found(&with(foreign)), "is followed by something else than elements and text", "{foreign}");
        }
        assert_eq!(found("<!DOCTYPE x [<!ENTITY a \"b\">]>BEGINEND"), "is followed by something else than elements and text");
        assert_eq!(found(&format!("BEGIN{first}")), "is the last one, but the answer does not end there");
        assert_eq!(found("BEGINENDBEGINEND"), "is not where the schema wants it");
        assert_eq!(
            read_about(&["1"], &format!("BEGIN{}<v:b/>END", first)),
            Err(Flaw::Answer { element: 5, found: "is not where the schema wants it" })
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(<|</|<v:apie kodas=\"1\">|<v:jar__kontaktai>|<v:ja_kodas>|1|</v:apie>|BEGIN|END|&amp;|&#0;|&x;|>|\"|\\PC){0,40}") {
            let _ = read_about(&["1"], &text);
            let _ = read_about(&["1"], &format!("BEGIN{text}END"));
        }

        #[test]
        fn what_is_written_is_read(cells in prop::collection::vec("\\PC{0,20}", 2)) {
            let escaped = cells.iter().map(|cell| quick_xml::escape::escape(cell.as_str()).into_owned()).collect::<Vec<_>>();
            let fields = format!("<v:el_pastas>{}</v:el_pastas><v:telefonas>{}</v:telefonas>", escaped[0], escaped[1]);
            let tidied = |cell: &String| Some(catalog::tidy(cell).into_owned()).filter(|cell| !cell.is_empty());
            let row = vec![Some("1".to_owned()), tidied(&cells[0]), tidied(&cells[1])];
            prop_assert_eq!(read_about(&["1"], &format!("BEGIN{}END", about("1", &fields))), Ok(vec![row]));
        }
    }
}
