//! Guides tell of the product as it is: each picture is one of a page that is there, and each label in bold stands on a page.
//!
//! A browser walks the ways that guides describe, takes the pictures they show, and reads every page it meets. With `VIRSIS_WRITE_GUIDES` set, the
//! pictures are put beside the guides (`pngquant` of Debian makes them small).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use catalog::{Catalog, Guides};
use serde_json::{Value, json};

use super::browser::{
    as_json, change_mandates, changed_in_registers, known, modules, run, run_script, settings, something_to_administer, with_viisp,
};
use super::peer::{Place, entity_code};
use crate::country::{Country, home};
use crate::search::{Portal, text};
use crate::sql_pages::{engine, with_engine};

/// Those who act for an institution, and what it is called.
const INSTITUTIONS: [(&str, &str); 7] = [
    ("km", "Lietuvos Respublikos kultūros ministerija"),
    ("lrtk", "Lietuvos radijo ir televizijos komisija"),
    ("zeit", "Žurnalistų etikos inspektoriaus tarnyba"),
    ("viea", "Visuomenės informavimo etikos asociacija"),
    ("istaiga", "Pavyzdžių savivaldybės administracija"),
    ("administratorius", "Registrų centras"),
    ("analitikas", "Lietuvos Respublikos kultūros ministerija"),
];
/// More colours than pages have, but for the edges of their letters.
const COLOURS: &str = "48";

#[test]
fn guides_show_pages_that_are_there_and_name_what_stands_on_them() {
    let (Some(modules), Some(engine)) = (modules(), engine()) else { return };
    let made = tempfile::tempdir().unwrap();
    let Some(mut texts) = of_the_endpoint(&modules, made.path()) else { return };
    texts.extend(of_the_portal(&modules, &engine, made.path()));
    if std::env::var_os("VIRSIS_WRITE_GUIDES").is_some() {
        write(made.path());
    }
    let catalog = Catalog::load(&home()).unwrap();
    let guides = catalog.guides();
    let shown: BTreeSet<String> = guides.pictures().into_keys().map(str::to_owned).collect();
    assert_eq!(names(made.path()), shown, "pictures that the browser took (left) and that guides show");
    let unknown: Vec<String> =
        labels(guides).into_iter().filter(|(_, label)| !texts.contains(label)).map(|(guide, label)| format!("{guide}: {label}")).collect();
    assert!(unknown.is_empty(), "labels of guides that stand on no page:\n{}", unknown.join("\n"));
}

#[test]
fn commands_that_guides_name_are_there_with_their_flags() {
    let catalog = Catalog::load(&home()).unwrap();
    let mut named = 0;
    for guide in &catalog.guides().all {
        let codes = guide.page.html().split("<code>").skip(1).map(|rest| rest.split("</code>").next().unwrap());
        for code in codes.filter(|code| code.starts_with("virsis ")) {
            let words: Vec<&str> = code.split(' ').skip(1).collect();
            let command = words
                .iter()
                .take_while(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !word.starts_with('-'));
            let help = Command::new(env!("CARGO_BIN_EXE_virsis")).args(command).arg("--help").output().unwrap();
            let help =
                if help.status.success() { String::from_utf8(help.stdout).unwrap() } else { panic!("{}: no command {code}", guide.name) };
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                assert!(help.contains(flag), "{}: {code} has no {flag}", guide.name);
            }
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

/// What stands on the pages of the endpoint, of which pictures are taken.
fn of_the_endpoint(modules: &str, pictures: &Path) -> Option<BTreeSet<String>> {
    let place = Place::prepare(31)?;
    let double = with_viisp(&place)?;
    place.country.ok(&["run"]);
    let known = known(&place);
    let mut settings = settings(&place, &known, &["virs"]);
    for (number, (role, name)) in (2_u32..).zip(INSTITUTIONS) {
        settings["people"][role] = as_json(&place.person(number, role, &entity_code(number), name));
    }
    let two = place.person(20, "istaiga", &entity_code(6), "Pavyzdžių savivaldybės administracija");
    settings["people"]["two"] = as_json(&two);
    settings["people"]["kitas"] = as_json(&place.person(21, "administratorius", &entity_code(7), "Registrų centras"));
    change_mandates(&place, |list| format!("{list}{},virs,{},Pavyzdžių žinios,,2020-01-01,\n", two.code, known.own));
    changed_in_registers(&place, &known.own);
    something_to_administer(&place);
    let serving = place.serve();
    settings["origin"] = json!(format!("http://127.0.0.1:{}", serving.port));
    let texts = place.country.path("texts.json");
    settings["pictures"] = json!(pictures);
    settings["texts"] = json!(texts);
    run(&place, modules, "guides_endpoint", settings);
    double.end();
    Some(read(&texts))
}

/// The same of the portal.
fn of_the_portal(modules: &str, engine: &str, pictures: &Path) -> BTreeSet<String> {
    let country = with_engine(engine, "60", 32);
    let virs = owned_through_others(&country);
    let portal = Portal::serve(&country);
    let texts = country.path("texts.json");
    let settings = json!({"origin": portal.1, "pictures": pictures, "texts": texts, "virs": virs});
    run_script(modules, "guides_portal", settings, |_| panic!("nobody signs here"));
    read(&texts)
}

/// A VIRS that somebody who is known owns through a company, with few owners.
fn owned_through_others(country: &Country) -> String {
    let mut holdings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for holding in country.table("public", "grandis") {
        holdings.entry(text(&holding, "ja_kodas").to_owned()).or_default().push(holding);
    }
    let has_few = |rows: &Vec<Value>| rows.len() < 7 && rows.iter().all(|row| row["nezinojimo_priezastis"].is_null());
    let found = holdings.into_iter().find(|(_, rows)| has_few(rows) && rows.iter().any(|row| row["zingsnis"] == 2));
    found.expect("a VIRS with a company above it").0
}

fn read(texts: &Path) -> BTreeSet<String> {
    let texts: Value = serde_json::from_slice(&fs::read(texts).unwrap()).unwrap();
    texts.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Puts the pictures beside the guides, with few colours.
fn write(made: &Path) {
    for name in names(made) {
        let target: PathBuf = home().join("data/guides").join(&name);
        let mut command = Command::new("pngquant");
        command.args(["--force", "--strip", "--nofs", "--speed", "1", "--output"]).arg(&target).arg(COLOURS).arg(made.join(&name));
        assert!(command.status().expect("apt-get install pngquant").success(), "{name}");
    }
}

/// Each label in bold, with the guide that names it.
fn labels(guides: &Guides) -> BTreeSet<(&str, String)> {
    let of = |html: &str| -> Vec<String> {
        let bold = html.split("<strong>").skip(1).map(|rest| rest.split("</strong>").next().unwrap());
        bold.map(|label| label.replace("&quot;", "\"").replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")).collect()
    };
    guides.all.iter().flat_map(|guide| of(guide.page.html()).into_iter().map(|label| (guide.name.as_str(), label))).collect()
}
