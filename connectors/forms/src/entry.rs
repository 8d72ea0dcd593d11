//! What somebody enters: records of text by section, as typed until they are checked.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::feed::{Feed, Field, Given, OUTLET, Section};

/// Values of one record by column; a column without a value is not in it.
pub type Record = BTreeMap<String, String>;

/// Longest value of one field, in bytes. What a field is for never needs more, and a page must not grow without bounds.
pub const LONGEST_VALUE: usize = 2_000;
/// Bytes by which a form's records are told from others.
const SHAPE_BYTES: usize = 12;
/// Separates the codes of a field that takes several.
pub const SEPARATOR: char = ';';

/// Everything entered in one form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entry {
    /// Records by section.
    pub sections: BTreeMap<String, Vec<Record>>,
}

impl std::fmt::Debug for Entry {
    /// Only how many records there are: values may be codes of persons.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_map().entries(self.sections.iter().map(|(name, records)| (name, records.len()))).finish()
    }
}

/// What was taken out of a record because it does not belong to what is chosen there.
#[derive(Debug)]
pub struct LeftOut<'f> {
    /// The record's section.
    pub section: &'f Section,
    /// The record's place.
    pub place: usize,
    /// What was taken out.
    pub fields: Vec<&'f Field>,
}

/// In whose name, and about whom, something is entered: what given values are made of.
#[derive(Debug, Clone)]
pub struct Context {
    /// Code of the VIRS.
    pub virs: String,
    /// Code of the organisation acted for.
    pub organisation_code: String,
    /// Its name.
    pub organisation_name: String,
}

impl Context {
    fn value(&self, given: &Given) -> Option<String> {
        match given {
            Given::Virs => Some(self.virs.clone()),
            Given::OrganisationName => Some(self.organisation_name.clone()),
            Given::OrganisationCode => Some(self.organisation_code.clone()),
            Given::Constant(text) => Some(text.clone()),
            Given::Number(_) => None,
        }
    }
}

impl Entry {
    /// The records of a section.
    #[must_use]
    pub fn records(&self, section: &str) -> &[Record] {
        self.sections.get(section).map_or(&[], Vec::as_slice)
    }

    /// An empty form: as many records as are needed at least, with the values they begin with.
    #[must_use]
    pub fn begin(feed: &Feed, context: &Context) -> Self {
        let mut entry = Self::default();
        for section in &feed.sections {
            let records = (0..section.min).map(|_| fresh(section, context)).collect();
            entry.sections.insert(section.name.clone(), records);
        }
        entry
    }

    /// Adds an empty record to a section, if there is room for one more.
    pub fn add(&mut self, section: &Section, context: &Context) -> bool {
        let records = self.sections.entry(section.name.clone()).or_default();
        let room = records.len() < section.max;
        if room {
            records.push(fresh(section, context));
        }
        room
    }

    /// Chooses this outlet in a record that has none yet: where there is but one, nobody should have to.
    pub fn choose_outlet(&mut self, section: &Section, place: usize, number: &str) {
        let chosen = section.field(OUTLET).filter(|field| field.is_outlet() && field.required);
        let record = self.sections.get_mut(&section.name).and_then(|records| records.get_mut(place));
        if let (Some(field), Some(record)) = (chosen, record) {
            record.entry(field.name().to_owned()).or_insert_with(|| number.to_owned());
        }
    }

    /// Whether somebody would miss this record: it holds more than an empty one begins with.
    #[must_use]
    pub fn holds_something(&self, section: &Section, place: usize, context: &Context) -> bool {
        let empty = fresh(section, context);
        let typed = |(name, value): (&String, &String)| {
            section.field(name).is_some_and(|field| field.given.is_none() && !field.is_outlet()) && empty.get(name) != Some(value)
        };
        self.records(&section.name).get(place).is_some_and(|record| record.iter().any(typed))
    }

    /// Takes a record out, if there is one of that place and it is not needed.
    pub fn remove(&mut self, section: &Section, place: usize) -> bool {
        let Some(records) = self.sections.get_mut(&section.name) else { return false };
        let may = place < records.len() && records.len() > section.min;
        if may {
            records.remove(place);
        }
        may
    }

    /// Takes over what a page sent, field by field; names are `section.place.column`. Given values are never taken from a page, and
    /// what no field of the form is called is left aside.
    pub fn fill<'a>(&mut self, feed: &Feed, sent: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut several: BTreeMap<(String, usize, String), Vec<String>> = BTreeMap::new();
        for (name, value) in sent {
            let mut parts = name.splitn(3, '.');
            let (Some(section), Some(place), Some(column)) =
                (parts.next(), parts.next().and_then(|text| text.parse::<usize>().ok()), parts.next())
            else {
                continue;
            };
            let Some(section) = feed.section(section) else { continue };
            let Some(field) = section.field(column).filter(|field| field.given.is_none()) else { continue };
            let Some(record) = self.sections.get_mut(&section.name).and_then(|records| records.get_mut(place)) else { continue };
            if field.several.is_some() {
                let chosen = several.entry((section.name.clone(), place, column.to_owned())).or_default();
                if !value.is_empty() {
                    chosen.push(value.to_owned());
                }
                continue;
            }
            match tidy(field, value) {
                text if text.is_empty() => drop(record.remove(column)),
                text => drop(record.insert(column.to_owned(), text)),
            }
        }
        for ((section, place, column), mut chosen) in several {
            chosen.dedup();
            let Some(record) = self.sections.get_mut(&section).and_then(|records| records.get_mut(place)) else { continue };
            let text = chosen.join(&SEPARATOR.to_string());
            if text.is_empty() { drop(record.remove(&column)) } else { drop(record.insert(column, text)) }
        }
    }

    /// Which records there are, as a page carries it: how many in each part, and the numbers that the system gave them. What was typed about
    /// records of one shape fits those of the same shape only.
    #[must_use]
    pub fn shape(&self, feed: &Feed) -> String {
        let mut hash = Sha256::new();
        for section in &feed.sections {
            let numbered = section.fields.iter().find(|field| matches!(field.given, Some(Given::Number(_))));
            hash.update(format!("{}:", section.name));
            for record in self.records(&section.name) {
                let number = numbered.and_then(|field| record.get(field.name()));
                hash.update(number.map_or("", String::as_str));
                hash.update(";");
            }
        }
        BASE64_URL_SAFE_NO_PAD.encode(&hash.finalize()[..SHAPE_BYTES])
    }

    /// Takes out what does not belong to what is chosen in its record: a page does not show it, so nobody would know that it is submitted.
    pub fn leave_out<'f>(&mut self, feed: &'f Feed) -> Vec<LeftOut<'f>> {
        let mut left_out = Vec::new();
        for section in &feed.sections {
            for (place, record) in self.sections.get_mut(&section.name).into_iter().flatten().enumerate() {
                let fields =
                    section.fields.iter().filter(|field| record.contains_key(field.name()) && !section.belongs(record, field.name()));
                let fields: Vec<&Field> = fields.collect();
                for field in &fields {
                    record.remove(field.name());
                }
                if !fields.is_empty() {
                    left_out.push(LeftOut { section, place, fields });
                }
            }
        }
        left_out
    }

    /// Sets what the system gives; `number` makes a number that was never used before.
    ///
    /// # Errors
    /// Those of `number`.
    pub fn give<E>(&mut self, feed: &Feed, context: &Context, mut number: impl FnMut(&str) -> Result<String, E>) -> Result<(), E> {
        for section in &feed.sections {
            for record in self.sections.entry(section.name.clone()).or_default() {
                for field in &section.fields {
                    match &field.given {
                        Some(Given::Number(prefix)) if !record.contains_key(field.name()) => {
                            record.insert(field.name().to_owned(), number(prefix)?);
                        }
                        Some(given) => {
                            if let Some(value) = context.value(given) {
                                record.insert(field.name().to_owned(), value);
                            }
                        }
                        None => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// A record as it begins: with what the system gives, and what it proposes.
pub(crate) fn fresh(section: &Section, context: &Context) -> Record {
    let value = |field: &Field| {
        let given = field.given.as_ref().or(field.default.as_ref())?;
        Some((field.name().to_owned(), context.value(given)?))
    };
    section.fields.iter().filter_map(value).collect()
}

/// A row that was kept elsewhere, as a form would have it: columns it shows, each value as if it had been typed.
pub(crate) fn adopted(section: &Section, row: &Record) -> Record {
    let value = |field: &Field| Some((field.name().to_owned(), tidy(field, row.get(field.name())?))).filter(|(_, text)| !text.is_empty());
    section.fields.iter().filter_map(value).collect()
}

/// A value as it is kept: tidy as every cell of a register; numbers with a point and no spaces.
fn tidy(field: &Field, value: &str) -> String {
    let mut text = catalog::tidy(value).into_owned();
    if field.column.kind.is_numeric() {
        text = text.replace(' ', "").replace(',', ".").trim_end_matches('€').to_owned();
    } else if field.column.check.is_some() && !field.column.is_free_text() && field.classifier().is_none() {
        text.retain(|letter| letter != ' ');
    }
    // One over the bound is kept, so that the check can tell that it is too long.
    while text.len() > LONGEST_VALUE + 4 {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::feed;

    fn context() -> Context {
        Context { virs: "305990018".into(), organisation_code: "188604955".into(), organisation_name: "Įstaiga".into() }
    }

    #[test]
    fn what_is_sent_is_tidied_and_what_is_given_cannot_be_sent() {
        let feed = feed("lesos");
        let mut entry = Entry::begin(feed, &context());
        let sent = [
            ("lesos.0.suma", " 1 250,50 "),
            ("lesos.0.data", "2026-03-01"),
            ("lesos.0.ja_kodas", "999999999"),
            ("lesos.0.institucijos_kodas", "999999999"),
            ("lesos.7.suma", "1"),
            ("kita.0.suma", "1"),
            ("lesos.0.nera", "1"),
            ("be tasku", "1"),
        ];
        entry.fill(feed, sent.into_iter());
        let record = &entry.records("lesos")[0];
        assert_eq!(record["suma"], "1250.50");
        assert_eq!((record["ja_kodas"].as_str(), record["institucijos_kodas"].as_str()), ("305990018", "188604955"));
        assert_eq!(entry.records("lesos").len(), 1);
        entry.fill(feed, [("lesos.0.suma", "  ")].into_iter());
        assert!(!entry.records("lesos")[0].contains_key("suma"), "an emptied field loses its value");
    }

    #[test]
    fn what_cannot_be_seen_is_in_no_field_of_any_form() {
        // The first plane, and the plane of tags.
        let all = (0..=0xffff).chain(0xe_0000..=0xe_0fff).filter_map(char::from_u32);
        let hidden: Vec<char> = all.filter(|letter| catalog::tidy(&letter.to_string()).is_empty()).collect();
        assert!(['\0', '\u{ad}', '\u{200b}', '\u{202e}', '\u{feff}'].iter().all(|letter| hidden.contains(letter)));
        for feed in crate::testing::feeds() {
            for section in &feed.sections {
                let typed = section.fields.iter().filter(|field| field.given.is_none() && field.several.is_none());
                for field in typed.filter(|field| field.column.kind == catalog::Kind::Text && field.column.check.is_none()) {
                    for letters in hidden.chunks(100) {
                        let letters: String = letters.iter().collect();
                        assert_eq!(
                            tidy(field, &format!("Ry{letters}tas{letters}")).replace(' ', ""),
                            "Rytas",
                            "{} {letters:?}",
                            field.name()
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn several_codes_are_joined_and_unticking_all_empties_the_field() {
        let feed = feed("virs");
        let mut entry = Entry::begin(feed, &context());
        // The page always sends an empty value first, or else nothing would tell that the last box was unticked.
        entry.fill(
            feed,
            [("virs.0.veiklos_rusys", ""), ("virs.0.veiklos_rusys", "leidejas"), ("virs.0.veiklos_rusys", "platintojas")].into_iter(),
        );
        assert_eq!(entry.records("virs")[0]["veiklos_rusys"], "leidejas;platintojas");
        entry.fill(feed, [("virs.0.veiklos_rusys", "")].into_iter());
        assert!(!entry.records("virs")[0].contains_key("veiklos_rusys"));
    }

    #[test]
    fn records_are_added_and_taken_out_within_the_bounds_and_numbered_once() {
        let feed = feed("virs");
        let section = feed.section("vip").unwrap();
        let mut entry = Entry::begin(feed, &context());
        assert!(entry.add(section, &context()) && entry.add(section, &context()));
        let mut next = 0;
        let mut number = |prefix: &str| {
            next += 1;
            Ok::<_, ()>(format!("{prefix}-{next}"))
        };
        entry.give(feed, &context(), &mut number).unwrap();
        entry.give(feed, &context(), &mut number).unwrap();
        assert_eq!(entry.records("vip").iter().map(|record| record["vip_nr"].as_str()).collect::<Vec<_>>(), ["VIP-1", "VIP-2"]);
        assert!(entry.remove(section, 0) && !entry.remove(section, 5));
        assert!(!entry.remove(feed.section("virs").unwrap(), 0), "one record of the activity is needed");
    }

    #[test]
    fn what_belongs_to_another_choice_is_left_out_and_named() {
        let feed = feed("virs");
        let mut entry = Entry::begin(feed, &context());
        entry.add(feed.section("dalyviai").unwrap(), &context());
        let firm = [("dalyviai.0.dalyvio_rusis", "J"), ("dalyviai.0.dal_pavadinimas", "Pavyzdys"), ("dalyviai.0.akcijos", "5")];
        entry.fill(feed, firm.into_iter());
        assert!(entry.leave_out(feed).is_empty(), "all of it belongs to a legal entity");
        let kept = entry.clone();
        entry.fill(feed, [("dalyviai.0.vardas", "Ūla"), ("dalyviai.0.asmens_kodas", "33309240064")].into_iter());
        let left_out = entry.leave_out(feed);
        let names: Vec<&str> = left_out[0].fields.iter().map(|field| field.name()).collect();
        assert_eq!((left_out.len(), left_out[0].section.name.as_str(), left_out[0].place), (1, "dalyviai", 0));
        assert_eq!(names, ["vardas", "asmens_kodas"]);
        assert_eq!(entry, kept);
        entry.fill(feed, [("dalyviai.0.dalyvio_rusis", "")].into_iter());
        assert_eq!(entry.leave_out(feed)[0].fields[0].name(), "dal_pavadinimas", "nothing is chosen any more");
        assert_eq!(entry.records("dalyviai")[0]["akcijos"], "5");
    }

    #[test]
    fn the_only_outlet_is_chosen_and_a_record_is_missed_once_something_was_typed() {
        let feed = feed("tirazai");
        let section = feed.section("tirazai").unwrap();
        let mut entry = Entry::begin(feed, &context());
        entry.choose_outlet(section, 0, "VIP-000001");
        entry.choose_outlet(section, 0, "VIP-000002");
        assert_eq!(entry.records("tirazai")[0]["vip_nr"], "VIP-000001", "a choice that was made stays");
        assert!(!entry.holds_something(section, 0, &context()), "nobody typed that");
        entry.fill(feed, [("tirazai.0.tirazas", "1500")].into_iter());
        assert!(entry.holds_something(section, 0, &context()));
    }

    #[test]
    fn printing_an_entry_shows_no_value() {
        let mut entry = Entry::begin(feed("lesos"), &context());
        entry.fill(feed("lesos"), [("lesos.0.suma", "777")].into_iter());
        assert_eq!(format!("{entry:?}"), "{\"lesos\": 1}");
    }
}
