//! What leaves a line in the logs, and what never stands there.

use serde_json::Value;

use super::ground::{Ground, Visitor, ground};
use super::peer::{entity_code, personal_code};
use super::raw::{FORM, ask, cookies};
use super::safety::FUNDS;
use super::way::{draft, press};

/// What the audit log says of refusals of somebody: on what, and why.
fn refusals(ground: &Ground, visitor: &Visitor) -> Vec<(String, String)> {
    let account = ground.count(&format!("SELECT id FROM account WHERE login = '{}'", visitor.person.login));
    let entries = audit(ground);
    let own = entries.iter().filter(|entry| entry["actor"] == format!("account {account}") && entry["action"] == "refused");
    own.map(|entry| (entry["object"].as_str().unwrap().to_owned(), entry["detail"].as_str().unwrap().to_owned())).collect()
}

fn audit(ground: &Ground) -> Vec<Value> {
    ground.place.country.ok(&["audit-log", "show"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Lines of the program's log about refused requests.
fn lines(ground: &Ground) -> Vec<Value> {
    let log = ground.log();
    // The last line may be under way.
    let whole = &log[..log.rfind('\n').unwrap()];
    let lines = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}")));
    lines.filter(|line| line["message"] == "a request was refused").collect()
}

#[test]
fn whoever_tries_to_get_around_something_leaves_a_line_with_who_and_what() {
    let Some(ground) = ground() else { return };
    let (mut owner, mut visitor) = (ground.somebody("istaiga"), ground.somebody("istaiga"));
    let (theirs, own) = (draft(&mut owner.client, "lesos", &ground.virs()), draft(&mut visitor.client, "lesos", &ground.virs()));
    let csrf = visitor.csrf();
    // Somebody else's draft, and numbers that are none: among them what could be a code.
    let code = personal_code(770);
    assert_eq!(visitor.client.get(&format!("/pateiktis/{theirs}")).status, 404);
    assert_eq!(visitor.client.post(&format!("/pateiktis/{theirs}/atsisakyti"), &[("_csrf", &csrf), ("_versija", "0")]).status, 404);
    for nothing in ["99999999", code.as_str(), "vardenis"] {
        assert_eq!(visitor.client.get(&format!("/pateiktis/{nothing}")).status, 404);
        assert_eq!(visitor.client.get(&format!("/{nothing}")).status, 404);
    }
    let address = format!("/pateiktis/{own}");
    assert_eq!(visitor.client.post(&address, &[("_versija", "0")]).status, 403, "without the token");
    assert_eq!(visitor.client.post(&address, &[("_csrf", &csrf), ("_versija", "7")]).status, 409, "an old page");
    assert_eq!(visitor.client.get("/teikti/imokos").status, 403, "another role's form");
    assert_eq!(visitor.client.post(&format!("/{code}"), &[]).status, 404);
    let of = |object: String, detail: &str| (object, detail.to_owned());
    assert_eq!(
        refusals(ground, &visitor),
        [
            of(format!("submission {theirs}"), "of others"),
            of(format!("submission {theirs}"), "of others"),
            of(format!("submission {own}"), "without the token"),
            of(format!("submission {own}"), "old page"),
            of("teikti".to_owned(), "forbidden"),
        ]
    );
    assert!(refusals(ground, &owner).is_empty());
    let account = ground.count(&format!("SELECT id FROM account WHERE login = '{}'", visitor.person.login));
    let lines = lines(ground);
    let has = |reason: &str, page: &str| {
        let fits = |line: &Value| line["reason"] == reason && line["page"] == page && line["address"] == "127.0.0.1";
        lines.iter().any(|line| line["account"] == account && fits(line))
    };
    for (reason, page) in
        [("of others", "pateiktis"), ("without the token", "pateiktis"), ("old page", "pateiktis"), ("forbidden", "teikti")]
    {
        assert!(has(reason, page), "{reason}");
    }
    assert!(!lines.iter().any(|line| line.to_string().contains(&code)));
    assert!(!ground.place.country.ok(&["audit-log", "show"]).contains(&code));
}

#[test]
fn nobody_can_flood_the_logs() {
    let Some(ground) = ground() else { return };
    let visitor = ground.somebody("istaiga");
    let cookie = cookies(&visitor.client);
    for _ in 0..200 {
        assert_eq!(ask(ground.port, "POST", "/vaidmuo", &[("Cookie", &cookie), FORM], b"igaliojimas=1").status, 403);
    }
    let written = refusals(ground, &visitor).len();
    // What was used up comes back little by little, so the bound is not exact.
    assert!((30..120).contains(&written), "{written}");
}

#[test]
fn both_logs_are_lines_of_json_in_utc_whatever_visitors_send() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody_of("istaiga", &entity_code(960));
    let id = draft(&mut visitor.client, "lesos", &ground.virs());
    let odd = "a\r\n{\"level\":\"INFO\"}\u{1b}[31m\u{2028}\"";
    assert_eq!(press(&mut visitor.client, id, "saugoti", &[FUNDS, &[("lesos.0.dokumento_nr", odd)]].concat()).status, 200);
    visitor.client.post("/prisijungti", &[("vardas", odd), ("slaptazodis", odd), ("kodas", odd)]);
    assert_eq!(visitor.client.get("/teikti/imokos").status, 403);
    visitor.client.get("/teikti/imokos%0d%0a%7B%22level%22:%22INFO%22%7D");
    ask(ground.port, "POST", "/%0A%1B[31m", &[FORM, ("Origin", "x\" {}")], b"");
    for line in audit(ground) {
        let at = line["at"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok() && at.ends_with('Z'), "{at}");
        assert!(!line.to_string().contains("INFO"));
    }
    let log = ground.log();
    let whole = &log[..log.rfind('\n').unwrap()];
    assert!(whole.contains("a request was refused"));
    for line in whole.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        let at = line["timestamp"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(at).is_ok() && at.ends_with('Z'), "{at}");
    }
}
