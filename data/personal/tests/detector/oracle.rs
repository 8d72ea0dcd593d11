//! An independent, simple-minded judge: strip everything but digits of any script, look for a right code of somebody who may live. What it finds must
//! not pass the gate.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

/// Zeros of a few scripts; full-width, mathematical and circled digits are plain after NFKD.
const ZEROS: [char; 6] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{e50}', '\u{1040}'];

/// Whether a right code stands among the digits of `text`, all others put aside.
pub(crate) fn finds_code(text: &str) -> bool {
    let digits: Vec<u32> = text.nfkd().filter_map(value).collect();
    digits.windows(11).any(is_code)
}

/// Whether `text` holds what the detector knows as another number and does not put together with its neighbours: a date, a telephone number, a post code, an
/// ISBN, an entity's code, an identifier. What is done with those is for tests that name them.
pub(crate) fn may_hold_known(text: &str) -> bool {
    let plain: String = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .map(|letter| value(letter).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter))
        .collect();
    let unseen = |letter: &char| letter.is_control() || !letter.is_ascii() && !letter.is_alphanumeric();
    // Characters that are not seen part nothing, others do: either way.
    let joined: String = plain.chars().filter(|letter| !unseen(letter)).collect();
    let groups = [&plain, &joined]
        .into_iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_ascii_digit()))
        .filter(|group| !group.is_empty());
    let all: String = plain.chars().filter(char::is_ascii_digit).collect();
    let known =
        |group: &str| matches!(group, "8" | "0") || group.len() == 9 || group.len() == 4 && ["18", "19", "20"].contains(&&group[..2]);
    let identifier = plain.bytes().filter(u8::is_ascii_hexdigit).count() >= 32;
    plain.contains('+')
        || joined.contains("lt")
        || all.contains("978")
        || all.contains("979")
        || identifier
        || groups.into_iter().any(known)
}

fn value(letter: char) -> Option<u32> {
    ZEROS.iter().find_map(|zero| u32::from(letter).checked_sub(u32::from(*zero)).filter(|value| *value < 10))
}

fn is_code(digits: &[u32]) -> bool {
    let century = match digits[0] {
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return false,
    };
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    let sum = |weights: [u32; 10]| digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11;
    let control = match sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) {
        10 => sum([3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 10,
        digit => digit,
    };
    i32::try_from(century + pair(1)).is_ok_and(|year| NaiveDate::from_ymd_opt(year, pair(3), pair(5)).is_some()) && control == digits[10]
}
