//! Documents attached to decisions: those that whoever decided marked as public are in the public tier, byte for byte; all others are nowhere.

use std::fs;
use std::path::PathBuf;

use chrono::Utc;
use document::{Document, Record, Section};
use forms::Role;
use forms::store::{self, Attachment, Durability};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::client::Answer;
use super::ministry::{Ministry, record};
use super::peer::{Place, entity_code, personal_code};
use super::way::{draft, fill, press, problems};
use crate::country::{Country, files};
use crate::forget::forget;
use crate::privacy::searchable;

/// A decision that says this.
fn pdf(text: &str) -> Vec<u8> {
    let record = Record { title: String::new(), fields: vec![("Nutarta".to_owned(), text.to_owned())] };
    let section = Section { title: "Sprendimas".to_owned(), records: vec![record], note: None };
    Document { title: "Sprendimas dėl įmokos".to_owned(), sections: vec![section], ..Document::default() }.to_pdf()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where these very bytes lie among what is published or kept for the institutions.
fn places(country: &Country, bytes: &[u8]) -> Vec<PathBuf> {
    let all = ["portal", "internal"].into_iter().flat_map(|folder| files(&country.path(folder)));
    all.filter(|path| path.is_file() && fs::read(path).is_ok_and(|found| found == bytes)).collect()
}

fn fee(country: &Country, number: &str) -> Value {
    country.table("public", "imoka").into_iter().find(|row| row["dokumento_nr"] == number).unwrap()
}

#[test]
fn a_public_document_is_published_with_its_decision_and_another_one_is_nowhere() {
    let Some(place) = Place::prepare(81) else { return };
    let country = &place.country;
    let all = country.table("public", "virs");
    let virs = all.iter().find(|row| row["audiovizualinis"] == true && row["virs_iki"].is_null()).unwrap();
    let virs = virs["ja_kodas"].as_str().unwrap().to_owned();
    let km = place.person(2, "km", &entity_code(1), "Kultūros ministerija");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &km);
    let id = draft(&mut client, "imokos", &virs);
    let mut upload = |id: i64, public: bool, bytes: &[u8]| -> Answer {
        let page = client.get(&format!("/pateiktis/{id}"));
        let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
        let mut fields = vec![("_csrf", csrf.as_str()), ("_versija", version.as_str()), ("veiksmas", "saugoti")];
        fields.extend(public.then_some(("priedas-viesas", "taip")));
        client.upload(&format!("/pateiktis/{id}"), &fields, ("priedas", "Jonas Jonaitis.pdf", bytes)).unwrap()
    };
    let (open, closed, code) = (pdf("Nustatyta metinė įmoka. Pasirašė Bandomė Pavyzdytė."), pdf("Vidinis raštas."), personal_code(432));
    let secret = pdf(&format!("Mokėtojo kodas {} {}", &code[..5], &code[5..]));
    let answer = upload(id, true, &open);
    assert_eq!(answer.status, 200, "{}", problems(&answer));
    assert!(answer.text().contains("KB, skelbiamas viešai"));
    assert_eq!(upload(id, false, &closed).status, 200);
    let answer = upload(id, true, &secret);
    assert_eq!(answer.status, 422);
    let said = answer.text();
    assert!(
        said.contains("rastas asmens kodas") && said.contains("pridėtas kaip neviešas") && !said.contains(&code),
        "{}",
        problems(&answer)
    );
    assert_eq!(said.matches("KB, neviešas").count(), 2);
    // Nor by marking it later; what may be published may be marked and unmarked.
    let ids = |what: &str| -> Vec<String> {
        said.split(&format!("value=\"{what}:")).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let (marked, unmarked) = (ids("neskelbti"), ids("skelbti"));
    assert_eq!((marked.len(), unmarked.len()), (1, 2));
    let answer = press(&mut client, id, &format!("skelbti:{}", unmarked[1]), &[]);
    assert!(answer.status == 422 && answer.text().contains("rastas asmens kodas"), "{}", problems(&answer));
    for (button, file) in [("skelbti", &unmarked[0]), ("neskelbti", &unmarked[0]), ("neskelbti", &marked[0]), ("skelbti", &marked[0])] {
        assert_eq!(press(&mut client, id, &format!("{button}:{file}"), &[]).status, 303, "{button}");
    }
    let fields = |number: &'static str| {
        [
            ("imokos.0.suma", "4321,50"),
            ("imokos.0.nustatymo_data", "2026-01-15"),
            ("imokos.0.galiojimo_data", "2026-12-31"),
            ("imokos.0.dokumento_nr", number),
        ]
    };
    fill(&place, &mut client, &km, id, &[], &fields("ĮV-2026-7"));
    assert_eq!(client.get(&format!("/pateiktis/{id}")).text().matches("skelbiamas viešai").count(), 1);

    country.ok(&["run"]);
    country.ok(&["verify"]);
    let path = format!("dokumentai/{}.pdf", sha256(&open));
    assert_eq!(fee(country, "ĮV-2026-7")["dokumento_failas"], path.as_str());
    assert_eq!(fs::read(country.path("portal/latest/public").join(&path)).unwrap(), open, "byte for byte");
    assert_eq!(files(&country.path("portal/latest/public/dokumentai")).iter().filter(|path| path.is_file()).count(), 1);
    assert!(!country.path("portal/latest/open/dokumentai").exists());
    assert!(country.table("open", "imoka").iter().all(|row| row.get("dokumento_failas").is_none()), "the open tier does not name it");
    let manifest = fs::read_to_string(country.path("portal/latest/public/manifest.json")).unwrap();
    assert!(manifest.contains(&format!("public/{path}")) && !manifest.contains("Jonaitis"));
    for bytes in [&closed, &secret] {
        assert!(places(country, bytes).is_empty());
    }
    let linked = files(&country.path("portal/latest/public/virs")).into_iter().filter(|page| {
        fs::read_to_string(page).is_ok_and(|page| page.replace("&#x2f;", "/").contains(&format!("<a href=\"../{path}\">PDF</a>")))
    });
    assert_eq!(linked.count(), 1, "the VIRS's page leads to it");
    for folder in ["portal", "internal"] {
        let named = |path: &PathBuf| String::from_utf8_lossy(&searchable(path)).contains("Jonas Jonaitis");
        assert!(!files(&country.path(folder)).iter().filter(|path| path.is_file()).any(named), "{folder}: no name of an uploaded file");
    }

    // What did not change is taken over.
    country.ok(&["run", "--full"]);
    assert_eq!(fs::read(country.path("portal/latest/public").join(&path)).unwrap(), open);

    // Who is forgotten and stands in it takes it along, but not the decision.
    let said = forget(country, &["Bandomė Pavyzdytė"], &["--yes"]);
    assert!(said.contains("documents") && !said.contains("withdrawn as a whole"), "{said}");
    assert!(places(country, &open).is_empty() && fee(country, "ĮV-2026-7")["dokumento_failas"].is_null());
    country.ok(&["verify"]);
    country.ok(&["run", "--full"]);
    assert!(places(country, &open).is_empty() && fee(country, "ĮV-2026-7")["dokumento_failas"].is_null(), "nor is it published again");

    // A correction without it takes its trace away.
    let page = client.get(&format!("/pateiktis/{id}"));
    let again = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
    let again = client.post(&format!("/pateiktis/{id}/taisyti"), &again.each_ref().map(|(name, value)| (*name, value.as_str())));
    let second: i64 = again.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    fill(&place, &mut client, &km, second, &[], &fields("ĮV-2026-7"));
    drop(serving);
    country.ok(&["run"]);
    assert!(fee(country, "ĮV-2026-7")["dokumento_failas"].is_null());
    assert!(!country.path("portal/latest/public/dokumentai").exists());
}

#[test]
fn a_document_that_may_not_be_published_is_kept_back_by_the_night_and_whoever_handed_it_in_is_told() {
    let ministry = Ministry::prepare(82);
    let country = &ministry.country;
    let (km, code) = (entity_code(1), personal_code(433));
    let heading = "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n";
    fs::write(country.path("mandates.csv"), format!("{heading}{},km,{km},X,km@example.invalid,2020-01-01,\n", personal_code(1))).unwrap();
    country.ok(&["mandates", "import", "mandates.csv"]);
    let all = country.table("public", "virs");
    let virs = all.iter().find(|row| row["audiovizualinis"] == true && row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap();
    let rows = [
        ("ja_kodas", virs),
        ("suma", "100.00"),
        ("nustatymo_data", "2026-01-15"),
        ("galiojimo_data", "2026-12-31"),
        ("dokumento_nr", "ĮV-8"),
        ("institucija", "Ministerija"),
        ("institucijos_kodas", &km),
    ];
    let receipt = ministry.hand_in((Role::Km, &km), "imokos", virs, &[("imokos", vec![record(&rows)])], false);
    let id: i64 = receipt.rsplit('-').next().unwrap().parse().unwrap();
    // As a form would have taken them whose detector found less.
    let (good, bad) = (pdf("Nustatyta metinė įmoka 4567."), pdf(&format!("Kodas {code}")));
    for bytes in [&good, &bad] {
        let attached =
            Attachment { id: 0, name: "a.pdf".into(), media_type: "application/pdf".into(), sha256: sha256(bytes), size: 0, public: true };
        ministry
            .store
            .write(Durability::Usual, |transaction| store::add_attachment(transaction, id, &attached, bytes, Utc::now()))
            .unwrap();
    }
    let said = country.ok(&["run"]);
    country.ok(&["verify"]);
    let path = format!("dokumentai/{}.pdf", sha256(&good));
    assert_eq!(fee(country, "ĮV-8")["dokumento_failas"], path.as_str(), "the row stands, with what may be published");
    assert_eq!((places(country, &bad), places(country, &good).is_empty()), (Vec::new(), false));
    let quarantine = fs::read_to_string(country.path("state/quarantine/dokumentai.csv")).unwrap();
    assert!(quarantine.contains(&format!("formos,{receipt},1,dokumento_failas,faile_yra_asmens_duomenu")), "{quarantine}");
    let listed = country.ok(&["forms", "list"]);
    assert!(listed.contains(&receipt) && listed.contains("faile_yra_asmens_duomenu"), "{listed}");
    let letters: Vec<String> = ministry
        .store
        .read(|connection| {
            let mut select = connection.prepare("SELECT body FROM outbox WHERE id LIKE 'set-aside-%'")?;
            let found = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>();
            Ok(found?)
        })
        .unwrap();
    assert!(letters.iter().any(|letter| letter.contains("skelbti negalima") && letter.contains("rastas asmens kodas")), "{letters:?}");
    assert!(![said, quarantine, listed, letters.concat()].iter().any(|text| text.contains(&code)));

    // What is withdrawn is found on its packed pages, and does not come back.
    let mut child = country.command(&["release", "withdraw", "--why", "Paskelbta per klaidą", "--who", "Operatorė", "--yes"]);
    let mut child = child.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), "metinė įmoka 4567\n".as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    let done = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.contains("forms.sqlite"), "the store still has it: {done}");
    assert!(places(country, &good).is_empty());
    country.ok(&["run"]);
    assert!(fee(country, "ĮV-8")["dokumento_failas"].is_null());
    assert!(places(country, &good).is_empty());
    let quarantine = fs::read_to_string(country.path("state/quarantine/dokumentai.csv")).unwrap();
    assert!(quarantine.contains("faile_yra_atsauktu_duomenu"), "{quarantine}");
    country.ok(&["verify"]);
}
