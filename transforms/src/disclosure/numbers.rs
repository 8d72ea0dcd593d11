//! What stands for the number of a record in the open tier. Outlets, advertisements, licences, participants and decisions are numbered in
//! sequence: gaps would tell how many rows about persons are left out, and between which others they lie.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use catalog::PSEUDONYM_LETTERS;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::PersonKey;

/// Stands for the numbers of one column: the same for the same number in every table and release, until the person key is rotated, and not to be found out without the key.
/// A plain hash of six digits would be reversed at once.
pub(super) struct Pseudonyms(Hmac<Sha256>);

impl Pseudonyms {
    /// Those of the column with this name.
    pub(super) fn of(key: &PersonKey, column: &str) -> Self {
        Self(key.derived_anew(&format!("record numbers of {column}")))
    }

    /// Every number replaced; an empty cell stays empty.
    pub(super) fn replace(&self, numbers: &ArrayRef) -> ArrayRef {
        let numbers = numbers.as_string::<i32>();
        let mut replaced = StringBuilder::with_capacity(numbers.len(), numbers.len() * PSEUDONYM_LETTERS);
        for number in numbers {
            replaced.append_option(number.map(|number| self.pseudonym(number)));
        }
        Arc::new(replaced.finish())
    }

    /// The first bits of the keyed digest, four to a letter from a to p.
    fn pseudonym(&self, number: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(number.as_bytes());
        let digest = mac.finalize().into_bytes();
        let letters = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|four| char::from(b'a' + four));
        letters.take(PSEUDONYM_LETTERS).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::KEY_BYTES;
    use arrow::array::StringArray;
    use sha2::Digest;

    fn key(first: u8) -> PersonKey {
        let mut bytes = [7; KEY_BYTES];
        bytes[0] = first;
        PersonKey::new(&bytes).unwrap()
    }

    #[test]
    fn a_number_has_one_pseudonym_for_each_key_and_column() {
        let of = |first, column: &str| Pseudonyms::of(&key(first), column).pseudonym("VIP-000001");
        assert_eq!(of(1, "vip_nr"), of(1, "vip_nr"));
        assert!(of(1, "vip_nr") != of(1, "reklamos_nr") && of(1, "vip_nr") != of(2, "vip_nr"));
        let numbers: ArrayRef = Arc::new(StringArray::from(vec![Some("VIP-000001"), None, Some("VIP-000002"), Some("VIP-000001")]));
        let replaced = Pseudonyms::of(&key(1), "vip_nr").replace(&numbers);
        let replaced = replaced.as_string::<i32>();
        assert!(replaced.is_null(1) && replaced.value(0) == of(1, "vip_nr") && replaced.value(3) == replaced.value(0));
        assert!(replaced.iter().flatten().all(catalog::is_pseudonym) && replaced.value(2) != replaced.value(0));
    }

    #[test]
    fn a_dictionary_of_all_numbers_does_not_match() {
        // Somebody who knows the program, but not the key: plain digests, and those under what stands in the program.
        let letters = |digest: &[u8]| -> String {
            digest.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|four| char::from(b'a' + four)).take(PSEUDONYM_LETTERS).collect()
        };
        let unkeyed = |secret: &[u8]| {
            let Ok(mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(secret) else { unreachable!("HMAC takes a key of any length") };
            Pseudonyms(mac)
        };
        let guess = unkeyed(b"record numbers of vip_nr");
        let ours = Pseudonyms::of(&key(1), "vip_nr");
        let some: HashSet<String> = (1..=1_000_000).step_by(997).map(|number| ours.pseudonym(&format!("VIP-{number:06}"))).collect();
        let mut number = String::new();
        for serial in 1..=1_000_000 {
            use std::fmt::Write;
            number.clear();
            write!(number, "VIP-{serial:06}").unwrap();
            assert!(!some.contains(&letters(&Sha256::digest(&number))));
            assert!(!some.contains(&guess.pseudonym(&number)));
        }
        // The search works: with the key it finds what it looks for.
        assert!((1..=1_000_000).step_by(997).all(|serial| some.contains(&ours.pseudonym(&format!("VIP-{serial:06}")))));
    }
}
