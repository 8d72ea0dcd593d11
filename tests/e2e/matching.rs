//! A pasted list of codes and names, compared with the register in Chromium: what is found, and that nothing of the list leaves the browser.

use std::fs;

use serde_json::{Value, json};

use crate::country::Country;
use crate::endpoint::browser::{modules, run_script};
use crate::search::Portal;

#[test]
fn a_pasted_list_is_matched_in_the_browser_and_sent_nowhere() {
    let Some(modules) = modules() else { return };
    let country = Country::published("60", 82);
    let (virs, owners) = (country.table("public", "virs"), country.table("public", "savininkas"));
    let text = |row: &Value, column: &str| row[column].as_str().unwrap_or_default().to_owned();
    let of = |virs: &Value| -> Vec<String> {
        owners
            .iter()
            .filter(|row| row["ja_kodas"] == virs["ja_kodas"] && row["savininkas"].is_string())
            .map(|row| text(row, "savininkas"))
            .collect()
    };
    // One that no other is called like.
    let plain = |row: &&Value| virs.iter().filter(|other| text(other, "pavadinimas") == text(row, "pavadinimas")).count() == 1;
    let (by_code, by_name) = (&virs[0], virs[1..].iter().find(plain).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("rasta.csv");
    let portal = Portal::serve(&country);
    let found = |virs: &Value| json!({"code": text(virs, "ja_kodas"), "name": text(virs, "pavadinimas"), "owners": of(virs)});
    let settings = json!({
        "origin": portal.1,
        "name": "match",
        "by_code": found(by_code),
        "by_name": found(by_name),
        "typed_name": text(by_name, "pavadinimas").to_uppercase().replace("UAB ", ""),
        // A spreadsheet takes the wide sign for `=`.
        "unknown": "＝SUMA(A1) Tokios Nėra",
        "saved": saved,
    });
    run_script(&modules, "match", settings, |_| panic!("nobody signs here"));
    // What was saved is what was shown.
    let file = fs::read_to_string(&saved).unwrap();
    assert!(file.starts_with('\u{feff}'), "Excel takes a file without it for another encoding");
    let mut read = csv::ReaderBuilder::new().delimiter(b';').from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(read.headers().unwrap(), vec!["Jūsų eilutė", "VIRS", "Kodas", "Savininkai", "Kaip rasta"]);
    let rows: Vec<csv::StringRecord> = read.records().map(Result::unwrap).collect();
    assert_eq!(
        rows.iter().map(|row| row[2].to_owned()).collect::<Vec<_>>(),
        [text(by_code, "ja_kodas"), text(by_name, "ja_kodas"), String::new()]
    );
    assert_eq!(&rows[2][0], "'＝SUMA(A1) Tokios Nėra", "no spreadsheet runs it");
    assert!(of(by_code).iter().all(|owner| rows[0][3].contains(owner)));
}
