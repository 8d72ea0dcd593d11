//! Who is one with whom, through everything that is published: one owner or donor in two spellings is one, two companies with one number in
//! two states are two; and what is half known is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::country::{Country, extract, home};

pub(crate) const JADIS: &str = "jadis_dalyviai.v1.csv";

/// Adds a row to an extract; columns that are not named stay empty.
pub(crate) fn add(country: &Country, file: &str, cells: &[(&str, &str)]) {
    let path = country.path("extracts").join(file);
    let (headings, _) = extract(&path);
    assert!(cells.iter().all(|(name, _)| headings.iter().any(|heading| heading == name)), "{headings:?}");
    let cell = |heading: &String| cells.iter().find(|(name, _)| name == heading).map_or("", |(_, value)| value);
    let row: Vec<&str> = headings.iter().map(cell).collect();
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(format!("{}\n", row.join("|")).as_bytes());
    fs::write(&path, bytes).unwrap();
}

/// Current VIRS whose participants JADIS knows, now without any.
pub(crate) fn without_participants(country: &Country, count: usize) -> Vec<String> {
    let (headings, rows) = extract(&country.path("extracts/formos_virs.v1.csv"));
    let place = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (code, until) = (place("ja_kodas"), place("virs_iki"));
    let (_, held) = extract(&country.path("extracts").join(JADIS));
    let held: BTreeSet<&str> = held.iter().filter_map(|row| row.get(1)).map(String::as_str).collect();
    let rows = rows.iter().filter(|row| row.len() == headings.len() && row[until].is_empty() && held.contains(row[code].as_str()));
    // A bad row may repeat a good one.
    let chosen: BTreeSet<String> = rows.map(|row| row[code].clone()).collect();
    let chosen: Vec<String> = chosen.into_iter().take(count).collect();
    assert_eq!(chosen.len(), count);
    country.rewrite(JADIS, |_, line| {
        (!line.split('|').nth(1).is_some_and(|code| chosen.iter().any(|virs| virs == code))).then(|| line.to_owned())
    });
    chosen
}

/// A company's holding in an entity: state, code, name, shares of 100, since when.
fn company(country: &Country, number: &str, entity: &str, held: [&str; 5]) {
    let [state, code, name, shares, from] = held;
    add(
        country,
        JADIS,
        &[
            ("dalyvio_nr", number),
            ("ja_kodas", entity),
            ("dalyvio_rusis", "UJ"),
            ("valstybe", state),
            ("dal_kodas", code),
            ("dal_pavadinimas", name),
            ("registras", "CH"),
            ("akcijos", shares),
            ("visos_akcijos", "100"),
            ("nuo", from),
        ],
    );
}

/// Name, state, code, share and whether it controls, of each owner.
fn owners<'a>(rows: &'a [Value], virs: &str) -> Vec<(&'a str, &'a str, &'a str, f64, bool)> {
    let text = |row: &'a Value, name: &str| row[name].as_str().unwrap_or_default();
    let of = rows.iter().filter(|row| row["ja_kodas"] == *virs);
    of.map(|row| {
        let share = row["dalis"].as_f64().unwrap();
        (text(row, "savininkas"), text(row, "valstybe"), text(row, "dal_kodas"), share, row["kontroliuoja"].as_bool().unwrap())
    })
    .collect()
}

#[test]
fn one_company_in_two_spellings_is_one_and_one_number_in_two_states_is_two_wherever_owners_are_shown_or_counted() {
    let country = Country::generate(61, &home());
    let virs = without_participants(&country, 4);
    company(&country, "T-1", &virs[0], ["GB", "0936-1466", "Baltic Press Ltd", "30", "2020-01-01"]);
    company(&country, "T-2", &virs[0], ["gb", "09361466", "BALTIC PRESS LIMITED", "30", "2021-01-01"]);
    company(&country, "T-3", &virs[0], ["EE", "10234567", "Osa Meedia OÜ", "40", "2020-01-01"]);
    company(&country, "T-4", &virs[1], ["GB", "09361466", "Baltic Press Ltd.", "60", "2019-01-01"]);
    company(&country, "T-5", &virs[1], ["GB", "10234567", "Thames Media Ltd", "40", "2020-01-01"]);
    // Without a code a name tells, within its state; Ireland is a state, too.
    company(&country, "T-6", &virs[2], ["IE", "", "Šiaurės  Žinios Ltd", "30", "2020-01-01"]);
    company(&country, "T-7", &virs[2], ["IE", "-", "S\u{30c}IAURE\u{307}S Z\u{30c}INIOS\u{a0}LTD", "30", "2021-01-01"]);
    company(&country, "T-8", &virs[2], ["MT", "", "Šiaurės Žinios Ltd", "40", "2020-01-01"]);
    // One foreigner, in letters composed and decomposed.
    for (number, given) in [("T-9", "Zoë Ann"), ("T-10", "ZOE\u{308}\u{a0} ann")] {
        let cells = [("gimimo_data", "1970-01-02"), ("valstybe", "SE"), ("akcijos", "30"), ("visos_akcijos", "100"), ("nuo", "2020-01-01")];
        let named = [("dalyvio_nr", number), ("ja_kodas", &virs[3]), ("dalyvio_rusis", "UF"), ("vardas", given), ("pavarde", "Išgalvota")];
        add(&country, JADIS, &[&named[..], &cells[..]].concat());
    }
    country.ok(&["run"]);

    let table = country.table("public", "savininkas");
    let (baltic, osa) = (("BALTIC PRESS LIMITED", "GB", "09361466"), ("Osa Meedia OÜ", "EE", "10234567"));
    assert_eq!(owners(&table, &virs[0]), [(baltic.0, baltic.1, baltic.2, 0.6, true), (osa.0, osa.1, osa.2, 0.4, false)]);
    assert_eq!(owners(&table, &virs[1]), [(baltic.0, baltic.1, baltic.2, 0.6, true), ("Thames Media Ltd", "GB", "10234567", 0.4, false)]);
    let unnumbered = owners(&table, &virs[2]);
    assert_eq!(unnumbered.iter().map(|owner| (owner.1, owner.3, owner.4)).collect::<Vec<_>>(), [("IE", 0.6, true), ("MT", 0.4, false)]);
    let foreigner = owners(&table, &virs[3]);
    assert_eq!(foreigner.iter().map(|owner| (owner.3, owner.4)).collect::<Vec<_>>(), [(0.6, true), (0.4, false)]);

    let chain = country.table("public", "kontrole");
    let chain: Vec<_> = chain.iter().filter(|row| row["ja_kodas"] == *virs[0]).collect();
    assert!(chain.len() == 1 && chain[0]["valstybe"] == "GB" && chain[0]["dal_kodas"] == "09361466", "{chain:?}");

    let report = country.ok(&["report", "run", "keliu_virs_valdytojai", "--format", "csv"]);
    assert_eq!((report.matches("09361466").count(), report.matches("10234567").count()), (2, 0), "{report}");

    let page = |virs: &str| fs::read_to_string(country.path(&format!("portal/latest/public/virs/{virs}.html"))).unwrap();
    let others = |page: &str, owner: &str| {
        let line = page.lines().find(|line| line.contains("class=\"who\"") && line.contains(owner)).unwrap().to_owned();
        line.contains("Turi dalį ir čia")
    };
    let (first, second) = (page(&virs[0]), page(&virs[1]));
    assert!(others(&first, baltic.0) && others(&second, baltic.0) && first.contains(&format!("href=\"{}.html\"", virs[1])));
    assert!(!others(&first, osa.0) && !others(&second, "Thames Media Ltd"));

    // Statistics count what the table of owners shows, told by kind, state and code, or name.
    let current: BTreeSet<String> = country
        .table("public", "virs")
        .iter()
        .filter(|row| row["virs_iki"].is_null())
        .map(|row| row["ja_kodas"].as_str().unwrap().to_owned())
        .collect();
    let mut held: BTreeMap<[String; 3], BTreeSet<&str>> = BTreeMap::new();
    for row in table.iter().filter(|row| row["savininko_rusis"] == "uzsienio_juridinis") {
        let code = row["ja_kodas"].as_str().unwrap();
        if current.contains(code) {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let name = if row["dal_kodas"].is_null() { text("dal_pavadinimas") } else { String::new() };
            held.entry([text("valstybe"), text("dal_kodas"), name]).or_default().insert(code);
        }
    }
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for virs in held.values() {
        *expected.entry(virs.len().to_string()).or_default() += 1;
    }
    let counted: BTreeMap<String, i64> = country
        .table("internal", "stat_savininkai")
        .iter()
        .filter(|row| row["savininko_rusis"] == "uzsienio_juridinis")
        .map(|row| (row["virs_grupe"].as_str().unwrap().to_owned(), row["savininku_skaicius"].as_i64().unwrap()))
        .collect();
    assert_eq!(counted, expected);
    let structure = country.table("internal", "stat_nuosavybe");
    let structure = structure.iter().find(|row| row["savininko_rusis"] == "uzsienio_juridinis").unwrap();
    assert!(structure["savininku_skaicius"].as_i64().unwrap() <= held.len() as i64);
}

#[test]
fn gifts_and_advertisements_of_one_company_in_two_spellings_add_up_and_those_of_one_number_in_two_states_do_not() {
    let country = Country::generate(62, &home());
    let virs = without_participants(&country, 2);
    let gift = |virs: &str, state: &str, code: &str, name: &str| {
        let donor = [("ja_kodas", virs), ("dav_kodas", code), ("dav_pavadinimas", name), ("valstybe", state)];
        add(&country, "imis_parama.v1.csv", &[&donor[..], &[("data", "2024-05-06"), ("suma", "400.00")]].concat());
    };
    // Ten BSI are less than 800 euros and more than 400.
    gift(&virs[0], "GB", "09361466", "Išgalvota Press Ltd");
    gift(&virs[0], "GB", "0936 1466", "IŠGALVOTA PRESS LIMITED");
    gift(&virs[1], "EE", "10234567", "Išgalvota Meedia OÜ");
    gift(&virs[1], "GB", "10234567", "Išgalvota Media Ltd");
    let advertisement = |number: &str, state: &str, code: &str, name: &str| {
        let cells = [
            ("reklamos_id", number),
            ("p_kamp_rusis", "SAV"),
            ("dal_tipo_kodas", "J"),
            ("p_kamp_dal_valstybe", state),
            ("p_kamp_dal_kodas", code),
            ("p_kamp_dal_pavad", name),
            ("virs_ja_kodas", &virs[0]),
            ("reklamos_data_nuo", "2012-05-06"),
            ("reklamos_kaina", "10.00"),
        ];
        add(&country, "vrk_reklama.v1.csv", &cells);
    };
    advertisement("T-1", "GB", "09361466", "Išgalvota Press Ltd");
    advertisement("T-2", "GB", "0936-1466", "Išgalvota Press Limited");
    advertisement("T-3", "EE", "09361466", "Išgalvota Meedia OÜ");
    country.ok(&["run"]);

    let gifts = country.table("public", "parama");
    let named = |virs: &str| {
        let is_ours = |row: &&Value| row["dav_pavadinimas"].as_str().is_some_and(|name| name.to_lowercase().starts_with("išgalvota"));
        gifts.iter().filter(|row| row["ja_kodas"] == *virs).filter(is_ours).count()
    };
    assert_eq!((named(&virs[0]), named(&virs[1])), (2, 0));
    let report = country.ok(&["report", "run", "politine_reklama_pagal_virs", "--param", "metai=2012", "--format", "csv"]);
    let line = report.lines().find(|line| line.contains(&virs[0])).unwrap();
    assert!(line.ends_with(",3,2,30.00"), "three advertisements of two who paid: {line}");
}

#[test]
fn a_holding_without_the_whole_is_unknown_and_said_to_be() {
    let country = Country::generate(63, &home());
    let virs = without_participants(&country, 2);
    let person = |number: &str, virs: &str, facts: &[(&str, &str)]| {
        let cells = [("dalyvio_nr", number), ("ja_kodas", virs), ("dalyvio_rusis", "UF"), ("vardas", "Ūla"), ("pavarde", "Išgalvota")];
        let told = [("gimimo_data", "1970-01-02"), ("valstybe", "FI"), ("nuo", "2020-01-01")];
        add(&country, JADIS, &[&cells[..], &told[..], facts].concat());
    };
    person("T-1", &virs[0], &[("inasas", "100.00")]);
    // The whole is a fact about the entity: it counts for all its holdings of that kind.
    person("T-2", &virs[1], &[("akcijos", "30"), ("visos_akcijos", "100")]);
    company(&country, "T-3", &virs[1], ["AT", "FN 123456 a", "Išgalvota GmbH", "20", "2020-01-01"]);
    country.rewrite(JADIS, |_, line| Some(if line.starts_with("T-3|") { line.replace("|20||100|", "|20|||") } else { line.to_owned() }));
    country.ok(&["run"]);
    let table = country.table("public", "savininkas");
    assert_eq!(owners(&table, &virs[0]), [("Nežinomas", "", "", 1.0, false)]);
    let shares: Vec<f64> = owners(&table, &virs[1]).iter().map(|owner| owner.3).collect();
    assert_eq!(shares, [0.5, 0.3, 0.2], "half of it is unknown");
    let direct = country.table("public", "dalyvis");
    let direct = direct.iter().find(|row| row["dalyvio_nr"] == "T-1").unwrap();
    assert!(direct["dalis"].is_null() && direct["inasas"].as_f64() == Some(100.0), "{direct}");
    let page = fs::read_to_string(country.path(&format!("portal/latest/public/virs/{}.html", virs[0]))).unwrap();
    assert!(page.contains("Nežinomas") && page.contains("Ūla"));
}

/// A company's code means nothing without its state, or without the kind of participant that says it is of Lithuania.
#[test]
fn no_sql_tells_companies_apart_by_code_alone() {
    let mut compared = 0;
    for folder in ["models", "checks", "reports"] {
        for entry in fs::read_dir(home().join("sql").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            for line in fs::read_to_string(&path).unwrap().lines() {
                let names_code = ["dal_kodas", "dav_kodas"].iter().any(|column| line.contains(column));
                if names_code && ["COALESCE(", " = ", "GROUP BY", "DISTINCT"].iter().any(|word| line.contains(word)) {
                    assert!(line.contains("valstybe") || line.contains("_rusis"), "{}: {line}", path.display());
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 15, "{compared} lines");
}
