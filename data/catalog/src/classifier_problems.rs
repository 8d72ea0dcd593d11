//! What is wrong with the classifiers.

use std::collections::BTreeSet;

use crate::definitions::title_problem;
use crate::{Catalog, Classifier, Error};

impl Catalog {
    /// Codes that stand twice, titles that say nothing, groups and areas that are none.
    pub(crate) fn classifier_problems(&self) -> Vec<Error> {
        let mut found = Vec::new();
        for classifier in self.classifiers.values() {
            let mut codes = BTreeSet::new();
            for term in &classifier.terms {
                let place = format!("classifier {}", classifier.name);
                if !codes.insert(&term.code) {
                    found.push(Error::Definition { place: place.clone(), reason: format!("code {} stands twice", term.code) });
                }
                found.extend(title_problem(&place, &term.title));
            }
            found.extend(group_problems(classifier));
            found.extend(area_problems(classifier));
        }
        found
    }
}

/// Groups of codes that are no groups of the classifier's codes.
fn group_problems(classifier: &Classifier) -> Vec<Error> {
    let mut found = Vec::new();
    for group in &classifier.groups {
        let place = format!("group {} of classifier {}", group.code, classifier.name);
        let is_alone = |code: &&String| classifier.groups.iter().filter(|group| group.of.contains(code)).count() == 1;
        let codes: BTreeSet<&String> = group.of.iter().filter(|code| classifier.contains(code)).filter(is_alone).collect();
        if codes.len() != group.of.len() || codes.len() < 2 || classifier.contains(&group.code) {
            let reason = "a group has two codes of the classifier at least, each in one group only, and a code that is none of them";
            found.push(Error::Definition { place: place.clone(), reason: reason.to_owned() });
        }
        found.extend(title_problem(&place, &group.title));
    }
    found
}

/// Areas that lie where another does, are written as another, or have a town of another.
fn area_problems(classifier: &Classifier) -> Vec<Error> {
    let mut found = Vec::new();
    let (mut tiles, mut shorts, mut towns) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (term, area) in classifier.areas() {
        let is_own = tiles.insert((area.column, area.row)) && shorts.insert(&area.short);
        let is_placed = area.column > 0 && area.row > 0 && area.short.chars().count() == 3;
        if !is_own || !is_placed || !area.towns.iter().all(|town| towns.insert(town)) {
            let reason = "an area has a tile, an abbreviation of three letters and towns that no other one has; tiles are counted from 1";
            found.push(Error::Definition {
                place: format!("code {} of classifier {}", term.code, classifier.name),
                reason: reason.to_owned(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{Area, CodeGroup};

    #[test]
    fn a_group_has_two_codes_of_its_classifier_that_are_in_no_other() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let kinds = catalog.classifier("dalyviu_rusys").unwrap();
        assert_eq!(kinds.group_of("UF").map(|group| group.code.as_str()), Some("fiziniai"));
        assert!(kinds.group_of("J").is_none() && kinds.group("fiziniai").is_some() && group_problems(kinds).is_empty());
        let problem = |change: fn(&mut CodeGroup)| {
            let mut kinds = kinds.clone();
            kinds.groups.push(CodeGroup { code: "kita".to_owned(), of: vec!["J".to_owned(), "UJ".to_owned()], ..kinds.groups[0].clone() });
            change(&mut kinds.groups[1]);
            group_problems(&kinds).len()
        };
        assert_eq!(problem(|_| ()), 0);
        assert!(problem(|group| group.of.truncate(1)) > 0, "one code alone");
        assert!(problem(|group| group.of[0] = "nera".to_owned()) > 0, "no code of the classifier");
        assert!(problem(|group| group.of[0] = "F".to_owned()) > 0, "in two groups");
        assert!(problem(|group| group.code = "J".to_owned()) > 0, "one of the codes");
    }

    #[test]
    fn sixty_municipalities_have_tiles_beside_those_of_their_neighbours() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let municipalities = catalog.classifier("savivaldybes").unwrap();
        assert_eq!((municipalities.areas().count(), municipalities.terms.len()), (60, 61), "and one for what is not stated");
        let tile = |code: &str| {
            let area = municipalities.areas().find(|(term, _)| term.code == code).unwrap().1;
            (area.column, area.row)
        };
        let touch = |one: &str, other: &str| {
            let ((here, above), (there, below)) = (tile(one), tile(other));
            (here - there).abs() <= 1 && (above - below).abs() <= 1
        };
        // Cities in their districts, and pairs on every border of the country.
        for (one, other) in [
            ("13", "41"),
            ("19", "52"),
            ("21", "55"),
            ("29", "91"),
            ("27", "66"),
            ("11", "33"),
            ("25", "56"),
            ("75", "61"),
            ("73", "43"),
            ("30", "45"),
            ("85", "41"),
            ("38", "15"),
            ("48", "39"),
            ("63", "88"),
        ] {
            assert!(touch(one, other), "{one} {other}");
        }
        assert!(tile("21").0 < tile("52").0 && tile("52").0 < tile("13").0, "west is left");
        assert!(tile("36").1 < tile("82").1 && tile("82").1 < tile("15").1, "north is up");
        let problem = |change: fn(&mut Area)| {
            let mut changed = municipalities.clone();
            changed.terms[0].area.as_mut().into_iter().for_each(change);
            area_problems(&changed).len()
        };
        assert_eq!(problem(|_| ()), 0);
        assert!(problem(|area| (area.column, area.row) = (9, 5)) > 0, "the tile of Vilnius");
        assert!(problem(|area| "VIL".clone_into(&mut area.short)) > 0 && problem(|area| area.short.push('X')) > 0);
        assert!(problem(|area| area.towns.push("Kaunas".to_owned())) > 0, "a town of another");
        assert!(problem(|area| area.row = 0) > 0);
    }

    #[test]
    fn every_state_of_iso_3166_has_a_lithuanian_name_of_its_own() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let states = catalog.classifier("valstybes").unwrap();
        // 249, and Kosovo, whose code is the user's to give.
        assert_eq!(states.terms.len(), 250);
        assert!(states.terms.iter().all(|term| term.code.len() == 2 && term.code.bytes().all(|byte| byte.is_ascii_uppercase())));
        let names: BTreeSet<&str> = states.terms.iter().map(|term| term.title.lt.as_str()).collect();
        assert_eq!(names.len(), states.terms.len());
        for (code, name) in [("IE", "Airija"), ("GB", "Jungtinė Karalystė"), ("AT", "Austrija"), ("IL", "Izraelis"), ("BY", "Baltarusija")]
        {
            assert_eq!(states.title(code).map(|title| title.lt.as_str()), Some(name));
        }
    }
}
