//! Personal values in texts: the one detector that the form, the cleaner, the gate, logs and questions use.
//!
//! It finds **personal codes** (Lithuanian; Estonian ones have the same shape) in the digits of any script, whatever stands between or around them:
//!
//! - *By itself*, in one piece or parted as one number is (`3 330924 0064`, `333-0924-0064`): every right code, whatever its century; and of people who may
//!   live (first digit 3 to 6) one with a wrong control digit as well, since whoever mistypes a code has still given it away. After a plus most are telephone
//!   numbers; those must be right.
//! - *Among other digits*, glued to them or with words between: right codes of people who may live. Others would be found where none is: a code that begins
//!   with 9 has no date in it, so every tenth ISBN would hold one; nobody yet has one that begins with 7 or 8; nobody who had one that begins with 20 was born
//!   after 1809, but every number that begins with a date of this century does.
//! - *With digits of several rows* (scripts, circles, superscripts: `➆`, `七`, `¹`), all of them read as digits, and then each row alone: the others may be ornaments
//!   or marks of footnotes.
//! - *With letters* in the places of digits that they look like (`333O924OO64`), if the code is right then.
//! - Dates, ISBN and codes of Lithuanian entities with a right control digit, Lithuanian telephone numbers, post codes and identifiers of 32 hexadecimal digits
//!   are *known*: digits before and after one are not put together across it. A code in one piece is found inside and beside them all the same.
//!
//! It finds **birth dates** that a word beside them calls one („gim. 1950-03-04“, „1950 m. kovo 4 d. gimusi“), and in rows of a person known by birth date that
//! very date without such a word.
//!
//! Columns decide where two readings are possible (`catalog::Guard`): what passes its column's own check of control digits or shape (ISSN, ISBN, entities' codes,
//! surrogate ids) is that; dates, shares and yes or no hold no code; a company's code of eleven digits is one where its state has such; a whole number, or
//! the euros of a sum, of eleven digits is held to be a code if it looks like one: no circulation, no shares and no sum that this register knows has so many.
//! Over everything else the detector is strict. On 100 000 rows as registers have them it finds nothing (`tests/personal` of the catalog).

pub mod codes;
mod dates;
mod entity_codes;
mod numbers;
mod reading;

use chrono::NaiveDate;
use percent_encoding::percent_decode_str;

use crate::codes::PERSONAL_DIGITS;

/// Fewest digits of a date, with its month in words.
const DATE_DIGITS: usize = 5;
/// A whole number of fewer digits is no code.
const SMALLEST_CODE: u128 = 10_u128.pow(PERSONAL_DIGITS as u32 - 1);

/// Whether a personal code, or a date that is called somebody's birth date, stands in `text`.
#[must_use]
pub fn stands_in(text: &str) -> bool {
    if !is_worth_reading(text.as_bytes()) {
        return false;
    }
    let says = |text: &str| {
        let pieces = reading::read(text);
        numbers::hold_code(&pieces) || dates::tell_birth(&pieces)
    };
    let tell = |text: &str| says(text) || reading::by_rows(text).iter().any(|text| says(text));
    // An address of the web may hide digits or what stands between them (RFC 3986, section 2.1).
    tell(text) || text.contains('%') && tell(&percent_decode_str(text).decode_utf8_lossy())
}

/// Whether `born` stands in `text` in any usual spelling: in figures of either order, with names of months, joined.
#[must_use]
pub fn tells_date(text: &str, born: NaiveDate) -> bool {
    dates::tell(&reading::read(text), born)
}

/// Whether a personal code stands where a company's belongs. `state` is the one beside it, empty for Lithuania; `None` where nothing says which.
#[must_use]
pub fn stands_for_entity(text: &str, state: Option<&str>) -> bool {
    match entity_codes::plain(text) {
        Some(digits) => entity_codes::has_personal_shape(&digits) && !entity_codes::belongs_to_company(&digits, state),
        None => stands_in(text),
    }
}

/// Whether a number as it was received is a code: its whole part looks like one, or a right one stands among its digits.
#[must_use]
pub fn is_number(text: &str) -> bool {
    if text.len() < PERSONAL_DIGITS {
        return false;
    }
    let pieces = reading::read(text);
    let whole = text.split(['.', ',']).next().map(reading::read).unwrap_or_default();
    numbers::look_like_one_code(&whole) || numbers::hold_right_code(&pieces)
}

/// Whether the whole part of a number is a right code.
#[must_use]
pub fn is_whole_number(whole: u128) -> bool {
    whole >= SMALLEST_CODE && numbers::looks_like_code(&whole.to_string(), true)
}

/// Whether a right code is divided between two cells, of which one follows the other. Names are shown as one text (`shown_together`), so they are read as
/// one; of other cells only those without letters count.
#[must_use]
pub fn is_divided(left: &str, right: &str, shown_together: bool) -> bool {
    if shown_together {
        return stands_in(&format!("{left} {right}"));
    }
    let in_digits = |text: &str| text.chars().any(char::is_numeric) && !text.chars().any(char::is_alphabetic);
    in_digits(left) && in_digits(right) && numbers::are_one_code(&reading::read(&format!("{left} {right}")))
}

/// Whether a text can hold anything that is looked for. Millions of cells are looked at each night and hardly any can: bytes tell.
fn is_worth_reading(bytes: &[u8]) -> bool {
    let (mut digits, mut group, mut groups, mut begins_date) = (0_usize, 0_usize, 0_usize, false);
    // One after another: digits, and letters that look like some.
    let mut alike = 0_usize;
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' | b'O' | b'o' | b'l' | b'I' | b'i' | 0xc4 | 0xce..=0xd1 => alike += 1,
            0x80..=0xbf => {}
            _ => alike = 0,
        }
        // The byte at hand may be a digit that is not counted yet.
        if alike >= PERSONAL_DIGITS && digits + 1 >= DATE_DIGITS {
            return true;
        }
        if byte.is_ascii_digit() {
            digits += 1;
            group += 1;
            continue;
        }
        if group > 0 {
            groups += 1;
            begins_date |= matches!(group, 4 | 6 | 8);
            group = 0;
        }
        if byte >= 0xc2 && may_be_digit(byte, bytes.get(place + 1).copied().unwrap_or_default()) {
            return true;
        }
    }
    groups += usize::from(group > 0);
    begins_date |= matches!(group, 4 | 6 | 8);
    digits >= PERSONAL_DIGITS || digits >= DATE_DIGITS && (begins_date || groups > 2)
}

/// Whether a character that begins with these bytes of UTF-8 may be a digit or one that nobody sees: not Latin, Greek or Cyrillic letters and their marks,
/// nor usual quotes, dashes and blanks.
fn may_be_digit(first: u8, second: u8) -> bool {
    match first {
        0xc2 => !matches!(second, 0xa0..=0xac | 0xae..=0xb1 | 0xb4..=0xb8 | 0xba | 0xbb | 0xbf),
        0xc3..=0xd3 => false,
        // U+2000 to U+203F; the third byte would tell the unseen ones apart, and those are rare.
        0xe2 => second != 0x80,
        _ => first >= 0xd4,
    }
}
