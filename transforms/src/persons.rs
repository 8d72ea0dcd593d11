//! Persons: a natural person is known inside a run by a small number, and everywhere else by a keyed surrogate id.
//!
//! The surrogate is HMAC-SHA-256 under a secret 32-byte key. An unkeyed hash of a personal code is reversed in under a minute,
//! because there are only some hundred million possible codes; without the key this one is not.

use std::collections::HashMap;

use catalog::compared_name;
use chrono::NaiveDate;
use foldhash::fast::RandomState;
use hmac::{Hmac, KeyInit, Mac};
pub(crate) use owners::PersonNumber;
use sha2::Sha256;

use crate::Error;

/// Bytes of the secret key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the surrogate that are kept: 128 bits, so that two of a whole country's persons never meet.
const ID_BYTES: usize = 16;

/// The secret key; printing it shows nothing.
#[derive(Clone)]
pub struct PersonKey(Hmac<Sha256>);

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
        if bytes.len() != KEY_BYTES {
            return Err(Error::Key { reason: format!("the key file must hold exactly {KEY_BYTES} bytes, it holds {}", bytes.len()) });
        }
        if bytes.iter().all(|byte| *byte == bytes[0]) {
            return Err(Error::Key { reason: "all bytes of the key are equal; make a random one with `virsis key`".to_owned() });
        }
        let Ok(mac) = Hmac::new_from_slice(bytes) else { unreachable!("HMAC takes a key of any length") };
        Ok(Self(mac))
    }

    /// The surrogate id of the person whom these cells name, 32 hexadecimal digits; `None` when they name nobody.
    ///
    /// A person is identified by the Lithuanian personal code, a foreigner without one by names, birth date and state,
    /// as the specification's IDS2 allows: names however they were typed, see [`compared_name`].
    #[must_use]
    pub fn id(&self, person: &PersonCells<'_>) -> Option<String> {
        let mut mac = self.0.clone();
        if let Some(code) = person.code {
            mac.update(b"LT\x1f");
            mac.update(code.as_bytes());
        } else {
            let [given, family, state] = [person.given, person.family, person.state].map(|cell| compared_name(cell.unwrap_or_default()));
            if given.is_empty() && family.is_empty() {
                return None;
            }
            mac.update(b"UF\x1f");
            let born = person.born.map(|date| date.to_string()).unwrap_or_default();
            mac.update(format!("{given}\x1f{family}\x1f{born}\x1f{state}").as_bytes());
        }
        Some(hex::encode(&mac.finalize().into_bytes()[..ID_BYTES]))
    }

    /// Identifies this key without revealing it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.digest("fingerprint of the key").finalize().into_bytes()[..ID_BYTES])
    }

    /// A secret for hashes of whole files, from which the key cannot be derived.
    #[must_use]
    pub fn salt(&self) -> [u8; 32] {
        self.digest("salt of files").finalize().into_bytes().into()
    }

    /// A secret of its own for something other than persons, from which the key cannot be derived.
    pub(crate) fn derived(&self, purpose: &str) -> Hmac<Sha256> {
        let secret = self.digest(purpose).finalize().into_bytes();
        let Ok(mac) = Hmac::new_from_slice(&secret) else { unreachable!("HMAC takes a key of any length") };
        mac
    }

    /// A keyed digest for something other than persons; `purpose` keeps the uses apart.
    pub(crate) fn digest(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\x1f");
        mac
    }
}

/// The personal columns of one row. Not to be printed.
#[derive(Clone, Copy, Default)]
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

#[derive(Debug, Clone)]
struct Person {
    id: String,
    given: String,
    family: String,
    has_code: bool,
}

/// Everyone met in this run, by surrogate id.
#[derive(Debug, Default)]
pub(crate) struct Persons {
    by_id: HashMap<String, PersonNumber, RandomState>,
    people: Vec<Person>,
}

impl Persons {
    /// The number of the person with this id; whoever names a person first gives the name.
    pub(crate) fn meet(&mut self, id: &str, given: &str, family: &str, has_code: bool) -> PersonNumber {
        if let Some(number) = self.by_id.get(id) {
            return *number;
        }
        let number = PersonNumber::try_from(self.people.len()).unwrap_or(PersonNumber::MAX);
        self.by_id.insert(id.to_owned(), number);
        self.people.push(Person { id: id.to_owned(), given: given.to_owned(), family: family.to_owned(), has_code });
        number
    }

    /// The population register's names are the right ones: they replace what another register wrote.
    pub(crate) fn correct_names(&mut self, id: &str, given: &str, family: &str) {
        if let Some(number) = self.by_id.get(id) {
            let person = &mut self.people[*number as usize];
            given.clone_into(&mut person.given);
            family.clone_into(&mut person.family);
        }
    }

    /// Everyone met, by number.
    pub(crate) fn numbers(&self) -> std::ops::Range<PersonNumber> {
        0..PersonNumber::try_from(self.people.len()).unwrap_or(PersonNumber::MAX)
    }

    /// The surrogate id.
    pub(crate) fn id(&self, number: PersonNumber) -> &str {
        &self.people[number as usize].id
    }

    /// Given and family names.
    pub(crate) fn names(&self, number: PersonNumber) -> (&str, &str) {
        let person = &self.people[number as usize];
        (&person.given, &person.family)
    }

    /// Given and family names of the person with this id.
    pub(crate) fn names_of(&self, id: &str) -> Option<(&str, &str)> {
        self.by_id.get(id).map(|number| self.names(*number))
    }

    /// Whether the person has no Lithuanian code.
    pub(crate) fn is_foreign(&self, number: PersonNumber) -> bool {
        !self.people[number as usize].has_code
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
        let named = |code| PersonCells { given: Some("Bandomė"), family: Some("Pavyzdytė"), code, ..PersonCells::default() };
        let (first, second, foreign) = (named(Some("33309240064")), named(Some("33309240075")), named(None));
        let id = |person, first_byte| key(first_byte).id(person).unwrap();
        assert_eq!(id(&first, 1), id(&first, 1));
        assert!(id(&first, 1) != id(&second, 1) && id(&second, 1) != id(&foreign, 1) && id(&first, 1) != id(&first, 2));
        assert_eq!(id(&first, 1).len(), 2 * ID_BYTES);
        assert_eq!(key(1).id(&PersonCells::default()), None);
        let mut persons = Persons::default();
        let number = persons.meet(&id(&foreign, 1), "Bandomė", "Pavyzdytė", false);
        assert_eq!(persons.meet(&id(&foreign, 1), "BANDOMĖ", "", true), number);
        assert!(persons.is_foreign(number) && persons.names(number).1 == "Pavyzdytė");
    }

    #[test]
    fn a_foreigner_is_one_person_in_any_spelling_and_another_of_another_state_or_birth_date() {
        let born = NaiveDate::from_ymd_opt(1970, 1, 2);
        let named = |given, family, state| PersonCells { given: Some(given), family: Some(family), born, state: Some(state), code: None };
        let id = |person: PersonCells<'_>| key(1).id(&person).unwrap();
        let one = named("Zoë Ann", "Åström", "SE");
        for typed in [
            named("Zoe\u{308} Ann", "A\u{30a}stro\u{308}m", "SE"),
            named("ZOË  ANN", "åström", "se"),
            named(" Zoë\u{a0}Ann", "Åström ", "SE"),
        ] {
            assert_eq!(id(typed), id(one));
        }
        for other in [
            named("Zoe Ann", "Åström", "SE"),
            named("Zoë Ann", "Åström", "FI"),
            named("Åström", "Zoë Ann", "SE"),
            PersonCells { born: born.and_then(|day| day.succ_opt()), ..one },
        ] {
            assert_ne!(id(other), id(one));
        }
        // As it always was where nothing is spelled oddly, so that ids published before stay what they are.
        let mut mac = key(1).0;
        mac.update("UF\x1fZOË ANN\x1fÅSTRÖM\x1f1970-01-02\x1fSE".as_bytes());
        assert_eq!(id(one), hex::encode(&mac.finalize().into_bytes()[..ID_BYTES]));
    }

    #[test]
    fn a_key_of_wrong_length_or_without_randomness_is_refused() {
        assert!(PersonKey::new(&[1; 31]).is_err());
        assert!(PersonKey::new(&[0; KEY_BYTES]).is_err());
        assert_eq!(format!("{:?}", key(1)), "PersonKey(secret)");
    }
}
