//! What people hand in is judged row by row, and everybody speaks for themselves only: whatever one VIRS hands in, nothing changes for the
//! others.
//!
//! Submissions are written straight into the store, as an endpoint with other rules would have let them in: no form lets these through.

use std::collections::BTreeSet;

use chrono::Utc;
use forms::entry::Record;
use forms::{Role, Store};
use serde_json::Value;

use super::ministry::{ENTITY, Ministry, record};
use super::peer::{entity_code, personal_code};

/// What a VIRS says of itself, with these participants.
fn own(virs: &str, participants: Vec<Record>) -> Vec<(&'static str, Vec<Record>)> {
    let activity = record(&[(ENTITY, virs), ("virs_nuo", "2020-01-01"), ("virs_saltinis", "registracija"), ("veiklos_rusys", "leidejas")]);
    vec![("virs", vec![activity]), ("vip", vec![]), ("atsakingi", vec![]), ("dalyviai", participants)]
}

/// A person who takes part in an entity.
fn person(number: u32, about: &str, values: &[(&str, &str)]) -> Record {
    let (record_number, code) = (format!("FORM-{about}-{number}"), personal_code(number));
    let common = [
        ("dalyvio_nr", record_number.as_str()),
        (ENTITY, about),
        ("dalyvio_rusis", "F"),
        ("vardas", "Ąžuolas"),
        ("pavarde", "Išgalvotasis"),
        ("asmens_kodas", &code),
        ("nuo", "2020-01-01"),
    ];
    record(&[&common[..], values].concat())
}

const ALL_SHARES: &[(&str, &str)] = &[("akcijos", "100"), ("visos_akcijos", "100")];

#[test]
fn sixty_hostile_submissions_of_one_virs_change_nothing_for_the_others() {
    let ministry = Ministry::prepare(51);
    let country = &ministry.country;
    let all = ministry.not_in_jadis();
    let (honest, hostile) = (all[0].clone(), all[1].clone());
    ministry.name(&[(hostile.as_str(), "virs", "a@example.invalid"), (&entity_code(1), "km", "km@example.invalid")]);

    ministry.hand_in((Role::Virs, &honest), "virs", &honest, &own(&honest, vec![person(1, &honest, ALL_SHARES)]), false);
    country.ok(&["run"]);
    const TABLES: &[&str] = &["savininkas", "dalyvis", "kontrole", "virs", "vip", "atsakingas", "tirazas", "imoka", "etika", "lesos"];
    let before: Vec<Vec<Value>> = TABLES.iter().map(|table| ministry.of_others(table, &hostile)).collect();
    let owners = ministry.about("savininkas", &honest);
    assert_eq!((owners.len(), owners[0]["savininko_rusis"].as_str()), (1, Some("fizinis")));

    // Bad rows by the hundred, and words about somebody else: who owns the honest one, and who takes part in it.
    let mut receipt = String::new();
    for number in 0..60_u32 {
        let silly = (0..100).map(|row| person(100 + row, &hostile, &[("inasas", "9999999999999999"), ("visas_kapitalas", "x")]));
        let of_another = person(700, &honest, &[("akcijos", "900"), ("visos_akcijos", "1000")]);
        let named =
            [("dalyvio_nr", "FORM-J"), (ENTITY, &hostile), ("dalyvio_rusis", "J"), ("dal_kodas", &honest), ("dal_pavadinimas", "Kitas")];
        let named =
            record(&[&named[..], &[("dal_forma", "310"), ("akcijos", "1"), ("visos_akcijos", "100"), ("nuo", "2020-01-01")]].concat());
        let right = person(2, &hostile, &[("akcijos", "99"), ("visos_akcijos", "100")]);
        let said = own(&hostile, silly.chain([named, of_another, right]).collect());
        receipt = ministry.hand_in((Role::Virs, &hostile), "virs", &hostile, &said, number > 0);
    }
    for _ in 0..2 {
        country.ok(&["run", "--full"]);
        assert_eq!(country.trouble(), [], "no source is stale");
        for (table, before) in TABLES.iter().zip(&before) {
            assert_eq!(ministry.of_others(table, &hostile), *before, "{table}");
        }
    }
    let shares: Vec<Value> = ministry.about("savininkas", &hostile).into_iter().map(|row| row["savininko_rusis"].clone()).collect();
    assert!(shares.contains(&"fizinis".into()), "what is right of it is published: {shares:?}");

    // It is told, under the number of the receipt: to who handed it in and to the ministry, once.
    let quarantine = std::fs::read_to_string(country.path("state/quarantine/raw_formos__dalyviai.csv")).unwrap();
    assert_eq!(quarantine.lines().filter(|line| line.starts_with(&format!("formos,{receipt},"))).count(), 100, "{quarantine}");
    assert!(quarantine.contains(&format!("formos,{receipt},1,inasas,money")), "{quarantine}");
    let listed = country.ok(&["forms", "list"]);
    assert!(listed.contains(&format!("{receipt}: record 1 of raw_formos__dalyviai was set aside by rule `money`")), "{listed}");
    assert_eq!(ministry.letters(), ["a@example.invalid", "km@example.invalid"]);

    // A correction ends it.
    ministry.hand_in((Role::Virs, &hostile), "virs", &hostile, &own(&hostile, vec![person(2, &hostile, ALL_SHARES)]), true);
    country.ok(&["run"]);
    assert!(!country.ok(&["forms", "list"]).contains("set aside"));
}

#[test]
fn a_store_that_lost_submissions_is_not_taken_for_what_people_took_back() {
    let ministry = Ministry::prepare(52);
    let virs = ministry.not_in_jadis()[0].clone();
    ministry.country.ok(&["backup", "copy.sqlite"]);
    ministry.hand_in((Role::Virs, &virs), "virs", &virs, &own(&virs, vec![person(1, &virs, ALL_SHARES)]), false);
    ministry.country.ok(&["run"]);
    let owners = ministry.about("savininkas", &virs);
    let Ministry { country, store } = ministry;
    drop(store);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(country.path(&format!("forms/forms.sqlite{ending}")));
    }
    std::fs::rename(country.path("copy.sqlite"), country.path("forms/forms.sqlite")).unwrap();
    country.ok(&["run"]);
    let rules: BTreeSet<String> = country.trouble().into_iter().map(|(_, reason)| reason).collect();
    assert!(rules.iter().any(|reason| reason == "other_store"), "{rules:?}");
    let store = Store::open(&country.path("forms/forms.sqlite")).unwrap();
    assert_eq!(Ministry { country, store }.about("savininkas", &virs), owners);
}

#[test]
fn an_outlet_that_is_left_out_goes_and_one_that_others_refer_to_is_deregistered() {
    let ministry = Ministry::prepare(53);
    let country = &ministry.country;
    let (outlets, audits) = (country.table("public", "vip"), country.table("public", "auditas"));
    let number = |row: &Value| row["vip_nr"].as_str().unwrap().to_owned();
    let audited: BTreeSet<String> = audits.iter().map(number).collect();
    let open = |row: &&Value| row["isregistravimo_data"].is_null() && audited.contains(row["vip_nr"].as_str().unwrap());
    let outlet = outlets.iter().find(open).unwrap();
    let virs = outlet[ENTITY].as_str().unwrap().to_owned();
    ministry.hand_in((Role::Virs, &virs), "virs", &virs, &own(&virs, vec![]), false);
    for _ in 0..2 {
        country.ok(&["run", "--full"]);
        let now = ministry.about("vip", &virs);
        let ended = now.iter().find(|row| row["vip_nr"] == outlet["vip_nr"]).expect("the audit refers to it");
        assert_eq!(ended["isregistravimo_data"], forms::today(Utc::now()).to_string());
        assert!(now.iter().all(|row| !row["isregistravimo_data"].is_null()), "what nobody refers to does not come back");
        let of_outlet = |rows: &[Value]| rows.iter().filter(|row| row["vip_nr"] == outlet["vip_nr"]).count();
        assert_eq!(of_outlet(&country.table("public", "auditas")), of_outlet(&audits));
    }
}

/// What is set aside only when the feeds of two institutions are joined is told like anything else.
#[test]
fn a_decision_that_another_institution_handed_in_is_told_to_who_handed_it_in_after() {
    let ministry = Ministry::prepare(54);
    let country = &ministry.country;
    let (first, second) = (entity_code(2), entity_code(3));
    let mandates = [
        (&first, "lrtk", "lrtk@example.invalid"),
        (&second, "zeit", "zeit@example.invalid"),
        (&entity_code(1), "km", "km@example.invalid"),
    ];
    ministry.name(&mandates.map(|(code, role, mail)| (code.as_str(), role, mail)));
    let virs = country.table("public", "virs")[0][ENTITY].as_str().unwrap().to_owned();
    let decision = |number: &str| {
        record(&[
            (ENTITY, &virs),
            ("pazeidimas", "19_1"),
            ("priemone", "ispejimas"),
            ("sprendimo_data", "2025-02-01"),
            ("dokumento_nr", number),
            ("institucija", "Pavyzdinė tarnyba"),
            ("institucijos_kodas", &first),
        ])
    };
    let hand_in = |role, code: &str, name: &'static str, numbers: &[&str], again| {
        ministry.hand_in((role, code), name, &virs, &[(name, numbers.iter().map(|number| decision(number)).collect())], again)
    };
    hand_in(Role::Lrtk, &first, "pazeidimai_lrtk", &["Nr. 1-17"], false);
    let receipt = hand_in(Role::Zeit, &second, "pazeidimai_zeit", &["Nr. 5", "1–17"], false);
    let told = format!("{receipt}: record 2 of raw_formos__pazeidimai_zeit was set aside by rule `key` institucijos_kodas");
    for night in 0..3 {
        country.ok(if night == 1 { &["run", "--full"] } else { &["run"] });
        assert_eq!(ministry.about("pazeidimas", &virs).iter().filter(|row| row["institucijos_kodas"] == first.as_str()).count(), 2);
        let quarantine = std::fs::read_to_string(country.path("state/quarantine/core_pazeidimas.csv")).unwrap();
        assert!(quarantine.contains(&format!("formos,{receipt},2,institucijos_kodas,key")), "{quarantine}");
        let listed = country.ok(&["forms", "list"]);
        assert!(listed.lines().filter(|line| line.contains("set aside")).eq([told.as_str()]), "night {night}: {listed}");
        assert_eq!(ministry.letters(), ["km@example.invalid", "zeit@example.invalid"], "night {night}");
    }
    hand_in(Role::Zeit, &second, "pazeidimai_zeit", &["Nr. 5", "Nr. 6"], true);
    country.ok(&["run"]);
    assert!(!country.ok(&["forms", "list"]).contains("set aside"));
}
