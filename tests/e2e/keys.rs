//! Feeds number their rows on their own: what meets under one number is told apart, and a true repetition costs one row, never the night.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::country::{Country, copy_of_home, extract, home};
use crate::faults::stale;

const LRTK: &str = "formos_pazeidimai_lrtk.v1.csv";
const ZEIT: &str = "formos_pazeidimai_zeit.v1.csv";

/// Adds rows like the first good one of a file, each with some cells changed; gives the number of the first added row.
fn add(country: &Country, file: &str, template: &[String], changes: &[&[(&str, &str)]]) -> usize {
    let (headings, rows) = extract(&country.path("extracts").join(file));
    let mut lines = String::new();
    for change in changes {
        let cells = headings.iter().zip(template).map(|(heading, cell)| {
            let changed = change.iter().find(|(name, _)| name == heading);
            changed.map_or(cell.as_str(), |(_, value)| value)
        });
        lines += &(cells.collect::<Vec<_>>().join("|") + "\n");
    }
    let path = country.path("extracts").join(file);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(lines.as_bytes());
    fs::write(&path, bytes).unwrap();
    rows.len() + 2
}

/// The row of a file that became the published decision with this number.
fn good_row(country: &Country, file: &str, number: &Value) -> Vec<String> {
    let (headings, rows) = extract(&country.path("extracts").join(file));
    let place = headings.iter().position(|heading| heading == "dokumento_nr").unwrap();
    rows.into_iter().find(|row| row[place] == number.as_str().unwrap()).unwrap()
}

fn numbered(country: &Country, number: &str) -> Vec<Value> {
    country.table("public", "pazeidimas").into_iter().filter(|row| row["dokumento_nr"] == number).collect()
}

#[test]
fn one_number_of_two_institutions_two_years_two_virs_and_two_violations_is_five_decisions() {
    let country = Country::generate(41, &home());
    country.ok(&["run"]);
    let published = country.table("public", "pazeidimas");
    let of = |start: &str| published.iter().find(|row| row["dokumento_nr"].as_str().unwrap().starts_with(start)).unwrap();
    let (ours, theirs) = (of("KS-"), of("EI-"));
    let (lrtk, zeit) = (good_row(&country, LRTK, &ours["dokumento_nr"]), good_row(&country, ZEIT, &theirs["dokumento_nr"]));
    let other_virs = published.iter().find(|row| row["ja_kodas"] != ours["ja_kodas"]).unwrap()["ja_kodas"].as_str().unwrap();
    let dated: &[(&str, &str)] =
        &[("dokumento_nr", "Nr. 1"), ("sprendimo_data", "2024-02-01"), ("galioja_iki", ""), ("pazeidimas", "19_1")];
    let with = |more: &[(&'static str, &'static str)]| [more, dated].concat();
    let (later, violation) = (with(&[("sprendimo_data", "2025-02-01")]), with(&[("pazeidimas", "19_2")]));
    let about = [&[("ja_kodas", other_virs), ("vip_nr", "")][..], dated].concat();
    add(&country, LRTK, &lrtk, &[dated, &later, &violation, &about]);
    add(&country, ZEIT, &zeit, &[dated]);
    country.ok(&["run"]);
    assert_eq!(numbered(&country, "Nr. 1").len(), 5);
    assert!(!country.path("state/quarantine/core_pazeidimas.csv").exists());
}

#[test]
fn a_decision_that_two_feeds_bring_is_published_once_and_the_other_row_is_named() {
    let country = Country::generate(42, &home());
    country.ok(&["run"]);
    let published = country.table("public", "pazeidimas");
    let ours = published.iter().find(|row| row["dokumento_nr"].as_str().unwrap().starts_with("KS-")).unwrap();
    let decision = good_row(&country, LRTK, &ours["dokumento_nr"]);
    let row = add(&country, ZEIT, &decision, &[&[]]);
    let before = numbered(&country, ours["dokumento_nr"].as_str().unwrap());
    for night in 0..2 {
        country.ok(&["run"]);
        assert_eq!(numbered(&country, ours["dokumento_nr"].as_str().unwrap()), before, "night {night}");
        let named = fs::read_to_string(country.path("state/quarantine/core_pazeidimas.csv")).unwrap();
        assert_eq!(named, format!("source,file,row,column,rule\nformos,{ZEIT},{row},institucijos_kodas,key\n"));
    }
    let quality = country.table("open", "stat_kokybe");
    let told = quality.iter().any(|row| row["lentele"] == "raw_formos__pazeidimai_zeit" && row["taisykle"] == "key");
    assert!(told, "readers of the data are told");
    // Mended: nothing is set aside any more.
    country.rewrite(ZEIT, |number, line| (number != row - 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    assert!(!country.path("state/quarantine/core_pazeidimas.csv").exists());
}

#[test]
fn participants_are_told_apart_by_their_source() {
    let country = Country::generate(43, &home());
    country.ok(&["run"]);
    let published = country.table("public", "dalyvis");
    let of = |source: &str| published.iter().find(|row| row["saltinis"] == source).unwrap()["dalyvio_nr"].as_str().unwrap().to_owned();
    let (theirs, ours) = (of("jadis"), of("formos"));
    country.rewrite("formos_dalyviai.v1.csv", |_, line| Some(line.replace(&format!("{ours}|"), &format!("{theirs}|"))));
    country.ok(&["run"]);
    let now = country.table("public", "dalyvis");
    assert_eq!(now.len(), published.len());
    assert_eq!(now.iter().filter(|row| row["dalyvio_nr"] == theirs.as_str()).count(), 2);
}

#[test]
fn a_standard_number_in_two_spellings_is_published_once_in_its_one_form() {
    let country = Country::generate(44, &home());
    let bare = RefCell::new(String::new());
    // Text of LIBIS is Windows-1257; whoever rewrites it as UTF-8 may not keep its letters, so titles become plain.
    country.rewrite("libis_numeriai.v1.csv", |number, line| {
        let mut fields: Vec<String> = line.split('|').map(str::to_owned).collect();
        if number == 0 || fields.len() != 5 {
            return (number == 0).then(|| line.to_owned());
        }
        fields[2] = "Bandomasis leidinys".to_owned();
        if fields[3] == "ISSN" && bare.borrow().is_empty() && catalog::numbers::issn(&fields[4]).is_some() {
            *bare.borrow_mut() = fields[4].replace('-', "");
            let again = [&fields[..4], &[bare.borrow().clone()]].concat();
            return Some(format!(
                "{}\n{}\n{}",
                again.join("|"),
                fields.join("|"),
                [&fields[..4], &["--0000-0019".to_owned()]].concat().join("|")
            ));
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let bare = bare.into_inner();
    let numbers: Vec<String> = country.table("public", "numeris").iter().map(|row| row["numeris"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        numbers.iter().filter(|number| number.replace('-', "") == bare).collect::<Vec<_>>(),
        [&format!("{}-{}", &bare[..4], &bare[4..])]
    );
    assert!(!numbers.iter().any(|number| number.ends_with("0000-0019")));
}

/// A new version tells rows apart by other columns: in its first night no key is found again, and nothing is lost all the same.
#[test]
fn keys_that_are_made_otherwise_are_not_taken_for_lost() {
    let earlier = tempfile::tempdir().unwrap();
    copy_of_home(earlier.path());
    let definition = earlier.path().join("data/tables/raw_vrk__reklama.toml");
    let text = fs::read_to_string(&definition).unwrap();
    fs::write(&definition, text.replacen("key = [\"reklamos_nr\"]", "key = [\"reklamos_nr\", \"ja_kodas\"]", 1)).unwrap();
    let country = Country::generate(47, earlier.path());
    country.ok(&["run"]);
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), settings.replace(&earlier.path().display().to_string(), &home().display().to_string())).unwrap();
    country.ok(&["run"]);
    assert_eq!(stale(&country), BTreeSet::new());
}
