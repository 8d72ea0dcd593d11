//! Names and codes normalised for comparison: the same name or code, however it was typed. These forms are never shown.

use unicode_normalization::UnicodeNormalization;

/// A name normalised for comparison: Unicode NFC, upper case, words separated by one space.
#[must_use]
pub fn compared_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !name.is_empty() {
            name.push(' ');
        }
        // Small letters first: a capital ẞ has no larger form, an ß becomes SS.
        name.extend(word.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase));
    }
    name.nfc().collect()
}

/// A register's code normalised for comparison: its letters and digits in upper case; leading zeros are part of it, signs and spaces are not.
///
/// `None` for what identifies no company: a dash, a word, nothing but zeros.
#[must_use]
pub fn compared_code(text: &str) -> Option<String> {
    let code: String = text.nfkc().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    code.chars().any(|letter| letter.is_numeric() && letter != '0').then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_whatever_its_letters_spaces_and_case() {
        // Composed and decomposed, one space and two, no-break and narrow ones.
        for typed in ["Žanė Ąžuolė", "z\u{30c}ane\u{307}  a\u{328}z\u{30c}uole\u{307}", " ŽANĖ\u{a0}\u{202f}Ąžuolė\t"] {
            assert_eq!(compared_name(typed), "ŽANĖ ĄŽUOLĖ");
        }
        assert_eq!(compared_name("Straße"), compared_name("STRAẞE"));
        assert_ne!(compared_name("Žanė Ąžuolė"), compared_name("Žane Ažuole"), "letters are not taken for others");
        assert_ne!(compared_name("Anne Marie"), compared_name("Annemarie"));
        assert_eq!(compared_name(" \u{a0} "), "");
    }

    #[test]
    fn a_code_is_one_whatever_stands_between_its_letters_and_digits() {
        for typed in ["HRB 012345", "hrb012345", "HRB-012.345", "HRB\u{a0}012345", "ＨＲＢ ０１２３４５"] {
            assert_eq!(compared_code(typed).as_deref(), Some("HRB012345"));
        }
        assert_ne!(compared_code("09361466"), compared_code("9361466"), "zeros at the start are part of a code");
        for nothing in ["", "-", " ", "n/a", "nėra", "0", "000-000"] {
            assert_eq!(compared_code(nothing), None);
        }
    }
}
