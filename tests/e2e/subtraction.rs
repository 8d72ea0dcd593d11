//! What a reader of the open tier could subtract, count or look up to learn of one person. The reader has `portal/open` and nothing else; the internal
//! tier only tells whether what he finds is true.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::country::{Country, PUBLISHED, files};
use crate::privacy::searchable;

/// Shares nearer to each other than this are the same.
const NEAR: f64 = 1e-9;

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// Rows by the entity that they are about.
fn by_entity(rows: &[Value]) -> BTreeMap<&str, Vec<&Value>> {
    let mut all: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    rows.iter().for_each(|row| all.entry(text(row, "ja_kodas")).or_default().push(row));
    all
}

/// What is left of the whole when the shown shares are taken away; nothing where none is shown, or none is left.
fn left<'a>(rows: impl Iterator<Item = &'a Value>, more: Option<f64>) -> Option<f64> {
    let shown: Vec<f64> = rows.filter_map(|row| row["dalis"].as_f64()).chain(more).collect();
    let left = 1.0 - shown.iter().sum::<f64>();
    (!shown.is_empty() && left > NEAR).then_some(left)
}

fn hidden_shares(rows: &[Value]) -> BTreeMap<&str, Vec<f64>> {
    let hidden = rows.iter().filter(|row| row["apie_asmeni"] != false);
    let mut all: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    hidden.for_each(|row| all.entry(text(row, "ja_kodas")).or_default().extend(row["dalis"].as_f64()));
    all
}

/// A row in force on a day.
fn holds(row: &Value, day: &str) -> bool {
    text(row, "nuo") <= day && (row["iki"].is_null() || text(row, "iki") > day)
}

#[test]
fn no_owners_share_is_what_the_shown_shares_leave() {
    for country in [&PUBLISHED.country, &Country::published("150", 23)] {
        let (open, virs, internal) =
            (country.table("open", "savininkas"), country.table("open", "virs"), country.table("internal", "savininkas"));
        let (shown, truth) = (by_entity(&open), hidden_shares(&internal));
        let mixed = truth.iter().filter(|(code, hidden)| hidden.len() == 1 && shown.contains_key(*code)).count();
        assert!(mixed > 0, "some VIRS has one hidden owner beside shown ones");
        assert!(open.iter().any(|row| row["dalis"].is_number()), "shares are shown where nobody's follows from them");
        let mut recovered = Vec::new();
        for row in &virs {
            let code = text(row, "ja_kodas");
            let rows = shown.get(code).into_iter().flatten().copied();
            let Some(left) = left(rows, row["nezinoma_dalis"].as_f64()) else { continue };
            if truth.get(code).is_some_and(|hidden| hidden.iter().any(|share| (share - left).abs() < NEAR)) {
                recovered.push(code);
            }
        }
        assert!(recovered.is_empty(), "{} owners' shares follow from others: {recovered:?}", recovered.len());
    }
}

#[test]
fn no_participants_share_is_what_the_shown_shares_leave_on_any_day() {
    for country in [&PUBLISHED.country, &Country::published("150", 23)] {
        let (open, internal) = (country.table("open", "dalyvis"), country.table("internal", "dalyvis"));
        let truth = by_entity(&internal);
        assert!(open.iter().any(|row| row["dalis"].is_number()) && open.iter().any(|row| row["dalis"].is_null()));
        let mut recovered = Vec::new();
        for (code, rows) in by_entity(&open) {
            let days: BTreeSet<&str> =
                rows.iter().flat_map(|row| [text(row, "nuo"), text(row, "iki")]).filter(|day| !day.is_empty()).collect();
            for day in days {
                let Some(left) = left(rows.iter().filter(|row| holds(row, day)).copied(), None) else { continue };
                let hidden = truth[code].iter().filter(|row| row["apie_asmeni"] != false && holds(row, day));
                if hidden.filter_map(|row| row["dalis"].as_f64()).any(|share| (share - left).abs() < NEAR) {
                    recovered.push((code, day));
                }
            }
        }
        assert!(recovered.is_empty(), "{} participants' shares follow from others: {recovered:?}", recovered.len());
        // Numbers of shares and contributions are shares, too.
        let emptied = open.iter().filter(|row| row["dalis"].is_null());
        assert!(emptied.into_iter().all(|row| ["akcijos", "inasas", "jungtine", "igaliotas"].iter().all(|name| row[*name].is_null())
            || truth[text(row, "ja_kodas")].iter().all(|row| row["su_asmenimis"] == false)));
    }
}

#[test]
fn nobody_can_tell_who_is_owned_by_persons_from_who_is_owned_by_nobody_knows_whom() {
    let country = &PUBLISHED.country;
    let (open, internal) = (country.table("open", "virs"), country.table("internal", "virs"));
    let inside: BTreeMap<&str, &Value> = internal.iter().map(|row| (text(row, "ja_kodas"), row)).collect();
    let owners = country.table("internal", "savininkas");
    let kinds = |code: &str| -> BTreeSet<&str> {
        owners.iter().filter(|row| row["ja_kodas"] == code).map(|row| text(row, "savininko_rusis")).collect()
    };
    let (mut unknown, mut persons) = (0, 0);
    for row in &open {
        let kinds = kinds(text(row, "ja_kodas"));
        let is_person = |kind: &&str| ["fizinis", "uzsienio_fizinis"].contains(kind);
        unknown += usize::from(kinds.contains("nezinomas") && !kinds.iter().any(is_person));
        persons += usize::from(kinds.iter().any(is_person));
        if kinds.contains("nezinomas") || kinds.iter().any(is_person) {
            assert!(row["nezinoma_dalis"].is_null() && row["kontroliuojancio_rusis"].is_null() && row["dalyviu_atmesta"].is_null());
            assert!(row["kontroliuojancio_rusis_pavadinimas"].is_null() && inside[text(row, "ja_kodas")]["nezinoma_dalis"].is_number());
        }
    }
    assert!(unknown > 0 && persons > 0, "{unknown} VIRS with unknown owners only, {persons} with persons");
    assert!(country.table("open", "savininkas").iter().all(|row| row["savininko_rusis"] != "nezinomas"));
    // A chain of control is shown to its end, or not at all.
    let controlled: BTreeSet<String> = country
        .table("open", "savininkas")
        .iter()
        .filter(|row| row["kontroliuoja"] == true)
        .map(|row| text(row, "ja_kodas").to_owned())
        .collect();
    let chains: BTreeSet<String> = country.table("open", "kontrole").iter().map(|row| text(row, "ja_kodas").to_owned()).collect();
    assert!(!chains.is_empty() && chains.is_subset(&controlled));
}

/// Tables of the open tier with the columns that hold numbers of records.
const NUMBERED: [(&str, &[&str]); 10] = [
    ("vip", &["vip_nr"]),
    ("tirazas", &["vip_nr"]),
    ("auditas", &["vip_nr"]),
    ("numeris", &["vip_nr"]),
    ("lesos", &["vip_nr"]),
    ("pazeidimas", &["vip_nr", "dokumento_nr"]),
    ("etika", &["vip_nr", "dokumento_nr"]),
    ("imoka", &["dokumento_nr"]),
    ("reklama", &["reklamos_nr"]),
    ("dalyvis", &["dalyvio_nr"]),
];

#[test]
fn no_number_given_in_sequence_stands_in_any_open_file() {
    let country = &PUBLISHED.country;
    let mut numbers: BTreeSet<String> = BTreeSet::new();
    for (table, columns) in NUMBERED.iter().chain([&("licencija", &["licencijos_nr"][..])]) {
        for row in country.table("internal", table) {
            numbers.extend(columns.iter().filter_map(|column| row[*column].as_str().map(str::to_owned)));
        }
        for row in country.table("open", table) {
            assert!(columns.iter().all(|column| row[*column].as_str().is_none_or(catalog::is_pseudonym)), "{table}");
        }
    }
    assert!(numbers.len() > 300, "{}", numbers.len());
    let sought = aho_corasick::AhoCorasick::new(&numbers).unwrap();
    let open = country.path("portal/latest/open").canonicalize().unwrap();
    for path in files(&open) {
        assert!(sought.find(&searchable(&path)).is_none(), "{} names a number", path.display());
    }
    let public = country.path("portal/latest/public").canonicalize().unwrap();
    assert!(files(&public).iter().any(|path| sought.find(&searchable(path)).is_some()), "the search works");
}

#[test]
fn open_tables_join_by_pseudonyms_as_the_others_do_by_numbers_and_keep_them() {
    let country = Country::published("40", 24);
    let joined = |tier: &str, about: &dyn Fn(&Value) -> bool| -> BTreeMap<String, usize> {
        let outlets: BTreeMap<String, String> =
            country.table(tier, "vip").iter().map(|row| (text(row, "vip_nr").to_owned(), text(row, "ja_kodas").to_owned())).collect();
        let mut counts = BTreeMap::new();
        for row in country.table(tier, "tirazas").iter().filter(|row| about(row)) {
            *counts.entry(outlets[text(row, "vip_nr")].clone()).or_default() += 1;
        }
        counts
    };
    let open = joined("open", &|_| true);
    assert!(open.len() > 5 && open == joined("internal", &|row| row["apie_asmeni"] == false));
    let outlets = || {
        country
            .table("open", "vip")
            .into_iter()
            .map(|row| (text(&row, "vip_nr").to_owned(), row["registravimo_data"].clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let before = outlets();
    country.rewrite("JAR_IREGISTRUOTI.csv", |number, line| Some(if number == 1 { line.replace("UAB", "AB") } else { line.to_owned() }));
    country.ok(&["run", "--full"]);
    assert_eq!(outlets(), before, "a pseudonym stands for its number in every release");
}

#[test]
fn whoever_reads_the_open_tier_learns_nothing_of_the_public_one_from_what_lies_beside_it() {
    let country = &PUBLISHED.country;
    let codes = |tier: &str| country.table(tier, "virs").iter().map(|row| text(row, "ja_kodas").to_owned()).collect::<BTreeSet<_>>();
    let (public, open) = (codes("public"), codes("open"));
    let hidden: Vec<&String> = public.difference(&open).collect();
    assert!(!hidden.is_empty());
    let read = |path: &str| std::fs::read_to_string(country.path("portal").join(path)).unwrap();
    let beside = [read("latest/manifest.json"), read("latest/manifest.sha256"), read("latest/index.html"), read("status.json")].concat();
    let manifest = read("latest/open/manifest.json");
    assert!(!manifest.contains("public/") && !beside.contains("/data/") && !beside.contains("\"rows\"") && !beside.contains("virs/"));
    let all: BTreeSet<String> = country.listed("portal").iter().map(|file| text(file, "sha256").to_owned()).collect();
    for file in country.json("portal/latest/public/manifest.json")["files"].as_array().unwrap() {
        let hash = text(file, "sha256");
        assert!(all.contains(hash) && !beside.contains(hash), "{}", text(file, "path"));
    }
    for path in files(&country.path("portal/latest/open").canonicalize().unwrap()) {
        let text = String::from_utf8_lossy(&searchable(&path)).into_owned();
        assert!(!hidden.iter().any(|code| text.contains(&format!("virs/{code}.html"))), "{}", path.display());
    }
    assert!(hidden.iter().all(|code| read("latest/public/manifest.json").contains(&format!("public/virs/{code}.html"))));
}
