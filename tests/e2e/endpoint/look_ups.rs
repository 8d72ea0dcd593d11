//! Look-ups while typing: persons through the population register's signed web service, legal entities in the file that the night writes.

use std::io::Write;
use std::os::unix::fs::MetadataExt;

use serde_json::{Value, json};

use super::peer::{Place, entity_code};
use super::way::{draft, press};
use crate::country::Country;
use crate::registers::Service;

#[test]
fn a_code_finds_its_person_for_those_who_may_ask_and_every_question_is_noted_without_it() {
    let Some(place) = Place::prepare(14) else { return };
    let Some(register) = Service::start(&place.country) else { return };
    let configuration = place.country.path("virsis.toml");
    let mut file = std::fs::OpenOptions::new().append(true).open(configuration).unwrap();
    write!(file, "\n{}", register.section("gr", "country")).unwrap();
    // The register writes in its own code page: somebody whose name has plain letters only.
    let population = std::fs::read(place.country.path("extracts/gr_asmenys.v1.csv")).unwrap();
    let plain = population.split(|byte| *byte == b'\n').skip(1).find(|line| line.is_ascii() && !line.contains(&b'"')).unwrap();
    let known: Vec<&str> = str::from_utf8(plain).unwrap().trim().split('|').collect();
    let all = place.country.table("public", "virs");
    let (code, name) = (all[0]["ja_kodas"].as_str().unwrap(), all[0]["pavadinimas"].as_str().unwrap());
    let own = place.person(1, "virs", code, "Savas VIRS");
    let institution = place.person(2, "istaiga", &entity_code(1), "Įstaiga");
    let serving = place.serve();
    let (mut client, mut other) = (place.sign_in(&serving, &own), place.sign_in(&serving, &institution));
    let id = draft(&mut client, "virs", "");
    let csrf = client.get(&format!("/pateiktis/{id}")).hidden("_csrf");

    let found = client.post("/paieska/asmuo", &[("_csrf", &csrf), ("kodas", known[0])]);
    let answer: Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(answer["reiksmes"], json!([known[1], known[2]]));
    let entity = client.post("/paieska/juridinis", &[("_csrf", &csrf), ("kodas", code)]);
    assert_eq!(
        serde_json::from_slice::<Value>(&entity.body).unwrap()["reiksmes"],
        json!([name, ""]),
        "known although no night wrote JAR's file"
    );
    let nobody = client.post("/paieska/asmuo", &[("_csrf", &csrf), ("kodas", &super::peer::personal_code(778))]);
    assert!(nobody.text().contains("pranesimas"), "{}", nobody.text());
    assert_eq!(client.post("/paieska/asmuo", &[("_csrf", &csrf), ("kodas", "12345678901")]).status, 400);
    assert_eq!(client.post("/paieska/asmuo", &[("kodas", known[0])]).status, 403, "without the token of the page");

    let csrf = other.get("/pradzia").hidden("_csrf");
    assert_eq!(other.post("/paieska/asmuo", &[("_csrf", &csrf), ("kodas", known[0])]).status, 403, "an institution sees no codes");
    // Nobody copies a register: after some dozens of questions in a minute there is no answer.
    let csrf = client.get("/pradzia").hidden("_csrf");
    let refused = (0..40).any(|_| client.post("/paieska/juridinis", &[("_csrf", &csrf), ("kodas", code)]).status == 429);
    assert!(refused);
    drop(serving);
    let log = place.country.ok(&["audit-log", "show"]);
    assert!(log.contains("\"look up\"") && !log.contains(known[0]));
    assert!(!std::fs::read_to_string(place.country.path("serve.log")).unwrap().contains(known[0]));
}

/// Entities of JAR that are no VIRS: code, name, title of the form.
pub(super) fn entities(country: &Country) -> Vec<[String; 3]> {
    let virs = country.table("public", "virs");
    // One row is damaged on purpose.
    let file = |name: &str| String::from_utf8_lossy(&std::fs::read(country.path("extracts").join(name)).unwrap()).into_owned();
    let forms = file("JAR_TEI_FORM_KLASIFIKATORIUS.csv");
    let title = |code: &str| {
        let line = forms.lines().find(|line| line.split('|').next() == Some(code)).unwrap();
        line.split('|').nth(1).unwrap().to_owned()
    };
    let lines = file("JAR_IREGISTRUOTI.csv");
    let rows = lines.lines().map(|line| line.trim_start_matches('\u{feff}').split('|').collect::<Vec<_>>());
    rows.filter(|row| row.len() == 10 && catalog::codes::is_legal_entity_code(row[0]) && !row[1].is_empty() && !row[1].contains('"'))
        .filter(|row| !virs.iter().any(|one| one["ja_kodas"] == row[0]))
        .map(|row| [row[0].to_owned(), row[1].to_owned(), title(row[4])])
        .collect()
}

#[test]
fn every_entity_of_the_register_is_found_by_code_and_by_the_beginning_of_its_name_with_and_without_scripts() {
    let Some(place) = Place::prepare(15) else { return };
    let file = place.country.path("state/entities.sqlite");
    assert!(!file.exists(), "nobody wanted it yet");
    assert!(place.country.ok(&["run"]).contains("nothing changed") || file.exists());
    let (first, mode) = std::fs::metadata(&file).map(|file| (file.ino(), file.mode() & 0o777)).unwrap();
    assert_eq!(mode, 0o600);
    place.country.ok(&["run"]);
    assert_eq!(std::fs::metadata(&file).unwrap().ino(), first, "a register that did not change is not written again");
    let all = entities(&place.country);
    let [code, name, form] = &all[0];

    let virs = place.country.table("public", "virs")[0]["ja_kodas"].as_str().unwrap().to_owned();
    let (own, institution) = (place.person(1, "virs", &virs, "Savas VIRS"), place.person(2, "istaiga", &entity_code(1), "Įstaiga"));
    let serving = place.serve();
    let (mut client, mut other) = (place.sign_in(&serving, &own), place.sign_in(&serving, &institution));
    let id = draft(&mut client, "virs", "");
    let csrf = client.get(&format!("/pateiktis/{id}")).hidden("_csrf");
    let mut ask = |what: &str, field: (&str, &str)| -> Value {
        let answer = client.post(&format!("/paieska/{what}"), &[("_csrf", &csrf), field]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    };
    assert_eq!(ask("juridinis", ("kodas", code))["reiksmes"], json!([name, form]));
    assert!(ask("juridinis", ("kodas", &entity_code(99)))["pranesimas"].as_str().unwrap().contains("tokio kodo nėra"));
    for beginning in [name.as_str(), &name.to_uppercase(), code] {
        let found = ask("juridiniai", ("pradzia", beginning));
        let one = found["rasta"].as_array().unwrap().iter().find(|one| one["kodas"] == **code).unwrap();
        assert_eq!((&one["pavadinimas"], &one["forma"]), (&json!(name), &json!(form)), "{beginning}");
    }
    assert_eq!(ask("juridiniai", ("pradzia", "zzzzzz"))["rasta"], json!([]));

    // Another night, another name: the endpoint that runs sees it.
    place.country.rewrite("JAR_IREGISTRUOTI.csv", |_, line| {
        Some(line.replace(&format!("{code}|{name}|"), &format!("{code}|UAB „Žalčio šaltinis“|")))
    });
    place.country.ok(&["run"]);
    assert_ne!(std::fs::metadata(&file).unwrap().ino(), first);
    assert_eq!(ask("juridiniai", ("pradzia", "zalcio salt"))["rasta"][0]["kodas"], json!(code));

    // Without scripts: a button looks for what stands in the record, another takes over what was found.
    press(&mut client, id, "prideti:dalyviai", &[]);
    let looking =
        press(&mut client, id, "ieskoti:dalyviai:0", &[("dalyviai.0.dalyvio_rusis", "J"), ("dalyviai.0.dal_pavadinimas", "Žalčio šalt")]);
    assert_eq!(looking.location, Some(format!("/pateiktis/{id}?ieskoti=dalyviai.0#rasta")));
    let found = client.get(&format!("/pateiktis/{id}?ieskoti=dalyviai.0")).text();
    assert!(found.contains(&format!("value=\"parinkti:dalyviai:0:{code}\"")), "{found}");
    let chosen = press(&mut client, id, &format!("parinkti:dalyviai:0:{code}"), &[]);
    assert_eq!(chosen.location, Some(format!("/pateiktis/{id}#dalyviai-0")));
    let page = client.get(&format!("/pateiktis/{id}")).text();
    for value in [code.as_str(), "UAB „Žalčio šaltinis“", form] {
        assert!(page.contains(&format!("value=\"{value}\"")), "{value} is missing");
    }
    assert_eq!(press(&mut client, id, "parinkti:dalyviai:7:1", &[]).status, 400);
    assert_eq!(client.get(&format!("/pateiktis/{id}?ieskoti=vip.0")).status, 404, "that part names no entity");

    let csrf = other.get("/pradzia").hidden("_csrf");
    assert_eq!(other.post("/paieska/juridiniai", &[("_csrf", &csrf), ("pradzia", "zalcio")]).status, 403, "it has no form that asks");
    let csrf = client.get("/pradzia").hidden("_csrf");
    assert_eq!(client.post("/paieska/asmuo", &[("_csrf", &csrf), ("kodas", &own.code)]).status, 404, "no register of persons is connected");
    assert_eq!(client.post("/paieska/juridiniai", &[("pradzia", "zalcio")]).status, 403, "without the token of the page");
    let refused = (0..140).any(|_| client.post("/paieska/juridiniai", &[("_csrf", &csrf), ("pradzia", "zalcio")]).status == 429);
    assert!(refused);
    let refused = (0..40).any(|_| client.get(&format!("/pateiktis/{id}?ieskoti=dalyviai.0")).status == 429);
    assert!(refused, "the button is bounded, too");
    drop(serving);
    let log = place.country.ok(&["audit-log", "show"]);
    assert!(log.contains("\"object\":\"juridiniai\"") && !log.to_lowercase().contains("alčio"), "who asked is noted, not for whom");
}

#[test]
fn an_institution_is_called_what_the_register_calls_its_code_whatever_was_typed() {
    let Some(place) = Place::prepare(18) else { return };
    place.country.ok(&["run"]);
    let all = entities(&place.country);
    let ([code, name, _], [giver_code, giver_name, _]) = (&all[0], &all[1]);
    let virs = place.country.table("public", "virs");
    let virs = virs.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    let (km, giver) =
        (place.person(1, "km", &entity_code(1), "Kultūros ministerija"), place.person(2, "istaiga", giver_code, "Kitaip vadinama"));
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &km);
    let id = draft(&mut client, "auditai", &virs);
    let typed = |code: &'static str| [("auditai.0.institucijos_kodas", code), ("auditai.0.institucija", "Sugalvota tarnyba")];
    assert_eq!(press(&mut client, id, "saugoti", &typed(code.clone().leak())).status, 200);
    let page = client.get(&format!("/pateiktis/{id}")).text();
    assert!(page.contains(&format!("value=\"{name}\"")) && !page.contains("Sugalvota tarnyba"), "{page}");
    // Of a code that the register does not know nothing better is known than what was typed.
    assert_eq!(press(&mut client, id, "saugoti", &typed(entity_code(99).leak())).status, 200);
    assert!(client.get(&format!("/pateiktis/{id}")).text().contains("value=\"Sugalvota tarnyba\""));
    // Whoever gives funds does not type who they are; the register says it, not the list of mandates.
    let mut client = place.sign_in(&serving, &giver);
    let id = draft(&mut client, "lesos", &virs);
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let entry = store.read(|connection| forms::store::find(connection, id)).unwrap().unwrap().entry;
    assert_eq!(entry.records("lesos")[0]["institucija"], *giver_name);
}
