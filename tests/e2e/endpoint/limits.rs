//! Bounds: of drafts and what is attached to them, of their age, of patience with connections; and whose address counts.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use forms::store::{self, Durability};

use super::client::{Answer, Client};
use super::ground::{Visitor, ground};
use super::peer::{Place, entity_code};
use super::safety::FUNDS;
use super::way::{draft, hand_in, press};

const MIB: usize = 1 << 20;

/// Attaches a document of this size.
fn attach(visitor: &mut Visitor, id: i64, size: usize) -> Answer {
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija")), ("veiksmas", "saugoti".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(size, b' ');
    visitor.client.upload(&format!("/pateiktis/{id}"), &fields, ("priedas", "a.pdf", &bytes)).unwrap()
}

#[test]
fn an_organisation_has_only_so_many_drafts_corrections_among_them() {
    let Some(ground) = ground() else { return };
    let (mut visitor, virs) = (ground.somebody("istaiga"), ground.virs());
    let person = visitor.person.clone();
    let done = [0; 2].map(|_| hand_in(&ground.place, &mut visitor.client, &person, "lesos", &virs, &[], FUNDS));
    let drafts: Vec<i64> = (0..49).map(|_| draft(&mut visitor.client, "lesos", &virs)).collect();
    assert_eq!(visitor.send(done[0], "taisyti"), 303, "the fiftieth");
    let csrf = visitor.csrf();
    let begun = visitor.client.post("/teikti/lesos", &[("_csrf", &csrf), ("virs", &virs)]);
    assert!(begun.status == 409 && begun.text().contains("Per daug juodraščių"), "{}", begun.text());
    assert_eq!(visitor.send(done[1], "taisyti"), 409, "a correction is a draft, too");
    assert_eq!(visitor.send(done[0], "taisyti"), 303, "whoever has begun one goes on with it");
    assert_eq!(visitor.send(drafts[0], "atsisakyti"), 303);
    assert_eq!(visitor.send(done[1], "taisyti"), 303);
}

#[test]
fn what_is_attached_is_bounded_in_sum() {
    let Some(ground) = ground() else { return };
    let (mut visitor, virs) = (ground.somebody("istaiga"), ground.virs());
    let first = draft(&mut visitor.client, "lesos", &virs);
    for size in [10 * MIB, 10 * MIB] {
        assert_eq!(attach(&mut visitor, first, size).status, 200);
    }
    let refused = attach(&mut visitor, first, 5 * MIB + 1);
    assert!(refused.status == 422 && refused.text().contains("iki 25 MB"), "{}", refused.text());
    assert_eq!(attach(&mut visitor, first, 5 * MIB).status, 200);
    for _ in 0..3 {
        let next = draft(&mut visitor.client, "lesos", &virs);
        for size in [10 * MIB, 10 * MIB, 5 * MIB] {
            assert_eq!(attach(&mut visitor, next, size).status, 200);
        }
    }
    let last = draft(&mut visitor.client, "lesos", &virs);
    let refused = attach(&mut visitor, last, MIB);
    assert!(refused.status == 422 && refused.text().contains("iki 100 MB"), "{}", refused.text());
    assert_eq!(ground.count(&format!("SELECT count(*) FROM attachment WHERE submission = {last}")), 0);
    assert_eq!(visitor.send(first, "atsisakyti"), 303);
    assert_eq!(attach(&mut visitor, last, MIB).status, 200, "there is room again");
}

#[test]
fn a_draft_shows_until_when_it_is_kept_and_is_emptied_after_that() {
    let Some(place) = Place::prepare(36) else { return };
    let path = place.country.path("virsis.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("[forms]\n", "[forms]\ndraft_days = 30\n")).unwrap();
    let person = place.person(1, "istaiga", &entity_code(1), "Įstaiga");
    let virs = place.country.table("public", "virs");
    let virs = virs.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    let mut serving = place.serve();
    let mut client = place.sign_in(&serving, &person);
    let [old, fresh] = [0; 2].map(|_| draft(&mut client, "lesos", &virs));
    for id in [old, fresh] {
        assert_eq!(press(&mut client, id, "saugoti", FUNDS).status, 200);
    }
    let until = (Utc::now() + TimeDelta::days(30)).with_timezone(&chrono_tz::Europe::Vilnius).format("%Y-%m-%d").to_string();
    let page = client.get("/pradzia").text();
    assert_eq!(page.matches(&format!("<td class=\"date\">{until}</td>")).count(), 2, "{page}");
    serving.kill();
    let forms_store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let age = |id: i64, days: i64| {
        let at = store::stamp(Utc::now() - TimeDelta::days(days));
        let sql = "UPDATE submission SET changed = ?2 WHERE id = ?1";
        forms_store.write::<_, forms::Error>(Durability::Usual, |transaction| Ok(transaction.execute(sql, (id, &at))?)).unwrap();
    };
    age(old, 31);
    age(fresh, 29);
    let serving = place.serve();
    // What has ended is cleared away at the start, beside everything else.
    let is_gone = |client: &mut Client, id: i64| client.get(&format!("/pateiktis/{id}")).text().contains("Atsisakyta");
    assert!((0..5_000).any(|_| is_gone(&mut client, old)));
    assert!(!is_gone(&mut client, fresh));
    let content = |id: i64| {
        let sql = format!("SELECT content FROM submission WHERE id = {id}");
        forms_store.read(|connection| Ok(connection.query_row(&sql, [], |row| row.get::<_, String>(0))?)).unwrap()
    };
    assert_eq!((content(old).as_str(), content(fresh).contains("dotacija")), ("{}", true));
    drop(serving);
    place.country.ok(&["audit-log", "verify"]);
}

#[test]
fn who_says_nothing_to_its_end_is_not_waited_for() {
    let Some(ground) = ground() else { return };
    for text in ["", "GET /pagalba HTTP/1.1\r\nHost: a\r\n", "GET /pagalba HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"].map(str::to_owned) {
        let mut stream = TcpStream::connect(("127.0.0.1", ground.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        // The endpoint ends the connection; that we lose patience would be an error here.
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert_eq!(said.contains("200 OK"), text.ends_with("\r\n\r\n"), "{text}");
    }
}

#[test]
fn whose_address_counts_must_be_said_behind_a_web_server() {
    let Some(place) = Place::prepare(37) else { return };
    let path = place.country.path("virsis.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let origin = settings.lines().find(|line| line.starts_with("origin")).unwrap().to_owned();
    let with = |more: &str| {
        std::fs::write(&path, settings.replace(&origin, &format!("origin = 'https://teikimas.example.invalid'\n{more}"))).unwrap();
        String::from_utf8(place.country.run(&["doctor"]).stdout).unwrap()
    };
    for said in ["behind_proxy = true", "behind_proxy = false"] {
        assert!(with(said).contains("ok     form endpoint: public address https://teikimas.example.invalid"), "{said}");
    }
    let doubt = with("");
    assert!(doubt.contains("WRONG  form endpoint: forms.behind_proxy is not set"), "{doubt}");
    assert_eq!(place.country.run(&["doctor"]).status.code(), Some(1));
    let serving = place.serve();
    assert!(std::fs::read_to_string(place.country.path("serve.log")).unwrap().contains("forms.behind_proxy is not set"));
    drop(serving);
}
