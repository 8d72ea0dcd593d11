//! Normalises text: what looks the same becomes the same, and nothing invisible stays.
//!
//! Registers, spreadsheets and browsers send letters composed of two characters, spaces of ten kinds, marks that reverse the direction of a line and characters without
//! any width. Two spellings of one name would be two owners, and what no reader sees would be published. Every connector's cells and
//! every field of a form pass here, and nowhere else.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Characters that no category tells, and that show nothing: Unicode's `Default_Ignorable_Code_Point` beyond format characters.
const WITHOUT_WIDTH: &[std::ops::RangeInclusive<char>] = &[
    '\u{34f}'..='\u{34f}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{2065}'..='\u{2065}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{e0000}'..='\u{e0fff}',
];
/// A letter of Braille without a dot: a space, whatever its category.
const BLANK: char = '\u{2800}';

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is kept.
    Seen,
    /// One space stands for it and its neighbours.
    Gap,
    /// It is left out: it stands between letters that belong together.
    Gone,
}

/// The text in the normal form C of Unicode. Format characters (zero width, direction, soft hyphens) are left out; white space, control
/// characters and characters without a meaning become one space between words, none at the ends.
///
/// A control character becomes a space and is not left out, as a letter may have been lost there: a code with one then breaks its check.
#[must_use]
pub fn tidy(text: &str) -> Cow<'_, str> {
    // Almost every cell.
    if is_tidy(text) {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut gap) = (String::with_capacity(text.len()), false);
    for letter in text.chars() {
        match fate(letter) {
            Fate::Gone => {}
            Fate::Gap => gap = true,
            Fate::Seen => {
                if std::mem::take(&mut gap) && !kept.is_empty() {
                    kept.push(' ');
                }
                kept.push(letter);
            }
        }
    }
    Cow::Owned(kept.nfc().collect())
}

/// Whether a text has only letters of which [`tidy`] changes none, and single spaces between words.
fn is_tidy(text: &str) -> bool {
    let mut space = true;
    for letter in text.chars() {
        match letter {
            ' ' if space => return false,
            ' ' => space = true,
            // Up to the first combining mark all are whole letters; the marks are quotation marks and dashes.
            '!'..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '€' => space = false,
            _ => return false,
        }
    }
    !space || text.is_empty()
}

fn fate(letter: char) -> Fate {
    if letter.is_whitespace() || letter == BLANK {
        return Fate::Gap;
    }
    if WITHOUT_WIDTH.iter().any(|range| range.contains(&letter)) {
        return Fate::Gone;
    }
    match letter.general_category() {
        GeneralCategory::Format => Fate::Gone,
        GeneralCategory::Control
        | GeneralCategory::PrivateUse
        | GeneralCategory::Unassigned
        | GeneralCategory::Surrogate
        | GeneralCategory::SpaceSeparator
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => Fate::Gap,
        _ => Fate::Seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_write_them_stay_as_they_are() {
        for text in
            ["", "UAB „Žąsų ūkis“", "Ą Č Ę Ė Į Š Ų Ū Ž ą č ę ė į š ų ū ž", "5 € – 7 €", "Ė\u{303}gis", "Łódź, Straße 5", "Иванов", "東京"]
        {
            assert_eq!(tidy(text), text);
        }
        assert!(matches!(tidy("UAB „Žąsų ūkis“"), Cow::Borrowed(_)), "and cost nothing");
    }

    #[test]
    fn two_spellings_of_one_name_become_one() {
        for other in [
            "Z\u{30c}a\u{328}su\u{328} u\u{304}kis",
            " Žąsų\u{a0}ūkis ",
            "Žąsų \t\r\n ūkis",
            "Žą\u{ad}sų\u{3000}\u{2003}ūkis",
            "Žą\u{200b}sų ūkis\u{feff}",
        ] {
            assert_eq!(tidy(other), "Žąsų ūkis", "{other:?}");
        }
        // A letter and its mark with something invisible between them are still one letter.
        assert_eq!(tidy("e\u{200d}\u{307}"), "ė");
        // Lithuanian letters with an accent have no letter of their own and keep both marks, in one order.
        assert_eq!(tidy("e\u{307}\u{303}"), tidy("ė\u{303}"));
    }

    #[test]
    fn no_character_that_cannot_be_seen_is_kept() {
        for letter in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let text = format!("a{letter}b");
            let kept = tidy(&text);
            let rest = kept.strip_prefix('a').and_then(|rest| rest.strip_suffix('b')).unwrap_or("changed");
            match fate(letter) {
                Fate::Seen => assert!(!rest.is_empty() && rest != " ", "{letter:?} became {kept:?}"),
                Fate::Gap => assert_eq!(rest, " ", "{letter:?}"),
                Fate::Gone => assert_eq!(rest, "", "{letter:?}"),
            }
            assert_eq!(tidy(&kept), kept, "{letter:?}: tidied twice");
            assert!(!kept.chars().any(|letter| letter.is_control() || (letter != ' ' && letter.is_whitespace())), "{letter:?}");
        }
        let hidden = "\u{0}\u{7}\u{b}\u{1f}\u{7f}\u{80}\u{9f}\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{202e}\u{2060}\u{2066}\u{2069}\u{2800}\u{3164}\u{fe0f}\u{feff}\u{fff9}\u{ffff}\u{e000}\u{e0041}\u{10ffff}";
        assert!(hidden.chars().all(|letter| fate(letter) != Fate::Seen));
        assert_eq!(tidy(hidden), "");
    }

    #[test]
    fn a_control_character_in_a_code_leaves_a_mark_that_its_check_sees() {
        assert_eq!(tidy("3059\u{0}90018"), "3059 90018");
        assert_eq!(tidy("\u{feff}305990018\u{0}"), "305990018");
    }
}
