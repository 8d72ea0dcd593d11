//! What pages of administration say of nights, news and definitions; and that no code stands on any of them.

use std::collections::BTreeSet;
use std::fs;

use aho_corasick::AhoCorasick;

use super::client::Client;
use super::peer::{Place, entity_code, personal_code};
use crate::country::{Country, copy_of_home, home};
use crate::privacy::secrets;

#[test]
fn news_are_previewed_and_changed_definitions_are_told_before_any_night_and_mistakes_as_the_check_names_them() {
    let home = tempfile::tempdir().unwrap();
    copy_of_home(home.path());
    let Some(place) = Place::prepare_in(|| Country::generate(204, home.path())) else { return };
    let country = &place.country;
    let person = place.person(1, "administratorius", &entity_code(900), "Registrų centras");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &person);
    let page = client.get("/administravimas/apibrezimai").text();
    assert!(page.contains("niekas nepasikeitė"), "{page}");

    // A code that came, one that went, another title; a field that must be filled, and another heading of a form's field.
    let change = |path: &str, from: &str, to: &str| {
        let path = home.path().join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {}", path.display());
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    };
    let classifier = fs::read_to_string(home.path().join("data/classifiers/sutarciu_rusys.csv")).unwrap();
    let (code, title) = classifier.lines().nth(1).and_then(|line| line.split(',').next().zip(line.split(',').nth(1))).unwrap();
    change("data/classifiers/sutarciu_rusys.csv", &format!("{code},{title},"), &format!("{code},Visai kitas pavadinimas,"));
    let path = home.path().join("data/classifiers/sutarciu_rusys.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap() + "visai_nauja,Visai nauja rūšis,An entirely new kind\n").unwrap();
    change("data/forms/lesos.toml", "data = \"Sandorio ar akto data\"", "data = \"Akto pasirašymo data\"");
    let page = client.get("/administravimas/apibrezimai").text();
    let retitled = format!("pavadinimas buvo „{title}“, dabar „Visai kitas pavadinimas“");
    for said in [
        "Naujas kodas <code>visai_nauja</code>: Visai nauja rūšis",
        &retitled,
        "buvo „Sandorio ar akto data“, dabar „Akto pasirašymo data“",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // After the next release it is what everything is compared with.
    country.ok(&["run"]);
    assert!(client.get("/administravimas/apibrezimai").text().contains("niekas nepasikeitė"));
    change("data/classifiers/sutarciu_rusys.csv", "kodas,lt,en", "kodas,lt");
    let said = country.refused(&["check"]);
    let page = client.get("/administravimas/apibrezimai").text();
    assert!(page.contains("Apibrėžimuose yra klaidų") && page.contains("sutarciu_rusys"), "{page}");
    assert!(page.contains(said.trim()), "as the check says it: {said}");
    change("data/classifiers/sutarciu_rusys.csv", "kodas,lt", "kodas,lt,en");

    // News: as they would be shown on a day.
    let news = |name: &str, audience: &str, text: &str| {
        let front =
            format!("+++\ntitle = \"Žinia {name}\"\ndate = \"2030-01-10\"\nuntil = \"2030-02-01\"\nfor = \"{audience}\"\n+++\n{text}\n");
        fs::write(home.path().join("data/content/naujienos").join(format!("{name}.md")), front).unwrap();
    };
    news("portalui", "portal", "Tekstas su **pabrėžimu**.");
    news("abiem", "both", "Tekstas visiems.");
    let mut preview = |day: &str| client.get(&format!("/administravimas/naujienos?diena={day}")).text();
    let page = preview("2030-01-15");
    let (portal, endpoint) = page.split_once("id=\"teikimas\"").unwrap();
    assert!(portal.contains("Žinia portalui") && portal.contains("<strong>pabrėžimu</strong>") && portal.contains("Žinia abiem"), "{page}");
    assert!(endpoint.contains("Žinia abiem") && !endpoint.contains("Žinia portalui"), "{page}");
    assert!(preview("2030-01-09").contains("Žinia abiem: dar nerodoma") && preview("2030-02-02").contains("Žinia abiem: neberodoma"));
    let code = personal_code(786);
    news("bloga", "both", &format!("Gerai.\n\nKodas {code}."));
    let page = preview("2030-01-15");
    let said = country.refused(&["check"]);
    let mistake = "data/content/naujienos/bloga.md, line 9: a personal code stands here";
    assert!(page.replace("&#x2f;", "/").contains(mistake) && !page.contains(&code), "{page}");
    assert!(said.contains(mistake), "{said}");
}

#[test]
fn a_log_that_was_changed_is_told_on_its_page() {
    let Some(place) = Place::prepare(205) else { return };
    let person = place.person(1, "administratorius", &entity_code(900), "Registrų centras");
    let look = || {
        let serving = place.serve();
        place.sign_in(&serving, &person).get("/administravimas/zurnalas").text()
    };
    assert!(look().contains("Žurnalas sveikas"));
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    // The code of this half minute is used up, too.
    let sql = "DROP TRIGGER audit_is_only_added_to; UPDATE audit SET detail = 'kita' WHERE entry = 2; UPDATE account SET totp_used = 0;";
    store.write::<_, forms::Error>(forms::store::Durability::OnDisk, |transaction| Ok(transaction.execute_batch(sql)?)).unwrap();
    drop(store);
    let page = look();
    assert!(page.contains("Žurnalas nesveikas") && page.contains("entry 2") && !page.contains("Žurnalas sveikas"), "{page}");
}

/// Every page that links of administration lead to.
fn walk(client: &mut Client) -> Vec<(String, String)> {
    let mut waiting = BTreeSet::from(["/administravimas".to_owned()]);
    let (mut seen, mut pages) = (BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop_first() {
        // Each page of the log leads to one more.
        if !seen.insert(path.clone()) || path.contains("pries=") && seen.len() > 80 {
            continue;
        }
        let answer = client.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        let text = answer.text().replace("&#x2f;", "/").replace("&amp;", "&");
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
        waiting.extend(links.filter(|link| link.starts_with("/administravimas")).map(str::to_owned));
        pages.push((path, text));
    }
    pages
}

#[test]
fn no_code_and_no_birth_date_stands_on_any_page_of_administration() {
    let Some(place) = Place::prepare_in(|| Country::generate(206, &home())) else { return };
    let country = &place.country;
    let person = place.person(1, "administratorius", &entity_code(900), "Registrų centras");
    for number in 2..5 {
        place.person(number, "km", &entity_code(910 + number), "Kultūros ministerija");
    }
    // Rows that are refused and set aside are told of, too.
    country.rewrite("vrk_reklama.v1.csv", |row, line| (row % 2 == 0).then(|| line.to_owned()));
    country.rewrite("jar_kontaktai.v1.csv", |row, line| (row < 2).then(|| line.to_owned()));
    country.run(&["run"]);
    let secrets = secrets(country);
    let own = (1..5).map(personal_code);
    let all: Vec<String> = secrets.codes.into_iter().chain(secrets.births).chain(own).collect();
    let search = AhoCorasick::new(&all).unwrap();
    let serving = place.serve();
    let pages = walk(&mut place.sign_in(&serving, &person));
    let paths: Vec<&str> = pages.iter().map(|(path, _)| path.as_str()).collect();
    for wanted in ["/administravimas/igaliojimai", "/administravimas/laiskai", "/administravimas/israsas/raw_vrk__reklama"] {
        assert!(paths.contains(&wanted), "{wanted} is not among {paths:?}");
    }
    for (path, text) in &pages {
        let found = search.find(text).map(|found| &all[found.pattern().as_usize()]);
        assert!(found.is_none(), "{path} shows {found:?}");
    }
    let log = fs::read_to_string(country.path("serve.log")).unwrap();
    assert!(search.find(&log).is_none());
}
