//! The whole way: each of the seven feeds from sign-in to receipt, and then in the public tier of the next release, without codes.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::client::{Answer, Client};
use super::peer::{Person, Place, Serving, entity_code};
use crate::country::{differing, files};

/// Names of tables that tell of the sources themselves.
const SOURCES: &[&str] = &["saltini"];

/// Walks a feed from the draft to the receipt: fills, checks, reviews, signs. Gives the submission's number.
pub(super) fn hand_in(
    place: &Place,
    client: &mut Client,
    person: &Person,
    feed: &str,
    virs: &str,
    add: &[&str],
    fields: &[(&str, &str)],
) -> i64 {
    let id = draft(client, feed, virs);
    fill(place, client, person, id, add, fields)
}

/// Begins a draft.
pub(super) fn draft(client: &mut Client, feed: &str, virs: &str) -> i64 {
    let page = client.get(&format!("/teikti/{feed}"));
    assert_eq!(page.status, 200, "{}", page.text());
    let begun = client.post(&format!("/teikti/{feed}"), &[("_csrf", &page.hidden("_csrf")), ("virs", virs)]);
    assert_eq!(begun.status, 303, "{}", begun.text());
    begun.location.unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

/// Sends what a page with this form would send.
pub(super) fn press(client: &mut Client, id: i64, button: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.get(&format!("/pateiktis/{id}"));
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    let mut sent = vec![("_csrf", csrf.as_str()), ("_versija", version.as_str()), ("veiksmas", button)];
    sent.extend(fields);
    client.post(&format!("/pateiktis/{id}"), &sent)
}

/// Goes from a draft to the receipt.
pub(super) fn fill(place: &Place, client: &mut Client, person: &Person, id: i64, add: &[&str], fields: &[(&str, &str)]) -> i64 {
    let container = signed(place, client, person, id, add, fields);
    let done = send(client, id, &container, Some("taip"));
    assert_eq!(done.location.as_deref(), Some(format!("/pateiktis/{id}?pateikta=1").as_str()), "{}", problems(&done));
    let receipt = client.get(&format!("/pateiktis/{id}?pateikta=1"));
    assert!(receipt.text().contains("Pateikimo numeris: <strong>VIRSIS-"), "{}", receipt.text());
    id
}

/// Fills a draft, checks, reviews, and signs its document.
pub(super) fn signed(place: &Place, client: &mut Client, person: &Person, id: i64, add: &[&str], fields: &[(&str, &str)]) -> Vec<u8> {
    for section in add {
        let added = press(client, id, &format!("prideti:{section}"), fields);
        assert_eq!(added.status, 303, "{}", added.text());
    }
    let checked = press(client, id, "tikrinti", fields);
    assert_eq!(checked.status, 303, "{}", problems(&checked));
    let page = client.get(&format!("/pateiktis/{id}"));
    let done =
        client.post(&format!("/pateiktis/{id}/perziureta"), &[("_csrf", &page.hidden("_csrf")), ("_versija", &page.hidden("_versija"))]);
    assert_eq!(done.status, 303, "{}", done.text());
    let document = client.get(&format!("/pateiktis/{id}/dokumentas.pdf"));
    assert!(document.body.starts_with(b"%PDF-"), "{}", document.text());
    place.sign(&person.code, &document.body)
}

/// Hands in a signed container; of each thing that the ministry asked, it is said whether this answers it.
pub(super) fn send(client: &mut Client, id: i64, container: &[u8], answer: Option<&str>) -> Answer {
    let page = client.get(&format!("/pateiktis/{id}"));
    let text = page.text();
    let requests = text.split("type=\"radio\" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let requests: Vec<&str> = requests.filter(|id| id.starts_with("patikslinta-") && !id.ends_with("-ne")).collect();
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    let mut sent = vec![("_csrf", csrf.as_str()), ("_versija", version.as_str())];
    sent.extend(requests.iter().filter_map(|name| Some((*name, answer?))));
    client.upload(&format!("/pateiktis/{id}/parasas"), &sent, ("konteineris", "dokumentas.asice", container)).unwrap()
}

/// How many records a part of a form has.
pub(super) fn records(client: &mut Client, id: i64, section: &str) -> usize {
    let page = client.get(&format!("/pateiktis/{id}")).text();
    (0..).take_while(|place| page.contains(&format!("<fieldset class=\"record\" id=\"{section}-{place}\""))).count()
}

/// What a page says is wrong.
pub(super) fn problems(page: &Answer) -> String {
    let text = page.text();
    let from = text.find("class=\"errors\"").unwrap_or(0);
    text[from..].chars().take(1500).collect()
}

fn code(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap().to_owned()
}

fn row<'a>(rows: &'a [Value], column: &str, value: &str) -> &'a Value {
    rows.iter().find(|row| row[column] == value).unwrap_or_else(|| panic!("no row with this {column}"))
}

#[test]
fn history_brought_in_once_publishes_the_same_as_the_files_did() {
    let Some(place) = Place::prepare(11) else { return };
    let before = place.country.data(SOURCES);
    for file in fs::read_dir(place.country.path("extracts")).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("formos_") {
            fs::remove_file(path).unwrap();
        }
    }
    place.country.ok(&["run", "--full"]);
    assert_eq!(differing(&before, &place.country.data(SOURCES)), Vec::<String>::new());
}

#[test]
fn a_submission_of_each_feed_is_in_the_next_release_and_its_codes_are_not() {
    let Some(place) = Place::prepare(12) else { return };
    let all = place.country.table("public", "virs");
    let virs = all.iter().find(|row| row["audiovizualinis"] == true && row["virs_iki"].is_null()).unwrap();
    let outlets = place.country.table("public", "vip");
    let virs_code = code(virs, "ja_kodas");
    let outlet = outlets.iter().find(|row| row["ja_kodas"] == virs["ja_kodas"]).map(|row| code(row, "vip_nr"));
    let own = all.iter().find(|row| row["ja_kodas"] != virs["ja_kodas"] && row["virs_iki"].is_null()).unwrap();
    let own_code = code(own, "ja_kodas");
    let before: BTreeMap<&str, Vec<Value>> =
        ["atsakingas", "dalyvis", "vip", "tirazas"].into_iter().map(|table| (table, place.country.table("public", table))).collect();
    let [km, lrtk, zeit, viea, institution] = [1, 2, 3, 4, 5].map(entity_code);
    let (km, lrtk, zeit, viea, institution) = (km.as_str(), lrtk.as_str(), zeit.as_str(), viea.as_str(), institution.as_str());
    let people = [
        place.person(1, "virs", &own_code, "Savas VIRS"),
        place.person(2, "km", km, "Kultūros ministerija"),
        place.person(3, "lrtk", lrtk, "LRTK"),
        place.person(4, "zeit", zeit, "ŽEIT"),
        place.person(5, "viea", viea, "VIEA"),
        place.person(6, "istaiga", institution, "Pavyzdinė įstaiga"),
    ];
    let serving = place.serve();
    let [mut own_client, mut km_client, mut lrtk_client, mut zeit_client, mut viea_client, mut institution_client] =
        people.each_ref().map(|person| place.sign_in(&serving, person));
    let outlet = outlet.as_deref().unwrap_or_default();

    let secret = super::peer::personal_code(777);
    let id = draft(&mut own_client, "virs", "");
    let first_outlet = records(&mut own_client, id, "vip");
    assert_eq!(first_outlet, outlets.iter().filter(|row| row["ja_kodas"] == own["ja_kodas"]).count(), "the form has what is known");
    let field = |name: &str| format!("vip.{first_outlet}.{name}");
    let names = ["vip_pavadinimas", "ikurimo_data", "registravimo_data", "vip_rusis", "vip_kategorija"].map(field);
    let categories = fs::read_to_string(crate::country::home().join("data/classifiers/vip_kategorijos.csv")).unwrap();
    let category = categories.lines().nth(1).unwrap().split(',').next().unwrap();
    let outlet_fields = [
        ("virs.0.virs_nuo", "2019-01-01"),
        ("virs.0.veiklos_rusys", "leidejas"),
        (&names[0], "Žvaigždė ir ąžuolas"),
        (&names[1], "2020-01-01"),
        (&names[2], "2020-02-01"),
        (&names[3], "laikrastis"),
        (&names[4], category),
    ];
    assert_eq!(press(&mut own_client, id, "prideti:vip", &outlet_fields[..2]).status, 303);
    assert_eq!(press(&mut own_client, id, "saugoti", &outlet_fields).status, 200);
    let page = own_client.get(&format!("/pateiktis/{id}")).text();
    let number = page.split("vip_nr\" value=\"").last().unwrap().split('"').next().unwrap().to_owned();
    assert!(number.starts_with("VIP-"), "{number}");
    let person = format!("atsakingi.{}", records(&mut own_client, id, "atsakingi"));
    let names = ["vip_nr", "vardas", "pavarde", "asmens_kodas", "nuo"].map(|name| format!("{person}.{name}"));
    let values = [number.as_str(), "Ūla", "Išgalvotoji", &secret, "2024-01-01"];
    let responsible: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values).collect();
    fill(&place, &mut own_client, &people[0], id, &["atsakingi"], &responsible);
    let circulation = [
        ("tirazai.0.vip_nr", number.as_str()),
        ("tirazai.0.data", "2026-06-30"),
        ("tirazai.0.tirazas", "1500"),
        ("tirazai.0.su_reklama", "taip"),
    ];
    let figure = hand_in(&place, &mut own_client, &people[0], "tirazai", "", &[], &circulation);
    let page = own_client.get(&format!("/pateiktis/{figure}")).text();
    let handed_in_on = page.split("<dt>Pateikta</dt><dd class=\"date\">").nth(1).unwrap()[.."2026-01-01".len()].to_owned();

    let fee = [
        ("imokos.0.suma", "4321,50"),
        ("imokos.0.nustatymo_data", "2026-01-15"),
        ("imokos.0.galiojimo_data", "2026-12-31"),
        ("imokos.0.dokumento_nr", "ĮV-2026-7"),
    ];
    hand_in(&place, &mut km_client, &people[1], "imokos", &virs_code, &[], &fee);
    let audit = [
        ("auditai.0.vip_nr", outlet),
        ("auditai.0.data", "2026-05-05"),
        ("auditai.0.institucija", "Audito įstaiga"),
        ("auditai.0.institucijos_kodas", institution),
        ("auditai.0.isvada", "patvirtinta"),
    ];
    if !outlet.is_empty() {
        hand_in(&place, &mut km_client, &people[1], "auditai", &virs_code, &[], &audit);
    }
    for (client, person, feed, number) in
        [(&mut lrtk_client, &people[2], "pazeidimai_lrtk", "LRTK-7"), (&mut zeit_client, &people[3], "pazeidimai_zeit", "ZEIT-7")]
    {
        let field = |name: &str| format!("{feed}.0.{name}");
        let names = ["pazeidimas", "priemone", "sprendimo_data", "dokumento_nr"].map(field);
        let values = [(names[0].as_str(), "19_1"), (&names[1], "ispejimas"), (&names[2], "2026-04-01"), (&names[3], number)];
        hand_in(&place, client, person, feed, &virs_code, &[], &values);
    }
    let finding =
        [("etika.0.etikos_kategorija", "nesilaiko"), ("etika.0.pripazinimo_data", "2026-03-03"), ("etika.0.dokumento_nr", "VIEA-7")];
    hand_in(&place, &mut viea_client, &people[4], "etika", &virs_code, &[], &finding);
    let funds = [("lesos.0.sutarties_rusis", "dotacija"), ("lesos.0.suma", "777,77"), ("lesos.0.data", "2026-02-02")];
    hand_in(&place, &mut institution_client, &people[5], "lesos", &virs_code, &[], &funds);

    // The institution reads what the VIRS handed in, but not the codes in it: neither on the page nor in the signed document.
    let seen = institution_client.get(&format!("/pateiktis/{id}")).text();
    assert!(seen.contains("Išgalvotoji") && seen.contains("(nerodoma)") && !seen.contains(&secret));
    for file in ["dokumentas.pdf", "pasirasyta.asice"] {
        assert_eq!(institution_client.get(&format!("/pateiktis/{id}/{file}")).status, 403, "{file}");
    }
    assert!(km_client.get(&format!("/pateiktis/{id}")).text().contains(&secret), "staff of the ministry see all");

    drop(serving);
    place.country.ok(&["audit-log", "verify"]);
    place.country.ok(&["run"]);
    place.country.ok(&["verify"]);
    let public = |name: &str| place.country.table("public", name);
    assert_eq!(row(&public("vip"), "vip_nr", &number)["vip_pavadinimas"], "Žvaigždė ir ąžuolas");
    assert!(public("atsakingas").iter().any(|row| row["vip_nr"] == number.as_str() && row["pavarde"] == "Išgalvotoji"));
    let circulation = public("tirazas");
    let figure = row(&circulation, "vip_nr", &number);
    let days = ["data", "pateikimo_data", "reklamos_pozymio_data"].map(|column| figure[column].as_str().unwrap());
    assert_eq!((&figure["tirazas"], days), (&Value::from(1500), ["2026-06-30", &handed_in_on, &handed_in_on]));
    let others = circulation.iter().filter(|row| row["vip_nr"] != number.as_str());
    assert!(others.clone().count() > 5 && others.clone().all(|row| row["pateikimo_data"].is_null()), "of history nobody knows the day");
    let of_own = |rows: &[Value]| rows.iter().filter(|row| row["ja_kodas"] == own["ja_kodas"]).count();
    let held = [("atsakingas", 1), ("dalyvis", 0), ("vip", 1), ("tirazas", 1)];
    for (table, more) in held {
        assert_eq!(of_own(&public(table)), of_own(&before[table]) + more, "what was there is still there: {table}");
    }
    let fee = public("imoka").into_iter().find(|row| row["dokumento_nr"] == "ĮV-2026-7").unwrap();
    assert_eq!((fee["ja_kodas"].as_str(), fee["institucijos_kodas"].as_str()), (Some(virs_code.as_str()), Some(km)));
    if !outlet.is_empty() {
        assert!(public("auditas").iter().any(|row| row["vip_nr"] == outlet && row["data"] == "2026-05-05"));
    }
    for number in ["LRTK-7", "ZEIT-7"] {
        row(&public("pazeidimas"), "dokumento_nr", number);
    }
    row(&public("etika"), "dokumento_nr", "VIEA-7");
    assert!(public("lesos").iter().any(|row| row["data"] == "2026-02-02" && row["institucijos_kodas"] == institution));
    let internal = place.country.table("internal", "asmens_duomenys");
    assert!(internal.iter().any(|row| row["asmens_kodas"] == secret.as_str()), "entitled staff find the code that was handed in");
    let codes: Vec<String> = people.iter().map(|person| person.code.clone()).chain([secret]).collect();
    for file in files(&place.country.path("portal")).into_iter().chain([place.country.path("serve.log")]).filter(|path| path.is_file()) {
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!codes.iter().any(|code| text.contains(code.as_str())), "a code stands in {}", file.display());
    }
    // A letter to the VIRS for each submission of somebody else.
    let letters = place.country.ok(&["audit-log", "show"]);
    assert!(!codes.iter().any(|code| letters.contains(code.as_str())), "no code stands in the audit log");
}

/// What a correction does: the earlier one is superseded, once only, and its rows are gone from the next release.
#[test]
fn a_correction_takes_the_place_of_what_was_handed_in_and_a_request_to_clarify_is_a_task_until_then() {
    let Some(place) = Place::prepare(13) else { return };
    let all = place.country.table("public", "virs");
    let own_code = code(all.iter().find(|row| row["virs_iki"].is_null()).unwrap(), "ja_kodas");
    let (own, km) = (place.person(1, "virs", &own_code, "Savas VIRS"), place.person(2, "km", &entity_code(1), "Kultūros ministerija"));
    let serving: Serving = place.serve();
    let (mut own_client, mut km_client) = (place.sign_in(&serving, &own), place.sign_in(&serving, &km));
    let activity = [("virs.0.virs_nuo", "2018-05-05"), ("virs.0.veiklos_rusys", "leidejas")];
    let first = hand_in(&place, &mut own_client, &own, "virs", "", &[], &activity);

    let page = km_client.get(&format!("/pateiktis/{first}"));
    let due = "2099-01-31";
    let asked = km_client.post(
        &format!("/pateiktis/{first}/patikslinti"),
        &[("_csrf", &page.hidden("_csrf")), ("klausimas", "Patikslinkite veiklos pradžią."), ("iki", due)],
    );
    assert_eq!(asked.status, 303, "{}", asked.text());
    let start = own_client.get("/pradzia").text();
    assert!(start.contains("Patikslinkite veiklos pradžią.") && start.contains(due), "{start}");

    let page = own_client.get(&format!("/pateiktis/{first}"));
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
    let fields = [("_csrf", fields[0].1.as_str()), ("_versija", fields[1].1.as_str())];
    let again = own_client.post(&format!("/pateiktis/{first}/taisyti"), &fields);
    let second: i64 = again.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    fill(&place, &mut own_client, &own, second, &[], &[("virs.0.virs_nuo", "2017-04-04"), ("virs.0.veiklos_rusys", "leidejas")]);
    assert!(!own_client.get("/pradzia").text().contains("Prašoma patikslinti"), "the new submission answers the request");
    assert!(own_client.get(&format!("/pateiktis/{first}")).text().contains("Pakeista vėlesniu pateikimu"));
    // Sending the old page once more changes nothing.
    assert_eq!(own_client.post(&format!("/pateiktis/{first}/taisyti"), &fields).status, 409);
    drop(serving);
    place.country.ok(&["run"]);
    assert_eq!(row(&place.country.table("public", "virs"), "ja_kodas", &own_code)["virs_nuo"], "2017-04-04");
}
