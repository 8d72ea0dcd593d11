//! Numbers of documents and publications: when two spellings are the same number, and how a standard number is written.
//!
//! Institutions write `Nr. 1-17`, `nr.1–17` and `1-17` for the same decision; a library writes an ISSN with its hyphen or without.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::codes;

/// What may stand before a number and only says that one follows.
const WORDS_BEFORE: [&str; 2] = ["NR", "NO"];

/// The form in which numbers and other keys are compared: letter case, spaces, kinds of hyphens, invisible characters and “Nr.” before
/// a digit do not matter. It is for comparing only, never shown.
#[must_use]
pub fn compared(text: &str) -> Cow<'_, str> {
    // Most keys are codes of a register: hundreds of thousands pass here every night.
    let plain = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b'-' | b'/' | b'_' | b'.');
    let folded: Cow<'_, str> = match text.bytes().all(plain) {
        true => Cow::Borrowed(text),
        false => {
            let same = text.nfkc().filter(|letter| !is_invisible(*letter)).map(|letter| if is_hyphen(letter) { '-' } else { letter });
            // Once more, because capitals may come apart.
            Cow::Owned(same.flat_map(char::to_uppercase).collect::<String>().nfc().collect())
        }
    };
    let rest = WORDS_BEFORE.iter().find_map(|word| folded.strip_prefix(word)).map(|rest| rest.trim_start_matches(['.', ':']));
    match rest.filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit())) {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => folded,
    }
}

/// An ISSN (ISO 3297) as it is written, `1234-567X`; `None` if `text` is none. Its hyphen may be missing, but stands nowhere else.
#[must_use]
pub fn issn(text: &str) -> Option<String> {
    let letters: Vec<char> = plain(text).collect();
    let digits: Vec<char> = match letters.as_slice() {
        [first @ .., second_hyphen, a, b, c, d] if first.len() == 4 && *second_hyphen == '-' => [first, &[*a, *b, *c, *d]].concat(),
        all if all.len() == 8 => all.to_vec(),
        _ => return None,
    };
    let mut sum = 0;
    for (weight, (place, letter)) in (1..=8).rev().zip(digits.iter().enumerate()) {
        sum += weight * letter.to_digit(10).or((place == 7 && *letter == 'X').then_some(10))?;
    }
    let (first, second) = digits.split_at(4);
    (sum % 11 == 0).then(|| first.iter().chain(&['-']).chain(second).collect())
}

/// An ISBN (ISO 2108) as its 13 digits; `None` if `text` is none. Single hyphens or spaces may stand between digits.
#[must_use]
pub fn isbn(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(13);
    let mut after_digit = false;
    for letter in plain(text) {
        if letter.is_ascii_digit() {
            digits.push(letter);
        } else if !(after_digit && matches!(letter, '-' | ' ')) {
            return None;
        }
        after_digit = letter.is_ascii_digit();
    }
    (after_digit && codes::is_isbn(&digits)).then_some(digits)
}

/// An ISSN or an ISBN as it is written; `None` if `text` is neither.
#[must_use]
pub fn standard_number(text: &str) -> Option<String> {
    issn(text).or_else(|| isbn(text))
}

/// Capitals and digits of one script and hyphens of one kind, without what cannot be seen and spaces around.
fn plain(text: &str) -> impl Iterator<Item = char> {
    let seen: String = text.nfkc().filter(|letter| letter.is_whitespace() || !is_invisible(*letter)).collect();
    let capital = |letter: char| if is_hyphen(letter) { '-' } else { letter.to_ascii_uppercase() };
    seen.trim().chars().map(capital).collect::<Vec<_>>().into_iter()
}

/// All dashes and the minus sign.
fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Spaces, controls and what takes no room on a page.
fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_compare_as_one_and_other_numbers_as_others() {
        for spelling in ["1-17", "Nr. 1-17", "nr.1–17", " NR 1 - 17", "№ 1−17", "1\u{200b}-\u{ad}17", "１-１７", "No: 1‑17"] {
            assert_eq!(compared(spelling), "1-17", "{spelling}");
        }
        assert_eq!(compared("įv-2026"), compared("I\u{328}V-2026"));
        for other in ["1/17", "11-7", "117", "01-17", "A1-17", "1-17a", "1-17/2"] {
            assert_ne!(compared(other), "1-17", "{other}");
        }
        // Words that only begin so.
        assert_eq!((compared("NRT-1").as_ref(), compared("nora 1").as_ref(), compared("Nr.").as_ref()), ("NRT-1", "NORA1", "NR."));
        assert!(matches!(compared("VIP-000001"), Cow::Borrowed("VIP-000001")));
    }

    #[test]
    fn an_issn_has_one_form_and_its_hyphen_one_place() {
        for spelling in ["0024-9319", "00249319", " 0024-9319 ", "0024–9319", "００２４-９３１９", "0024\u{200b}-9319"] {
            assert_eq!(issn(spelling).as_deref(), Some("0024-9319"), "{spelling}");
        }
        assert_eq!(issn("2434-561x").as_deref(), Some("2434-561X"));
        for none in
            ["0032-147X", "0024-931", "--0000-0019", "0000-0019-", "002-49319", "0024--9319", "0-0-2-4-9319", "0024 9319", "", "X0249319"]
        {
            assert_eq!(issn(none), None, "{none}");
        }
    }

    #[test]
    fn an_isbn_is_its_digits() {
        for spelling in ["978-9024538270", "9789024538270", "978-90-245-3827-0", "978 90 245 3827 0"] {
            assert_eq!(isbn(spelling).as_deref(), Some("9789024538270"), "{spelling}");
        }
        for none in ["978-9024538271", "-9789024538270", "9789024538270-", "978--9024538270", "9770024931917", "90-245-3827-0", ""] {
            assert_eq!(isbn(none), None, "{none}");
        }
        assert_eq!(standard_number("00249319").as_deref(), Some("0024-9319"));
        assert_eq!(standard_number("978-9024538270").as_deref(), Some("9789024538270"));
    }
}
