//! What must not come out: codes of persons to institutions, into addresses and logs; mark-up of one person into the pages of another.

use std::collections::BTreeSet;

use super::client::Client;
use super::ground::{Ground, Visitor, ground, routes};
use super::peer::personal_code;
use super::safety::FUNDS;
use super::way::{draft, fill, hand_in, press, records};

/// What of mark-up, templates and queries somebody may type.
const ODD: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus=alert(1) x='",
    "{{ 7*1910191 }}{% raw %}",
    "'; DROP TABLE submission; --",
];

/// Whatever a visitor finds by following links from the start page, and by trying all addresses of these submissions.
fn walk(client: &mut Client, ids: &[i64]) -> Vec<(String, Vec<u8>)> {
    let mut waiting: BTreeSet<String> =
        ["/pradzia", "/pateikimai", "/pagalba", "/vaidmuo", "/teikti/lesos?ieskoti=a"].map(str::to_owned).into();
    for route in routes().iter().filter(|route| route.method == "GET" && route.names_a_submission()) {
        waiting.extend(ids.iter().flat_map(|id| (1..40).map(|attachment| route.about(*id, attachment))));
    }
    let (mut seen, mut answers) = (BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop_first() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = client.get(&path);
        assert!(answer.status < 500, "{path}");
        if answer.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let text = answer.text().replace("&#x2f;", "/");
            let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
            // Other tests fill this endpoint, too: their submissions are left to them, or there would be no end.
            let about_others = |link: &str| link.split('/').nth(2).and_then(|id| id.parse().ok()).is_some_and(|id: i64| !ids.contains(&id));
            waiting.extend(links.filter(|link| link.starts_with('/') && !about_others(link)).map(str::to_owned));
        }
        answers.push((path, [answer.body, format!("{:?}", answer.headers).into_bytes()].concat()));
    }
    answers
}

fn holds(bytes: &[u8], code: &str) -> bool {
    bytes.windows(code.len()).any(|window| window == code.as_bytes())
}

/// A VIRS hands in a person with this code.
fn with_a_code(ground: &Ground, owner: &mut Visitor, secret: &str) -> i64 {
    let outlet = ground.place.country.table("public", "vip").iter().find(|row| row["ja_kodas"] == owner.code.as_str()).unwrap()["vip_nr"]
        .as_str()
        .unwrap()
        .to_owned();
    let id = draft(&mut owner.client, "virs", "");
    let place = records(&mut owner.client, id, "atsakingi");
    let names = ["vip_nr", "vardas", "pavarde", "asmens_kodas", "nuo", "iki"].map(|name| format!("atsakingi.{place}.{name}"));
    let values = [outlet.as_str(), "Ūla", "Išgalvotoji", secret, "2024-01-01", ""];
    let mut fields = vec![("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")];
    fields.extend(names.iter().map(String::as_str).zip(values));
    fill(&ground.place, &mut owner.client, &owner.person, id, &["atsakingi"], &fields)
}

#[test]
fn institutions_get_no_code_in_any_byte_and_no_code_is_in_an_address_or_a_log() {
    let Some(ground) = ground() else { return };
    let secret = personal_code(779);
    let mut owner = ground.somebody("virs");
    let about_persons = with_a_code(ground, &mut owner, &secret);
    let mut giver = ground.somebody("istaiga");
    let about_funds = hand_in(&ground.place, &mut giver.client, &giver.person, "lesos", &owner.code, &[], FUNDS);
    let ids = [about_persons, about_funds];
    let codes = [secret.clone(), owner.person.code.clone(), giver.person.code.clone()];
    let codes = codes.each_ref().map(String::as_str);
    // Whoever signs has a certificate that holds their code: it is in the container, wherever that is.
    assert_eq!(giver.client.get(&format!("/pateiktis/{about_funds}/pasirasyta.asice")).status, 200, "what one signed oneself one may have");
    let mut colleague = ground.somebody_of("istaiga", &giver.code);
    for role in ["istaiga", "administratorius", "analitikas", "colleague"] {
        let mut other;
        let visitor = if role == "colleague" {
            &mut colleague
        } else {
            other = ground.somebody(role);
            &mut other
        };
        for (path, bytes) in walk(&mut visitor.client, &ids) {
            for code in codes {
                assert!(!holds(&bytes, code), "{role} finds a code at {path}");
            }
            assert!(!bytes.starts_with(b"PK"), "{role} gets the container at {path}, with the signer's certificate");
            let is_about_persons = path.split('/').any(|part| part == about_persons.to_string());
            assert!(!is_about_persons || !bytes.starts_with(b"%PDF"), "{role} gets the document at {path}");
        }
        assert!(visitor.client.get(&format!("/pateiktis/{about_persons}")).text().contains("(nerodoma)"), "{role}");
    }
    let mut ministry = ground.somebody("km");
    let seen = ministry.client.get(&format!("/pateiktis/{about_persons}"));
    assert!(seen.text().contains(&secret), "the ministry sees them");
    let looks = format!("SELECT count(*) FROM audit WHERE action = 'read submission' AND object = 'submission {about_persons}'");
    assert!(ground.count(&looks) >= 5, "and who looked is in the audit log");
    for visitor in [&mut owner, &mut ministry] {
        for (path, bytes) in walk(&mut visitor.client, &ids) {
            assert!(!codes.iter().any(|code| path.contains(code)), "a code stands in {path}");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let addresses = ["href=\"", "action=\"", "src=\""].iter().flat_map(|mark| text.split(mark).skip(1));
            for address in addresses.filter_map(|rest| rest.split('"').next()) {
                assert!(!codes.iter().any(|code| address.contains(code)), "a code stands in an address on {path}");
            }
        }
    }
    // What is wrong with a code is told without it, but in its own field.
    let id = draft(&mut ministry.client, "imokos", &ground.audiovisual());
    let page = press(&mut ministry.client, id, "tikrinti", &[("imokos.0.dokumento_nr", &secret)]);
    assert_eq!(page.status, 422);
    assert_eq!(page.text().matches(&secret).count(), 1, "once, where it was typed");
    assert!(page.location.is_none());
    for wrong in [format!("/pateiktis/{secret}"), format!("/{secret}"), format!("/teikti/{secret}"), format!("/failai/{secret}")] {
        assert!(!holds(&owner.client.get(&wrong).body, &secret), "an error does not repeat what was asked");
    }
    let log = ground.log();
    assert!(!log.is_empty());
    for code in codes {
        assert!(!log.contains(code), "a code stands in the log");
    }
    let csrf = owner.csrf();
    for kept in [&csrf, &owner.client.cookies["__Host-virsis"], &owner.person.password] {
        assert!(!log.contains(kept.as_str()), "a secret of the session stands in the log");
    }
    let audit = ground.place.country.ok(&["audit-log", "show"]);
    assert!(!codes.iter().any(|code| audit.contains(code)));
}

#[test]
fn what_one_person_types_is_text_to_everybody() {
    let Some(ground) = ground() else { return };
    let mut giver = ground.somebody("km");
    let virs = ground.audiovisual();
    let escaped = |text: &str, whence: &str| {
        for bad in ["<script>alert", "<img src=x", "' autofocus onfocus", "13371337"] {
            assert!(!text.contains(bad), "{bad} in {whence}");
        }
    };
    for odd in ODD {
        let encoded: String = odd.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in ["/teikti/imokos?ieskoti=", "/pateikimai?virs=", "/pagalba?x="] {
            let answer = giver.client.get(&format!("{path}{encoded}"));
            assert_eq!(answer.status, 200, "{path}{odd}");
            escaped(&answer.text(), path);
        }
        let id = draft(&mut giver.client, "imokos", &virs);
        let fields = ["suma", "nustatymo_data", "galiojimo_data", "dokumento_nr", "dokumentas", "institucija", "institucijos_kodas"]
            .map(|name| format!("imokos.0.{name}"));
        let fields: Vec<(&str, &str)> = fields.iter().map(|name| (name.as_str(), *odd)).collect();
        for button in ["saugoti", "tikrinti"] {
            escaped(&press(&mut giver.client, id, button, &fields).text(), button);
        }
        let page = giver.client.get(&format!("/pateiktis/{id}")).text();
        escaped(&page, "the form");
        assert!(!odd.starts_with('{') || page.contains("{{ 7*1910191 }}"), "a template in a value is text: {page}");
        // Handed in, it is read by others, and is in the document.
        let fee = [
            ("imokos.0.suma", "1,00"),
            ("imokos.0.nustatymo_data", "2026-01-15"),
            ("imokos.0.galiojimo_data", "2026-12-31"),
            ("imokos.0.dokumento_nr", odd),
            ("imokos.0.institucija", odd),
        ];
        let done = hand_in(&ground.place, &mut giver.client, &giver.person, "imokos", &virs, &[], &fee);
        let mut reader = ground.somebody("istaiga");
        let page = reader.client.get(&format!("/pateiktis/{done}")).text();
        assert!(page.contains("alert(1)") || page.contains("1910191") || page.contains("DROP TABLE"), "it is there as text: {page}");
        for path in [format!("/pateiktis/{done}"), "/pateikimai".to_owned()] {
            escaped(&reader.client.get(&path).text(), &path);
        }
    }
    assert!(ground.count("SELECT count(*) FROM submission") > 0, "no table was dropped");
    // The ministry's question, on the page of the VIRS.
    let mut owner = ground.somebody("virs");
    let id = hand_in(
        &ground.place,
        &mut owner.client,
        &owner.person,
        "virs",
        "",
        &[],
        &[("virs.0.virs_nuo", "2019-01-01"), ("virs.0.veiklos_rusys", "leidejas")],
    );
    let mut ministry = ground.somebody("km");
    let csrf = ministry.csrf();
    for odd in ODD {
        let asked = [("_csrf", csrf.as_str()), ("klausimas", *odd), ("iki", "2099-01-01")];
        assert_eq!(ministry.client.post(&format!("/pateiktis/{id}/patikslinti"), &asked).status, 303);
        assert_eq!(ministry.client.post(&format!("/pateiktis/{id}/patikslinti"), &asked).status, 409, "asked once");
    }
    for path in ["/pradzia".to_owned(), format!("/pateiktis/{id}")] {
        let text = owner.client.get(&path).text();
        escaped(&text, &path);
        assert!(text.contains("DROP TABLE"), "{path}");
    }
    let secret = personal_code(780);
    let asked = [("_csrf", csrf.as_str()), ("klausimas", secret.as_str()), ("iki", "2099-01-01")];
    assert_eq!(ministry.client.post(&format!("/pateiktis/{id}/patikslinti"), &asked).status, 422, "a code is no question");
    // What is asked of something that was corrected meanwhile would never be answered.
    let page = owner.client.get(&format!("/pateiktis/{id}"));
    let corrected =
        owner.client.post(&format!("/pateiktis/{id}/taisyti"), &[("_csrf", &page.hidden("_csrf")), ("_versija", &page.hidden("_versija"))]);
    let again: i64 = corrected.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    assert_ne!(again, id);
}
