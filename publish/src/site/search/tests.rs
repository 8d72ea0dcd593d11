//! What is found in a made-up release, read from its files as the script reads them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, StringArray, UInt32Array};
use arrow::compute::take;
use catalog::{Catalog, Tier};
use serde_json::Value;

use super::words::{spelled, words};
use crate::incremental::last_release::LastRelease;
use crate::store::sides::Store;
use crate::{Committed, FileStats, PageHashes, publish, sample};

struct Home {
    folder: tempfile::TempDir,
    catalog: Catalog,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = sample::catalog(folder.path());
        Self { folder, catalog }
    }

    fn publish(&self, tables: &[catalog::Released], last: Option<&LastRelease>) -> (Committed, PageHashes) {
        let info = sample::info();
        let staging = self.store().stage().unwrap();
        let context = sample::context(&info);
        let (_, hashes) = publish(&staging, &self.catalog, tables, last, &|_| None, &context).unwrap();
        (staging.commit(&info).unwrap(), hashes)
    }

    fn store(&self) -> Store {
        Store::open(&self.folder.path().join("portal"), &self.folder.path().join("internal")).unwrap()
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn shards(tier: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(tier.join("paieska")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Names of hits and where the first leads, as the script finds them.
fn found(tier: &Path, typed: &str) -> Vec<(String, String)> {
    let asked = words(typed);
    let index = json(&tier.join("paieska.json"));
    let names: Vec<&str> = index["shards"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let start = spelled(&asked[0]);
    let longer = names.iter().find(|name| name.starts_with(&start));
    let Some(name) = longer.or_else(|| names.iter().rfind(|name| start.starts_with(**name))) else { return Vec::new() };
    let shard = json(&tier.join(format!("paieska/{name}.json")));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let hits = shard["hits"].as_array().unwrap().iter().filter(|hit| {
        let keys = hit["keys"].as_array().into_iter().flatten();
        let known: Vec<String> = std::iter::once(&hit["name"]).chain(keys).flat_map(|value| words(&text(value))).collect();
        asked.iter().all(|word| known.iter().any(|one| one.starts_with(word.as_str())))
    });
    hits.map(|hit| (text(&hit["name"]), hit["virs"][0]["code"].as_str().unwrap_or_default().to_owned())).collect()
}

fn first_names(hits: Vec<(String, String)>) -> Vec<String> {
    hits.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_thing_is_found_by_its_name_without_marks_by_its_code_and_by_a_domain() {
    let home = Home::new();
    let (committed, _) = home.publish(&sample::tables(&home.catalog, 12, 3), None);
    let public = committed.portal.join("public");
    assert_eq!(first_names(found(&public, "siaures naujien")), ["UAB „Šiaurės naujienos 3“", "UAB „Šiaurės naujienos 9“"]);
    assert_eq!(found(&public, "300000004"), [("VšĮ „Žemaičių krašto laikraštis 4“".to_owned(), "300000004".to_owned())]);
    assert_eq!(first_names(found(&public, "300")).len(), 12 + 12, "by a beginning; owners have codes, too");
    assert_eq!(first_names(found(&public, "www.example.lt")), ["Vilniaus miesto savivaldybės administracija"]);
    // An owner of two VIRS is one hit.
    assert_eq!(found(&public, "pavardene 2"), [("Vardenė Pavardenė 2".to_owned(), "300000005".to_owned())], "the first by the alphabet");
    let index = json(&public.join("paieska.json"));
    let at = |title: &str| index["kinds"].as_array().unwrap().iter().position(|kind| kind == title).unwrap();
    assert_eq!([&index["kinds_en"][at("VIRS")], &index["kinds_en"][at("institucija")]], ["VIRS", "institution"]);
    assert!(found(&public, "nezinom").is_empty(), "rows that name nobody");
    assert!(found(&public, "Pavardis").is_empty());
}

#[test]
fn no_tier_finds_what_its_tables_do_not_show() {
    let home = Home::new();
    let (committed, _) = home.publish(&sample::tables(&home.catalog, 12, 3), None);
    let text = |tier: &Path| {
        let index = fs::read_to_string(tier.join("paieska.json")).unwrap();
        shards(tier).iter().map(|path| fs::read_to_string(path).unwrap()).fold(index, |all, text| all + &text)
    };
    let (public, open) = (text(&committed.portal.join("public")), text(&committed.portal.join("open")));
    assert!(public.contains("Pavardenė") && !open.contains("Pavarden") && !open.contains("pavarden"));
    assert!(public.contains("300000001") && !open.contains("300000001"), "a firm that bears a person's name");
    for tier in [&public, &open, &text(&committed.internal)] {
        assert!(!tier.contains("00000000000"), "nobody is found by a personal code");
    }
}

#[test]
fn whatever_a_name_holds_its_files_are_plain_and_its_text_is_one_short_line() {
    let home = Home::new();
    let names = [
        "</script><img src=x onerror=alert(1)>".to_owned(),
        "\u{202e}UAB\u{0}\r\n\"'\\ {{ x }} <!--".to_owned(),
        "../../etc/passwd ŽŽŽ".to_owned(),
        "ilgas ".repeat(400),
        "я".repeat(2000),
        "Новости и радио".to_owned(),
    ];
    let table = home.catalog.table("out_virs").unwrap();
    let tables: Vec<_> = sample::tables(&home.catalog, names.len(), 1)
        .into_iter()
        .map(|released| {
            if released.table().name != table.name || released.tier() != Tier::Public {
                return released;
            }
            let mut columns = released.rows().columns().to_vec();
            columns[1] = std::sync::Arc::new(StringArray::from(names.to_vec())) as ArrayRef;
            crate::formats::samples::released(table, Tier::Public, columns)
        })
        .collect();
    let (committed, _) = home.publish(&tables, None);
    let public = committed.portal.join("public");
    for path in shards(&public) {
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".json").unwrap();
        assert!(name.len() <= 200 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{name}");
        for hit in json(&path)["hits"].as_array().unwrap() {
            let name = hit["name"].as_str().unwrap();
            assert!(name.chars().count() <= 121 && !name.chars().any(|letter| letter.is_control() || letter == '\u{202e}'));
        }
    }
    for typed in ["onerror", "uab x", "passwd zzz", "ilgas", "яяя", "новос"] {
        assert_eq!(found(&public, typed).len(), 1, "{typed}");
    }
}

#[test]
fn a_night_in_which_nothing_that_is_found_changed_links_the_files_of_the_last_and_makes_the_same() {
    let home = Home::new();
    let tables = sample::tables(&home.catalog, 12, 3);
    let (first, hashes) = home.publish(&tables, None);
    let open =
        || LastRelease::open(&home.store(), &first.manifest_sha256, hashes.clone(), &[FileStats::default(), FileStats::default()]).unwrap();
    let search = |committed: &Committed| -> BTreeSet<(PathBuf, Vec<u8>)> {
        let public = committed.portal.join("public");
        let files = shards(&public).into_iter().chain([public.join("paieska.json")]);
        files.map(|path| (path.strip_prefix(&public).unwrap().to_owned(), fs::read(path).unwrap())).collect()
    };
    let last = open();
    let (second, _) = home.publish(&[], Some(&last));
    assert_eq!(search(&first), search(&second));
    // One of its tables changed: all is made again, from tables of both nights.
    let changed: Vec<_> = sample::tables(&home.catalog, 12, 1).into_iter().filter(|table| table.table().name == "out_lesos").collect();
    let again =
        LastRelease::open(&home.store(), &second.manifest_sha256, hashes.clone(), &[FileStats::default(), FileStats::default()]).unwrap();
    let (third, _) = home.publish(&changed, Some(&again));
    let other = Home::new();
    let (whole, _) = other.publish(&sample::tables(&other.catalog, 12, 1), None);
    assert!(search(&third) == search(&whole) && search(&third) != search(&second), "an institution is named no more");
}

/// The tables of this name with another column of this name: what stands in a row stands in the next one.
fn turned(tables: Vec<catalog::Released>, name: &str, column: &str) -> Vec<catalog::Released> {
    let of_name = tables.into_iter().filter(|table| table.table().name == name);
    let turned = of_name.map(|table| {
        let (mut columns, rows) = (table.rows().columns().to_vec(), table.rows().num_rows() as u32);
        if let Ok(place) = table.rows().schema().index_of(column) {
            let before: UInt32Array = (0..rows).map(|row| (row + rows - 1) % rows).collect();
            columns[place] = take(&columns[place], &before, None).unwrap();
        }
        crate::formats::samples::released(table.table(), table.tier(), columns)
    });
    turned.collect()
}

#[test]
fn a_night_in_which_other_columns_of_what_is_searched_changed_links_the_files_of_the_last() {
    let home = Home::new();
    let tables = || sample::tables(&home.catalog, 12, 3);
    let (first, hashes) = home.publish(&tables(), None);
    let index = |committed: &Committed| fs::read_to_string(committed.portal.join("public/paieska.json")).unwrap();
    let whole = index(&first);
    // What is made anew is not this; what is linked is.
    let last = || {
        let last = LastRelease::open(&home.store(), &first.manifest_sha256, hashes.clone(), &[FileStats::default(), FileStats::default()]);
        let path = first.portal.join("public/paieska.json");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "linked").unwrap();
        last.unwrap()
    };
    let staged = |tables: &[catalog::Released], last: &LastRelease| {
        let (info, staging) = (sample::info(), home.store().stage().unwrap());
        publish(&staging, &home.catalog, tables, Some(last), &|_| None, &sample::context(&info)).unwrap();
        fs::read_to_string(staging.folder(false).join("public/paieska.json")).unwrap()
    };
    let last = last();
    assert_eq!(staged(&turned(tables(), "out_lesos", "suma"), &last), "linked", "no sum is searched");
    assert_eq!(staged(&turned(tables(), "out_lesos", "institucija"), &last), "linked", "the same ones are named, by other rows");
    let fewer: Vec<_> = sample::tables(&home.catalog, 12, 1).into_iter().filter(|table| table.table().name == "out_lesos").collect();
    assert_ne!(staged(&fewer, &last), "linked", "one is named no more");
    assert_eq!(staged(&turned(tables(), "out_virs", "pavadinimas"), &last), whole.as_str(), "names of others");
}
