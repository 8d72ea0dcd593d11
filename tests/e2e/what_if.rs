//! The thought experiment on pages of VIRS: with nothing changed it gives the shares that are published, and what a reader changes stays in the browser.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::country::Country;
use crate::endpoint::browser::{modules, run_script};
use crate::search::{Portal, text};

#[test]
fn a_thought_experiment_begins_with_the_published_shares_and_sends_nothing() {
    let Some(modules) = modules() else { return };
    let country = Country::published("120", 86);
    let mut owners: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in country.table("public", "savininkas") {
        owners.entry(text(&row, "ja_kodas").to_owned()).or_default().push(row["dalis"].as_f64().unwrap());
    }
    let holdings = country.table("public", "grandis");
    // Whoever is struck here holds a part of the VIRS itself, and nothing else above it.
    let times = |row: &Value| {
        let same = |other: &&Value| other["ja_kodas"] == row["ja_kodas"] && other["savininkas"] == row["savininkas"];
        holdings.iter().filter(same).count()
    };
    let is_struck = |row: &&Value| {
        let share = row["dalis"].as_f64().unwrap_or_default();
        row["zingsnis"] == 1 && row["savininko_rusis"] == "fizinis" && (0.2..0.8).contains(&share) && times(row) == 1
    };
    let struck = holdings.iter().find(is_struck).expect("a person who holds a part of a VIRS");
    let cycles = holdings.iter().filter(|row| row["nezinojimo_priezastis"] == "ciklas").map(|row| text(row, "ja_kodas"));
    let portal = Portal::serve(&country);
    let settings = json!({
        "origin": portal.1,
        "name": "what-if",
        "owners": owners,
        "closed": cycles.collect::<std::collections::BTreeSet<_>>(),
        "struck": {"code": struck["ja_kodas"], "name": struck["savininkas"], "of": struck["valdomas_pavadinimas"], "share": struck["dalis"]},
    });
    run_script(&modules, "what_if", settings, |_| panic!("nobody signs here"));
}
