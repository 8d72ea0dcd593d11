//! The word that somebody may have meant, and letters that are taken for one another: `Žukauskas` is found as `zukauskas`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Shorter words are near too many others.
const SHORTEST: usize = 3;

/// The word that is most like one that was typed, if one is like it: letters are missing, doubled, swapped, or have no marks.
pub(crate) fn closest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = folded(typed);
    let length = typed.chars().count();
    if length < SHORTEST {
        return None;
    }
    let most = if length < 6 { 1 } else { 2 };
    let distances = known.into_iter().map(|word| (strsim::damerau_levenshtein(&typed, &folded(word)), word));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, word)| word)
}

/// A text in small letters without marks, words separated by one space; signs stand for spaces.
pub(crate) fn folded(text: &str) -> String {
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    let plain: String = letters.map(|letter| if letter.is_alphanumeric() || letter == '_' { letter } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_that_differs_by_a_letter_or_its_marks() {
        let known = ["select", "savininkas", "virs"];
        for (typed, meant) in [("SELEC", "select"), ("seelct", "select"), ("savininkai", "savininkas"), ("virss", "virs"), ("viŗs", "virs")]
        {
            assert_eq!(closest(typed, known), Some(meant), "{typed}");
        }
        for typed in ["labas", "s", "", "savivaldybe"] {
            assert_eq!(closest(typed, known), None, "{typed}");
        }
        assert_eq!(folded(" UAB  „Žvaigždžių\tlapas“"), "uab zvaigzdziu lapas");
    }
}
