//! The person key is rotated: every person has another id from the next release on, histories go on as if nothing had happened, nobody can tell
//! which id was which, and whoever was forgotten stays so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::country::{Country, files};
use crate::forget::forget;

/// Tables of the public tier with ids, and what is remembered of them.
const TABLES: [&str; 6] = ["savininkas", "valdymas", "parama", "savininkas__istorija", "valdymas__istorija", "parama__istorija"];

fn id(row: &Value) -> Option<String> {
    row["asmens_id"].as_str().map(str::to_owned)
}

/// Rows of the latest release's public tier, of histories too.
fn rows(country: &Country, table: &str) -> Vec<Value> {
    if !table.ends_with("__istorija") {
        return country.table("public", table);
    }
    let out = country.ok(&["sql", "--format", "json", "-c", &format!("SELECT * FROM {table}")]);
    serde_json::from_str(&out).unwrap()
}

/// The ids of a table.
fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().filter_map(id).collect()
}

/// The rows as they are without ids, however often each stands there.
fn without_ids(rows: &[Value], besides: &[&str]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for row in rows {
        let mut row = row.clone();
        ["asmens_id", "eil_nr"].iter().chain(besides).for_each(|name| drop(row.as_object_mut().unwrap().remove(*name)));
        *counted.entry(row.to_string()).or_insert(0) += 1;
    }
    counted
}

/// Files of some folders in which one of the ids stands.
fn holding(country: &Country, folders: &[&str], ids: &BTreeSet<String>) -> Vec<String> {
    let sought = publish::Sought::new(&ids.iter().cloned().collect::<Vec<_>>()).unwrap();
    let all = folders.iter().flat_map(|folder| files(&country.path(folder).canonicalize().unwrap()));
    all.filter(|path| path.is_file() && sought.is_in_file(path).unwrap()).map(|path| path.display().to_string()).collect()
}

#[test]
fn every_id_is_another_one_and_history_goes_on() {
    let country = Country::published("40", 77);
    let extracts = ["generate", "--virs", "40", "--entities", "400", "--seed", "77", "--night", "1", "--out", "extracts"];
    country.ok(&extracts);
    country.ok(&["run"]);
    let forgotten = country.table("public", "savininkas").iter().find_map(id).unwrap();
    forget(&country, &[&forgotten], &["--yes"]);
    country.ok(&["run"]);
    let before: BTreeMap<&str, Vec<Value>> = TABLES.map(|table| (table, rows(&country, table))).into();
    let old_ids: BTreeSet<String> = before.values().flat_map(|rows| ids(rows)).collect();
    assert!(old_ids.len() > 40, "{}", old_ids.len());
    let latest = fs::read_link(country.path("portal/latest")).unwrap();

    let first_key = fs::read(country.path("secrets/person.key")).unwrap();
    assert!(country.ok(&["key", "rotate"]).contains("added part 2"));
    country.ok(&["run"]);
    assert_ne!(fs::read_link(country.path("portal/latest")).unwrap(), latest);
    assert_eq!(country.json("portal/latest/manifest.json")["person_ids"], 2);
    for (table, rows_before) in &before {
        let now = rows(&country, table);
        assert!(ids(&now).is_disjoint(&old_ids), "{table}");
        assert_eq!(ids(&now).len(), ids(rows_before).len(), "{table}: each person has one");
        assert_eq!(without_ids(&now, &[]), without_ids(rows_before, &[]), "{table}: nothing else changed, nothing came or went");
    }
    assert_eq!(holding(&country, &["portal/latest", "internal/latest"], &old_ids), Vec::<String>::new());
    let index = country.json("portal/latest/public/pokyciai/index.json");
    let moved: Vec<&Value> = index["tables"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|table| table["changes"].as_array().unwrap())
        .filter(|change| change["window"] == "release" && ["came", "changed", "went"].iter().any(|kind| change[*kind] != 0))
        .collect();
    assert!(moved.is_empty(), "to readers nothing changed: {moved:?}");

    // What is kept has ids of before, which nothing ties to those of now: no file has both.
    let new_ids: BTreeSet<String> = TABLES.iter().flat_map(|table| ids(&rows(&country, table))).collect();
    let (with_old, with_new) = (holding(&country, &["state"], &old_ids), holding(&country, &["state"], &new_ids));
    assert!(with_old.iter().all(|file| !with_new.contains(file)), "{with_old:?} {with_new:?}");
    assert!(!with_old.is_empty());

    // Nights go on.
    country.ok(&["run"]);
    assert_eq!(country.json("state/shown.json")["releases"].as_object().unwrap().len(), 4, "nothing new, no release");
    country.ok(&[&extracts[..8], &["2"], &extracts[9..]].concat());
    country.ok(&["run"]);
    country.ok(&["verify"]);
    let now = country.table("public", "savininkas");
    assert!(ids(&now).is_disjoint(&old_ids));

    // Somebody is forgotten by the id that he has now: in releases of before, too, where he had another.
    let (leaving, name) = now.iter().find_map(|row| Some((id(row)?, row["savininkas"].as_str()?.to_owned()))).unwrap();
    forget(&country, &[&leaving], &["--yes"]);
    let named = publish::Sought::new(&[name]).unwrap();
    let all = ["portal", "internal"].iter().flat_map(|folder| files(&country.path(folder)));
    let left: Vec<_> = all.filter(|path| path.is_file() && named.is_in_file(path).unwrap()).collect();
    assert!(left.is_empty(), "{left:?}");
    country.ok(&["run"]);
    assert!(!ids(&country.table("public", "savininkas")).contains(&leaving));

    // An older copy of the key is refused.
    fs::write(country.path("secrets/person.key"), first_key).unwrap();
    assert!(country.refused(&["run"]).contains("a person key of 2 parts"));
}
