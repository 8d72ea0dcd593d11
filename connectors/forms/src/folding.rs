//! Letters that people type alike: with and without Lithuanian marks, large and small, with and without quotes. This is for finding names;
//! the alphabetical order of pages is `publish`'s.
//!
//! # Libraries tried
//!
//! `icu_collator` 2.4 (Lithuanian, compiled data) puts names in the order that `publish/src/site/alphabet.rs` puts them in: of 41 616 pairs
//! of names of a generated country and some odd ones, one is in another order, a name and the same in small letters. It brings 26 crates
//! for these thirty lines, and with `yoke-derive`, `zerofrom-derive` and `zerovec-derive` other features of `syn` (3.0: `extra-traits`,
//! `fold`, `visit`): DuckDB and Polars would be built again on every machine. It was not taken.

/// Legal forms that names begin with, as they are after folding; a longer one stands before those it begins with.
const FORMS: &[&str] = &[
    "uzdaroji akcine bendrove",
    "akcine bendrove",
    "mazoji bendrija",
    "viesoji istaiga",
    "individuali imone",
    "tikroji ukine bendrija",
    "komanditine ukine bendrija",
    "biudzetine istaiga",
    "valstybes imone",
    "savivaldybes imone",
    "zemes ukio bendrove",
    "kooperatine bendrove",
    "uab",
    "ab",
    "mb",
    "vsi",
    "ii",
    "tub",
    "kub",
    "bi",
    "vi",
    "si",
    "zub",
    "kb",
];

/// Small letters without Lithuanian marks, quotes left out.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| !"„“”\"'".contains(*letter))
        .map(|letter| match letter {
            'ą' => 'a',
            'č' => 'c',
            'ę' | 'ė' => 'e',
            'į' => 'i',
            'š' => 's',
            'ų' | 'ū' => 'u',
            'ž' => 'z',
            other => other,
        })
        .collect()
}

/// The words of a name, folded, without the legal form that it begins with. One behind the name stays: whoever types does not get so far.
pub(crate) fn folded_name(text: &str) -> String {
    let folded = folded(text);
    let mut name = String::with_capacity(folded.len());
    for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    let form = FORMS.iter().find_map(|form| name.strip_prefix(form)?.strip_prefix(' '));
    form.map_or_else(|| name.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_by_its_words_whatever_its_form_quotes_marks_and_case() {
        for written in ["UAB „Šiaurės-rytas“", "Uždaroji akcinė bendrovė \"ŠIAURĖS RYTAS\"", "siaures  rytas", "VšĮ Šiaurės rytas"]
        {
            assert_eq!(folded_name(written), "siaures rytas", "{written}");
        }
        assert_eq!(folded_name("Šiaurės rytas, UAB"), "siaures rytas uab");
        assert_eq!(folded_name("Abėcėlė"), "abecele", "a word that begins like a form is none");
        assert_eq!(folded_name("UAB"), "uab", "a name that is nothing but a form");
    }
}
