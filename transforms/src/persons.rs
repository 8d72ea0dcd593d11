//! Persons: a natural person is known inside a run by a small number, and outside it by a keyed surrogate id.
//!
//! The surrogate is HMAC-SHA-256 under a secret 32-byte key. An unkeyed hash of a personal code is reversed in under a minute,
//! because there are only some hundred million possible codes; without the key this one is not.

use std::collections::HashMap;
use std::fmt::Write;

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Error;

/// Bytes of the secret key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the surrogate that are kept: 128 bits, so that two of a whole country's persons never meet.
const ID_BYTES: usize = 16;

/// The secret key; it prints nothing of itself.
#[derive(Clone)]
pub struct PersonKey([u8; KEY_BYTES]);

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PersonKey(secret)")
    }
}

impl PersonKey {
    /// Takes the key from the bytes of its file.
    ///
    /// # Errors
    /// [`Error::Key`] unless there are exactly [`KEY_BYTES`] of them, not all equal.
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        let key: [u8; KEY_BYTES] = bytes
            .try_into()
            .map_err(|_| Error::Key { reason: format!("the key file must hold exactly {KEY_BYTES} bytes, it holds {}", bytes.len()) })?;
        if key.iter().all(|byte| *byte == key[0]) {
            return Err(Error::Key { reason: "all bytes of the key are equal; make a random one with `virsis key`".to_owned() });
        }
        Ok(Self(key))
    }
}

/// What tells one natural person from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A Lithuanian personal code.
    Code(String),
    /// A foreigner without one: names, birth date and state, as the specification's IDS2 allows.
    Foreign {
        /// Given and family names, trimmed and in capitals.
        names: String,
        /// Birth date.
        born: Option<NaiveDate>,
        /// State that issued the documents.
        state: String,
    },
}

/// A person's number within this run.
pub type PersonNumber = u32;

#[derive(Debug, Clone)]
struct Person {
    identity: Identity,
    given: String,
    family: String,
}

/// Everyone met in this run.
#[derive(Debug, Default)]
pub struct Persons {
    by_code: HashMap<String, PersonNumber>,
    foreigners: HashMap<Identity, PersonNumber>,
    people: Vec<Person>,
}

/// The personal columns of one row.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonCells<'a> {
    /// Given names.
    pub given: Option<&'a str>,
    /// Family names.
    pub family: Option<&'a str>,
    /// Personal code.
    pub code: Option<&'a str>,
    /// Birth date, for foreigners.
    pub born: Option<NaiveDate>,
    /// State, for foreigners.
    pub state: Option<&'a str>,
}

impl Persons {
    /// The number of the person that a row names; `None` when it names nobody.
    pub fn identify(&mut self, cells: &PersonCells<'_>) -> Option<PersonNumber> {
        let (given, family) = (cells.given.unwrap_or_default(), cells.family.unwrap_or_default());
        let next = PersonNumber::try_from(self.people.len()).unwrap_or(PersonNumber::MAX);
        let (number, identity) = if let Some(code) = cells.code {
            if let Some(number) = self.by_code.get(code) {
                return Some(*number);
            }
            self.by_code.insert(code.to_owned(), next);
            (next, Identity::Code(code.to_owned()))
        } else if given.is_empty() && family.is_empty() {
            return None;
        } else {
            let identity = Identity::Foreign {
                names: format!("{}\u{1f}{}", given.to_uppercase(), family.to_uppercase()),
                born: cells.born,
                state: cells.state.unwrap_or_default().to_owned(),
            };
            (*self.foreigners.entry(identity.clone()).or_insert(next), identity)
        };
        if number == next {
            self.people.push(Person { identity, given: given.to_owned(), family: family.to_owned() });
        }
        Some(number)
    }

    /// The population register's names are the right ones: they replace what another register wrote.
    pub fn correct_names(&mut self, code: &str, given: &str, family: &str) {
        if let Some(number) = self.by_code.get(code) {
            let person = &mut self.people[*number as usize];
            given.clone_into(&mut person.given);
            family.clone_into(&mut person.family);
        }
    }

    /// Everyone met, by number.
    pub fn numbers(&self) -> std::ops::Range<PersonNumber> {
        0..PersonNumber::try_from(self.people.len()).unwrap_or(PersonNumber::MAX)
    }

    /// The surrogate id: 32 hexadecimal digits.
    #[must_use]
    pub fn id(&self, number: PersonNumber, key: &PersonKey) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.0) else { unreachable!("HMAC takes a key of any length") };
        match &self.people[number as usize].identity {
            Identity::Code(code) => {
                mac.update(b"LT\x1f");
                mac.update(code.as_bytes());
            }
            Identity::Foreign { names, born, state } => {
                mac.update(b"UF\x1f");
                mac.update(names.as_bytes());
                mac.update(format!("\u{1f}{}\u{1f}{state}", born.map(|date| date.to_string()).unwrap_or_default()).as_bytes());
            }
        }
        mac.finalize().into_bytes().iter().take(ID_BYTES).fold(String::with_capacity(2 * ID_BYTES), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Given and family names.
    #[must_use]
    pub fn names(&self, number: PersonNumber) -> (&str, &str) {
        let person = &self.people[number as usize];
        (&person.given, &person.family)
    }

    /// What tells this person from others; only the internal tier may ask.
    #[must_use]
    pub fn identity(&self, number: PersonNumber) -> &Identity {
        &self.people[number as usize].identity
    }

    /// Whether the person has no Lithuanian code.
    #[must_use]
    pub fn is_foreign(&self, number: PersonNumber) -> bool {
        matches!(self.identity(number), Identity::Foreign { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(first: u8) -> PersonKey {
        let mut bytes = [7; KEY_BYTES];
        bytes[0] = first;
        PersonKey::new(&bytes).unwrap()
    }

    #[test]
    fn same_name_is_not_same_person_and_the_id_depends_on_the_key() {
        let mut persons = Persons::default();
        let named = |code| PersonCells { given: Some("Bandomė"), family: Some("Pavyzdytė"), code, ..PersonCells::default() };
        let first = persons.identify(&named(Some("33309240064"))).unwrap();
        let second = persons.identify(&named(Some("33309240075"))).unwrap();
        let foreign = persons.identify(&named(None)).unwrap();
        assert_eq!(persons.identify(&named(Some("33309240064"))), Some(first));
        assert!(first != second && second != foreign && persons.is_foreign(foreign));
        assert_ne!(persons.id(first, &key(1)), persons.id(second, &key(1)));
        assert_ne!(persons.id(first, &key(1)), persons.id(first, &key(2)));
        assert_eq!(persons.id(first, &key(1)).len(), 2 * ID_BYTES);
        assert_eq!(persons.identify(&PersonCells::default()), None);
    }

    #[test]
    fn a_key_of_wrong_length_or_without_randomness_is_refused() {
        assert!(PersonKey::new(&[1; 31]).is_err());
        assert!(PersonKey::new(&[0; KEY_BYTES]).is_err());
        assert_eq!(format!("{:?}", key(1)), "PersonKey(secret)");
    }
}
