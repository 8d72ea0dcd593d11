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

/// Bytes of the secret key, and of each that it was rotated by.
pub const KEY_BYTES: usize = 32;
/// Rotations that a key can have: one a year for longer than anybody needs.
const MOST_ROTATIONS: usize = 64;
/// Bytes of the surrogate that are kept: 128 bits, so that two of a whole country's persons never meet.
const ID_BYTES: usize = 16;

/// The secret key; printing it shows nothing.
///
/// A key that was rotated consists of the first one and those that were added. An id is made under the first and then, one after another, under each
/// of the others. So every stored id has one that takes its place, without anything that leads back, and whoever stole an older key
/// finds out nothing of later ids. What is no id of a person (hashes of keys and files) stays under the first.
#[derive(Clone)]
pub struct PersonKey {
    first: Hmac<Sha256>,
    added: Vec<Hmac<Sha256>>,
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PersonKey(secret)")
    }
}

impl PersonKey {
    /// Takes the key from the bytes of its file.
    ///
    /// # Errors
    /// [`Error::Key`] unless there are [`KEY_BYTES`] of them, not all equal, or as many again for each rotation.
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        let whole = !bytes.is_empty() && bytes.len().is_multiple_of(KEY_BYTES) && bytes.len() <= (MOST_ROTATIONS + 1) * KEY_BYTES;
        if !whole {
            let reason = format!("the key file must hold {KEY_BYTES} bytes, and as many for each rotation; it holds {}", bytes.len());
            return Err(Error::Key { reason });
        }
        let mut parts = Vec::new();
        for part in bytes.chunks_exact(KEY_BYTES) {
            if part.iter().all(|byte| *byte == part[0]) {
                return Err(Error::Key { reason: "all bytes of the key are equal; make a random one with `virsis key`".to_owned() });
            }
            let Ok(mac) = Hmac::new_from_slice(part) else { unreachable!("HMAC takes a key of any length") };
            parts.push(mac);
        }
        let first = parts.remove(0);
        Ok(Self { first, added: parts })
    }

    /// The generation of the ids that it makes: 1, and one more for each rotation.
    #[must_use]
    pub fn generation(&self) -> usize {
        1 + self.added.len()
    }

    /// The id that takes the place of one of an earlier generation.
    #[must_use]
    pub fn renew(&self, id: &str, generation: usize) -> String {
        self.step(id, generation.saturating_sub(1), self.added.len())
    }

    /// The id of the generation after this one that takes its place.
    #[must_use]
    pub fn renew_once(&self, id: &str, generation: usize) -> String {
        self.step(id, generation - 1, self.added.len().min(generation))
    }

    /// An id under those added keys, from one place to before another.
    fn step(&self, id: &str, from: usize, until: usize) -> String {
        self.added[..until].iter().skip(from).fold(id.to_owned(), |id, added| {
            let mut mac = added.clone();
            mac.update(b"id\x1f");
            mac.update(id.as_bytes());
            hex::encode(&mac.finalize().into_bytes()[..ID_BYTES])
        })
    }

    /// All ids of later generations that take the place of this one, of whichever generation it is: those that are made of a wrong guess are nobody's.
    #[must_use]
    pub fn later(&self, id: &str) -> Vec<String> {
        let mut later = Vec::new();
        for first in 0..self.added.len() {
            later.extend((first + 1..=self.added.len()).map(|until| self.step(id, first, until)));
        }
        later
    }

    /// The surrogate id of the first generation of the person whom these cells name, 32 hexadecimal digits; `None` when they name nobody. It is what rows
    /// of extracts have; what is published has those of the last generation ([`crate::renew_ids`]).
    ///
    /// A person is identified by the Lithuanian personal code, a foreigner without one by names, birth date and state,
    /// as the specification's IDS2 allows: names however they were typed, see [`compared_name`].
    #[must_use]
    pub fn id(&self, person: &PersonCells<'_>) -> Option<String> {
        let mut mac = self.first.clone();
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
        self.renew(&self.fingerprint_of_first(), 1)
    }

    /// Identifies the key that it was before any rotation: what makes the ids of kept rows.
    #[must_use]
    pub fn fingerprint_of_first(&self) -> String {
        hex::encode(&self.digest("fingerprint of the key").finalize().into_bytes()[..ID_BYTES])
    }

    /// A secret for hashes of whole files, from which the key cannot be derived.
    #[must_use]
    pub fn salt(&self) -> [u8; 32] {
        self.digest("salt of files").finalize().into_bytes().into()
    }

    /// A secret of its own for something other than persons, which a rotation of the key makes another.
    pub(crate) fn derived_anew(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac = self.added.last().unwrap_or(&self.first).clone();
        mac.update(purpose.as_bytes());
        mac.update(b"\x1f");
        let secret = mac.finalize().into_bytes();
        let Ok(mac) = Hmac::new_from_slice(&secret) else { unreachable!("HMAC takes a key of any length") };
        mac
    }

    /// A secret of its own for something other than persons, from which the key cannot be derived.
    pub(crate) fn derived(&self, purpose: &str) -> Hmac<Sha256> {
        let secret = self.digest(purpose).finalize().into_bytes();
        let Ok(mac) = Hmac::new_from_slice(&secret) else { unreachable!("HMAC takes a key of any length") };
        mac
    }

    /// A keyed digest for something other than persons; `purpose` keeps the uses apart.
    pub(crate) fn digest(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac = self.first.clone();
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
        let mut mac = key(1).first;
        mac.update("UF\x1fZOË ANN\x1fÅSTRÖM\x1f1970-01-02\x1fSE".as_bytes());
        assert_eq!(id(one), hex::encode(&mac.finalize().into_bytes()[..ID_BYTES]));
    }

    #[test]
    fn a_key_of_wrong_length_or_without_randomness_is_refused() {
        let random: [u8; 3 * KEY_BYTES] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        for wrong in [0, 31, 33, 95] {
            assert!(PersonKey::new(&random[..wrong]).is_err(), "{wrong}");
        }
        assert_eq!([32, 64, 96].map(|bytes| PersonKey::new(&random[..bytes]).unwrap().generation()), [1, 2, 3]);
        assert!(PersonKey::new(&[&random[..KEY_BYTES], &[0; KEY_BYTES]].concat()).is_err());
        assert!(PersonKey::new(&[0; KEY_BYTES]).is_err());
        assert_eq!(format!("{:?}", key(1)), "PersonKey(secret)");
    }

    #[test]
    fn an_id_of_any_generation_leads_to_that_of_the_last_and_nothing_else_changes_with_the_key() {
        let bytes: [u8; 3 * KEY_BYTES] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let [one, two, three] = [1, 2, 3].map(|parts| PersonKey::new(&bytes[..parts * KEY_BYTES]).unwrap());
        let person = PersonCells { code: Some("33309240064"), ..PersonCells::default() };
        let base = one.id(&person).unwrap();
        assert_eq!([two.id(&person), three.id(&person)], [Some(base.clone()), Some(base.clone())]);
        let (second, third) = (two.renew(&base, 1), three.renew(&base, 1));
        assert!(base != second && second != third && base != third && third.len() == base.len());
        assert_eq!([three.renew_once(&base, 1), three.renew_once(&second, 2)], [second.clone(), third.clone()]);
        assert_eq!([three.renew(&second, 2), three.renew(&third, 3), one.renew(&base, 1)], [third.clone(), third.clone(), base.clone()]);
        assert_eq!((one.salt(), one.fingerprint_of_first()), (three.salt(), three.fingerprint_of_first()));
        assert!(three.later(&base).contains(&second) && three.later(&base).contains(&third) && three.later(&second).contains(&third));
        assert_eq!((one.later(&base).len(), two.later(&base).len(), three.later(&base).len()), (0, 1, 3));
        assert_eq!(one.fingerprint(), one.fingerprint_of_first());
        assert_ne!(two.fingerprint(), three.fingerprint());
    }
}
