//! Whether a text holds the name of a natural person: an outlet called after its editor, a firm abroad that is its owner.
//!
//! Words are compared without marks, case and Lithuanian endings, so that „Jono Jonaičio dienoraštis“ and `jonasjonaitis.lt` name Jonas
//! Jonaitis, too. A given name, or its initial beside, must stand with the family name; a family name alone names nobody.

use std::collections::HashMap;

use catalog::Law;
use foldhash::fast::RandomState;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Endings that change with case and number, without marks.
const ENDINGS: &[&str] = &[
    "iuose", "iams", "iais", "iaus", "iumi", "iose", "uose", "omis", "emis", "umi", "imi", "yje", "oje", "eje", "ose", "ius", "iui", "iau",
    "iai", "ams", "ais", "aus", "oms", "ems", "os", "es", "as", "is", "ys", "us", "ui", "ai", "ei", "io", "iu", "ia", "au", "o", "a", "e",
    "i", "u", "y",
];

/// Shorter words are none that names are told by.
const SHORTEST: usize = 2;
/// Of names that stand together in one word, each has so many letters at least.
const GLUED: usize = 3;
/// Words of a name that may be a person's and nothing else.
const BARE: std::ops::RangeInclusive<usize> = 2..=4;

/// Names of some persons, to be looked for in texts.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// By each form of a part of the family name: forms of parts of the given names.
    by_family: HashMap<String, Vec<String>, RandomState>,
}

impl Names {
    /// The given and family names of persons.
    pub(crate) fn of<'a>(persons: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut names = Self::default();
        for (given, family) in persons {
            let given: Vec<String> = words(given).iter().flat_map(|word| forms(word)).collect();
            for form in words(family).iter().filter(|word| word.chars().count() >= SHORTEST).flat_map(|word| forms(word)) {
                names.by_family.entry(form).or_default().extend(given.iter().cloned());
            }
        }
        names
    }

    /// Whether nobody is looked for.
    fn is_empty(&self) -> bool {
        self.by_family.is_empty()
    }

    /// Whether a text holds the name of one of these persons.
    pub(crate) fn stand_in(&self, text: &str) -> bool {
        let words = words(text);
        self.place_in(&words).is_some() || words.iter().any(|word| self.stand_together_in(word))
    }

    /// The places of a given and a family name among the words of a text.
    fn place_in(&self, words: &[String]) -> Option<(usize, usize)> {
        (0..words.len()).find_map(|family| {
            let known = self.given_of(&words[family]);
            let given = |other: &usize| *other != family && is_given(&known, &words[*other], family.abs_diff(*other));
            (0..words.len()).find(given).map(|given| (given, family))
        })
    }

    /// Given names of those who have this family name.
    fn given_of(&self, family: &str) -> Vec<&[String]> {
        if self.is_empty() {
            return Vec::new();
        }
        forms(family).into_iter().filter_map(|form| self.by_family.get(&form).map(Vec::as_slice)).collect()
    }

    /// Whether both names stand in one word, as in addresses of pages: as they are, or as far as their endings.
    fn stand_together_in(&self, word: &str) -> bool {
        let places: Vec<usize> = word.char_indices().map(|(place, _)| place).chain([word.len()]).collect();
        let last = places.len() - 1;
        if self.is_empty() || last < 2 * GLUED {
            return false;
        }
        let part = |from: usize, to: usize| &word[places[from]..places[to]];
        let pair = |given: &str, family: &str| self.by_family.get(family).is_some_and(|known| known.iter().any(|form| form == given));
        let both = |one: &str, other: &str| pair(one, other) || pair(other, one);
        // They begin the word or end it.
        (GLUED..=last - GLUED).any(|middle| {
            (middle + GLUED..=last).any(|end| both(part(0, middle), part(middle, end)))
                || (0..=middle - GLUED).any(|start| both(part(start, middle), part(middle, last)))
        })
    }
}

/// Whether a word is one of these given names, or, close to the family name, the initial of one.
fn is_given(known: &[&[String]], word: &str, distance: usize) -> bool {
    let mut known = known.iter().flat_map(|forms| forms.iter());
    if word.chars().count() < SHORTEST {
        return distance <= 2 && !word.is_empty() && known.any(|form| form.starts_with(word));
    }
    let word = forms(word);
    known.any(|form| word.contains(form))
}

/// Whether the name of a foreign entity may be a natural person's. One that says its legal form is an entity's, whoever it is called after.
pub(crate) fn may_be_a_person(name: &str, known: &Names, law: &Law) -> bool {
    let spelled = name.split(|letter: char| letter.is_whitespace() || ",;()\"„“”«»".contains(letter));
    let spelled = spelled.map(|word| (word, words(&word.replace(['.', '/', '\''], "")).concat())).filter(|(_, plain)| !plain.is_empty());
    let (spelled, plain): (Vec<&str>, Vec<String>) = spelled.unzip();
    let person = known.place_in(&plain);
    let says_form = spelled.iter().zip(&plain).enumerate().any(|(place, (spelled, plain))| {
        // Two letters may be a name, too: „Maria Sa“ is no S.A.
        let written_as_form = plain.len() > 2 || spelled.contains(['.', '/']) || !spelled.contains(char::is_lowercase);
        let in_name = person.is_some_and(|(given, family)| place == given || place == family);
        !in_name && written_as_form && law.is_legal_form_word(plain)
    });
    let letters = |word: &String| word.chars().all(char::is_alphabetic);
    let bare = || BARE.contains(&plain.len()) && plain.iter().all(letters) && !plain.iter().any(|word| law.is_business_word(word));
    !says_form && (person.is_some() || bare() || known.stand_in(name))
}

/// Words in small letters without marks.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).map(without_stroke).collect();
    plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Letters whose mark is a part of them.
fn without_stroke(letter: char) -> char {
    match letter {
        'ł' => 'l',
        'ø' => 'o',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        other => other,
    }
}

/// A word as it is, and without its ending; a consonant that the ending changed (Jonaitis, Jonaičio; Gaidys, Gaidžio) is as it was.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let stem = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).find(|stem| stem.chars().count() >= SHORTEST).unwrap_or(word);
    let stem = match (stem.strip_suffix("dz"), stem.strip_suffix('c')) {
        (Some(rest), _) => format!("{rest}d"),
        (None, Some(rest)) => format!("{rest}t"),
        (None, None) => stem.to_owned(),
    };
    if stem != word {
        forms.push(stem);
    }
    forms
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn names() -> Names {
        Names::of([
            ("Jonas", "Jonaitis"),
            ("Žygimantė Ona", "Gaidžiūnienė-Šimkutė"),
            ("Saulius", "Gaidys"),
            ("James", "O'Neil"),
            ("Łukasz", "Wójcik"),
        ])
    }

    #[test]
    fn a_name_is_found_in_every_case_order_and_spelling() {
        for text in [
            "Jono Jonaičio dienoraštis",
            "Jonaitis Jonas",
            "JONAITIS, JONAS: NAUJIENOS",
            "Su Jonu Jonaičiu",
            "Jonui Jonaičiui – 50",
            "J. Jonaičio blogas",
            "Jonaitis J.",
            "jonasjonaitis.lt",
            "www.jonaitisjonas-naujienos.lt",
            "JonasJonaitisTV",
            "jonas.jonaitis",
            "Jonas_Jonaitis",
            "Žygimantės Gaidžiūnienės laida",
            "Zygimante Simkute",
            "Onos Šimkutės virtuvė",
            "Z\u{30c}ygimante\u{307} S\u{30c}imkute\u{307}",
            "Sauliaus Gaidžio studija",
            "Gaidys su Sauliumi ir Saulius",
            "Jameso O'Neilo pokalbiai",
            "Lukasz Wojcik",
            "Ｊonas　Jonaitis",
        ] {
            assert!(names().stand_in(text), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_name_or_somebody_else_is_nobody() {
        for text in [
            "Jono dienoraštis",
            "Jonaičio dienoraštis",
            "Petro Jonaičio dienoraštis",
            "Jono Petraičio dienoraštis",
            "Žinios",
            "Šiaurės rytas",
            "Gaidys",
            "Saulės studija",
            "P. Jonaičio blogas",
            "J. Petraitis",
            "",
            "2026",
        ] {
            assert!(!names().stand_in(text), "{text}");
        }
        assert!(!Names::default().stand_in("Jonas Jonaitis") && Names::default().is_empty());
    }

    #[test]
    fn a_foreign_name_is_a_persons_unless_its_legal_form_says_otherwise() {
        let catalog = catalog::Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let known = Names::of([("John", "Smith"), ("Maria", "Sa"), ("Anna", "Company")]);
        let may_be = |name: &str| may_be_a_person(name, &known, catalog.law());
        for name in [
            "John Smith",
            "SMITH JOHN",
            "John Smith Publishing",
            "Smith, J. – Consulting",
            "Maria Sa",
            "Anna Company",
            // Nobody whom the system knows, but a name and nothing else.
            "Ivana Novakova",
            "Jean-Luc de la Fontaine",
            "O. Nowak",
        ] {
            assert!(may_be(name), "{name}");
        }
        for name in [
            "John Smith Ltd",
            "John Smith Ltd.",
            "Smith GmbH & Co. KG",
            "Maria Sa S.A.",
            "MARIA HOLDING AS",
            "Nordea Sp. z o.o.",
            "Orkla A/S",
            "Saulės banga 0 Media Holding NL",
            "Baltic News",
            "Bertelsmann",
            "3M Europe",
            "Fondas 21",
            "",
        ] {
            assert!(!may_be(name), "{name}");
        }
    }
}
