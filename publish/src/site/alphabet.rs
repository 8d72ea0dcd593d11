//! Lithuanian alphabetical order, as in the Unicode CLDR: č, š and ž are letters of their own; ą, ę, ė, į, y, ų and ū stand
//! with their plain letter.

use std::sync::LazyLock;

use crate::language::{Language, in_language, say};

/// Letters of equal rank stand together.
const LETTERS: [&str; 28] = [
    "aą", "b", "c", "č", "d", "eęė", "f", "g", "h", "iįy", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "š", "t", "uųū", "v", "w",
    "x", "z", "ž",
];

/// Abbreviated legal forms in front of a name: people look for what comes after.
const FORMS: [&str; 9] = ["UAB", "AB", "VšĮ", "MB", "IĮ", "BĮ", "TŪB", "KŪB", "ŽŪB"];

/// The part of an entity's name that it is looked up by: inside the quotes if there are any, else without the legal form.
pub(super) fn looked_up(name: &str) -> &str {
    let quoted = name.split_once(['„', '"', '“', '«', '”']).map(|(_, rest)| rest.trim_start());
    if let Some(rest) = quoted.filter(|rest| rest.chars().any(char::is_alphanumeric)) {
        return rest;
    }
    let trimmed = name.trim();
    FORMS.iter().find_map(|form| trimmed.strip_prefix(form)?.strip_prefix(' ')).unwrap_or(trimmed)
}

/// Compares by rank first, then by the letters themselves so that the order is total.
pub(super) fn sort_key(text: &str) -> (Vec<u32>, String) {
    let lower = text.to_lowercase();
    (lower.chars().filter(|letter| letter.is_alphanumeric()).map(rank).collect(), lower)
}

/// The heading a name stands under: its first letter, or `0–9`; a word for all others, in each language.
pub(super) fn heading(text: &str) -> String {
    match text.to_lowercase().chars().find(|letter| letter.is_alphanumeric()) {
        Some(digit) if digit.is_ascii_digit() => "0–9".to_owned(),
        Some(letter) => {
            let plain = group(letter).and_then(|index| LETTERS[index].chars().next()).unwrap_or(letter);
            plain.to_uppercase().collect()
        }
        None => say!("Kita").to_owned(),
    }
}

/// The heading in letters that may stand in the name of a file, the same in all languages.
pub(super) fn heading_file(heading: &str) -> String {
    let mut name = String::new();
    for letter in in_language(heading, Language::Lithuanian).to_lowercase().chars() {
        match letter {
            'č' => name.push_str("ch"),
            'š' => name.push_str("sh"),
            'ž' => name.push_str("zh"),
            'a'..='z' | '0'..='9' => name.push(letter),
            '–' => name.push('-'),
            _ => name.push_str(&format!("u{:x}", u32::from(letter))),
        }
    }
    name
}

fn rank(letter: char) -> u32 {
    // Digits keep their code, below the letters; letters of other alphabets come after.
    group(letter).map_or(letter as u32, |index| u32::from('a') + index as u32)
}

fn group(letter: char) -> Option<usize> {
    static PLACES: LazyLock<[Option<usize>; 0x180]> = LazyLock::new(|| {
        let place = |letter: char| LETTERS.iter().position(|letters| letters.contains(letter));
        std::array::from_fn(|code| u32::try_from(code).ok().and_then(char::from_u32).and_then(place))
    });
    // No letter of the alphabet has a greater code.
    PLACES.get(letter as usize).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_lithuanian_order() {
        let mut names =
            vec!["Žinios", "Zebras", "Čekis", "Cukrus", "Yla", "Jonas", "Ilgas", "Įrašas", "15min", "Šeima", "Sala", "Ąžuolas", "Bitė"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            ["15min", "Ąžuolas", "Bitė", "Cukrus", "Čekis", "Yla", "Ilgas", "Įrašas", "Jonas", "Sala", "Šeima", "Zebras", "Žinios"]
        );
    }

    #[test]
    fn every_letter_has_its_place() {
        for (place, letter) in LETTERS.iter().enumerate().flat_map(|(place, letters)| letters.chars().map(move |letter| (place, letter))) {
            assert_eq!(group(letter), Some(place));
        }
        assert_eq!([group('7'), group('я')], [None, None]);
    }

    #[test]
    fn a_legal_form_is_not_what_a_name_is_looked_up_by() {
        assert_eq!(looked_up("UAB \"Delfi\""), "Delfi\"");
        assert_eq!(looked_up("Uždaroji akcinė bendrovė „Žinių radijas“"), "Žinių radijas“");
        assert_eq!(looked_up("VšĮ Lietuvos radijas"), "Lietuvos radijas");
        assert_eq!(looked_up("Abėcėlė"), "Abėcėlė");
        assert_eq!(heading(looked_up("UAB „15min“")), "0–9");
        assert_eq!(heading("ęžeras"), "E");
    }

    #[test]
    fn every_heading_has_a_plain_file_of_its_own() {
        let other = heading("„–“");
        assert_eq!([Language::Lithuanian, Language::English].map(|language| in_language(&other, language).into_owned()), ["Kita", "Other"]);
        let headings = ["0–9", "A", "C", "Č", "S", "Š", "Z", "Ž", "U", "Н", other.as_str()];
        let files = headings.map(heading_file);
        assert_eq!(files, ["0-9", "a", "c", "ch", "s", "sh", "z", "zh", "u", "u43d", "kita"]);
    }
}
