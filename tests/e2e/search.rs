//! Search over the portal: in Chromium, by everything that something is found by, and what no tier's files may hold.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::country::{Country, PUBLISHED, files};
use crate::endpoint::browser::{modules, run_script};
use crate::privacy::secrets;

/// The portal while it is served; where.
pub(crate) struct Portal(Child, pub(crate) String);

impl Portal {
    pub(crate) fn serve(country: &Country) -> Self {
        let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
        fs::write(country.path("virsis.toml"), format!("{settings}[serve]\naddress = '127.0.0.1:0'\nschedules = []\n")).unwrap();
        let mut server = country.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let origin = line.split("portal on ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        Self(server, origin)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// As somebody types who has no Lithuanian keyboard.
pub(crate) fn without_marks(text: &str) -> String {
    let marks = "ąčęėįšųūžĄČĘĖĮŠŲŪŽ".chars().zip("aceeisuuzACEEISUUZ".chars());
    marks.fold(text.to_owned(), |text, (marked, plain)| text.replace(marked, &plain.to_string()))
}

#[test]
fn a_browser_finds_by_name_code_number_and_domain_and_follows_the_hit() {
    let Some(modules) = modules() else { return };
    let country = Country::published("60", 81);
    let virs = country.table("public", "virs");
    let numbers = country.table("public", "numeris");
    let owners = country.table("public", "savininkas");
    let is_marked = |row: &&Value| without_marks(text(row, "pavadinimas")) != text(row, "pavadinimas");
    let named = virs.iter().find(is_marked).unwrap();
    let is_issn = |row: &&Value| text(row, "numerio_tipas").to_lowercase().contains("issn") && !text(row, "vip_nr").is_empty();
    let issn = numbers.iter().find(is_issn).unwrap();
    let mailed = virs.iter().find(|row| !text(row, "el_pastas").is_empty()).unwrap();
    let owner = owners.iter().find(|row| row["asmens_id"].is_string()).unwrap();
    let code = |row: &Value| text(row, "ja_kodas").to_owned();
    let domain = text(mailed, "el_pastas").split('@').nth(1).unwrap();
    let of_domain: BTreeSet<String> = virs.iter().filter(|row| text(row, "el_pastas").ends_with(&format!("@{domain}"))).map(code).collect();
    let examples: Value = serde_json::from_str(include_str!("../../publish/src/site/search/words.json")).unwrap();
    let portal = Portal::serve(&country);
    let wish = |typed: String, codes: &BTreeSet<String>| json!({"typed": typed, "codes": codes});
    let own = |typed: String, page: String| json!({"typed": typed, "codes": [], "leads": page});
    let outlet = |row: &Value| format!("priemones/{}.html", text(row, "vip_nr").to_lowercase());
    let only = |row: &Value| BTreeSet::from([code(row)]);
    let settings = json!({
        "origin": portal.1,
        "name": "search",
        "words": examples,
        "wishes": [
            wish(without_marks(text(named, "pavadinimas")).to_lowercase(), &only(named)),
            wish(code(named), &only(named)),
            own(text(issn, "numeris").to_owned(), outlet(issn)),
            own(text(issn, "numeris").replace('-', ""), outlet(issn)),
            wish(format!("https://www.{domain}/"), &of_domain),
            own(without_marks(text(owner, "savininkas")), format!("savininkai/{}.html", text(owner, "asmens_id"))),
        ],
        "person": text(owner, "savininkas"),
    });
    run_script(&modules, "search", settings, |_| panic!("nobody signs here"));
}

#[test]
fn nothing_that_is_found_in_the_open_tier_names_a_natural_person_of_the_country() {
    let country = &PUBLISHED.country;
    let secrets = secrets(country);
    let hits = |tier: &str| -> String {
        let all = files(&country.path("portal/latest").canonicalize().unwrap().join(tier).join("paieska"));
        assert!(all.len() > 20);
        all.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let (open, public) = (hits("open"), hits("public"));
    let named = |text: &str| secrets.names.iter().filter(|name| text.contains(name.as_str())).count();
    assert_eq!(named(&open), 0);
    assert!(named(&public) > 20, "owners and donors are found in the public tier");
    for secret in secrets.codes.iter().chain(&secrets.births) {
        assert!(!public.contains(secret.as_str()) && !open.contains(secret.as_str()), "a code or a birth date");
    }
    let ids: BTreeSet<String> =
        country.table("public", "savininkas").iter().filter_map(|row| row["asmens_id"].as_str().map(str::to_owned)).collect();
    assert!(ids.iter().all(|id| !open.contains(id.as_str())) && ids.iter().any(|id| public.contains(&format!("savininkai/{id}.html"))));
    // Who is found in a tier has a page or a row there.
    let names: BTreeSet<String> = country.table("open", "virs").iter().map(|row| text(row, "ja_kodas").to_owned()).collect();
    for hit in open.lines().flat_map(|line| serde_json::from_str::<Value>(line).unwrap()["hits"].as_array().unwrap().clone()) {
        let virs = hit["virs"].as_array().into_iter().flatten();
        assert!(virs.clone().all(|virs| names.contains(text(virs, "code"))), "a VIRS without an open page");
    }
}
