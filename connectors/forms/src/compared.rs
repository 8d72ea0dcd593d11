//! What a submission changes: each of its records compared with the current data, and the records that it leaves out.

use std::collections::{HashMap, VecDeque};

use crate::entry::{Entry, Record};
use crate::feed::{Feed, Field, Section};

/// What becomes of a record. Not to be printed: its values may be codes of persons.
#[derive(PartialEq, Eq)]
pub(crate) enum Fate<'a> {
    /// Nothing of it stands yet.
    New,
    /// It stands as it is.
    Same,
    /// It stands with other values: what it says now.
    Changed(&'a Record),
}

/// A part of a form held against what stands now.
pub(crate) struct Compared<'a> {
    /// The part.
    pub(crate) section: &'a Section,
    /// What becomes of each of its records.
    pub(crate) fates: Vec<Fate<'a>>,
    /// What stands now and will no more.
    pub(crate) removed: Vec<&'a Record>,
}

/// Holds `after` against `before`, part by part.
pub(crate) fn compare<'a>(feed: &'a Feed, before: &'a Entry, after: &'a Entry) -> Vec<Compared<'a>> {
    feed.sections.iter().map(|section| part(section, before.records(&section.name), after.records(&section.name))).collect()
}

/// Whether anything that stands now will no more.
pub(crate) fn removes(compared: &[Compared<'_>]) -> bool {
    compared.iter().any(|part| !part.removed.is_empty())
}

fn part<'a>(section: &'a Section, before: &'a [Record], after: &[Record]) -> Compared<'a> {
    let counted: Vec<&str> = counted(section).map(Field::name).collect();
    // A part with one record only is always about the same.
    let identity = if section.max == 1 { Vec::new() } else { section.identity() };
    let mut left: Vec<Option<&'a Record>> = before.iter().map(Some).collect();
    let mut fates: Vec<Option<Fate<'a>>> = after.iter().map(|_| None).collect();
    // What is the same word for word finds itself first; only then is the rest told by what identifies it.
    for (columns, exactly) in [(counted, true), (identity, false)] {
        let key = |record: &'_ Record| columns.iter().map(|column| record.get(*column).cloned()).collect::<Vec<_>>();
        let mut places: HashMap<Vec<Option<String>>, VecDeque<usize>> = HashMap::new();
        for (place, record) in left.iter().enumerate().filter_map(|(place, record)| Some((place, (*record)?))) {
            places.entry(key(record)).or_default().push_back(place);
        }
        for (fate, record) in fates.iter_mut().zip(after).filter(|(fate, _)| fate.is_none()) {
            let other = places.get_mut(&key(record)).and_then(VecDeque::pop_front).and_then(|place| left[place].take());
            *fate = other.map(|other| if exactly { Fate::Same } else { Fate::Changed(other) });
        }
    }
    let fates = fates.into_iter().map(|fate| fate.unwrap_or(Fate::New)).collect();
    Compared { section, fates, removed: left.into_iter().flatten().collect() }
}

/// Fields whose difference counts. What the system gives is no change that anybody made, but for numbers, which tell records apart.
fn counted(section: &Section) -> impl Iterator<Item = &Field> {
    let identity = section.identity();
    section.fields.iter().filter(move |field| field.given.is_none() || identity.contains(&field.name()))
}

/// Fields in which two records differ.
pub(crate) fn differing<'a>(section: &'a Section, one: &Record, other: &Record) -> Vec<&'a Field> {
    counted(section).filter(|field| one.get(field.name()) != other.get(field.name())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::feed;

    fn entry(section: &str, rows: &[&[(&str, &str)]]) -> Entry {
        let record = |row: &&[(&str, &str)]| row.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut entry = Entry::default();
        entry.sections.insert(section.to_owned(), rows.iter().map(record).collect());
        entry
    }

    /// For each record of `after` a letter, and how many are removed.
    fn told(section: &str, before: &[&[(&str, &str)]], after: &[&[(&str, &str)]]) -> (String, usize) {
        let (before, after) = (entry(section, before), entry(section, after));
        let compared = compare(feed("virs"), &before, &after);
        let part = compared.iter().find(|part| part.section.name == section).unwrap();
        let letter = |fate: &Fate<'_>| match fate {
            Fate::New => 'n',
            Fate::Same => 's',
            Fate::Changed(_) => 'c',
        };
        (part.fates.iter().map(letter).collect(), part.removed.len())
    }

    #[test]
    fn an_outlet_is_told_by_its_number_wherever_it_stands() {
        let (one, two) = ([("vip_nr", "1"), ("vip_pavadinimas", "A")], [("vip_nr", "2"), ("vip_pavadinimas", "B")]);
        assert_eq!(told("vip", &[&one, &two], &[&two, &one]), ("ss".to_owned(), 0));
        assert_eq!(told("vip", &[&one, &two], &[&[("vip_nr", "2"), ("vip_pavadinimas", "C")], &[("vip_nr", "3")]]), ("cn".to_owned(), 1));
        assert_eq!(told("vip", &[&one, &two], &[]), (String::new(), 2));
    }

    #[test]
    fn two_terms_of_one_person_are_two_records() {
        let term = |from: &'static str| [("vip_nr", "1"), ("asmens_kodas", "5"), ("nuo", from)];
        let (first, second, third) = (term("2020-01-01"), term("2022-01-01"), term("2024-01-01"));
        assert_eq!(told("atsakingi", &[&first, &second], &[&second, &third]), ("sc".to_owned(), 0));
        assert_eq!(told("atsakingi", &[&first, &second], &[&second]), ("s".to_owned(), 1));
        assert_eq!(told("atsakingi", &[&first], &[&first, &first]), ("sn".to_owned(), 0), "the same twice is one more");
    }

    #[test]
    fn what_the_system_gives_is_no_change_and_the_one_record_of_a_part_is_always_the_same_one() {
        let imported = [("ja_kodas", "1"), ("virs_saltinis", "istorija"), ("virs_nuo", "2001-01-01")];
        let own = [("ja_kodas", "1"), ("virs_saltinis", "registracija"), ("virs_nuo", "2001-01-01")];
        assert_eq!(told("virs", &[&imported], &[&own]), ("s".to_owned(), 0));
        assert_eq!(told("virs", &[&imported], &[&[("virs_nuo", "2002-01-01")]]), ("c".to_owned(), 0));
    }

    proptest! {
        /// Whatever stands and whatever is submitted: each record that stands is found again once, or removed; and nothing that is the same is told
        /// to be removed.
        #[test]
        fn nothing_goes_without_being_named(
            before in prop::collection::vec((0..4_u8, 0..3_u8), 0..12),
            after in prop::collection::vec((0..4_u8, 0..3_u8), 0..12),
        ) {
            let entry = |rows: &[(u8, u8)]| {
                let record = |(person, from): &(u8, u8)| -> Record {
                    [("vip_nr", "1".to_owned()), ("asmens_kodas", person.to_string()), ("nuo", from.to_string())].map(|(name, value)| (name.to_owned(), value)).into()
                };
                let mut entry = Entry::default();
                entry.sections.insert("atsakingi".to_owned(), rows.iter().map(record).collect());
                entry
            };
            let (old, new) = (entry(&before), entry(&after));
            let compared = compare(feed("virs"), &old, &new);
            let part = compared.iter().find(|part| part.section.name == "atsakingi").unwrap();
            let found = part.fates.iter().filter(|fate| **fate != Fate::New).count();
            prop_assert_eq!(part.fates.len(), after.len());
            prop_assert_eq!(found + part.removed.len(), before.len());
            let left = |rows: &[(u8, u8)], row: &(u8, u8)| rows.iter().filter(|other| *other == row).count();
            for record in &part.removed {
                let row = (record["asmens_kodas"].parse().unwrap(), record["nuo"].parse().unwrap());
                prop_assert!(left(&after, &row) < left(&before, &row));
            }
        }
    }
}
