//! The portal in English: every page of the public and of the open tier, and of none of the internal one.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use crate::country::{Country, PUBLISHED, copy_of_home, files, home};
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

/// What the first lines of a report or example say under a key.
fn said<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix("-- ")?.strip_prefix(key)?.strip_prefix(": "))
}

/// As it stands in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;").replace('"', "&quot;")
}

#[test]
fn reports_and_examples_are_in_english_on_english_pages_and_in_lithuanian_on_the_others() {
    let country = Country::generate(85, &home()).whole();
    // Pages need the engine's files; nothing runs them here.
    let engine = country.path("engine");
    fs::create_dir(&engine).unwrap();
    for name in ["duckdb-eh.wasm.gz", "duckdb-eh.worker.js", "engine.js", "licences.txt"] {
        fs::write(engine.join(name), "").unwrap();
    }
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), settings.replace("[portal]\n", "[portal]\nbrowser_engine = 'engine'\n")).unwrap();
    country.ok(&["run"]);
    let latest = country.path("portal/latest/public").canonicalize().unwrap();
    let page = |path: &str| fs::read_to_string(latest.join(path)).unwrap();
    let mut labels = 0;
    for (folder, path) in [("sql/reports", "ataskaita/index.html"), ("sql/examples", "sql/index.html")] {
        let (lithuanian, english) = (page(path), page(&format!("en/{path}")));
        for file in files(&home().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            for key in ["title", "description"] {
                let (Some(lt), Some(en)) = (said(&text, key), said(&text, &format!("{key}_en"))) else { continue };
                let (lt, en) = (escaped(lt), escaped(en));
                assert!(lithuanian.contains(&lt) && !lithuanian.contains(&en), "{path}: {lt}");
                assert!(english.contains(&en) && !english.contains(&lt), "en/{path}: {en}");
            }
            for parameter in text.lines().filter(|line| line.starts_with("-- param: ")) {
                let [_, lt, _, en, _]: [&str; 5] = parameter.split('"').collect::<Vec<_>>().try_into().unwrap();
                assert!(
                    lithuanian.contains(&format!("<span>{lt}</span>")) && english.contains(&format!("<span>{en}</span>")),
                    "{parameter}"
                );
                assert!(!english.contains(&format!("<span>{lt}</span>")), "{parameter}");
                labels += 1;
            }
        }
        assert!(!english.contains("„"), "a Lithuanian quotation mark in en/{path}");
    }
    assert!(labels >= 15, "{labels}");
    // Defaults and hints of numbers, and headings of what is answered.
    let (lithuanian, english) = (page("ataskaita/index.html"), page("en/ataskaita/index.html"));
    assert!(lithuanian.contains("value=\"0,25\"") && english.contains("value=\"0.25\"") && english.contains("a number, e.g. 0.25"));
    assert!(
        lithuanian.contains(r#"AS \"Teisinė forma\""#) && english.contains(r#"AS \"Legal form\""#) && !english.contains("Teisinė forma\\")
    );
    assert!(page("en/sql/index.html").contains("AS &quot;Owner&quot;") && !page("sql/index.html").contains("AS &quot;Owner&quot;"));
}

#[test]
fn a_report_or_example_without_its_english_half_is_named_with_its_file() {
    let copy = tempfile::tempdir().unwrap();
    copy_of_home(copy.path());
    let country = Country::generate(86, copy.path());
    let printed = country.ok(&["check"]);
    assert!(printed.contains("15 reports, 8 examples"), "{printed}");
    let change = |file: &str, from: &str, to: &str| {
        let path = copy.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change("sql/reports/virs_pajamos.sql", "-- title_en:", "-- note:");
    change("sql/reports/virs_savininkai.sql", "-- empty_en:", "-- note:");
    change("sql/reports/nezinomi_savininkai.sql", " \"Unknown share larger than\"", "");
    change("sql/examples/4-kas_moka.sql", "-- title_en:", "-- note:");
    change("sql/examples/8-abu.sql", "\"Lėšos, EUR\"", "\"Lėšos eurais\"");
    let refused = country.refused(&["check"]);
    for (file, what) in [
        ("sql/reports/virs_pajamos.sql", "`-- title_en: …` is missing"),
        ("sql/reports/virs_savininkai.sql", "`-- empty_en: …` is missing"),
        ("sql/reports/nezinomi_savininkai.sql", "label in English"),
        ("sql/examples/4-kas_moka.sql", "`-- title_en: …` is missing"),
        ("sql/examples/8-abu.sql", "\"Lėšos eurais\" has no English; add it to [headings] of sql/english.toml"),
    ] {
        assert!(refused.lines().any(|line| line.contains(file) && line.contains(what)), "{file}: {refused}");
    }
}
