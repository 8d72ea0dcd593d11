//! News and help as files: shown where they are meant to be, refused when they are wrong, and a changed one makes new pages and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::country::{Country, copy_of_home, tells_of_releases};
use crate::endpoint::peer::{Place, entity_code};

fn write(home: &Path, name: &str, text: &str) {
    fs::write(home.join("data/content/naujienos").join(name), text).unwrap();
}

fn news(title: &str, until: &str, audience: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = \"2026-10-05\"\n{until}for = \"{audience}\"\n+++\n{text}\n")
}

/// Path and hash of every page of the latest release.
fn pages(country: &Country) -> BTreeMap<String, String> {
    let file = |file: &serde_json::Value| (file["path"].as_str().unwrap().to_owned(), file["sha256"].as_str().unwrap().to_owned());
    country.listed("portal").iter().map(file).collect()
}

#[test]
fn changed_news_make_the_pages_anew_that_show_them_and_no_others() {
    let home = tempfile::tempdir().unwrap();
    copy_of_home(home.path());
    let country = Country::generate(63, home.path());
    write(home.path(), "tik-teikejams.md", &news("Tik teikėjams", "", "endpoint", "Tekstas."));
    write(home.path(), "pasibaigusi.md", &news("Pasibaigusi", "until = \"2026-10-30\"\n", "both", "Tekstas."));
    country.ok(&["run"]);
    let read = |page: &str| fs::read_to_string(country.path("portal/latest").join(page)).unwrap();
    for page in ["public/naujienos.html", "public/index.html", "open/naujienos.html"] {
        assert!(!read(page).contains("Tik teikėjams") && !read(page).contains("Pasibaigusi"), "{page}");
    }
    let before = pages(&country);
    assert!(country.ok(&["run"]).contains("nothing changed"));

    write(home.path(), "nauja.md", &news("Nauja & svarbi", "", "both", "Žinia su **pabrėžimu**."));
    let said = country.ok(&["run", "--explain"]);
    assert!(said.contains("published") && !said.contains("\nran model") && !said.contains("\nran write"), "{said}");
    assert!(read("public/index.html").contains("<a href=\"naujienos.html#nauja\"><span lang=\"lt\">Nauja &amp; svarbi</span></a>"));
    assert!(read("open/naujienos.html").contains("<strong>pabrėžimu</strong>"));
    let after = pages(&country);
    let differing = after.iter().filter(|(path, hash)| before.get(*path) != Some(hash)).map(|(path, _)| path.as_str());
    let differing: Vec<&str> = differing.filter(|path| !tells_of_releases(path) || path.contains("/pokyciai/")).collect();
    let pages_of =
        |tier: &str| ["index.html", "naujienos.html", "pokyciai/index.html", "pokyciai/index.json"].map(|page| format!("{tier}/{page}"));
    assert_eq!(
        differing,
        [&["open/index.html".to_owned(), "open/naujienos.html".to_owned()], &pages_of("public")[..]].concat(),
        "the first release had nothing to be compared with"
    );
    country.ok(&["verify"]);

    // What was taken over is what a whole run makes.
    let built = pages(&country);
    country.ok(&["run", "--full"]);
    assert!(told(pages(&country)) == told(built));
    fs::remove_file(home.path().join("data/content/naujienos/nauja.md")).unwrap();
    country.ok(&["run"]);
    assert!(!read("public/naujienos.html").contains("Nauja") && told(pages(&country)) == told(before));
}

/// Pages but for those that say what changed since the release before.
fn told(pages: BTreeMap<String, String>) -> BTreeMap<String, String> {
    pages
        .into_iter()
        .filter(|(path, _)| !tells_of_releases(path) && !["public/index.html", "open/index.html"].contains(&path.as_str()))
        .collect()
}

#[test]
fn content_that_may_not_be_shown_is_refused_with_its_file_and_line_before_anybody_sees_it() {
    let home = tempfile::tempdir().unwrap();
    copy_of_home(home.path());
    let country = Country::generate(64, home.path());
    assert!(country.ok(&["check"]).contains(" news item"));
    country.ok(&["run"]);
    let before = pages(&country);
    let code = crate::endpoint::peer::personal_code(5);
    write(home.path(), "bloga.md", &news("Bloga", "", "both", &format!("Gerai.\n\nKodas {code}.")));
    for command in [&["check"][..], &["run"]] {
        let said = country.refused(command);
        assert!(said.contains("data/content/naujienos/bloga.md, line 8: a personal code") && !said.contains(&code), "{said}");
    }
    write(home.path(), "bloga.md", &news("Bloga", "", "both", "<script>alert(1)</script>"));
    fs::write(home.path().join("data/content/pagalba.md"), "+++\ntitle = \"Pagalba\"\n+++\n# Per didelė\n").unwrap();
    let said = country.refused(&["check"]);
    assert!(said.contains("bloga.md, line 6: HTML") && said.contains("data/content/pagalba.md, line 4: a heading of level 1"), "{said}");
    assert!(country.refused(&["run"]).contains("HTML"));
    assert!(pages(&country) == before);
}

#[test]
fn the_endpoint_shows_its_news_and_its_help() {
    let Some(place) = Place::prepare(16) else { return };
    let home = tempfile::tempdir().unwrap();
    copy_of_home(home.path());
    write(home.path(), "teikejams.md", &news("Tik teikėjams", "", "endpoint", "Žinia su [nuoroda](pagalba)."));
    write(home.path(), "portalui.md", &news("Tik portalui", "", "portal", "Tekstas."));
    write(home.path(), "pasibaigusi.md", &news("Pasibaigusi", "until = \"2026-10-30\"\n", "both", "Tekstas."));
    fs::write(home.path().join("data/content/pagalba.md"), "+++\ntitle = \"Kita pagalba\"\n+++\n## Klausimas & atsakymas\n").unwrap();
    let configuration = fs::read_to_string(place.country.path("virsis.toml")).unwrap();
    let (_, rest) = configuration.split_once('\n').unwrap();
    let rest = rest.replace("[publication]\n", "[publication]\nurl = 'https://virsis.pavyzdys.lt/'\n");
    fs::write(place.country.path("virsis.toml"), format!("home = '{}'\n{rest}", home.path().display())).unwrap();
    let person = place.person(1, "km", &entity_code(1), "Ministerija");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &person);
    let start = client.get("/pradzia").text();
    assert!(start.contains("Tik teikėjams") && start.contains("<a href=\"pagalba\">nuoroda</a>"), "{start}");
    assert!(!start.contains("Tik portalui") && !start.contains("Pasibaigusi"));
    let help = client.get("/pagalba").text();
    assert!(help.contains("<h1>Kita pagalba</h1>") && help.contains("<h2>Klausimas &amp; atsakymas</h2>"), "{help}");
    let link = "<a href=\"https://virsis.pavyzdys.lt/public/vadovai/index.html\"";
    assert!(help.replace("&#x2f;", "/").contains(link), "{help}");
}
