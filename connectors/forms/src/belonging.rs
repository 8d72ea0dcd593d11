//! Which fields of a record belong there, and which must be filled, by what is chosen in it.

use crate::conditions::{Condition, When};
use crate::entry::Record;
use crate::feed::Section;

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
}
