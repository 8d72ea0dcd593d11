//! Look-ups while typing, through the population register's signed web service.

use std::io::Write;

use super::peer::{Place, entity_code};
use super::way::draft;
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
    let answer: serde_json::Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(answer["reiksmes"], serde_json::json!([known[1], known[2]]));
    let entity = client.post("/paieska/juridinis", &[("_csrf", &csrf), ("kodas", code)]);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&entity.body).unwrap()["reiksmes"], serde_json::json!([name]));
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
