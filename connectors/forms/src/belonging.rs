//! Which fields of a record apply, and which are required, depending on what is chosen in it.

use crate::conditions::{Condition, Dependency};
use crate::entry::Record;
use crate::feed::Section;

impl Section {
    /// Whether a column belongs to what is chosen in this record. One that some choice excludes belongs there only once something else is
    /// chosen.
    #[must_use]
    pub fn belongs(&self, record: &Record, column: &str) -> bool {
        let mut excluding = self.dependencies.iter().filter(|dependency| dependency.none.iter().any(|name| name == column));
        excluding.all(|dependency| record.get(&dependency.column).is_some_and(|value| !dependency.is.contains(value)))
    }

    /// Whether what is chosen in this record demands a value of the column.
    #[must_use]
    pub fn demands(&self, record: &Record, column: &str) -> bool {
        let mut demanding = self.dependencies.iter().filter(|dependency| dependency.must.iter().any(|name| name == column));
        demanding.any(|dependency| record.get(&dependency.column).is_some_and(|value| dependency.is.contains(value)))
    }

    /// What a column depends on; `None` where it is the same whatever is chosen.
    #[must_use]
    pub fn condition(&self, column: &str) -> Option<Condition<'_>> {
        let values = |names: fn(&Dependency) -> &[String]| {
            let naming = self.dependencies.iter().filter(|dependency| names(dependency).iter().any(|name| name == column));
            naming.flat_map(|dependency| dependency.is.iter().map(String::as_str)).collect::<Vec<_>>()
        };
        let by = self.dependencies.iter().find(|dependency| dependency.none.iter().chain(&dependency.must).any(|name| name == column))?;
        Some(Condition { by: &by.column, none: values(|dependency| &dependency.none), must: values(|dependency| &dependency.must) })
    }

    /// Whether a column's value decides about others.
    #[must_use]
    pub fn decides(&self, column: &str) -> bool {
        self.dependencies.iter().any(|dependency| dependency.column == column)
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
