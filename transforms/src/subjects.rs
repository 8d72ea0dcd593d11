//! Which legal entity a row names: one of Lithuania by its code, any other by state and code, or by state and name where it has no code.
//!
//! Codes and names are compared however they were typed ([`catalog::compared_code`], [`catalog::compared_name`]); one spelling of them is
//! shown everywhere, that of the newest row.

use std::borrow::Cow;
use std::collections::HashMap;

use catalog::{compared_code, compared_name};

/// State whose registers know an entity by its code alone.
const LITHUANIA: &str = "LT";
/// Kind of participant, classifier `dalyviu_rusys`: an entity of another state.
pub(crate) const FOREIGN_ENTITY: &str = "UJ";

/// Whether a state, where a row says one, is another than Lithuania.
pub(crate) fn is_abroad(state: Option<&str>) -> bool {
    state.is_some_and(|state| !state.is_empty() && state != LITHUANIA)
}

/// Whether a participant is an entity of another state, by its kind and what the row says of its state. A kind that contradicts the
/// state yields to it: an Estonian company's code is none of Lithuania, whatever the kind.
pub(crate) fn is_foreign_entity(kind: &str, state: Option<&str>) -> bool {
    is_abroad(state) || kind == FOREIGN_ENTITY && state != Some(LITHUANIA)
}

/// The code of a Lithuanian entity as its registers write it.
pub(crate) fn lithuanian_code(code: &str) -> Cow<'_, str> {
    if code.bytes().all(|byte| byte.is_ascii_digit()) { code.into() } else { compared_code(code).map_or(code.into(), Cow::Owned) }
}

/// A foreign entity as a row describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ForeignEntity {
    pub(crate) state: String,
    /// Empty where it has none.
    pub(crate) code: String,
    pub(crate) name: String,
}

/// What tells a foreign entity from all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    state: String,
    told_by: ToldBy,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum ToldBy {
    Code(String),
    Name(String),
}

impl ForeignEntity {
    pub(crate) fn new(state: Option<&str>, code: Option<&str>, name: Option<&str>) -> Self {
        // What is no code is not shown as one.
        let code = code.filter(|code| compared_code(code).is_some()).unwrap_or_default();
        Self { state: state.unwrap_or_default().to_owned(), code: code.to_owned(), name: name.unwrap_or_default().to_owned() }
    }

    pub(crate) fn identity(&self) -> Identity {
        let told_by = compared_code(&self.code).map_or_else(|| ToldBy::Name(compared_name(&self.name)), ToldBy::Code);
        Identity { state: compared_name(&self.state), told_by }
    }
}

impl Identity {
    /// The same as one text, for sorting and adding up.
    pub(crate) fn text(&self) -> String {
        match &self.told_by {
            ToldBy::Code(code) => format!("{}\u{1f}{code}", self.state),
            ToldBy::Name(name) => format!("{}\u{1f}\u{1f}{name}", self.state),
        }
    }
}

/// How new a row is: a name comes before none, what has begun before what lies ahead, a later day before an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Newness {
    is_named: bool,
    has_begun: bool,
    day: i32,
    /// Where rows of one day differ, so that the choice does not hang on their order.
    tie: String,
}

impl Newness {
    pub(crate) fn of(entity: &ForeignEntity, day: i32, today: i32, record: &str) -> Self {
        let tie = [record, &entity.name, &entity.code].join("\u{1f}");
        Self { is_named: !entity.name.is_empty(), has_begun: day <= today, day, tie }
    }
}

/// All foreign entities that rows name, each in the spelling of its newest row.
#[derive(Debug, Default)]
pub(crate) struct ForeignEntities {
    numbers: HashMap<Identity, u32>,
    spelled: Vec<(Newness, ForeignEntity)>,
}

impl ForeignEntities {
    /// The number of the entity that a row describes.
    pub(crate) fn meet(&mut self, entity: ForeignEntity, newness: Newness) -> u32 {
        let next = u32::try_from(self.spelled.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(entity.identity()).or_insert(next);
        match self.spelled.get_mut(number as usize) {
            Some(known) if known.0 < newness => *known = (newness, entity),
            Some(_) => {}
            None => self.spelled.push((newness, entity)),
        }
        number
    }

    pub(crate) fn get(&self, number: u32) -> &ForeignEntity {
        &self.spelled[number as usize].1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: i32 = 20_000;

    fn meet(all: &mut ForeignEntities, (state, code, name): (&str, &str, &str), day: i32) -> u32 {
        let entity = ForeignEntity::new(Some(state), Some(code), Some(name));
        let newness = Newness::of(&entity, day, TODAY, "");
        all.meet(entity, newness)
    }

    #[test]
    fn a_code_tells_a_company_within_its_state_and_a_name_where_there_is_no_code() {
        let mut all = ForeignEntities::default();
        let first = meet(&mut all, ("GB", "09361466", "Baltic Press Ltd"), 1);
        for (spelling, same) in [
            (("GB", "0936 1466", "BALTIC PRESS LIMITED"), true),
            (("GB", "09-361-466", "Other name altogether"), true),
            (("EE", "09361466", "Baltic Press Ltd"), false),
            (("GB", "9361466", "Baltic Press Ltd"), false),
            (("GB", "", "Baltic Press Ltd"), false),
            (("GB", "-", "Baltic Press Ltd"), false),
        ] {
            assert_eq!(meet(&mut all, spelling, 1) == first, same, "{spelling:?}");
        }
        let unnumbered = meet(&mut all, ("GB", "", "Baltic Press Ltd"), 1);
        assert_eq!(meet(&mut all, ("GB", "n/a", "BALTIC  PRESS\u{a0}LTD"), 1), unnumbered);
        assert_ne!(meet(&mut all, ("IE", "", "Baltic Press Ltd"), 1), unnumbered);
        assert_eq!(all.get(unnumbered).code, "", "what is no code is not shown as one");
    }

    #[test]
    fn the_newest_spelling_is_shown_whatever_the_order_but_none_of_a_day_ahead() {
        let rows = [("Old Ltd", 1), ("New Ltd", TODAY), ("Later Ltd", TODAY + 1), ("", TODAY)];
        for turn in 0..rows.len() {
            let mut all = ForeignEntities::default();
            let mut rows = rows;
            rows.rotate_left(turn);
            let numbers = rows.map(|(name, day)| meet(&mut all, ("GB", "1", name), day));
            assert_eq!((numbers, all.get(0).name.as_str()), ([0; 4], "New Ltd"));
        }
    }

    #[test]
    fn a_state_decides_over_the_kind_it_contradicts() {
        let cases = [
            ("J", None, false),
            ("J", Some("LT"), false),
            ("J", Some("EE"), true),
            ("UJ", None, true),
            ("UJ", Some("EE"), true),
            ("UJ", Some("LT"), false),
        ];
        for (kind, state, foreign) in cases {
            assert_eq!(is_foreign_entity(kind, state), foreign, "{kind} {state:?}");
        }
        assert_eq!(lithuanian_code("124 110-246"), "124110246");
    }

    proptest! {
        /// However a code is cut up and cased, it is the same company; one letter or digit more, or another state, is another.
        #[test]
        fn spellings_of_one_code_are_one_company(code in "[A-Z]{0,3}[0-9]{3,9}[1-9]", marks in prop::collection::vec("[ .\\-/\u{a0}]{0,2}", 13), small: bool, extra in "[A-Z0-9]") {
            let typed: String = code.chars().zip(&marks).map(|(letter, mark)| format!("{letter}{mark}")).collect();
            let typed = if small { typed.to_lowercase() } else { typed };
            let mut all = ForeignEntities::default();
            let one = meet(&mut all, ("DE", &code, "A"), 1);
            prop_assert_eq!(meet(&mut all, ("DE", &typed, "B"), 1), one);
            prop_assert_ne!(meet(&mut all, ("AT", &typed, "A"), 1), one);
            let longer = format!("{typed}{extra}");
            prop_assert_ne!(meet(&mut all, ("DE", &longer, "A"), 1), one);
        }
    }
}
