//! A small country is written and read back by a validator of its own, which knows the rules from the catalog only:
//! it must find exactly the bad rows that `truth.json` tells of, and in the good rows exactly the hard cases.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod demo;
mod money;
mod nights;
mod ownership;
mod reader;
mod realism;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use catalog::codes::{is_legal_entity_code, is_personal_code};
use chrono::NaiveDate;
use synthetic::{Error, Size, generate};

use demo::{DEMOS, SIZE};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())).collect()
}

#[test]
fn every_raw_table_has_a_file_with_exactly_the_bad_rows_that_truth_tells_of() {
    for demo in &*DEMOS {
        let catalog = reader::catalog();
        let tables: BTreeSet<_> = catalog.tables(catalog::Layer::Raw).map(|table| table.name.clone()).collect();
        // Who may act for whom is no part of a country.
        let tables: BTreeSet<_> = tables.into_iter().filter(|name| name != "raw_naudotojai__igaliojimai").collect();
        assert_eq!(tables, demo.truth.tables.keys().cloned().collect());
        for (table, told) in &demo.truth.tables {
            let bad: usize = told.bad.values().sum();
            assert_eq!(demo.rows[table].len() + bad, told.rows, "{table}");
            assert!((1..=20).contains(&bad), "{table} has {bad} bad rows");
            assert!(!demo.rows[table].is_empty(), "{table} has no good rows");
        }
    }
}

#[test]
fn every_rule_catches_something() {
    for demo in &*DEMOS {
        let rules: BTreeSet<&str> = demo.truth.tables.values().flat_map(|table| table.bad.keys().map(String::as_str)).collect();
        let all = [
            "asmens_kodas",
            "boolean",
            "classifier",
            "columns",
            "date",
            "encoding",
            "integer",
            "ja_kodas",
            "key",
            "money",
            "not_negative",
            "numeris",
            "order",
            "require_one",
            "required",
        ];
        assert_eq!(rules.into_iter().collect::<Vec<_>>(), all);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let (again, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    generate(&SIZE, 7, again.path()).unwrap();
    generate(&SIZE, 8, other.path()).unwrap();
    let first = files(DEMOS[0].folder.path());
    assert!(first == files(again.path()), "the same seed gave other bytes");
    let other = files(other.path());
    assert_eq!(first.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (file, bytes) in first.iter().filter(|(file, _)| !file.starts_with("JAR_TEI")) {
        assert!(*bytes != other[file], "{file} does not depend on the seed");
    }
}

#[test]
fn a_country_too_small_for_the_cases_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for size in [Size { virs: 39, ..SIZE }, Size { entities: 100, ..SIZE }] {
        assert!(matches!(generate(&size, 1, folder.path()), Err(Error::TooSmall { .. })));
    }
}

#[test]
fn codes_are_valid_and_a_person_has_one_name() {
    for demo in &*DEMOS {
        let mut names: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for row in demo.rows.values().flatten().filter(|row| row.contains_key("asmens_kodas") && !row["asmens_kodas"].is_empty()) {
            assert!(is_personal_code(&row["asmens_kodas"]));
            names.entry(&row["asmens_kodas"]).or_default().insert((&row["vardas"], &row["pavarde"]));
        }
        assert!(names.len() > 800 && names.values().all(|names| names.len() == 1));
        let register = [demo.rows("jar__iregistruoti"), demo.rows("jar__isregistruoti")].concat();
        let codes: BTreeSet<_> = register.iter().map(|row| row["ja_kodas"].clone()).collect();
        assert_eq!(codes.len(), register.len());
        assert_eq!(demo.rows("jar__iregistruoti").len(), SIZE.entities);
        assert!(codes.iter().all(|code| is_legal_entity_code(code)));
    }
}

#[test]
fn foreigners_alone_were_born_in_the_first_decade() {
    for demo in &*DEMOS {
        let [first, last] = demo.truth.foreign_birth_range.each_ref().map(|day| day.parse::<NaiveDate>().unwrap());
        let mut births = 0;
        for (table, row) in demo.rows.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row))) {
            for (column, value) in row {
                let Ok(day) = value.parse::<NaiveDate>() else {
                    continue;
                };
                let birth = column == "gimimo_data";
                assert_eq!((first..=last).contains(&day), birth, "{table}.{column}");
                assert!(birth || day >= NaiveDate::from_ymd_opt(1990, 1, 1).unwrap(), "{table}.{column}");
                births += usize::from(birth);
            }
        }
        assert!(births > 10);
    }
}

#[test]
fn nothing_but_a_sole_proprietor_bears_a_persons_name() {
    for demo in &*DEMOS {
        let families: BTreeSet<&str> =
            demo.rows.values().flatten().filter_map(|row| row.get("pavarde")).map(String::as_str).filter(|name| !name.is_empty()).collect();
        assert!(families.iter().all(|family| family.chars().count() >= 9));
        let mut proprietors = 0;
        for row in demo.rows.values().flatten() {
            for (_, value) in row.iter().filter(|(column, value)| !matches!(column.as_str(), "vardas" | "pavarde") && !value.is_empty()) {
                if families.iter().any(|family| value.contains(family)) {
                    assert!(value.ends_with(" IĮ"), "a value holds a person's name");
                    proprietors += 1;
                }
            }
        }
        assert!(proprietors > 0);
    }
}

#[test]
fn virs_are_as_many_as_truth_says() {
    for demo in &*DEMOS {
        let registered: BTreeSet<_> = demo.rows("formos__virs").iter().map(|row| row["ja_kodas"].as_str()).collect();
        let all = demo.virs_codes();
        assert_eq!((all.len(), all.len() - registered.len()), (demo.truth.virs.total, demo.truth.virs.only_by_licence));
        // Every other night there is a new one.
        assert_eq!(all.len(), SIZE.virs + demo.truth.nights.div_ceil(2) as usize);
        let ended = demo.rows("formos__virs").iter().filter(|row| !row["virs_iki"].is_empty()).count();
        assert_eq!(ended, demo.truth.cases["ended_virs"]);
    }
}
