//! Natural persons: Lithuanians with a personal code, foreigners without one and a few with one.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::codes::{BIRTHS, Codes, NEWCOMERS_BIRTHS};
use crate::draws::{Draws, date};
use crate::names::{self, PersonName};

/// Foreigners' birth dates, and no other date of the country, lie between these two days:
/// whoever finds one in a published byte has found a leak.
pub(crate) const FOREIGN_BIRTHS: (NaiveDate, NaiveDate) = (date(1901, 1, 1), date(1909, 12, 31));

/// States that foreigners come from; codes of the classifier `valstybes`.
pub(crate) const STATES: [&str; 12] = ["LV", "EE", "PL", "DE", "FI", "SE", "NO", "DK", "NL", "FR", "GB", "UA"];

/// A person's place among [`People`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PersonId(u32);

/// One person.
pub(crate) struct Person {
    /// Given name.
    pub(crate) given: String,
    /// Family name.
    pub(crate) family: String,
    /// Personal code; a foreigner mostly has none.
    pub(crate) code: Option<u64>,
    /// Birth date: of foreigners without a code only.
    pub(crate) birth: Option<NaiveDate>,
    /// State that issued a foreigner's documents.
    pub(crate) state: Option<&'static str>,
    /// Whether the person came into the country in one of the nights.
    pub(crate) newcomer: bool,
    female: bool,
}

/// Everyone in the country, in the order in which they came into it.
#[derive(Default)]
pub(crate) struct People {
    all: Vec<Person>,
    names: HashSet<u64>,
    codes: Codes,
}

impl People {
    /// A new Lithuanian, of a name that nobody else has.
    pub(crate) fn lithuanian(&mut self, draws: &mut Draws) -> PersonId {
        let female = draws.percent(45);
        let name = self.unused_name(|| names::lithuanian(female, draws));
        let code = self.codes.personal(BIRTHS, female, draws);
        self.add(Person { given: name.given, family: name.family, code: Some(code), birth: None, state: None, newcomer: false, female })
    }

    /// A new Lithuanian of the same sex and name as another one.
    pub(crate) fn namesake(&mut self, of: PersonId, draws: &mut Draws) -> PersonId {
        let Person { given, family, female, .. } = self.get(of);
        let (given, family, female) = (given.clone(), family.clone(), *female);
        let code = self.codes.personal(BIRTHS, female, draws);
        self.add(Person { given, family, code: Some(code), birth: None, state: None, newcomer: false, female })
    }

    /// A new Lithuanian of one of the nights. Neither name nor code can be those of anyone who comes without the nights, so that
    /// these stay who they are.
    pub(crate) fn newcomer(&mut self, draws: &mut Draws) -> PersonId {
        let female = draws.percent(45);
        let name = self.unused_name(|| names::double(female, draws));
        let code = self.codes.personal(NEWCOMERS_BIRTHS, female, draws);
        self.add(Person { given: name.given, family: name.family, code: Some(code), birth: None, state: None, newcomer: true, female })
    }

    /// A new foreigner, known by birth date and state.
    pub(crate) fn foreign(&mut self, draws: &mut Draws) -> PersonId {
        let name = self.unused_name(|| names::foreign(draws));
        let birth = draws.day(FOREIGN_BIRTHS.0, FOREIGN_BIRTHS.1);
        self.add(Person {
            given: name.given,
            family: name.family,
            code: None,
            birth: Some(birth),
            state: Some(*draws.pick(&STATES)),
            newcomer: false,
            female: false,
        })
    }

    /// A new foreigner who was given a personal code.
    pub(crate) fn foreign_with_code(&mut self, draws: &mut Draws) -> PersonId {
        let name = self.unused_name(|| names::foreign(draws));
        let female = draws.percent(50);
        let code = self.codes.personal(BIRTHS, female, draws);
        self.add(Person {
            given: name.given,
            family: name.family,
            code: Some(code),
            birth: None,
            state: Some(*draws.pick(&STATES)),
            newcomer: false,
            female,
        })
    }

    /// The person of that id.
    pub(crate) fn get(&self, id: PersonId) -> &Person {
        &self.all[id.0 as usize]
    }

    /// Everyone.
    pub(crate) fn all(&self) -> &[Person] {
        &self.all
    }

    fn add(&mut self, person: Person) -> PersonId {
        let id = PersonId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(person);
        id
    }

    fn unused_name(&mut self, mut draw: impl FnMut() -> PersonName) -> PersonName {
        loop {
            let name = draw();
            if self.names.insert(name.number) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_namesakes_share_a_name() {
        let (mut people, mut draws) = (People::default(), Draws::of(9, "test"));
        let first = people.lithuanian(&mut draws);
        let second = people.namesake(first, &mut draws);
        let stranger = people.lithuanian(&mut draws);
        let name = |id| (people.get(id).given.clone(), people.get(id).family.clone());
        assert_eq!(name(first), name(second));
        assert_ne!(name(first), name(stranger));
        assert_ne!(people.get(first).code, people.get(second).code);
    }

    #[test]
    fn a_foreigner_has_a_birth_date_or_a_code_and_always_a_state() {
        let (mut people, mut draws) = (People::default(), Draws::of(9, "test"));
        let ids = [people.foreign(&mut draws), people.foreign_with_code(&mut draws)];
        for id in ids {
            let person = people.get(id);
            assert!(person.birth.is_some() != person.code.is_some() && person.state.is_some());
        }
    }
}
