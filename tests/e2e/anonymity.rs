//! Rows of legal persons behind which natural persons stand: how many others each is like, counted by somebody else's program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use catalog::{Catalog, Layer, Tier};
use serde_json::Value;

use crate::country::{Country, home};

/// Python with the peers' packages; none, with a word, where they are missing, unless `VIRSIS_PEERS_REQUIRED=1`.
fn python() -> Option<String> {
    let python = Command::new(home().join("tests/peers/disclosure/python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
        return None;
    }
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    Some(String::from_utf8(python.stdout).unwrap().trim().to_owned())
}

/// What `apsauga.json` of a tier says.
fn summary(country: &Country, tier: &str) -> Value {
    country.json(&format!("portal/latest/{tier}/apsauga.json"))
}

#[test]
fn pycanon_agrees_on_the_k_of_every_table_of_a_generated_country() {
    let Some(python) = python() else { return };
    let catalog = Catalog::load(&home()).unwrap();
    for (virs, seed) in [("40", 31), ("150", 32)] {
        let country = Country::published(virs, seed);
        let mut looked_at = 0;
        for table in catalog.tables(Layer::Out) {
            let Some(rule) = &table.k_anonymity else { continue };
            let dataset = catalog.datasets().find(|dataset| dataset.tables.contains(&table.name)).unwrap();
            let file = country.path(&format!("portal/latest/open/data/{}/{}.csv", dataset.name, table.subject()));
            let withheld = table.visible(Tier::Open).filter(|used| used.column.personal.withheld_by(Tier::Open) == Some(&rule.mark));
            let withheld: Vec<&str> = withheld.map(|used| used.column.name.as_str()).collect();
            let identifiers: Vec<&str> = rule.quasi_identifiers().chain(["konfidencialu"]).collect();
            let output = Command::new(&python)
                .arg(home().join("tests/peers/disclosure/anonymity.py"))
                .args([file.to_str().unwrap(), &rule.individual, &identifiers.join(","), &withheld.join(",")])
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let k: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
            let said = summary(&country, "open");
            let said = said["eilutes"].as_array().unwrap().iter().find(|one| one["lentele"] == table.subject()).unwrap().clone();
            assert!(k >= rule.k && rule.k == 5, "{}: pycanon finds k = {k}", table.name);
            assert_eq!(said["maziausiai_bendru"], k, "{}", table.name);
            looked_at += 1;
        }
        assert!(looked_at > 0);
    }
}

#[test]
fn days_of_change_are_open_only_where_enough_share_them_and_who_takes_part_stays() {
    // So many that some years are shared by enough.
    let country = Country::published("150", 35);
    let (open, public, internal) =
        (country.table("open", "dalyvis"), country.table("public", "dalyvis"), country.table("internal", "dalyvis"));
    assert_eq!(public.iter().filter(|row| row["nuo"].is_null()).count(), 0, "the public tier has every day");
    let links = |rows: &[Value]| -> BTreeSet<(String, String)> {
        let firms = rows.iter().filter(|row| row["apie_asmeni"].is_null() || row["apie_asmeni"] == false);
        firms.map(|row| (row["ja_kodas"].to_string(), row["dal_pavadinimas"].to_string())).collect()
    };
    assert_eq!(links(&open), links(&internal), "which legal persons take part is open");
    let with_persons: BTreeSet<String> =
        internal.iter().filter(|row| row["su_asmenimis"] == true).map(|row| row["ja_kodas"].to_string()).collect();
    let (mut emptied, mut years) = (0, BTreeMap::<String, BTreeSet<String>>::new());
    for row in open.iter().filter(|row| with_persons.contains(&row["ja_kodas"].to_string())) {
        let says = row["konfidencialu"].as_str().unwrap_or_default().split(';').collect::<Vec<_>>();
        for column in ["nuo", "iki", "nuo_metai", "iki_metai"] {
            assert!(!says.contains(&column) || row[column].is_null(), "{column} is said to be suppressed");
        }
        emptied += usize::from(says.contains(&"nuo"));
        let shown = ["nuo", "iki", "nuo_metai", "iki_metai", "konfidencialu"].map(|column| row[column].to_string()).join(" ");
        years.entry(shown).or_default().insert(row["ja_kodas"].to_string());
    }
    assert!(emptied > 0 && years.len() > 1, "{emptied} rows without a day, {} combinations", years.len());
    assert!(open.iter().any(|row| !row["nuo"].is_null()), "where no person stands behind a row, its day stays");
    // A page has the year only where the day may be missing.
    let page = |tier: &str, code: &str| fs::read_to_string(country.path(&format!("portal/latest/{tier}/virs/{code}.html"))).ok();
    let codes = open.iter().filter(|row| !row["nuo_metai"].is_null() && row["nuo"].is_null()).filter_map(|row| row["ja_kodas"].as_str());
    let pages: Vec<[String; 2]> = codes.filter_map(|code| Some([page("open", code)?, page("public", code)?])).collect();
    assert!(!pages.is_empty());
    for [open, public] in pages {
        assert!(open.contains("Nuo (metai)") && open.contains("kad nebūtų galima atpažinti asmens"));
        assert!(!public.contains("Nuo (metai)"));
    }
}

#[test]
fn what_was_left_out_is_published_in_figures_and_is_what_the_audit_says() {
    let country = Country::published("60", 33);
    let (open, public) = (summary(&country, "open"), summary(&country, "public"));
    assert_eq!(open["statistika"], public["statistika"]);
    assert!(public.get("eilutes").is_none() && open["slenksciai"]["asmenu_bent"] == 3);
    assert!(!country.path("internal/latest/apsauga.json").exists(), "staff see everything");
    let statistics = open["statistika"].as_array().unwrap();
    let said = country.ok(&["audit"]);
    for one in statistics {
        let table = one["lentele"].as_str().unwrap();
        let rows = country.table("open", table);
        let suppressed = rows.iter().filter(|row| !row["konfidencialu"].is_null()).count();
        assert!(one["langeliu"] == rows.len() && one["neskelbiama_langeliu"] == suppressed, "{table}: {one}");
        let line = said.lines().find(|line| line.starts_with(&format!("out_{table} "))).unwrap();
        let figures: Vec<&str> = line.split_whitespace().skip(1).take(2).collect();
        assert_eq!(figures, [rows.len().to_string(), suppressed.to_string()], "{table}");
    }
    assert!(statistics.len() >= 14 && said.contains("out_dalyvis"), "{} statistics", statistics.len());
    let page = fs::read_to_string(country.path("portal/latest/open/apsauga.html")).unwrap();
    assert!(page.contains("Kaip saugomi asmenys") && page.contains("bent 5 įmonėms") && page.contains("#stat_parama"));
    for tier in ["open", "public"] {
        let start = fs::read_to_string(country.path(&format!("portal/latest/{tier}/index.html"))).unwrap();
        assert!(start.contains("<a href=\"apsauga.html\">"), "{tier}");
        let manifest = country.json(&format!("portal/latest/{tier}/manifest.json"));
        let listed = manifest["files"].as_array().unwrap().iter().any(|file| file["path"] == format!("{tier}/apsauga.json"));
        assert!(listed, "{tier}");
    }
    // A file that says otherwise than the tables do is found.
    let file = country.path("portal/latest/open/apsauga.json");
    let text = fs::read_to_string(&file).unwrap().replacen("\"neskelbiama_langeliu\": ", "\"neskelbiama_langeliu\": 9", 1);
    fs::remove_file(&file).unwrap();
    fs::write(&file, text).unwrap();
    let refused = country.refused(&["audit"]);
    assert!(refused.contains("apsauga.json: its figures are not those of the audit"), "{refused}");
}

#[test]
fn a_night_that_leaves_statistics_as_they_are_keeps_their_figures() {
    let country = Country::published("40", 34);
    let before = summary(&country, "open");
    country.rewrite("lis_licencijos.v1.csv", |row, line| (row != 5).then(|| line.to_owned()));
    country.ok(&["run"]);
    let after = summary(&country, "open");
    let names = |summary: &Value| -> Vec<String> {
        summary["statistika"].as_array().unwrap().iter().map(|one| one["lentele"].to_string()).collect()
    };
    assert_eq!(names(&before), names(&after));
    country.ok(&["audit"]);
    country.ok(&["run", "--full"]);
    assert_eq!(summary(&country, "open"), after, "as a whole run has it");
}
