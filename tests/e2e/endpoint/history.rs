//! What came before the endpoint is brought in once, and in whatever order an operator does it, nothing of it is lost without a word.

use std::fs;

use serde_json::Value;

use crate::country::{Country, home};

/// Tables that a night without them would lose.
const HELD: &[&str] = &["atsakingas", "dalyvis", "vip", "tirazas"];

fn counts(country: &Country) -> Vec<usize> {
    HELD.iter().map(|name| country.table("public", name).len()).collect()
}

/// Lets the manual feeds come from the endpoint, and used files with personal data go.
fn enable(country: &Country) {
    let settings = format!(
        "home = '{}'\n[retention]\nremove_personal = true\n[forms]\nenabled = true\nstore = 'forms/forms.sqlite'\n",
        home().display()
    );
    fs::write(country.path("virsis.toml"), settings).unwrap();
}

fn set_aside(country: &Country) -> Vec<(String, Vec<u8>)> {
    let manual = |name: &String| name.starts_with("formos_");
    let names = fs::read_dir(country.path("extracts")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(manual).map(|name| (name.clone(), fs::read(country.path("extracts").join(&name)).unwrap())).collect()
}

#[test]
fn history_that_a_night_took_away_is_missed_before_anything_is_imported_and_stands_until_it_comes() {
    let country = Country::generate(81, &home());
    let files = set_aside(&country);
    let settings = format!("home = '{}'\n[retention]\nremove_personal = true\n", home().display());
    fs::write(country.path("virsis.toml"), settings).unwrap();
    country.ok(&["run"]);
    let before = counts(&country);
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    enable(&country);
    let refused = country.refused(&["forms", "import", "extracts"]);
    for name in ["formos_atsakingi.v1.csv", "formos_dalyviai.v1.csv", "put them there again"] {
        assert!(refused.contains(name), "{refused}");
    }
    assert!(!refused.contains("formos_vip.v1.csv"), "what is there is not asked for: {refused}");
    // Who runs a night all the same loses nothing: what was last read stands, and the status says why.
    country.ok(&["run"]);
    assert_eq!(counts(&country), before);
    let trouble = country.trouble();
    assert!(trouble.iter().any(|(table, reason)| table == "raw_formos__dalyviai" && reason == "not_brought_in"), "{trouble:?}");
    fs::create_dir(country.path("again")).unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(country.path("again").join(name), bytes).unwrap());
    country.ok(&["forms", "import", "again"]);
    country.ok(&["run"]);
    assert_eq!(counts(&country), before);
    assert!(country.trouble().iter().all(|(table, _)| !table.starts_with("raw_formos__")), "{:?}", country.trouble());
}

#[test]
fn history_may_be_brought_in_before_the_first_night() {
    let (country, other) = (Country::generate(82, &home()), Country::generate(82, &home()));
    other.ok(&["run"]);
    enable(&country);
    country.ok(&["forms", "import", "extracts"]);
    country.ok(&["run"]);
    assert_eq!(counts(&country), counts(&other));
    let names = |country: &Country| {
        let rows = country.table("public", "atsakingas");
        let mut names: Vec<Value> = rows.iter().map(|row| row["pavarde"].clone()).collect();
        names.sort_by_key(Value::to_string);
        names
    };
    assert_eq!(names(&country), names(&other));
}
