//! Codes of companies that look like personal codes: eleven digits are a company's code only in these states.
//!
//! Everywhere else a company's code has another length or other signs, so eleven digits with a birth date in them are somebody's personal code in
//! the wrong column. A number that is right as a personal code and wrong by its state's own rule is one as well.

use crate::codes::{PERSONAL_DIGITS, is_personal_code, personal_birth_date};

/// A state whose companies have codes of eleven digits.
struct State {
    /// Its code in the classifier `valstybes`.
    code: &'static str,
    /// First digits that occur.
    begins: &'static str,
    /// Whether the number's own control digits are right.
    is_right: fn(&[u32; PERSONAL_DIGITS]) -> bool,
}

/// As of November 2026. Latvia: registration number of the Register of Enterprises, the same that its tax register (VID) uses. Italy: partita IVA, DPR
/// 633/1972, Art. 35. Croatia: OIB, Zakon o osobnom identifikacijskom broju (NN 60/08). Australia: ABN, A New Tax System (Australian Business Number) Act 1999.
const STATES: [State; 4] = [
    State { code: "LV", begins: "459", is_right: |digits| weighted(digits, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3 },
    State { code: "IT", begins: "0123456789", is_right: |digits| luhn(digits) },
    State { code: "HR", begins: "0123456789", is_right: |digits| mod_11_10(digits) },
    // The first digit counts less one; the weights' sum takes that up.
    State { code: "AU", begins: "123456789", is_right: |digits| weighted(digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 == 10 },
];

/// Whether a code of eleven digits has the shape of a personal code: a birth date in it, or a right one that begins with 9 and has none.
pub(crate) fn has_personal_shape(digits: &str) -> bool {
    personal_birth_date(digits).is_some() || is_personal_code(digits)
}

/// The digits of a company's code as it may be written: with its state's letters before it, parted by blanks, hyphens, points or strokes.
pub(crate) fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let number = text
        .strip_prefix(|letter: char| letter.is_ascii_alphabetic())
        .map_or(text, |rest| rest.strip_prefix(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(rest));
    let digits: String = number.chars().filter(|letter| !" -./".contains(*letter)).collect();
    (digits.len() == PERSONAL_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Whether eleven digits of personal shape are a company's code in `state`; in any of those states if it is none.
pub(crate) fn belongs_to_company(digits: &str, state: Option<&str>) -> bool {
    let Some(values) = values(digits) else { return false };
    STATES
        .iter()
        .filter(|known| state.is_none_or(|state| state == known.code))
        .any(|known| digits.starts_with(|first| known.begins.contains(first)) && ((known.is_right)(&values) || !is_personal_code(digits)))
}

fn values(digits: &str) -> Option<[u32; PERSONAL_DIGITS]> {
    let values: Vec<u32> = digits.chars().map(|digit| digit.to_digit(10)).collect::<Option<_>>()?;
    values.try_into().ok()
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = digits.iter().rev().enumerate().map(|(place, &digit)| if place % 2 == 1 { doubled(digit) } else { digit }).sum();
    sum.is_multiple_of(10)
}

/// ISO/IEC 7064, MOD 11,10.
fn mod_11_10(digits: &[u32; PERSONAL_DIGITS]) -> bool {
    let left = digits[..PERSONAL_DIGITS - 1].iter().fold(10, |left, digit| {
        let sum = (left + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (left + digits[PERSONAL_DIGITS - 1]) % 10 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rules_of_states_accept_their_published_examples_and_nothing_one_digit_away() {
        // Published test values of python-stdnum (lv.pvn, it.iva, hr.oib, au.abn).
        for (state, code) in [("LV", "40003521600"), ("IT", "00743110157"), ("HR", "33392005961"), ("AU", "83914571673")] {
            let rule = STATES.iter().find(|known| known.code == state).unwrap();
            assert!((rule.is_right)(&values(code).unwrap()), "{state}");
            let mut other = values(code).unwrap();
            other[6] = (other[6] + 1) % 10;
            assert!(!(rule.is_right)(&other), "{state}");
        }
    }

    #[test]
    fn a_code_is_read_through_its_states_letters_and_marks() {
        for text in ["40003521600", "LV40003521600", "LV-4000 3521 600", " 40003521600 "] {
            assert_eq!(plain(text).as_deref(), Some("40003521600"), "{text}");
        }
        for text in ["4000352160", "HRB 40003521600", "40003521600x", "４0003521600", ""] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
