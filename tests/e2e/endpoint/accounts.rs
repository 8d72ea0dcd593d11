//! Signing in and out: cookies, passwords, one-time codes, roles, how often.

use chrono::Utc;
use forms::store::{self, Durability};

use super::client::Client;
use super::ground::{ground, one_time_code};
use super::peer::{Place, entity_code};
use super::raw::{FORM, ask, cookies};

/// An attempt to sign in.
fn attempt(port: u16, login: &str, password: &str, code: &str) -> super::client::Answer {
    Client::new(port).post("/prisijungti", &[("vardas", login), ("slaptazodis", password), ("kodas", code)])
}

#[test]
fn cookies_stay_with_this_host_and_out_of_scripts() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(990));
    let said = ground.sign_in(&person);
    assert_eq!(said.cookies.keys().collect::<Vec<_>>(), ["__Host-virsis"]);
    let token = &said.cookies["__Host-virsis"];
    assert!(token.len() >= 43, "256 bits");
    let cookie = cookies(&said);
    let csrf = said.clone().get("/pradzia").hidden("_csrf");
    let role = ground.count(&format!("SELECT id FROM mandate WHERE organisation_code = '{}'", entity_code(990)));
    let body = format!("_csrf={csrf}&igaliojimas={role}");
    let chosen = ask(ground.port, "POST", "/vaidmuo", &[("Cookie", &cookie), FORM], body.as_bytes());
    let out = {
        let cookie = chosen.header("set-cookie").split(';').next().unwrap();
        let csrf = ask(ground.port, "GET", "/vaidmuo", &[("Cookie", cookie)], b"").text();
        let csrf = csrf.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        ask(ground.port, "POST", "/atsijungti", &[("Cookie", cookie), FORM], format!("_csrf={csrf}").as_bytes())
    };
    for (said, lives) in [(&chosen, true), (&out, false)] {
        assert_eq!(said.status, 303, "{}", said.text());
        let cookie = said.header("set-cookie");
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts[0].starts_with("__Host-virsis="), "{cookie}");
        for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(parts.contains(&part), "{part} is not in {cookie}");
        }
        assert!(!cookie.to_ascii_lowercase().contains("domain"));
        assert_eq!(parts.contains(&"Max-Age=0"), !lives, "{cookie}");
    }
    // The store knows no token that a browser could send.
    assert_eq!(ground.count(&format!("SELECT count(*) FROM session WHERE CAST(token AS TEXT) = '{token}'")), 0);
}

#[test]
fn choosing_a_role_makes_a_new_token_and_signing_out_ends_it() {
    let Some(ground) = ground() else { return };
    let code = entity_code(991);
    let person = ground.stranger("istaiga", &code);
    // A token that somebody brought along is not taken over.
    let mut fixed = Client::new(ground.port);
    fixed.cookies.insert("__Host-virsis".to_owned(), "A".repeat(43));
    let sent = [("vardas", person.login.as_str()), ("slaptazodis", &person.password), ("kodas", &one_time_code(&person))];
    assert_eq!(fixed.post("/prisijungti", &sent).status, 303);
    assert_ne!(fixed.cookies["__Host-virsis"], "A".repeat(43));
    let mandate = ground.count(&format!("SELECT id FROM mandate WHERE organisation_code = '{code}'")).to_string();
    let mut before = fixed.clone();
    let csrf = fixed.get("/vaidmuo").hidden("_csrf");
    assert_eq!(fixed.post("/vaidmuo", &[("_csrf", &csrf), ("igaliojimas", &mandate)]).status, 303);
    assert_ne!(fixed.cookies, before.cookies);
    assert_eq!(before.get("/pradzia").location.as_deref(), Some("/prisijungti"), "the token of before is dead");
    assert_eq!(fixed.get("/pradzia").status, 200);
    assert_eq!(fixed.post("/vaidmuo", &[("_csrf", &csrf), ("igaliojimas", &mandate)]).status, 403, "so is the token of its forms");
    // Somebody else's mandate cannot be chosen.
    let other = ground.stranger("km", &entity_code(992));
    let csrf = fixed.get("/vaidmuo").hidden("_csrf");
    let others = ground.count(&format!("SELECT id FROM mandate WHERE organisation_code = '{}'", entity_code(992))).to_string();
    assert_eq!(fixed.post("/vaidmuo", &[("_csrf", &csrf), ("igaliojimas", &others)]).status, 403);
    // Signing out ends the session for whoever kept its cookie.
    let mut kept = fixed.clone();
    assert_eq!(fixed.post("/atsijungti", &[("_csrf", &csrf)]).status, 303);
    for path in ["/pradzia", "/pateikimai", "/teikti/lesos", "/pateiktis/1", "/vaidmuo"] {
        assert_eq!(kept.get(path).location.as_deref(), Some("/prisijungti"), "{path}");
    }
    // Whoever signs in again in the same browser has left the session of before.
    let mut first = ground.sign_in(&other);
    let left = first.clone();
    let next = ground.stranger("istaiga", &entity_code(993));
    let sent = [("vardas", next.login.as_str()), ("slaptazodis", &next.password), ("kodas", &one_time_code(&next))];
    assert_eq!(first.post("/prisijungti", &sent).status, 303);
    assert_eq!(left.clone().get("/pradzia").location.as_deref(), Some("/prisijungti"));
}

#[test]
fn whatever_is_wrong_the_answer_is_the_same_and_a_code_is_good_once() {
    let Some(ground) = ground() else { return };
    let person = ground.stranger("istaiga", &entity_code(994));
    let other = ground.stranger("istaiga", &entity_code(995));
    let code = one_time_code(&person);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answers = [
        attempt(ground.port, &person.login, "neteisingas slaptažodis", &code),
        attempt(ground.port, &person.login, &person.password, wrong),
        attempt(ground.port, &person.login, &"x".repeat(5_000), &code),
        attempt(ground.port, &other.login, &person.password, &code),
    ];
    let unknown = attempt(ground.port, "nera-tokio", &person.password, &code);
    for answer in &answers {
        assert_eq!((answer.status, answer.headers.get("set-cookie")), (422, None));
        let named = |answer: &super::client::Answer, login: &str| answer.text().replace(&format!("value=\"{login}\""), "");
        assert_eq!(named(answer, &person.login).replace(&format!("value=\"{}\"", other.login), ""), named(&unknown, "nera-tokio"));
    }
    for sent in ["", "' OR '1'='1", "asmuo1' --", "\0", "%00", "asmuo1\" OR \"\"=\"", "{{ 7*7 }}", "<script>alert(1)</script>"] {
        let answer = attempt(ground.port, sent, sent, sent);
        assert_eq!(answer.status, 422, "{sent}");
        assert!(!answer.text().contains("<script>alert"), "{sent}");
    }
    // Two with the same code at once: one comes in.
    let code = one_time_code(&other);
    let statuses = std::thread::scope(|threads| {
        let tries: Vec<_> = (0..4).map(|_| threads.spawn(|| attempt(ground.port, &other.login, &other.password, &code).status)).collect();
        tries.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(attempt(ground.port, &other.login, &other.password, &code).status, 422, "replayed");
}

#[test]
fn five_failures_lock_an_account_even_when_they_come_at_once() {
    let Some(ground) = ground() else { return };
    let (person, other) = (ground.stranger("istaiga", &entity_code(996)), ground.stranger("istaiga", &entity_code(997)));
    for _ in 0..5 {
        assert_eq!(attempt(ground.port, &person.login, "neteisingas slaptažodis", "000000").status, 422);
    }
    let right = attempt(ground.port, &person.login, &person.password, &one_time_code(&person));
    assert_eq!(right.status, 422, "the right password does not help any more");
    let locked = format!("SELECT count(*) FROM account WHERE login = '{}' AND locked_until IS NOT NULL", person.login);
    assert_eq!(ground.count(&locked), 1);
    assert_eq!(ground.count(&locked.replace(&person.login, &other.login)), 0);
    std::thread::scope(|threads| {
        for _ in 0..5 {
            threads.spawn(|| attempt(ground.port, &other.login, "neteisingas slaptažodis", "000000"));
        }
    });
    assert_eq!(attempt(ground.port, &other.login, &other.password, &one_time_code(&other)).status, 422);
    assert!(ground.count("SELECT count(*) FROM audit WHERE action = 'sign in refused'") >= 10, "refusals stand in the audit log");
}

#[test]
fn whoever_asks_too_often_is_told_to_wait_and_a_mandate_taken_away_ends_at_once() {
    let Some(place) = Place::prepare(32) else { return };
    let path = place.country.path("virsis.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let settings = settings
        .replace("requests_per_minute = 100000", "requests_per_minute = 40")
        .replace("sign_ins_per_minute = 1000", "sign_ins_per_minute = 4");
    std::fs::write(&path, settings.replace("[forms]\n", "[forms]\nbehind_proxy = true\n")).unwrap();
    let person = place.person(1, "istaiga", &entity_code(1), "Įstaiga");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &person);
    let sign_in = |forwarded: &[&str]| {
        let mut headers = vec![FORM];
        headers.extend(forwarded.iter().map(|address| ("X-Forwarded-For", *address)));
        ask(serving.port, "POST", "/prisijungti", &headers, b"vardas=x&slaptazodis=y&kodas=1").status
    };
    // A limit is never exact to the request: what was used up comes back little by little.
    let limited = |statuses: &[u16]| statuses.first() == Some(&422) && statuses.last() == Some(&429);
    let several = |forwarded: &dyn Fn(u32) -> Vec<String>| {
        let ask = |number| sign_in(&forwarded(number).iter().map(String::as_str).collect::<Vec<_>>());
        (0..12).map(ask).collect::<Vec<u16>>()
    };
    let same = several(&|_| vec!["192.0.2.1".to_owned()]);
    assert!(limited(&same), "{same:?}");
    let made_up = several(&|number| vec![format!("198.51.100.{number}, 192.0.2.2")]);
    assert!(limited(&made_up), "what the visitor says of their address does not count: {made_up:?}");
    let two_headers = several(&|number| vec![format!("198.51.100.{number}"), "192.0.2.3".to_owned()]);
    assert!(limited(&two_headers), "nor in a header of its own: {two_headers:?}");
    let network = several(&|number| vec![format!("2001:db8::{number}")]);
    assert!(limited(&network), "a network of addresses counts as one: {network:?}");
    assert!(several(&|number| vec![format!("203.0.113.{number}")]).iter().all(|status| *status == 422), "others are not kept waiting");
    // Pages, too: by address, and by person whatever the address.
    let page =
        |cookie: &str, address: &str| ask(serving.port, "GET", "/pagalba", &[("X-Forwarded-For", address), ("Cookie", cookie)], b"").status;
    assert!((0..80).map(|_| page("", "192.0.2.9")).any(|status| status == 429));
    let cookie = cookies(&client);
    assert!((0..80).map(|number| page(&cookie, &format!("203.0.113.{number}"))).any(|status| status == 429));
    // Style sheets are not counted.
    let asset = ask(serving.port, "GET", "/prisijungti", &[("X-Forwarded-For", "192.0.2.77")], b"").text().replace("&#x2f;", "/");
    let asset = format!("/failai/{}", asset.split("href=\"/failai/").nth(1).unwrap().split('"').next().unwrap());
    assert!((0..80).all(|_| ask(serving.port, "GET", &asset, &[("X-Forwarded-For", "192.0.2.9")], b"").status == 200));
    let foreign = [FORM, ("X-Forwarded-For", "192.0.2.50"), ("Origin", "https://example.invalid")];
    assert_eq!(ask(serving.port, "POST", "/atsijungti", &foreign, b"").status, 403);
    // Whom a limit turned away stands in the log, at the door and at pages; and what came from another site.
    let log = std::fs::read_to_string(place.country.path("serve.log")).unwrap();
    for (reason, page, address) in
        [("too many", "prisijungti", "192.0.2.1"), ("too many", "pagalba", "192.0.2.9"), ("from another site", "atsijungti", "192.0.2.50")]
    {
        let marks = [("reason", reason), ("page", page), ("address", address)].map(|(name, value)| format!("\"{name}\":\"{value}\""));
        assert!(log.lines().any(|line| marks.iter().all(|mark| line.contains(mark))), "{reason}: {log}");
    }
    assert!(!log.contains("example.invalid"));
    drop(serving);
    let serving = place.serve();
    assert_eq!(client.get("/pradzia").status, 200);
    let heading = std::fs::read_to_string(place.country.path("mandates.csv")).unwrap().lines().next().unwrap().to_owned();
    std::fs::write(place.country.path("nobody.csv"), heading + "\n").unwrap();
    place.country.ok(&["mandates", "import", "nobody.csv"]);
    assert_eq!(client.get("/pradzia").location.as_deref(), Some("/vaidmuo"), "who has no mandate acts for nobody");
    assert_eq!(client.get("/teikti/lesos").location.as_deref(), Some("/vaidmuo"));
    place.country.ok(&["account", "sign-out", "--all"]);
    assert_eq!(client.get("/vaidmuo").location.as_deref(), Some("/prisijungti"), "everybody is signed out");
    let kept = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    kept.write::<_, forms::Error>(Durability::Usual, |transaction| {
        let account = store::by_login(transaction, &person.login)?.unwrap();
        store::open_session(transaction, "kitas-zenklas", "csrf", account.id, Utc::now())
    })
    .unwrap();
    client.cookies.insert("__Host-virsis".to_owned(), "kitas-zenklas".to_owned());
    assert_eq!(client.get("/vaidmuo").status, 200);
    place.country.ok(&["account", "close", &person.login]);
    assert_eq!(client.get("/vaidmuo").location.as_deref(), Some("/prisijungti"), "a closed account is signed in nowhere");
    drop(serving);
    place.country.ok(&["audit-log", "verify"]);
}
