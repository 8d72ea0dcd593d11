//! Somebody's own account: another password, other sessions; and what an operator does to accounts and sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{TimeDelta, Utc};
use forms::store::{self, Durability};

use super::client::{Answer, Client};
use super::ground::{Ground, ground, one_time_code};
use super::peer::{Person, entity_code};

fn account(ground: &Ground, person: &Person) -> i64 {
    ground.count(&format!("SELECT id FROM account WHERE login = '{}'", person.login))
}

/// Another browser in which somebody signed in some minutes ago.
fn elsewhere(ground: &Ground, person: &Person, token: &str, minutes: i64) -> Client {
    let (account, at) = (account(ground, person), Utc::now() - TimeDelta::minutes(minutes));
    ground.store.write(Durability::Usual, |transaction| store::open_session(transaction, token, "csrf", account, at)).unwrap();
    let mut client = Client::new(ground.port);
    client.cookies.insert("__Host-virsis".to_owned(), token.to_owned());
    client
}

fn is_signed_in(client: &Client) -> bool {
    client.clone().get("/vaidmuo").status == 200
}

/// What a sign-in with the code that comes next leads to: the one of now may be used up.
fn sign_in_next(ground: &Ground, person: &Person, password: &str) -> Answer {
    let next = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 30;
    let code = person.totp.generate(next).to_string();
    Client::new(ground.port).post("/prisijungti", &[("vardas", &person.login), ("slaptazodis", password), ("kodas", &code)])
}

fn offered(page: &Answer) -> String {
    page.text().split("<code id=\"naujasis\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

fn noted(ground: &Ground, person: &Person, action: &str) -> i64 {
    let account = account(ground, person);
    ground.count(&format!("SELECT count(*) FROM audit WHERE actor = 'account {account}' AND action = '{action}'"))
}

#[test]
fn somebody_takes_another_password_and_is_signed_in_nowhere_else() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(980));
    let mut client = ground.sign_in(&person);
    let other = elsewhere(ground, &person, "kitur-prisijunges", 1);
    assert!(client.get("/pradzia").text().contains("Jūsų slaptažodį davė administratorius"));
    let page = client.get("/paskyra");
    assert_eq!((page.text().matches("(šis prisijungimas)").count(), page.text().matches("<th scope=\"row\"").count()), (1, 2));
    let (csrf, new) = (page.hidden("_csrf"), offered(&page));
    assert_eq!(new.len(), 22, "128 random bits");
    let mut change = |old: &str, new: &str| client.post("/paskyra/slaptazodis", &[("_csrf", &csrf), ("senas", old), ("naujas", new)]);
    for (old, typed) in
        [("neteisingas slaptažodis", new.as_str()), ("", &new), (&person.password, "mano paties slaptažodis"), (&person.password, "")]
    {
        let refused = change(old, typed);
        assert_eq!((refused.status, refused.headers.get("set-cookie")), (422, None));
        assert!(refused.text().contains("class=\"errors\"") && is_signed_in(&other));
        assert!(old.is_empty() || !refused.text().contains(old), "what was typed does not come back");
    }
    let before = Client::clone(&client);
    let mut change = |old: &str, new: &str| client.post("/paskyra/slaptazodis", &[("_csrf", &csrf), ("senas", old), ("naujas", new)]);
    assert_eq!(change(&person.password, &new).location.as_deref(), Some("/paskyra?pakeista=1"));
    assert!(!is_signed_in(&before) && !is_signed_in(&other), "neither the token of before nor another session");
    let page = client.get("/paskyra?pakeista=1");
    assert!(page.text().contains("Slaptažodis pakeistas") && offered(&page) != new);
    assert_eq!(page.text().matches("<th scope=\"row\"").count(), 1);
    assert!(!client.get("/pradzia").text().contains("davė administratorius"));
    assert_eq!(sign_in_next(ground, &person, &person.password).status, 422);
    assert_eq!(sign_in_next(ground, &person, &new).status, 303);
    assert_eq!((noted(ground, &person, "change password"), noted(ground, &person, "password refused")), (1, 2));
    let said = ground.log() + &ground.place.country.ok(&["audit-log", "show"]);
    assert!(!said.contains(&new) && !said.contains(&person.password));
}

#[test]
fn other_sessions_are_ended_by_whoever_shows_the_password_and_guessing_it_locks_the_account() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(981));
    let mut client = ground.sign_in(&person);
    let other = elsewhere(ground, &person, "kita-narsykle", 1);
    let csrf = client.get("/paskyra").hidden("_csrf");
    assert_eq!(client.post("/paskyra/atjungti", &[("_csrf", &csrf), ("slaptazodis", "neteisingas slaptažodis")]).status, 422);
    assert!(is_signed_in(&other));
    let ended = client.post("/paskyra/atjungti", &[("_csrf", &csrf), ("slaptazodis", &person.password)]);
    assert_eq!(ended.location.as_deref(), Some("/paskyra?atjungta=1"));
    assert!(!is_signed_in(&other) && is_signed_in(&client));
    assert_eq!(noted(ground, &person, "end other sessions"), 1);
    let csrf = client.get("/paskyra").hidden("_csrf");
    for _ in 0..5 {
        client.post("/paskyra/slaptazodis", &[("_csrf", &csrf), ("senas", "neteisingas slaptažodis")]);
    }
    let new = offered(&client.get("/paskyra"));
    let right = client.post("/paskyra/slaptazodis", &[("_csrf", &csrf), ("senas", &person.password), ("naujas", &new)]);
    assert_eq!(right.status, 422, "the right password does not help any more");
    assert_eq!(client.post("/paskyra/atjungti", &[("_csrf", &csrf), ("slaptazodis", &person.password)]).status, 422);
    assert_eq!(sign_in_next(ground, &person, &person.password).status, 422, "nor at the door");
}

#[test]
fn whoever_has_no_password_must_have_signed_in_a_moment_ago() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(982));
    let id = account(ground, &person);
    ground
        .store
        .write::<_, forms::Error>(Durability::Usual, |transaction| {
            Ok(transaction.execute("UPDATE account SET login = NULL, password = NULL, seed = NULL WHERE id = ?1", [id])?)
        })
        .unwrap();
    let begin = |token: &str, minutes: i64| {
        let at = Utc::now() - TimeDelta::minutes(minutes);
        ground.store.write(Durability::Usual, |transaction| store::open_session(transaction, token, "csrf", id, at)).unwrap();
        let mut client = Client::new(ground.port);
        client.cookies.insert("__Host-virsis".to_owned(), token.to_owned());
        let mandate = ground.count(&format!("SELECT id FROM mandate WHERE organisation_code = '{}'", entity_code(982))).to_string();
        assert_eq!(client.post("/vaidmuo", &[("_csrf", "csrf"), ("igaliojimas", &mandate)]).status, 303);
        client
    };
    let (mut old, mut fresh) = (begin("sena", 16), begin("nauja", 14));
    let csrf = old.get("/paskyra").hidden("_csrf");
    let refused = old.post("/paskyra/atjungti", &[("_csrf", &csrf)]);
    assert!(refused.status == 422 && refused.text().contains("prisijunkite iš naujo") && is_signed_in(&fresh));
    let page = fresh.get("/paskyra");
    assert!(!page.text().contains("type=\"password\""), "who has no password is asked for none");
    let csrf = page.hidden("_csrf");
    assert_eq!(fresh.post("/paskyra/slaptazodis", &[("_csrf", &csrf), ("senas", ""), ("naujas", "")]).status, 404);
    assert_eq!(fresh.post("/paskyra/atjungti", &[("_csrf", &csrf)]).status, 303);
    assert!(is_signed_in(&fresh) && !is_signed_in(&old));
}

#[test]
fn a_password_that_an_operator_gave_ends_and_secrets_of_codes_are_stored_encrypted() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(983));
    let until = |at: &str| {
        let sql = "UPDATE account SET password_until = ?2 WHERE login = ?1";
        let changed =
            ground.store.write::<_, forms::Error>(Durability::Usual, |transaction| Ok(transaction.execute(sql, (&person.login, at))?));
        assert_eq!(changed.unwrap(), 1);
    };
    until(&store::stamp(Utc::now()));
    assert_eq!(sign_in_next(ground, &person, &person.password).status, 422);
    until(&store::stamp(Utc::now() + TimeDelta::minutes(5)));
    assert_eq!(sign_in_next(ground, &person, &person.password).status, 303);
    assert_eq!(ground.count("SELECT count(*) FROM account WHERE totp IS NOT NULL OR length(seed) <> 12 + 20 + 16"), 0);
    let seed = ground.store.read(|connection| store::by_login(connection, &person.login)).unwrap().unwrap().seed.unwrap();
    assert!(!seed.windows(20).any(|part| part == person.totp.secret().as_bytes()));
}

#[test]
fn an_operator_renews_an_account_and_ends_sessions() {
    let Some(ground) = ground() else { return };
    let country = &ground.place.country;
    let person = ground.stranger("istaiga", &entity_code(984));
    let first = ground.sign_in(&person);
    assert_eq!(country.ok(&["account", "sign-out", &person.login]), "1 session ended\n");
    assert!(!is_signed_in(&first));
    let second = elsewhere(ground, &person, "antra", 0);
    let number = account(ground, &person).to_string();
    assert_eq!(country.ok(&["account", "sign-out", "--account", &number]), "1 session ended\n");
    assert!(!is_signed_in(&second));
    assert_eq!(ground.count(&format!("SELECT count(*) FROM audit WHERE action = 'end sessions' AND object = 'account {number}'")), 2);
    let third = elsewhere(ground, &person, "trecia", 0);
    let said = country.ok(&["account", "renew", &person.login]);
    assert!(!is_signed_in(&third));
    let after = |mark: &str| said.lines().find_map(|line| line.strip_prefix(mark)).unwrap().to_owned();
    let (password, totp) = (after("password: "), totp_rs::Totp::from_url(after("one-time codes: ")).unwrap());
    let renewed = Person { password, totp, ..person.clone() };
    for (password, code) in [(&person.password, &renewed), (&renewed.password, &person)] {
        assert_eq!(sign_in_next(ground, code, password).status, 422, "the old password and the old codes are worth nothing");
    }
    let answer = Client::new(ground.port)
        .post("/prisijungti", &[("vardas", &person.login), ("slaptazodis", &renewed.password), ("kodas", &one_time_code(&renewed))]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    for arguments in [["account", "renew", "nera-tokio"], ["account", "sign-out", "nera-tokio"], ["account", "close", "nera-tokio"]] {
        assert!(country.refused(&arguments).contains("there is no"), "{arguments:?}");
    }
    assert_eq!(country.run(&["account", "sign-out"]).status.code(), Some(2), "whose sessions must be said");
}
