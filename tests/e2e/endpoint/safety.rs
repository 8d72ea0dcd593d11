//! What stands between people and others' submissions: headers, tokens, origins, organisations, versions, steps.

use super::ground::{Visitor, ground, routes};
use super::peer::entity_code;
use super::raw::{FORM, ask, cookies};
use super::way::{draft, hand_in, press};

/// Fields of the feed `lesos` that make a draft complete.
pub(super) const FUNDS: &[(&str, &str)] =
    &[("lesos.0.sutarties_rusis", "dotacija"), ("lesos.0.suma", "10,50"), ("lesos.0.data", "2026-02-02")];

/// What every answer says to the browser.
const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
];

/// A draft about a VIRS, with everything that is needed in it.
fn complete_draft(visitor: &mut Visitor, virs: &str) -> i64 {
    let id = draft(&mut visitor.client, "lesos", virs);
    assert_eq!(press(&mut visitor.client, id, "saugoti", FUNDS).status, 200);
    id
}

#[test]
fn every_answer_has_the_headers_that_bind_the_browser() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = complete_draft(&mut visitor, &ground.virs());
    let cookie = cookies(&visitor.client);
    let start = visitor.client.get("/pradzia").text().replace("&#x2f;", "/");
    let file = |mark: &str| start.split(mark).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (asset, icon) = (file("rel=\"stylesheet\" href=\"/failai/"), file("rel=\"icon\" href=\"/failai/"));
    let mut said = Vec::new();
    for cookie in [cookie.as_str(), ""] {
        for route in routes() {
            said.push((route.about(id, 1), ask(ground.port, route.method, &route.about(id, 1), &[("Cookie", cookie), FORM], b"")));
        }
        for (method, path) in [
            ("GET", format!("/failai/{asset}")),
            ("GET", format!("/failai/{icon}")),
            ("GET", "/nera/tokio".to_owned()),
            ("PUT", "/".to_owned()),
            ("HEAD", "/pradzia".to_owned()),
        ] {
            said.push((path.clone(), ask(ground.port, method, &path, &[("Cookie", cookie)], b"")));
        }
    }
    said.push(("too large".to_owned(), ask(ground.port, "POST", "/prisijungti", &[FORM, ("Content-Length", "999999999")], b"")));
    let statuses: std::collections::BTreeSet<u16> = said.iter().map(|(_, said)| said.status).collect();
    for status in [200, 303, 400, 403, 404, 413] {
        assert!(statuses.contains(&status), "{status} is not among {statuses:?}");
    }
    for (path, said) in &said {
        for (name, value) in HEADERS {
            assert_eq!(said.header(name), *value, "{name} of {path}, {}", said.status);
        }
        assert!(said.header("strict-transport-security").contains("max-age=63072000"), "{path}");
        assert!(!said.header("permissions-policy").is_empty() && said.all("server").is_empty(), "{path}");
        let lasting = path.ends_with(&asset) || path.ends_with(&icon);
        let kind = said.header("content-type");
        assert!(kind == "application/pdf" || kind == "application/json" || kind.ends_with("; charset=utf-8"), "{path}: {kind}");
        assert_eq!(said.header("cache-control"), if lasting { "public, max-age=31536000, immutable" } else { "no-store" }, "{path}");
    }
}

#[test]
fn nothing_is_changed_without_the_token_of_the_session() {
    let Some(ground) = ground() else { return };
    let (mut visitor, mut other) = (ground.somebody("istaiga"), ground.somebody("istaiga"));
    let id = complete_draft(&mut visitor, &ground.virs());
    let (before, others) = (ground.of_organisation(&visitor.code), other.csrf());
    let sessions = format!("SELECT count(*) FROM session WHERE organisation_code = '{}'", visitor.code);
    let open = ground.count(&sessions);
    let version = visitor.client.get(&format!("/pateiktis/{id}")).hidden("_versija");
    for route in routes().iter().filter(|route| route.method == "POST") {
        let path = route.about(id, 1);
        // Where nobody is signed in yet there is no session whose token could be sent.
        if path.starts_with("/prisijungti") || path.starts_with("/viisp/") {
            continue;
        }
        for token in [None, Some(""), Some("x"), Some(others.as_str())] {
            let mut fields =
                vec![("_versija", version.as_str()), ("veiksmas", "tikrinti"), ("virs", visitor.code.as_str()), ("igaliojimas", "1")];
            fields.extend(FUNDS);
            fields.extend(token.map(|token| ("_csrf", token)));
            let answer = visitor.client.post(&path, &fields);
            assert_eq!(answer.status, 403, "{path} with {token:?}: {}", answer.text());
            let answer = visitor.client.upload(&path, &fields, ("priedas", "a.pdf", b"%PDF-1.7")).unwrap();
            assert_eq!(answer.status, 403, "{path} with {token:?}, in parts");
        }
    }
    assert_eq!(ground.of_organisation(&visitor.code), before);
    assert_eq!(ground.count(&sessions), open, "still signed in");
    assert_eq!(visitor.send(id, "atsisakyti"), 303, "with the token it goes through");
}

#[test]
fn what_another_site_makes_a_browser_send_is_refused() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = complete_draft(&mut visitor, &ground.virs());
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let before = ground.of_organisation(&visitor.code);
    let body = format!("_csrf={}&_versija={}&veiksmas=saugoti", page.hidden("_csrf"), page.hidden("_versija"));
    let (cookie, own) = (cookies(&visitor.client), format!("http://127.0.0.1:{}", ground.port));
    let send = |path: &str, headers: &[(&str, &str)]| {
        let mut all = vec![("Cookie", cookie.as_str()), FORM];
        all.extend(headers);
        ask(ground.port, "POST", path, &all, body.as_bytes()).status
    };
    let own_site = [("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let foreign: &[&[(&str, &str)]] = &[
        &[("Origin", "https://example.invalid")],
        &[("Origin", "null")],
        &[("Origin", &own.replace("http:", "https:"))],
        &[("Origin", &format!("{own}.example.invalid"))],
        &[("Origin", "\u{ff}")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", &own), ("Sec-Fetch-Site", "cross-site")],
        &[("Origin", "https://example.invalid"), ("Sec-Fetch-Site", "same-origin")],
    ];
    for route in routes().iter().filter(|route| route.method == "POST") {
        let path = route.about(id, 1);
        if path == "/viisp/atgal" {
            continue;
        }
        for headers in foreign {
            assert_eq!(send(&path, headers), 403, "{path} {headers:?}");
        }
    }
    assert_eq!(ground.of_organisation(&visitor.code), before);
    assert_eq!(send(&format!("/pateiktis/{id}"), &own_site), 200);
}

#[test]
fn what_another_organisation_or_role_has_begun_is_not_there_for_anybody_else() {
    let Some(ground) = ground() else { return };
    let mut owner = ground.somebody("istaiga");
    let virs = ground.virs();
    let id = complete_draft(&mut owner, &virs);
    let pdf = owner.client.get(&format!("/pateiktis/{id}"));
    let fields = [("_csrf", pdf.hidden("_csrf")), ("_versija", pdf.hidden("_versija")), ("veiksmas", "saugoti".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let attached = owner.client.upload(&format!("/pateiktis/{id}"), &fields, ("priedas", "a.pdf", b"%PDF-1.7")).unwrap();
    let attachment: i64 =
        attached.text().split(&format!("/pateiktis/{id}/priedas/")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert_eq!(press(&mut owner.client, id, "tikrinti", FUNDS).status, 303);
    let page = owner.client.get(&format!("/pateiktis/{id}"));
    let (version, before) = (page.hidden("_versija"), ground.of_organisation(&owner.code));
    // The same organisation in another role, another organisation in the same role, the VIRS it is about, and those who read everything.
    let roles = [
        ("km", owner.code.clone()),
        ("istaiga", entity_code(801)),
        ("virs", virs),
        ("lrtk", entity_code(802)),
        ("administratorius", entity_code(803)),
    ];
    for (role, code) in roles {
        let mut intruder = ground.somebody_of(role, &code);
        let csrf = intruder.csrf();
        for route in routes().iter().filter(|route| route.names_a_submission()) {
            let path = route.about(id, attachment);
            let answer = if route.method == "GET" {
                intruder.client.get(&path)
            } else {
                let mut fields = vec![
                    ("_csrf", csrf.as_str()),
                    ("_versija", version.as_str()),
                    ("veiksmas", "saugoti"),
                    ("klausimas", "?"),
                    ("iki", "2099-01-01"),
                ];
                fields.extend(FUNDS);
                intruder.client.post(&path, &fields)
            };
            let absent = if route.method == "GET" {
                intruder.client.get(&route.about(999_999, attachment))
            } else {
                intruder.client.post(&route.about(999_999, 1), &[("_csrf", &csrf), ("_versija", &version), ("veiksmas", "saugoti")])
            };
            assert_eq!(answer.status, 404, "{role} at {path}: {}", answer.text());
            assert_eq!((absent.status, absent.body), (404, answer.body), "it looks as if it were not there: {role} at {path}");
        }
        for list in ["/pradzia", "/pateikimai"] {
            assert!(!intruder.client.get(list).text().contains(&format!("/pateiktis/{id}\"")), "{role} finds it in {list}");
        }
    }
    assert_eq!(ground.of_organisation(&owner.code), before);
    // A colleague finds it, although the mandate writes the organisation's name in another way.
    let mut colleague = ground.somebody_of("istaiga", &owner.code);
    assert_eq!(colleague.client.get(&format!("/pateiktis/{id}")).status, 200);
    // Attachments of one submission are not had through another one.
    let other = complete_draft(&mut owner, &ground.virs());
    assert_eq!(owner.client.get(&format!("/pateiktis/{other}/priedas/{attachment}")).status, 404);
    assert_eq!(owner.client.get(&format!("/pateiktis/{id}/priedas/{attachment}")).status, 200);
    // Nor taken off through it.
    let before = ground.of_organisation(&owner.code).matches("\na ").count();
    assert_eq!(press(&mut owner.client, other, &format!("salinti-priedas:{attachment}"), &[]).status, 303);
    assert_eq!(ground.of_organisation(&owner.code).matches("\na ").count(), before);
}

#[test]
fn an_old_page_changes_nothing_whatever_its_button() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = complete_draft(&mut visitor, &ground.virs());
    let csrf = visitor.csrf();
    let address = format!("/pateiktis/{id}");
    // As it is entered, formed, reviewed: each page of before is refused at each step.
    for stage in ["entering", "formed", "reviewed"] {
        let version: i64 = visitor.client.get(&address).hidden("_versija").parse().unwrap();
        let before = ground.of_organisation(&visitor.code);
        for step in ["", "/perziureta", "/atgal", "/atsisakyti", "/parasas", "/taisyti"] {
            for old in [version - 1, version + 1, -1, i64::MAX] {
                let old = old.to_string();
                let answer =
                    visitor.client.post(&format!("{address}{step}"), &[("_csrf", &csrf), ("_versija", &old), ("veiksmas", "tikrinti")]);
                assert_eq!(answer.status, 409, "{stage}, {step}, {old}: {}", answer.text());
            }
            let none = visitor.client.post(&format!("{address}{step}"), &[("_csrf", &csrf), ("veiksmas", "tikrinti")]);
            assert_eq!(none.status, 400, "{stage}, {step} without a version");
        }
        assert_eq!(ground.of_organisation(&visitor.code), before);
        match stage {
            "entering" => assert_eq!(press(&mut visitor.client, id, "tikrinti", FUNDS).status, 303),
            "formed" => assert_eq!(visitor.send(id, "perziureta"), 303),
            _ => {}
        }
    }
}

#[test]
fn no_step_can_be_left_out() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let virs = ground.virs();
    let id = complete_draft(&mut visitor, &virs);
    let address = format!("/pateiktis/{id}");
    let pdf = b"%PDF-1.7 made up".as_slice();
    let container = ground.place.sign(&visitor.person.code, pdf);
    let sign = |visitor: &mut Visitor, container: &[u8]| {
        let page = visitor.client.get(&address);
        let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        visitor.client.upload(&format!("{address}/parasas"), &fields, ("konteineris", "a.asice", container)).unwrap().status
    };
    // A draft is neither reviewed nor signed nor corrected, and has no document.
    assert_eq!([visitor.send(id, "perziureta"), sign(&mut visitor, &container), visitor.send(id, "taisyti")], [409; 3]);
    assert_eq!(visitor.client.get(&format!("{address}/dokumentas.pdf")).status, 404);
    assert_eq!(press(&mut visitor.client, id, "tikrinti", FUNDS).status, 303);
    let document = visitor.client.get(&format!("{address}/dokumentas.pdf")).body;
    let good = ground.place.sign(&visitor.person.code, &document);
    assert_eq!([sign(&mut visitor, &good), visitor.send(id, "taisyti")], [409; 2], "nobody has looked through the document");
    // What was formed cannot be changed, nor anything attached to it, before one goes back.
    let page = visitor.client.get(&address);
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija")), ("veiksmas", "saugoti".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(visitor.client.upload(&address, &fields, ("priedas", "a.pdf", pdf)).unwrap().status, 409);
    assert_eq!(visitor.send(id, "perziureta"), 303);
    assert_eq!(visitor.send(id, "perziureta"), 409);
    let other = ground.place.sign(&super::peer::personal_code(776), &document);
    assert_eq!(sign(&mut visitor, &container), 422, "another document");
    assert_eq!(sign(&mut visitor, &other), 422, "another person");
    assert_eq!(sign(&mut visitor, b"PK\x03\x04"), 422, "no container");
    // A document formed anew is another one: the signature of before does not fit it.
    assert_eq!(visitor.send(id, "atgal"), 303);
    assert_eq!(press(&mut visitor.client, id, "tikrinti", &[("lesos.0.suma", "11,00")]).status, 303);
    assert_eq!(visitor.send(id, "perziureta"), 303);
    assert_eq!(sign(&mut visitor, &good), 422, "signed before it was changed");
    let document = visitor.client.get(&format!("{address}/dokumentas.pdf")).body;
    let good = ground.place.sign(&visitor.person.code, &document);
    assert_eq!(sign(&mut visitor, &good), 303);
    // Handed in, it stays as it is.
    let before = ground.of_organisation(&visitor.code);
    let version = ground.count(&format!("SELECT version FROM submission WHERE id = {id}")).to_string();
    let csrf = visitor.csrf();
    for step in ["", "/perziureta", "/atgal", "/atsisakyti"] {
        let answer = visitor.client.post(&format!("{address}{step}"), &[("_csrf", &csrf), ("_versija", &version), ("veiksmas", "saugoti")]);
        assert_eq!(answer.status, 409, "{step}");
    }
    let again = visitor.client.upload(
        &format!("{address}/parasas"),
        &[("_csrf", &csrf), ("_versija", &version)],
        ("konteineris", "a.asice", &good),
    );
    assert_eq!(again.unwrap().status, 409);
    assert_eq!(ground.of_organisation(&visitor.code), before);
    // A request to clarify comes from the ministry, to a VIRS, and once.
    for role in ["km", "lrtk", "virs", "istaiga"] {
        let mut asking = ground.somebody(role);
        let csrf = asking.csrf();
        let asked =
            asking.client.post(&format!("{address}/patikslinti"), &[("_csrf", &csrf), ("klausimas", "?"), ("iki", "2099-01-01")]).status;
        assert_eq!(asked, if role == "virs" { 404 } else { 403 }, "{role}");
    }
}

#[test]
fn two_at_once_hand_in_once() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = complete_draft(&mut visitor, &ground.virs());
    let address = format!("/pateiktis/{id}");
    assert_eq!(press(&mut visitor.client, id, "tikrinti", FUNDS).status, 303);
    assert_eq!(visitor.send(id, "perziureta"), 303);
    let document = visitor.client.get(&format!("{address}/dokumentas.pdf")).body;
    let container = ground.place.sign(&visitor.person.code, &document);
    let page = visitor.client.get(&address);
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    let together = std::sync::Barrier::new(6);
    // Four sign at the same moment, two go back.
    let mut statuses = std::thread::scope(|threads| {
        let (visitor, together, address, csrf, version, container) = (&visitor, &together, &address, &csrf, &version, &container);
        let running: Vec<_> = (0..6)
            .map(|place| {
                threads.spawn(move || {
                    let mut client = visitor.client.clone();
                    let fields = [("_csrf", csrf.as_str()), ("_versija", version.as_str())];
                    together.wait();
                    if place < 4 {
                        client.upload(&format!("{address}/parasas"), &fields, ("konteineris", "a.asice", container)).unwrap().status
                    } else {
                        client.post(&format!("{address}/atgal"), &fields).status
                    }
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409], "one was first");
    let (state, receipts) = (
        ground.count(&format!("SELECT CASE state WHEN 'submitted' THEN 1 WHEN 'draft' THEN 0 ELSE 9 END FROM submission WHERE id = {id}")),
        ground.count(&format!("SELECT count(*) FROM audit WHERE action = 'submit' AND object = 'submission {id}'")),
    );
    assert_eq!(state, receipts);
}

#[test]
fn looking_changes_nothing_and_odd_methods_do_nothing() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = complete_draft(&mut visitor, &ground.virs());
    let done = ground.somebody("istaiga");
    let (mut done, virs) = (done, ground.virs());
    let done_id = hand_in(&ground.place, &mut done.client, &done.person, "lesos", &virs, &[], FUNDS);
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let query = format!(
        "_csrf={}&_versija={}&veiksmas=tikrinti&igaliojimas=1&virs={}",
        page.hidden("_csrf"),
        page.hidden("_versija"),
        visitor.code
    );
    let before = [ground.of_organisation(&visitor.code), ground.of_organisation(&done.code)];
    for (who, id) in [(&visitor, id), (&done, done_id)] {
        let cookie = cookies(&who.client);
        for route in routes() {
            for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "post", "X"] {
                let path = format!("{}?{query}", route.about(id, 1));
                let said = ask(ground.port, method, &path, &[("Cookie", &cookie), FORM], query.as_bytes());
                assert!(said.status < 500, "{method} {path}: {}", said.status);
                let is_shown = routes().iter().any(|other| other.method == "GET" && other.about(id, 1) == route.about(id, 1));
                let answered = matches!(method, "GET" | "HEAD") && is_shown;
                assert!(answered || matches!(said.status, 400 | 404), "{method} {path}: {}", said.status);
                assert!(method != "HEAD" || said.body.is_empty(), "HEAD {path} has a body");
            }
        }
    }
    assert_eq!([ground.of_organisation(&visitor.code), ground.of_organisation(&done.code)], before);
    assert_eq!(visitor.client.get("/pradzia").status, 200, "still signed in");
}
