//! Where seats lie: how their addresses begin, in all municipalities, in every spelling that the register has.

/// The municipalities of the country, which is invented, are the real ones.
const MUNICIPALITIES: &str = include_str!("../../classifiers/savivaldybes.csv");

/// Beginnings that name no municipality: a street with the name of a town, and a town abroad.
const NOWHERE: [&str; 2] = ["Vilniaus g. 7, Kaunas", "Ryga"];

/// How addresses begin, each as often as it is to come.
pub(crate) fn beginnings() -> Vec<String> {
    let mut all: Vec<String> = NOWHERE.map(str::to_owned).to_vec();
    for line in MUNICIPALITIES.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [code, title, .., towns] = fields.as_slice() else { continue };
        let mut towns = towns.split(';').filter(|town| !town.is_empty());
        let Some(town) = towns.next() else { continue };
        all.extend(std::iter::repeat_n(town.to_owned(), common(code)));
        all.extend([format!("{title}, {town}"), format!("{}, {town}", title.replace(' ', "\u{a0}")), town.to_uppercase()]);
        all.extend(towns.map(str::to_owned));
    }
    all
}

/// Most are in the largest cities.
fn common(code: &str) -> usize {
    match code {
        "13" => 90,
        "19" => 30,
        "21" | "29" | "27" => 10,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn addresses_begin_in_every_municipality_and_in_every_spelling() {
        let all = beginnings();
        let titles: BTreeSet<&str> = all.iter().filter_map(|beginning| beginning.split_once(" sav., ")).map(|(title, _)| title).collect();
        assert_eq!(titles.len(), 60);
        for beginning in [
            "Vilnius",
            "VILNIUS",
            "Utenos r. sav., Utena",
            "Utenos\u{a0}r.\u{a0}sav., Utena",
            "Kudirkos Naumiestis",
            "Vilniaus g. 7, Kaunas",
        ] {
            assert!(all.iter().any(|one| one == beginning), "{beginning}");
        }
    }
}
