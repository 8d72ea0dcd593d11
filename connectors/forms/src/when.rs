//! What a value of one column says about others of its record: which must have a value, and which do not belong there.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::entry::Record;
use crate::feed::Section;

/// What a value of one column demands of others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The column that decides.
    pub column: String,
    /// Its values for which this holds.
    pub is: Vec<String>,
    /// Columns that then must have a value.
    #[serde(default)]
    pub must: Vec<String>,
    /// Columns that then must be empty; they are not shown.
    #[serde(default)]
    pub none: Vec<String>,
    /// Columns that then hold the code of a Lithuanian legal entity; abroad other codes are right, too.
    #[serde(default)]
    pub entity: Vec<String>,
}

/// What a column depends on.
#[derive(Debug, PartialEq, Eq)]
pub struct Condition<'a> {
    /// The column that decides.
    pub by: &'a str,
    /// Its values for which the column must be empty.
    pub none: Vec<&'a str>,
    /// Its values for which the column must have a value.
    pub must: Vec<&'a str>,
}

impl Section {
    /// Whether a column belongs to what is chosen in this record. One that some choice excludes belongs there only once something else is
    /// chosen.
    #[must_use]
    pub fn belongs(&self, record: &Record, column: &str) -> bool {
        let mut excluding = self.when.iter().filter(|when| when.none.iter().any(|name| name == column));
        excluding.all(|when| record.get(&when.column).is_some_and(|value| !when.is.contains(value)))
    }

    /// Whether what is chosen in this record demands a value of the column.
    #[must_use]
    pub fn demands(&self, record: &Record, column: &str) -> bool {
        let mut demanding = self.when.iter().filter(|when| when.must.iter().any(|name| name == column));
        demanding.any(|when| record.get(&when.column).is_some_and(|value| when.is.contains(value)))
    }

    /// What a column depends on; `None` where it is the same whatever is chosen.
    #[must_use]
    pub fn condition(&self, column: &str) -> Option<Condition<'_>> {
        let values = |names: fn(&When) -> &[String]| {
            let naming = self.when.iter().filter(|when| names(when).iter().any(|name| name == column));
            naming.flat_map(|when| when.is.iter().map(String::as_str)).collect::<Vec<_>>()
        };
        let by = self.when.iter().find(|when| when.none.iter().chain(&when.must).any(|name| name == column))?;
        Some(Condition { by: &by.column, none: values(|when| &when.none), must: values(|when| &when.must) })
    }

    /// Whether a column's value decides about others.
    #[must_use]
    pub fn decides(&self, column: &str) -> bool {
        self.when.iter().any(|when| when.column == column)
    }
}

/// Why demands cannot hold together; `required` says which columns always have a value.
pub(crate) fn contradictions(all: &[When], required: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for when in all {
        for name in &when.none {
            if required(name) {
                wrong.insert(format!("when excludes column {name}, which is always required"));
            }
            if when.must.contains(name) {
                wrong.insert(format!("when both demands and excludes column {name}"));
            }
            if all.iter().any(|other| other.column == *name) {
                wrong.insert(format!("when excludes column {name}, which itself decides"));
            }
        }
        for name in when.none.iter().chain(&when.must) {
            if all.iter().any(|other| other.column != when.column && other.none.iter().chain(&other.must).any(|column| column == name)) {
                wrong.insert(format!("column {name} depends on two columns"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::feed;

    fn of_kind(kind: &str) -> Record {
        [("dalyvio_rusis".to_owned(), kind.to_owned())].into()
    }

    #[test]
    fn each_kind_of_participant_has_its_own_fields_and_none_has_them_before_it_is_chosen() {
        let section = feed("virs").section("dalyviai").unwrap();
        let shown = |record: &Record| {
            let names = section.fields.iter().map(|field| field.name()).filter(|name| section.condition(name).is_some());
            names.filter(|name| section.belongs(record, name)).collect::<Vec<_>>()
        };
        assert_eq!(shown(&Record::new()), Vec::<&str>::new());
        assert_eq!(shown(&of_kind("F")), ["vardas", "pavarde", "asmens_kodas"]);
        assert_eq!(shown(&of_kind("UF")), ["vardas", "pavarde", "asmens_kodas", "gimimo_data", "valstybe"]);
        assert_eq!(shown(&of_kind("J")), ["dal_kodas", "dal_pavadinimas", "dal_forma"]);
        assert_eq!(shown(&of_kind("UJ")), ["valstybe", "dal_kodas", "dal_pavadinimas", "dal_forma", "registras"]);
        assert!(["dalyvio_rusis", "akcijos", "nuo"].iter().all(|name| section.belongs(&Record::new(), name)), "fields of every kind");
        assert!(section.demands(&of_kind("UF"), "gimimo_data") && !section.demands(&of_kind("UF"), "asmens_kodas"));
    }

    #[test]
    fn a_condition_says_what_the_demands_say() {
        let section = feed("virs").section("dalyviai").unwrap();
        let state = Condition { by: "dalyvio_rusis", none: vec!["F", "J"], must: vec!["UF", "UJ"] };
        assert_eq!(section.condition("valstybe"), Some(state));
        assert_eq!(section.condition("akcijos"), None);
        assert!(section.decides("dalyvio_rusis") && !section.decides("valstybe"));
    }

    #[test]
    fn demands_that_cannot_hold_together_are_named() {
        let when = |text: &str| toml::from_str::<When>(text).unwrap();
        let all = [
            when("column = 'a'\nis = ['1']\nmust = ['b']\nnone = ['b', 'c']"),
            when("column = 'd'\nis = ['1']\nmust = ['c']\nnone = ['a']"),
        ];
        let wrong: Vec<String> = contradictions(&all, |name| name == "c").into_iter().collect();
        assert_eq!(
            wrong,
            [
                "column c depends on two columns",
                "when both demands and excludes column b",
                "when excludes column a, which itself decides",
                "when excludes column c, which is always required",
            ]
        );
        assert!(contradictions(&all[..1], |_| false).len() == 1);
    }
}
