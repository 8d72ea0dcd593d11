//! In which municipality a seat lies: told by how its address begins. Whatever begins otherwise tells none, since most names of streets are names of towns
//! (`Vilniaus g. 5, Kaunas`).

use catalog::{Catalog, Classifier, compared_name};

/// What may stand before the municipality or the town.
const COUNTRY: [&str; 4] = ["LT", "LIETUVA", "LIETUVOS", "RESPUBLIKA"];
/// Beginnings of words of the titles that may be written out.
const WRITTEN_OUT: [(&str, &str); 3] = [("MIESTO", "M"), ("RAJONO", "R"), ("SAVIVALDYB", "SAV")];

/// All municipalities, by the beginnings of addresses that name them.
pub(super) struct Municipalities<'a> {
    /// The longest first: `Vilniaus m.` before what else may begin with `Vilniaus`.
    beginnings: Vec<(Vec<String>, &'a str)>,
}

impl<'a> Municipalities<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let mut beginnings = Vec::new();
        for (term, area) in catalog.classifiers().flat_map(Classifier::areas) {
            let title = words(&term.title.lt);
            // `Vilniaus m.` says as much as `Vilniaus m. sav.`; `Birštono` alone may be a street.
            if let [rest @ .., _] = title.as_slice()
                && rest.last().is_some_and(|end| matches!(end.as_str(), "M" | "R"))
            {
                beginnings.push((rest.to_vec(), term.code.as_str()));
            }
            beginnings.push((title, term.code.as_str()));
            beginnings.extend(area.towns.iter().map(|town| (words(town), term.code.as_str())));
        }
        beginnings.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Self { beginnings }
    }

    /// The code of the municipality that an address names.
    pub(super) fn of_address(&self, address: &str) -> Option<&'a str> {
        let words = words(address);
        let is_before = |word: &String| COUNTRY.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit());
        let start = words.iter().position(|word| !is_before(word))?;
        self.beginnings.iter().find(|(beginning, _)| words[start..].starts_with(beginning)).map(|(_, code)| *code)
    }
}

/// The words of a text, however they are written and whatever stands between them.
fn words(text: &str) -> Vec<String> {
    let compared = compared_name(text);
    let words = compared.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let word = |word: &str| {
        let short = WRITTEN_OUT.iter().find(|(long, _)| word.starts_with(long));
        short.map_or(word, |(_, short)| short).to_owned()
    };
    words.map(word).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn catalog() -> Catalog {
        Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
    }

    #[test]
    fn an_address_names_the_municipality_with_which_it_begins_however_it_is_written() {
        let catalog = catalog();
        let municipalities = Municipalities::of(&catalog);
        for (address, expected) in [
            ("Vilnius, Gedimino pr. 1", Some("13")),
            ("VILNIUS, GEDIMINO PR. 1", Some("13")),
            ("Vilniaus m. sav., Vilnius, Gedimino pr. 1", Some("13")),
            ("Vilniaus m.sav. Vilniaus m. Gedimino pr. 1", Some("13")),
            ("Vilniaus miesto savivaldybė, Vilnius", Some("13")),
            ("Vilniaus\u{a0}m.\u{202f}sav.,\u{a0}Vilnius", Some("13")),
            ("\u{feff}\u{200e} „Vilnius“, Gedimino pr. 1", Some("13")),
            ("Vilniaus m., Gedimino pr. 1", Some("13")),
            ("LT-01103 Vilnius, Gedimino pr. 1", Some("13")),
            ("Lietuvos Respublika, Vilnius", Some("13")),
            ("Vilnius", Some("13")),
            ("Vilnius Gedimino pr. 1", Some("13")),
            ("Vilniaus r. sav., Vilnius", Some("41")),
            ("Vilniaus rajono savivaldybės teritorija, Nemenčinė", Some("41")),
            ("Nemenčinė, Švenčionių g. 1", Some("41")),
            ("Kauno r. sav., Domeikavos sen., Domeikavos k., Vilniaus g. 1", Some("52")),
            ("Kazlų Rūda, S. Daukanto g. 1", Some("58")),
            ("Naujoji Akmenė, Respublikos g. 1", Some("32")),
            ("S\u{30c}iauliai, Vilniaus g. 1", Some("29")),
            ("Utenos r. sav., Utena, Kauno g. 1", Some("82")),
            ("Utena", Some("82")),
            // Streets, villages and words that only begin alike.
            ("Vilniaus g. 5, Kaunas", None),
            ("Kauno g. 5", None),
            ("Birštono g. 2, Vilnius", None),
            ("Utenos g. 1", None),
            ("Vilniausk, Gatvės g. 1", None),
            ("Uten", None),
            ("Ryga, Brivibas iela 1", None),
            ("", None),
            (" \u{a0}, ", None),
            ("LT-01103", None),
        ] {
            assert_eq!(municipalities.of_address(address), expected, "{address}");
        }
    }

    #[test]
    fn every_title_and_every_town_names_its_own_municipality() {
        let catalog = catalog();
        let municipalities = Municipalities::of(&catalog);
        for (term, area) in catalog.classifiers().flat_map(Classifier::areas) {
            let of = |head: &str| municipalities.of_address(&format!("{head}, Ąžuolų g. 1"));
            assert_eq!(of(&term.title.lt), Some(term.code.as_str()));
            for town in &area.towns {
                assert_eq!(of(town), Some(term.code.as_str()), "{town}");
            }
        }
    }
}
