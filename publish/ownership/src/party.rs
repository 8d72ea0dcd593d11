//! Who a row names: a natural person by surrogate key, a legal entity of Lithuania by its code, any other by state and code, or by state and name where it has no code.

use catalog::{compared_code, compared_name};
use sha2::{Digest, Sha256};

/// Kind of participant, classifier `dalyviu_rusys`: an entity of another state.
pub(crate) const FOREIGN: &str = "UJ";
/// The same as a kind of owner, classifier `savininku_rusys`.
pub(crate) const FOREIGN_OWNER: &str = "uzsienio_juridinis";
/// A kind of owner: a body of the state or of a municipality.
pub(crate) const PUBLIC_BODY: &str = "viesasis";
/// The state whose register of legal entities is [`LITHUANIAN_SCHEME`].
pub(crate) const LITHUANIA: &str = "LT";
/// The code of Lithuania's register of legal entities in the list of org-id.guide.
pub(crate) const LITHUANIAN_SCHEME: &str = "LT-RC";

/// Somebody who holds a part, or is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Party<'a> {
    /// A legal entity of Lithuania, by its code.
    Lithuanian(&'a str),
    /// Any other entity.
    Foreign {
        /// ISO 3166-1; empty where nobody says it.
        state: &'a str,
        /// Of its own register; empty where it has none.
        code: &'a str,
        /// Empty where it has a code, by which it is known then.
        name: &'a str,
    },
    /// The co-owners of one holding, together.
    Joint {
        /// Code of the entity that they hold.
        held: &'a str,
        /// The name of the group.
        group: &'a str,
    },
    /// A natural person, by surrogate key.
    Person(&'a str),
}

/// What a row says of whom it names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Described<'a> {
    pub(crate) person: Option<&'a str>,
    pub(crate) is_foreign: bool,
    pub(crate) state: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
}

impl<'a> Party<'a> {
    /// None if the row names nobody.
    pub(crate) fn of(row: Described<'a>) -> Option<Self> {
        let foreign = || {
            let code = row.code.filter(|code| compared_code(code).is_some());
            let name = if code.is_some() { None } else { row.name };
            Self::Foreign { state: row.state.unwrap_or_default(), code: code.unwrap_or_default(), name: name.unwrap_or_default() }
        };
        match (row.person, row.is_foreign) {
            (Some(person), _) => Some(Self::Person(person)),
            (None, true) => Some(foreign()),
            (None, false) => row.code.map(Self::Lithuanian),
        }
    }

    /// A name that no other party has, however its own name and code are spelled; the same in every release.
    pub(crate) fn record_name(&self) -> String {
        match self {
            Self::Lithuanian(code) => format!("entity/{LITHUANIAN_SCHEME}-{code}"),
            Self::Foreign { state, code, name } => {
                let told_by = compared_code(code).unwrap_or_else(|| format!("name-{}", digest(&[&compared_name(name)])));
                format!("entity/{state}-{told_by}")
            }
            Self::Joint { held, group } => format!("joint/{LITHUANIAN_SCHEME}-{held}/{group}"),
            Self::Person(key) => format!("person/{key}"),
        }
    }

    pub(crate) fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

/// The first 128 bits of SHA-256 of some texts, in hexadecimal digits.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        hasher.update([0x1f]);
    }
    hex::encode(&hasher.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(code: Option<&'static str>, name: &'static str) -> String {
        let described = Described { is_foreign: true, state: Some("EE"), code, name: Some(name), ..Described::default() };
        Party::of(described).unwrap().record_name()
    }

    #[test]
    fn a_party_is_one_however_its_name_and_code_are_spelled() {
        assert_eq!(foreign(Some("HRB 12-3"), "Näidis"), foreign(Some("hrb123"), "Näidis OÜ"));
        assert_eq!(foreign(None, "Näidis  oü"), foreign(Some("-"), "NÄIDIS OÜ"), "what is no code tells nothing");
        assert_ne!(foreign(None, "Näidis OÜ"), foreign(None, "Naidis OÜ"));
        assert_ne!(foreign(Some("123"), "Näidis"), foreign(None, "Näidis"));
    }

    #[test]
    fn a_row_that_names_nobody_is_nobody() {
        assert_eq!(Party::of(Described::default()), None);
        let nameless = Party::of(Described { is_foreign: true, ..Described::default() });
        assert_eq!(nameless, Some(Party::Foreign { state: "", code: "", name: "" }), "but that it is a foreign entity is something");
    }

    #[test]
    fn texts_that_join_to_the_same_are_not_the_same() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    }
}
