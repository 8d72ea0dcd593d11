//! What was published against `truth.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::country::{Country, PUBLISHED};

fn cents(value: &Value) -> i128 {
    let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
    if value.is_null() { 0 } else { catalog::unscaled(&text, 2).unwrap() }
}

fn sum(rows: &[Value], column: &str) -> i128 {
    rows.iter().map(|row| cents(&row[column])).sum()
}

fn quarantine(country: &Country, table: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let path = country.path(&format!("state/quarantine/{table}.csv"));
    if path.exists() {
        for row in csv::Reader::from_path(path).unwrap().records() {
            *counts.entry(row.unwrap()[4].to_owned()).or_insert(0) += 1;
        }
    }
    counts
}

#[test]
fn every_bad_row_is_quarantined_under_the_rule_that_must_catch_it_and_no_other_is() {
    let country = &PUBLISHED.country;
    let mut rules = BTreeSet::new();
    for (table, truth) in country.truth()["tables"].as_object().unwrap() {
        let expected: BTreeMap<String, u64> = serde_json::from_value(truth["bad"].clone()).unwrap();
        assert_eq!(quarantine(country, table), expected, "{table}");
        rules.extend(expected.into_keys());
    }
    assert!(rules.len() >= 14, "only the rules {rules:?} were tried");
}

#[test]
fn every_row_of_every_source_is_accounted_for() {
    let country = &PUBLISHED.country;
    let published = country.table("internal", "saltinis");
    for (table, truth) in country.truth()["tables"].as_object().unwrap() {
        let row = published.iter().find(|row| row["lentele"] == table.as_str()).unwrap();
        assert_eq!(row["eiluciu"], truth["rows"], "{table}");
        let bad: u64 = truth["bad"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(row["atmesta"].as_u64(), Some(bad), "{table}");
    }
    // Others see them rounded: what is received less what is set aside and what is shown would be what is not shown.
    for tier in ["public", "open"] {
        for (inside, shown) in published.iter().zip(country.table(tier, "saltinis")) {
            assert_eq!(inside["lentele"], shown["lentele"]);
            for column in ["eiluciu", "atmesta"] {
                assert_eq!(shown[column].as_i64(), inside[column].as_i64().map(|count| catalog::rounded(count, 10)), "{tier}");
            }
        }
        let manifest = country.json(&format!("portal/latest/{tier}/manifest.json"));
        let sources = manifest["sources"].as_array().unwrap();
        assert!(!sources.is_empty());
        for source in sources {
            let row = published.iter().find(|row| row["lentele"] == source["table"]).unwrap();
            assert_eq!(source["rows"].as_i64(), row["eiluciu"].as_i64().map(|count| catalog::rounded(count, 10)), "{tier}");
        }
    }
}

#[test]
fn all_virs_are_there_those_known_from_a_licence_too() {
    let country = &PUBLISHED.country;
    let truth = country.truth();
    let virs = country.table("public", "virs");
    assert_eq!(virs.len() as u64, truth["virs"]["total"].as_u64().unwrap());
    let by_licence = virs.iter().filter(|row| row["virs_saltinis"] == "lis").count() as u64;
    assert_eq!(by_licence, truth["virs"]["only_by_licence"].as_u64().unwrap());
    let sole = virs.iter().filter(|row| row["forma"] == "810").count() as u64;
    assert_eq!(sole, truth["cases"]["sole_proprietor_virs"].as_u64().unwrap());
}

#[test]
fn support_is_published_above_ten_bsi_and_never_at_exactly_ten() {
    let country = &PUBLISHED.country;
    let truth = country.truth();
    let gifts = country.table("public", "parama");
    for (donor, kinds) in [("natural", ["F", "UF"]), ("legal", ["J", "UJ"])] {
        let own: Vec<Value> = gifts.iter().filter(|row| kinds.contains(&row["davejo_rusis"].as_str().unwrap())).cloned().collect();
        let expected = &truth["support"][donor];
        assert_eq!(own.len() as u64, expected["gifts"].as_u64().unwrap(), "{donor}");
        assert_eq!(sum(&own, "suma") + sum(&own, "turto_verte"), cents(&expected["sum"]), "{donor}");
        let donors: BTreeSet<String> = own
            .iter()
            .map(|row| match donor {
                "natural" => row["asmens_id"].to_string(),
                _ if kinds[1] == row["davejo_rusis"] => format!("{}{}{}", row["valstybe"], row["dav_pavadinimas"], row["dav_kodas"]),
                _ => row["dav_kodas"].to_string(),
            })
            .collect();
        assert_eq!(donors.len() as u64, expected["donors"].as_u64().unwrap(), "{donor}");
    }
    let planted = truth["thresholds"].as_array().unwrap();
    assert!(planted.iter().any(|one| one["over"] == true) && planted.iter().any(|one| one["over"] == false));
    for row in &gifts {
        let year = row["metai"].as_i64().unwrap();
        let bsi = [(2022, 42), (2023, 49), (2024, 55), (2025, 70), (2026, 74)].into_iter().find(|(of, _)| *of == year);
        if let Some((_, bsi)) = bsi {
            assert!(cents(&row["paramos_suma"]) > bsi * 10 * 100, "a donor at or below 10 BSI of {year} is published");
        }
    }
}

#[test]
fn money_adds_up_in_rows_and_in_statistics() {
    let country = &PUBLISHED.country;
    let truth = country.truth();
    assert_eq!(sum(&country.table("public", "reklama"), "kaina"), cents(&truth["money"]["advertising_sum"]));
    assert_eq!(sum(&country.table("public", "lesos"), "suma"), cents(&truth["money"]["funds_sum"]));
    assert_eq!(sum(&country.table("internal", "stat_reklama"), "suma"), cents(&truth["money"]["advertising_sum"]));
    assert_eq!(sum(&country.table("internal", "stat_lesos"), "suma"), cents(&truth["money"]["funds_sum"]));
}

#[test]
fn every_source_has_a_date_a_state_and_at_least_twelve_statistics_are_published() {
    let country = &PUBLISHED.country;
    assert!(country.table("open", "saltinis").iter().all(|row| row["busena"] == "fresh"));
    let page = std::fs::read_dir(country.path("portal/latest/open/statistika")).unwrap().count();
    assert!(page >= 12, "{page} statistics");
}

#[test]
fn statistics_hide_figures_of_one_or_two_persons_outside_the_internal_tier_and_say_so() {
    let country = &PUBLISHED.country;
    let (mut hidden, mut shown) = (0, 0);
    for (name, key) in [
        ("stat_parama", &["metai", "davejo_rusis"][..]),
        ("stat_reklama", &["metai", "kampanija", "kampanijos_dalyvis"]),
        ("stat_savininkai", &["savininko_rusis", "virs_grupe"]),
        ("stat_pajamos", &["metai", "pajamu_saltinis", "leidinio_rusis"]),
        ("stat_lesos", &["metai", "institucijos_kodas"]),
    ] {
        let (open, public, internal) = (country.table("open", name), country.table("public", name), country.table("internal", name));
        assert_eq!(open, public, "{name} is shown alike");
        for open in &open {
            let Some(internal) = internal.iter().find(|row| key.iter().all(|column| row[*column] == open[*column])) else {
                // Merged categories are no row of the internal tier.
                let titles = open.as_object().unwrap().values().filter_map(serde_json::Value::as_str);
                assert!(
                    titles.clone().any(|title| title.ends_with("kartu)") || title.ends_with("kartu")),
                    "{name}: {:?}",
                    titles.collect::<Vec<_>>()
                );
                assert!(open["asmenu"].as_i64().is_none_or(|persons| persons >= 3), "{name}");
                continue;
            };
            let persons = internal["asmenu"].as_i64().unwrap();
            let suppressed: Vec<&str> = open["konfidencialu"].as_str().map(|mark| mark.split(';').collect()).unwrap_or_default();
            assert!(suppressed.iter().all(|column| open[*column].is_null() && !internal[*column].is_null()), "{name}");
            assert!(open["asmenu"].is_null() || !(1..3).contains(&persons), "{name} shows a cell of {persons} persons");
            if open["asmenu"].is_null() {
                hidden += 1;
                assert!(suppressed.contains(&"asmenu"), "{name} says so");
            } else {
                shown += 1;
                assert_eq!(open["asmenu"], internal["asmenu"], "{name}");
            }
        }
    }
    assert!(hidden > 0 && shown > 0, "the country has both kinds of cells: {hidden} hidden, {shown} shown");
}
