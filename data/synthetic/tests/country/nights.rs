//! Night after night a few facts come, change or go, and everything else stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use synthetic::{ROUND, generate, generate_later};

use crate::demo::{Demo, SIZE};
use crate::reader::Row;

/// Tables whose facts about persons nights change.
const OF_PERSONS: [&str; 3] = ["raw_gypas__parama", "raw_vrk__reklama", "raw_jadis__dalyviai"];
/// Tables that follow: lists of VIRS, what is known of new ones, and the register of persons.
const FOLLOWING: [&str; 5] = ["raw_formos__virs", "raw_formos__vip", "raw_formos__dalyviai", "raw_jar__valdymas", "raw_gr__asmenys"];

/// Good rows and how many times each is there. The day of the extract is left out, for it moves every night.
fn rows(country: &Demo, table: &str) -> BTreeMap<Row, usize> {
    let mut counts = BTreeMap::new();
    for row in &country.rows[table] {
        let mut row = row.clone();
        row.remove("formavimo_data");
        *counts.entry(row).or_default() += 1;
    }
    counts
}

/// Rows that are more often in one than in the other.
fn more<'a>(one: &'a BTreeMap<Row, usize>, other: &BTreeMap<Row, usize>) -> Vec<&'a Row> {
    one.iter().filter(|(row, count)| other.get(*row).copied().unwrap_or(0) < **count).map(|(row, _)| row).collect()
}

fn persons(rows: &[&Row]) -> BTreeSet<(String, String, String)> {
    rows.iter().map(|row| (row["vardas"].clone(), row["pavarde"].clone(), row["asmens_kodas"].clone())).collect()
}

/// What a night did to a table of facts about persons, and of how many persons, as its rows show it.
fn seen(table: &str, came: &[&Row], went: &[&Row]) -> Option<(&'static str, usize)> {
    let (here, gone) = (persons(came), persons(went));
    match (came.is_empty(), went.is_empty()) {
        (true, true) => None,
        // Whoever sells ends a holding, which stays as a former one.
        _ if table == "raw_jadis__dalyviai" && came.iter().any(|row| !row["iki"].is_empty()) => {
            Some(("added", here.difference(&gone).count()))
        }
        (false, true) => Some(("added", here.len())),
        (true, false) => Some(("removed", gone.len())),
        (false, false) => {
            assert_eq!(here, gone, "{table}: a correction is about the same persons");
            Some(("corrected", here.len()))
        }
    }
}

#[test]
fn no_night_is_the_country_itself() {
    let (plain, later) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generate(&SIZE, 7, plain.path()).unwrap();
    generate_later(&SIZE, 7, 0, later.path()).unwrap();
    for entry in fs::read_dir(plain.path()).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(fs::read(plain.path().join(&name)).unwrap() == fs::read(later.path().join(&name)).unwrap(), "{}", name.display());
    }
}

#[test]
fn each_night_changes_the_facts_that_truth_tells_of_and_a_round_of_nights_changes_all_there_are() {
    for seed in [1, 2, 3] {
        let mut happened: BTreeSet<(String, &str, usize)> = BTreeSet::new();
        let mut before = Demo::write(&SIZE, seed, 0);
        assert!(before.truth.changes.is_empty());
        for night in 1..=ROUND {
            let after = Demo::write(&SIZE, seed, night);
            assert!(after.truth.as_of > before.truth.as_of);
            let mut found = Vec::new();
            for table in after.rows.keys() {
                let (was, is) = (rows(&before, table), rows(&after, table));
                let (came, went) = (more(&is, &was), more(&was, &is));
                if OF_PERSONS.contains(&table.as_str()) {
                    found.extend(seen(table, &came, &went).map(|(what, about)| (table.clone(), what, about)));
                } else {
                    assert!(
                        came.len() + went.len() <= if FOLLOWING.contains(&table.as_str()) { 10 } else { 0 },
                        "{table} of night {night}"
                    );
                }
            }
            let told = after.truth.changes.iter().map(|change| (change.table.to_owned(), change.what, change.about));
            let (virs, of_persons): (Vec<_>, Vec<_>) = told.partition(|(table, ..)| table == "raw_formos__virs");
            assert_eq!(found.iter().collect::<BTreeSet<_>>(), of_persons.iter().collect(), "night {night} of seed {seed}");
            happened.extend(found.into_iter().map(|(table, what, about)| (table, what, about.min(4))));
            happened.extend(virs);
            before = after;
        }
        let everything = OF_PERSONS.iter().flat_map(|table| ["added", "corrected", "removed"].map(|what| (*table, what)));
        let mut everything: BTreeSet<_> =
            everything.flat_map(|(table, what)| (1..=4).map(move |about| (table.to_owned(), what, about))).collect();
        everything.extend(["added", "corrected"].map(|what| ("raw_formos__virs".to_owned(), what, 1)));
        assert_eq!(happened, everything, "seed {seed}");
    }
}

#[test]
fn numbers_of_rows_are_given_once_in_all_nights() {
    for (table, number, content) in
        [("raw_vrk__reklama", "reklamos_nr", ["kampanija", "reklamos_nuo"]), ("raw_jadis__dalyviai", "dalyvio_nr", ["ja_kodas", "pavarde"])]
    {
        let mut known: BTreeMap<String, [String; 2]> = BTreeMap::new();
        for night in 0..=ROUND {
            for row in Demo::write(&SIZE, 4, night).rows[table].iter() {
                let content = content.map(|column| row[column].clone());
                assert_eq!(known.entry(row[number].clone()).or_insert_with(|| content.clone()), &content, "{table}");
            }
        }
    }
}
