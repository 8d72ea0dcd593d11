//! A text as a detector reads it: numbers and words, and what stands between them.
//!
//! Compatibility forms are taken apart (NFKD: full-width, mathematical, superscript and circled digits become plain ones), marks that combine with
//! a letter or digit and characters that nobody sees are gone, letters are small. A decimal digit of any script is its value: the standard library
//! knows which characters are digits but not which ones, so the zero of each row of ten stands in a table.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The zeros of all scripts that Unicode has decimal digits of (class Nd; those that NFKD makes plain are not needed).
const ZEROS: [u32; 73] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090,
    0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
    0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730,
    0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1e140, 0x1e2f0,
    0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0, 0x1d7ce, 0x1d7d8, 0x1d7ec,
];
/// Rows of digits from one upwards that are no decimal digits to Unicode, but look like them: Ethiopic, New Tai Lue, in circles.
const ONES: [u32; 6] = [0x1369, 0x24f5, 0x2776, 0x2780, 0x278a, 0x10e60];
const SUPERSCRIPT_ZERO: u32 = 0x2070;
/// Chinese numerals.
const HAN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// What stands before a number or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing that can be seen.
    Nothing,
    /// White space, or one mark with or without white space around it, as within one number: not a comma or semicolon.
    Tight(char),
    /// Any other marks, or the text's beginning.
    Loose,
}

/// A number or a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// Digits, as ASCII.
    Number(String),
    /// Letters, small, without marks above or below.
    Word(String),
}

/// A token and what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) token: Token,
    pub(crate) gap: Gap,
    /// Whether a plus stands right before it.
    pub(crate) plus: bool,
    /// Whether an asterisk does, as before the day of a birth.
    pub(crate) star: bool,
}

impl Piece {
    /// The digits, if it is a number.
    pub(crate) fn number(&self) -> Option<&str> {
        match &self.token {
            Token::Number(digits) => Some(digits),
            Token::Word(_) => None,
        }
    }

    /// The letters, if it is a word.
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(letters) => Some(letters),
            Token::Number(_) => None,
        }
    }
}

/// Reads a text.
pub(crate) fn read(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut between: Vec<char> = Vec::new();
    for letter in text.nfkd().filter(|&letter| !is_invisible(letter)) {
        let digit = digit(letter);
        if digit.is_none() && !letter.is_alphanumeric() {
            between.push(if letter.is_whitespace() { ' ' } else { letter });
            continue;
        }
        if between.is_empty() {
            match (pieces.last_mut().map(|piece| &mut piece.token), digit) {
                (Some(Token::Number(digits)), Some(digit)) => {
                    digits.push(digit);
                    continue;
                }
                (Some(Token::Word(letters)), None) => {
                    letters.extend(letter.to_lowercase());
                    continue;
                }
                _ => {}
            }
        }
        let token = match digit {
            Some(digit) => Token::Number(digit.to_string()),
            None => Token::Word(letter.to_lowercase().collect()),
        };
        let gap = if pieces.is_empty() { Gap::Loose } else { gap(&between) };
        let star = between.iter().rfind(|mark| **mark != ' ') == Some(&'*');
        pieces.push(Piece { token, gap, plus: between.last() == Some(&'+'), star });
        between.clear();
    }
    pieces
}

/// The text once for each row of digits that stands in it, with blanks for all others: digits of one row may be the number, and all others ornaments,
/// marks of footnotes, noise. Nothing where there is one row at most.
pub(crate) fn by_rows(text: &str) -> Vec<String> {
    let rows: BTreeSet<u32> = text.chars().filter_map(row_of).collect();
    let only = |row: &u32| text.chars().map(|letter| if row_of(letter).is_some_and(|own| own != *row) { ' ' } else { letter }).collect();
    rows.iter().filter(|_| rows.len() > 1).map(only).collect()
}

/// The row of digits that a character is of, by where its zero is or would be.
fn row_of(letter: char) -> Option<u32> {
    if letter.is_ascii() {
        return letter.is_ascii_digit().then_some(u32::from('0'));
    }
    let value = std::iter::once(letter).nfkd().find_map(digit)?;
    Some(match letter {
        // These are no neighbours.
        '\u{b2}' | '\u{b3}' | '\u{b9}' => SUPERSCRIPT_ZERO,
        _ if letter == '零' || HAN.contains(&letter) => u32::from(HAN[0]),
        _ => u32::from(letter).saturating_sub(value.to_digit(10).unwrap_or_default()),
    })
}

fn gap(between: &[char]) -> Gap {
    let mut marks = between.iter().copied().filter(|&mark| mark != ' ');
    match (marks.next(), marks.next()) {
        _ if between.is_empty() => Gap::Nothing,
        (None, _) => Gap::Tight(' '),
        (Some(mark), None) if !",;".contains(mark) => Gap::Tight(mark),
        _ => Gap::Loose,
    }
}

/// The ASCII digit that a character stands for.
fn digit(letter: char) -> Option<char> {
    if letter.is_ascii() {
        return letter.is_ascii_digit().then_some(letter);
    }
    let code = u32::from(letter);
    let row = |rows: &[u32], length| rows.iter().find_map(|&first| code.checked_sub(first).filter(|place| *place < length));
    let value = row(&ZEROS, 10)
        .or_else(|| row(&ONES, 9).map(|place| place + 1))
        .or_else(|| matches!(letter, '⓿' | '零').then_some(0))
        .or_else(|| HAN.iter().position(|&numeral| numeral == letter).and_then(|place| u32::try_from(place).ok()))?;
    char::from_digit(value, 10)
}

/// Whether nobody sees the character on its own: it combines with the one before, or only says how others are to be shown (class Cf and what
/// else is ignorable by default), or controls a device.
fn is_invisible(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => false,
        _ if letter.is_ascii() => letter.is_ascii_control(),
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' => {
            true
        }
        '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' => true,
        '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true,
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => is_combining_mark(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        read(text).iter().filter_map(|piece| piece.number().map(str::to_owned)).collect()
    }

    #[test]
    fn every_row_of_digits_has_ten_of_them_and_is_read_by_value() {
        for zero in ZEROS {
            let row: String = (zero..zero + 10).filter_map(char::from_u32).collect();
            assert!(row.chars().all(char::is_numeric), "{zero:x}");
            assert_eq!(numbers(&row), ["0123456789"], "{zero:x}");
        }
        for text in [
            "０１２３４５６７８９",
            "⓪①②③④⑤⑥⑦⑧⑨",
            "⁰¹²³⁴⁵⁶⁷⁸⁹",
            "₀₁₂₃₄₅₆₇₈₉",
            "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
            "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
            "⓿❶❷❸❹❺❻❼❽❾",
            "〇一二三四五六七八九",
        ] {
            assert_eq!(numbers(text), ["0123456789"], "{text}");
        }
    }

    #[test]
    fn what_nobody_sees_parts_nothing() {
        for unseen in [
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}',
            '\u{202e}',
            '\u{301}',
            '\u{fe0f}',
            '\u{20e3}',
            '\u{e0031}',
            '\u{7}',
            '\u{9d}',
        ] {
            assert_eq!(numbers(&format!("12{unseen}34")), ["1234"], "{unseen:?}");
        }
    }

    #[test]
    fn gaps_tell_one_number_from_several() {
        let gaps = |text: &str| read(text).iter().skip(1).map(|piece| piece.gap).collect::<Vec<_>>();
        assert_eq!(
            gaps("1 2-3 – 4\u{a0}5\u{2009}6"),
            [Gap::Tight(' '), Gap::Tight('-'), Gap::Tight('–'), Gap::Tight(' '), Gap::Tight(' ')]
        );
        assert_eq!(gaps("1, 2;3 (4) 5a6"), [Gap::Loose, Gap::Loose, Gap::Tight('('), Gap::Tight(')'), Gap::Nothing, Gap::Nothing]);
        assert_eq!(read("Gimęs ĖĖ")[0].word(), Some("gimes"));
        assert!(read("tel. +370")[1].plus);
    }
}
