//! Codes that are valid, unique and, as far as can be known, given to nobody.

use std::collections::HashSet;

use catalog::codes::{legal_entity_check_digit, personal_check_digit};
use chrono::{Datelike, NaiveDate};

use crate::draws::{Draws, date};

/// First eight digits of the codes of legal entities: the real register has not come to them (it stands near 308…).
const ENTITY_BODIES: (i64, i64) = (35_000_000, 39_999_999);
/// Old 7-digit codes.
const OLD_CODES: (i64, i64) = (9_900_000, 9_999_999);
/// Serial numbers within a birthday: far more than were ever born in Lithuania on one day.
const SERIALS: (i64, i64) = (900, 999);
/// Lithuanian persons are born in these years; their codes say so.
pub(crate) const BIRTHS: (NaiveDate, NaiveDate) = (date(1940, 1, 1), date(2000, 12, 31));
/// Those who come into the country in one of its nights are younger.
pub(crate) const NEWCOMERS_BIRTHS: (NaiveDate, NaiveDate) = (date(2001, 1, 1), date(2006, 12, 31));

/// Gives out codes, each once.
#[derive(Default)]
pub(crate) struct Codes {
    used: HashSet<u64>,
}

impl Codes {
    /// A 9-digit code of a legal entity.
    pub(crate) fn entity(&mut self, draws: &mut Draws) -> u64 {
        self.unused(|| {
            let body = draws.between(ENTITY_BODIES.0, ENTITY_BODIES.1).unsigned_abs();
            body * 10 + u64::from(legal_entity_check_digit(&digits(body)))
        })
    }

    /// An old 7-digit code of a legal entity.
    pub(crate) fn old_entity(&mut self, draws: &mut Draws) -> u64 {
        self.unused(|| draws.between(OLD_CODES.0, OLD_CODES.1).unsigned_abs())
    }

    /// A personal code of a woman or a man born between two days.
    pub(crate) fn personal(&mut self, births: (NaiveDate, NaiveDate), female: bool, draws: &mut Draws) -> u64 {
        self.unused(|| {
            let birth = draws.day(births.0, births.1);
            let century = if birth.year() < 2000 { 3 } else { 5 } + u64::from(female);
            let day = u64::from(birth.year().unsigned_abs() % 100 * 10_000 + birth.month() * 100 + birth.day());
            let body = century * 1_000_000_000 + day * 1000 + draws.between(SERIALS.0, SERIALS.1).unsigned_abs();
            body * 10 + u64::from(personal_check_digit(&digits(body)))
        })
    }

    /// An ISSN, `9123-4567`.
    pub(crate) fn issn(&mut self, draws: &mut Draws) -> String {
        let body = self.unused(|| draws.between(9_000_000, 9_999_999).unsigned_abs() * 100);
        let body: [u32; 7] = digits(body / 100);
        let sum: u32 = body.iter().zip((2..=8).rev()).map(|(digit, weight)| digit * weight).sum();
        let check = match (11 - sum % 11) % 11 {
            10 => "X".to_owned(),
            digit => digit.to_string(),
        };
        let text: String = body.iter().map(ToString::to_string).collect();
        format!("{}-{}{check}", &text[..4], &text[4..])
    }

    /// An ISBN of 13 digits in a range that no country has.
    pub(crate) fn isbn(&mut self, draws: &mut Draws) -> String {
        let body = self.unused(|| 979_990_000_000 + draws.between(0, 9_999_999).unsigned_abs());
        let all: [u32; 12] = digits(body);
        let sum: u32 = all.iter().zip([1, 3].iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    fn unused(&mut self, mut draw: impl FnMut() -> u64) -> u64 {
        loop {
            let code = draw();
            if self.used.insert(code) {
                return code;
            }
        }
    }
}

fn digits<const N: usize>(mut number: u64) -> [u32; N] {
    let mut digits = [0; N];
    for place in digits.iter_mut().rev() {
        *place = u32::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};
    use catalog::numbers;

    use super::*;

    #[test]
    fn every_code_is_valid_and_given_once() {
        let (mut codes, mut draws) = (Codes::default(), Draws::of(3, "test"));
        let mut seen = BTreeSet::new();
        for round in 0..5000 {
            let entity = codes.entity(&mut draws).to_string();
            let person = codes.personal(BIRTHS, round % 2 == 0, &mut draws).to_string();
            let old = codes.old_entity(&mut draws).to_string();
            assert!(is_legal_entity_code(&entity) && is_personal_code(&person) && is_old_legal_entity_code(&old));
            assert_eq!(person.as_bytes()[0] % 2 == 0, round % 2 == 0, "an even first digit is a woman's");
            let (issn, isbn) = (codes.issn(&mut draws), codes.isbn(&mut draws));
            assert!(numbers::issn(&issn).is_some_and(|shown| shown == issn) && numbers::isbn(&isbn).is_some());
            assert!([entity, person, old, issn, isbn].into_iter().all(|code| seen.insert(code)));
        }
    }
}
