//! Control digits of the codes that Lithuanian registers use, and of ISBN.

use chrono::NaiveDate;

/// Digits of a current legal-entity code.
pub const LEGAL_ENTITY_DIGITS: usize = 9;
/// Digits of a code given before the register of legal entities existed.
pub const OLD_LEGAL_ENTITY_DIGITS: usize = 7;
/// Digits of an ISBN.
const ISBN_DIGITS: usize = 13;
/// Digits of a personal code.
pub const PERSONAL_DIGITS: usize = 11;

/// The control digit of the first eight digits of a legal-entity code.
///
/// Weights 1..8 modulo 11; where that gives 10, weights 3..9, 1; where that gives 10 again, 0.
#[must_use]
pub fn legal_entity_check_digit(digits: &[u32; 8]) -> u32 {
    two_pass(digits, |place| 1 + place % 9, |place| 1 + (place + 2) % 9)
}

/// The control digit of the first ten digits of a personal code: weights 1..9, 1, then 3..9, 1..3.
#[must_use]
pub fn personal_check_digit(digits: &[u32; 10]) -> u32 {
    two_pass(digits, |place| 1 + place % 9, |place| 1 + (place + 2) % 9)
}

/// Whether `text` is nine digits with a right control digit.
#[must_use]
pub fn is_legal_entity_code(text: &str) -> bool {
    let Some(digits) = digits::<LEGAL_ENTITY_DIGITS>(text) else { return false };
    let mut body = [0; 8];
    body.copy_from_slice(&digits[..8]);
    legal_entity_check_digit(&body) == digits[8]
}

/// Whether `text` has the shape of an old 7-digit code. Those carry no verified check digit: warn, do not drop.
#[must_use]
pub fn is_old_legal_entity_code(text: &str) -> bool {
    digits::<OLD_LEGAL_ENTITY_DIGITS>(text).is_some()
}

/// Whether `text` is the thirteen digits of an ISBN (ISO 2108) with a right control digit.
#[must_use]
pub fn is_isbn(text: &str) -> bool {
    let Some(digits) = digits::<ISBN_DIGITS>(text) else { return false };
    let sum: u32 = digits.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    (text.starts_with("978") || text.starts_with("979")) && sum.is_multiple_of(10)
}

/// Whether `text` is a personal code: 11 digits, a real birth date, a right control digit.
/// Codes that begin with 9 carry no date.
#[must_use]
pub fn is_personal_code(text: &str) -> bool {
    let Some(digits) = digits::<PERSONAL_DIGITS>(text) else { return false };
    let mut body = [0; 10];
    body.copy_from_slice(&digits[..10]);
    if personal_check_digit(&body) != digits[10] {
        return false;
    }
    digits[0] == 9 || personal_birth_date(text).is_some()
}

/// The birth date in eleven digits of the shape of a personal code, whatever the control digit; codes that begin with 9 have none.
#[must_use]
pub fn personal_birth_date(text: &str) -> Option<NaiveDate> {
    let digits = digits::<PERSONAL_DIGITS>(text)?;
    let century = match digits[0] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        7 | 8 => 2100,
        _ => return None,
    };
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    NaiveDate::from_ymd_opt(i32::try_from(century + pair(1)).ok()?, pair(3), pair(5))
}

fn two_pass(digits: &[u32], first: impl Fn(u32) -> u32, second: impl Fn(u32) -> u32) -> u32 {
    let sum = |weight: &dyn Fn(u32) -> u32| digits.iter().zip(0..).map(|(digit, place)| digit * weight(place)).sum::<u32>() % 11;
    match sum(&first) {
        10 => match sum(&second) {
            10 => 0,
            digit => digit,
        },
        digit => digit,
    }
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    if text.len() != N {
        return None;
    }
    let mut digits = [0; N];
    for (digit, byte) in digits.iter_mut().zip(text.bytes()) {
        *digit = char::from(byte).to_digit(10)?;
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_institutions_codes_pass_and_made_up_ones_fail() {
        for code in ["124110246", "188604955", "181705485", "111104987"] {
            assert!(is_legal_entity_code(code), "{code}");
        }
        for code in ["111111118", "300000001", "12411024", "1241102460", "12411024a", ""] {
            assert!(!is_legal_entity_code(code), "{code}");
        }
        assert!(is_old_legal_entity_code("1234567"));
    }

    #[test]
    fn personal_codes_need_date_and_check_digit() {
        // Published test values of python-stdnum (lt.asmens).
        assert!(is_personal_code("33309240064"));
        assert!(!is_personal_code("33309240164"));
        // 30 February with a check digit that fits.
        let body = [3, 3, 3, 0, 2, 3, 0, 0, 0, 6];
        let code: String = body.iter().chain([&personal_check_digit(&body)]).map(ToString::to_string).collect();
        assert!(!is_personal_code(&code));
    }
}
