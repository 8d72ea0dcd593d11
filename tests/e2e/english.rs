//! The portal in English: every page of the public and of the open tier, and of none of the internal one.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::country::{PUBLISHED, files};
use crate::endpoint::browser::{modules, run_script};
use crate::search::Portal;

/// Endings of files that programs and people read as text.
const TEXTS: [&str; 10] = ["atom", "css", "csv", "html", "ics", "js", "json", "jsonl", "svg", "xml"];

/// Paths of pages below a folder.
fn pages(folder: &std::path::Path) -> BTreeSet<String> {
    let all = files(folder).into_iter().map(|path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
    all.filter(|path| path.ends_with(".html")).collect()
}

#[test]
fn every_page_that_everybody_reads_is_there_in_english_and_says_the_same_numbers_of_rows() {
    let latest = PUBLISHED.country.path("portal/latest").canonicalize().unwrap();
    for tier in ["public", "open"] {
        let (english, lithuanian): (BTreeSet<_>, BTreeSet<_>) =
            pages(&latest.join(tier)).into_iter().partition(|path| path.starts_with("en/"));
        let mirrored: BTreeSet<String> = lithuanian.iter().map(|path| format!("en/{path}")).collect();
        assert!(mirrored == english && english.len() > 100, "{tier}: {:?}", mirrored.symmetric_difference(&english).collect::<Vec<_>>());
        for path in &lithuanian {
            let count = |path: &str| fs::read_to_string(latest.join(tier).join(path)).unwrap().matches("<tr>").count();
            assert_eq!(count(path), count(&format!("en/{path}")), "rows of {tier}/{path}");
        }
    }
    // Which language it is was decided everywhere.
    for path in files(&latest).into_iter().filter(|path| path.extension().is_some_and(|ending| TEXTS.iter().any(|text| ending == *text))) {
        let text = fs::read(&path).unwrap();
        assert!(!text.iter().any(|byte| (1..=3).contains(byte)), "half a choice of languages in {}", path.display());
    }
    assert!(latest.join("en/index.html").exists() && !PUBLISHED.country.path("internal/latest/en").exists());
}

#[test]
fn whoever_reads_english_searches_matches_and_saves_as_others_do() {
    let Some(modules) = modules() else { return };
    let virs = PUBLISHED.country.table("public", "virs");
    let one = virs.iter().find(|virs| virs["virs_iki"].is_null()).unwrap();
    let portal = Portal::serve(&PUBLISHED.country);
    let settings = json!({"origin": portal.1, "code": one["ja_kodas"], "virs": one["pavadinimas"], "check": "Check"});
    run_script(&modules, "english", settings, |_| panic!("nobody signs here"));
}
