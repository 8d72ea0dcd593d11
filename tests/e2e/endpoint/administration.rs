//! Administration in the browser: nobody else gets in, nothing is changed without a token, letters are moved, the log is searched and tells so.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use forms::store::{self, Durability, Waiting};

use super::client::Client;
use super::ground::{Ground, Route, Visitor, ground, routes};
use super::peer::{entity_code, personal_code};
use super::raw::{ask, cookies};
use super::safety::FUNDS;
use super::way::hand_in;

/// Addresses of administration, with these things put in that addresses name.
fn addresses() -> Vec<(&'static str, String)> {
    let is_ours = |route: &Route| route.about(1, 1).starts_with("/administravimas");
    let named = |route: &Route, number: &str, table: &str| {
        (
            route.method,
            route.about(1, 1).replace("proposal", number).replace("/mandate", &format!("/{number}")).replace("savininkas", table),
        )
    };
    let ours: Vec<Route> = routes().into_iter().filter(is_ours).collect();
    let there = ours.iter().map(|route| named(route, "1", "raw_jar__asmenys"));
    let not_there = ours.iter().map(|route| named(route, "999999", "raw_nera__tokios"));
    let unknown = [("GET", "/administravimas/nera".to_owned()), ("POST", "/administravimas/nera/tokio".to_owned())];
    let all: BTreeSet<_> = there.chain(not_there).chain(unknown).collect();
    assert!(all.len() > 18, "{all:?}");
    all.into_iter().collect()
}

#[test]
fn nobody_but_an_administrator_learns_anything_of_administration_whatever_they_ask_for() {
    let Some(ground) = ground() else { return };
    let all = addresses();
    for role in ["virs", "km", "lrtk", "zeit", "viea", "istaiga", "analitikas"] {
        let mut visitor = ground.somebody(role);
        let csrf = visitor.csrf();
        let mut said = BTreeSet::new();
        for (method, path) in &all {
            let answer = match *method {
                "GET" => visitor.client.get(path),
                _ => visitor.client.post(path, &[("_csrf", &csrf), ("sprendimas", "patvirtinti"), ("veiksmas", "visus")]),
            };
            assert_eq!(answer.status, 403, "{role} {method} {path}");
            said.insert(answer.text());
        }
        assert_eq!(said.len(), 1, "{role} reads the same everywhere");
        let start = visitor.client.get("/pradzia").text();
        assert!(!start.contains("/administravimas"), "{role} is led nowhere");
    }
    let mut said = BTreeSet::new();
    for (method, path) in &all {
        let answer = match *method {
            "GET" => Client::new(ground.port).get(path),
            _ => Client::new(ground.port).post(path, &[("_csrf", "x")]),
        };
        said.insert((answer.status, answer.location.clone(), answer.text()));
    }
    assert_eq!(said, BTreeSet::from([(303, Some("/prisijungti".to_owned()), String::new())]), "nobody signed in");
    // Neither does somebody with the role in another session, before the role is chosen there.
    let two = ground.somebody("administratorius");
    let mut client = Client::new(ground.port);
    let account = account(ground, &two);
    ground
        .store
        .write(Durability::Usual, |transaction| store::open_session(transaction, "dar-be-roles", "csrf", account, Utc::now()))
        .unwrap();
    client.cookies.insert("__Host-virsis".to_owned(), "dar-be-roles".to_owned());
    assert_eq!(client.get("/administravimas").location.as_deref(), Some("/vaidmuo"));
}

fn account(ground: &Ground, visitor: &Visitor) -> i64 {
    ground.count(&format!("SELECT id FROM account WHERE login = '{}'", visitor.person.login))
}

#[test]
fn every_form_of_administration_needs_the_token_of_the_session_and_our_own_origin() {
    let Some(ground) = ground() else { return };
    let (mut one, mut other) = (ground.somebody("administratorius"), ground.somebody("administratorius"));
    let (csrf, others) = (one.csrf(), other.csrf());
    let fields =
        [("sprendimas", "patvirtinti"), ("veiksmas", "visus"), ("priezastis", "bandoma be ženklo"), ("slaptazodis", &*one.person.password)];
    let mut forms = 0;
    for (_, path) in addresses().iter().filter(|(method, path)| *method == "POST" && !path.contains("nera/tokio")) {
        forms += 1;
        for token in [None, Some(""), Some("x"), Some(others.as_str())] {
            let mut sent = fields.to_vec();
            sent.extend(token.map(|token| ("_csrf", token)));
            assert_eq!(one.client.post(path, &sent).status, 403, "{path} with {token:?}");
        }
        let (cookie, body) = (cookies(&one.client), format!("_csrf={csrf}&veiksmas=visus"));
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        let foreign = [("Cookie", cookie.as_str()), form, ("Origin", "https://example.invalid")];
        assert_eq!(ask(ground.port, "POST", path, &foreign, body.as_bytes()).status, 403, "{path} from another site");
    }
    assert!(forms >= 8, "{forms}");
}

/// Waits for what another thread does; how long only matters when it never does.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_200 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what}");
}

fn letter(ground: &Ground, id: &str, to: &str) {
    let letter = Waiting {
        id: id.to_owned(),
        recipient: to.to_owned(),
        subject: "VIRSIS: slapta tema".to_owned(),
        body: "slaptas tekstas 123456".to_owned(),
        written: Utc::now(),
    };
    let later = store::stamp(Utc::now() + TimeDelta::days(1));
    ground
        .store
        .write::<_, forms::Error>(Durability::OnDisk, |transaction| {
            store::enqueue(transaction, &letter)?;
            transaction.execute("UPDATE outbox SET next_attempt = ?2 WHERE id = ?1", [id, &later])?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_letter_that_waits_is_seen_without_its_text_tried_again_or_given_up_with_a_reason() {
    let Some(ground) = ground() else { return };
    let mut admin = ground.somebody("administratorius");
    let code = entity_code(981);
    let ids = ["clarify-1-7", "night-000009", "new-data-3"].map(|about| format!("{about}-{code}-0"));
    letter(ground, &ids[0], "gavejas@pastas.example.invalid");
    letter(ground, &ids[1], "be adreso");
    letter(ground, &ids[2], "kitas@pastas.example.invalid");
    let state = |id: &str, what: &str| ground.count(&format!("SELECT {what} FROM outbox WHERE id = '{id}'"));
    let page = admin.client.get("/administravimas/laiskai").text();
    for said in ["prašoma patikslinti", "kas pasikeitė per naktį", &code, "pastas.example.invalid", "įgaliojimų nebėra"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for hidden in ["slapta", "gavejas@", "be adreso", "123456"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    let csrf = admin.csrf();
    let mut send = |fields: &[(&str, &str)]| admin.client.post("/administravimas/laiskai", &[&[("_csrf", csrf.as_str())], fields].concat());
    let sent = send(&[("veiksmas", "bandyti"), ("laiskas", &ids[0])]);
    assert_eq!((sent.status, sent.location.as_deref()), (303, Some("/administravimas/laiskai?bandoma=1")));
    until("the letter is delivered", || state(&ids[0], "delivered IS NOT NULL") == 1);
    assert_eq!(send(&[("veiksmas", "bandyti"), ("laiskas", &ids[0])]).status, 409, "it was delivered");
    assert_eq!(send(&[("veiksmas", "bandyti"), ("laiskas", "nera-tokio")]).status, 409);
    // One that cannot be delivered says why, in words.
    send(&[("veiksmas", "bandyti"), ("laiskas", &ids[1])]);
    until("the letter is given up", || state(&ids[1], "given_up IS NOT NULL") == 1);
    let secret = personal_code(782);
    for (reason, wrong) in
        [("", "bent 10"), ("trumpai", "bent 10"), (&*format!("Žmogus {secret} nebedirba"), "asmens kodo"), (&*"a".repeat(501), "500")]
    {
        let refused = send(&[("veiksmas", "nesiusti"), ("laiskas", &ids[2]), ("priezastis", reason)]);
        assert!(refused.status == 422 && refused.text().contains(wrong), "{wrong}: {}", refused.text());
    }
    assert_eq!(state(&ids[2], "given_up IS NOT NULL"), 0);
    let fields = [("veiksmas", "nesiusti"), ("laiskas", &*ids[2]), ("priezastis", "Gavėjas įstaigoje nebedirba.")];
    assert_eq!((send(&fields).status, state(&ids[2], "given_up IS NOT NULL")), (303, 1));
    assert_eq!(send(&fields).status, 409, "once");
    let page = admin.client.get("/administravimas/laiskai").text();
    assert!(page.contains("gavėjo adresas netinkamas"), "{page}");
    let account = account(ground, &admin);
    for (action, count) in [("try letters again", 2), ("give up letter", 1)] {
        assert_eq!(ground.count(&format!("SELECT count(*) FROM audit WHERE actor = 'account {account}' AND action = '{action}'")), count);
    }
    let log = ground.place.country.ok(&["audit-log", "show"]);
    assert!(log.contains("Gavėjas įstaigoje nebedirba.") && !log.contains(&secret));
}

#[test]
fn the_log_is_searched_by_time_account_action_and_form_and_every_search_is_in_it() {
    let Some(ground) = ground() else { return };
    let mut giver = ground.somebody("istaiga");
    let virs = ground.virs();
    let id = hand_in(&ground.place, &mut giver.client, &giver.person, "lesos", &virs, &[], FUNDS);
    let mut admin = ground.somebody("administratorius");
    let (acted, searching) = (account(ground, &giver), account(ground, &admin));
    let searches =
        || ground.count(&format!("SELECT count(*) FROM audit WHERE actor = 'account {searching}' AND action = 'search audit log'"));
    let mut find = |query: &str| {
        let page = admin.client.get(&format!("/administravimas/zurnalas?{query}"));
        assert_eq!(page.status, 200, "{query}");
        page.text()
    };
    let rows = |page: &str| page.matches("<tr><th scope=\"row\">").count();
    let page = find(&format!("paskyra={acted}&veiksmas=submit&forma=lesos"));
    assert_eq!(rows(&page), 1, "{page}");
    assert!(page.contains(&format!("<td>pateikimas {id}</td>")) && page.contains("Žurnalas sveikas"), "{page}");
    assert!(page.contains(&format!("(paskyra {acted})")) && page.contains("<td>pateikė</td>"), "{page}");
    assert_eq!(rows(&find(&format!("paskyra={acted}&forma=imokos"))), 0);
    let tomorrow = forms::today(Utc::now()) + TimeDelta::days(1);
    assert_eq!(rows(&find(&format!("paskyra={acted}&nuo={tomorrow}"))), 0);
    assert!(rows(&find(&format!("paskyra={acted}&iki={tomorrow}"))) > 1);
    // Whatever else is asked narrows nothing and stands nowhere.
    let code = personal_code(783);
    let page = find(&format!("paskyra={code}x&veiksmas={code}&forma={code}&nuo={code}&pries={code}x"));
    assert!(!page.contains(&code));
    // The next page goes on where this one ends.
    let all = find("");
    assert_eq!(rows(&all), 50);
    let entries = |page: &str| -> Vec<i64> {
        page.split("<tr><th scope=\"row\">").skip(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect()
    };
    let next = all.split("href=\"").find(|rest| rest.contains("Ankstesni įrašai</a>") && rest.contains("pries=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&");
    let before = searches();
    let second = entries(&find(next.split_once('?').unwrap().1));
    assert!(second.iter().all(|entry| entry < entries(&all).last().unwrap()) && second.len() == 50);
    assert_eq!(searches(), before + 1, "each search is an entry of its own");
    let log = ground.place.country.ok(&["audit-log", "show"]);
    assert!(log.contains(&format!("account {acted}, action submit, form lesos")) && !log.contains(&code));
    ground.place.country.ok(&["audit-log", "verify"]);
}
