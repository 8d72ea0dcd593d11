//! Letters about submissions, through a real mail server (aiosmtpd) that refuses, comes late, or is not there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use forms::Store;
use serde_json::Value;

use super::peer::{Place, entity_code};
use super::safety::FUNDS;
use super::way::hand_in;
use crate::country::home;

struct Mail {
    port: u16,
    process: Child,
}

impl Drop for Mail {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn python() -> Option<PathBuf> {
    let output = Command::new(home().join("tests/peers/mail/python.sh")).output().unwrap();
    if output.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().into())
}

/// A mail server on this port, or on a free one, with options of `server.py`.
fn mail(python: &Path, folder: &Path, port: u16, options: &[&str]) -> Mail {
    let mut process = Command::new(python)
        .arg(home().join("tests/peers/mail/server.py"))
        .args(["--until-input-ends", "--port", &port.to_string(), "--folder"])
        .arg(folder)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Mail { port: line.trim().strip_prefix("port ").unwrap().parse().unwrap(), process }
}

/// Letters that the server kept: recipient, `Message-ID`, everything.
fn kept(folder: &Path) -> Vec<(String, String, String)> {
    let mut letters = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "eml") {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let envelope: Value = serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().to_owned();
            letters.push((envelope["to"][0].as_str().unwrap().to_owned(), id, text));
        }
    }
    letters
}

/// Waits for something that is sure to come.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_200 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it never came: {what}");
}

#[test]
fn letters_come_once_the_server_takes_them_and_none_is_lost_when_the_endpoint_is_killed() {
    let Some(python) = python() else { return };
    let Some(place) = Place::prepare(41) else { return };
    let folder = place.country.path("mailbox");
    // Nobody listens there yet: whoever comes first is told to come again.
    let server = mail(&python, &folder, 0, &["--fail-first", "1", "--reject", "asmuo3@example.invalid"]);
    let port = server.port;
    let path = place.country.path("virsis.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    let (before, _) = settings.split_once("[forms.mail]").unwrap();
    let smtp = format!(
        "[forms.mail]\ndelivery = 'smtp'\nhost = '127.0.0.1'\nport = {port}\ntls = 'none'\nfrom = 'VIRSIS <virsis@example.invalid>'\ntimeout_seconds = 10\n"
    );
    std::fs::write(&path, format!("{before}{smtp}")).unwrap();
    let all = place.country.table("public", "virs");
    let mut virs = all.iter().filter(|row| row["virs_iki"].is_null()).map(|row| row["ja_kodas"].as_str().unwrap().to_owned());
    let (first, second) = (virs.next().unwrap(), virs.next().unwrap());
    let giver = place.person(1, "istaiga", &entity_code(1), "Įstaiga");
    let people = [giver.clone(), place.person(2, "virs", &first, "Pirmas"), place.person(3, "virs", &second, "Antras")];
    let mut serving = place.serve();
    let mut client = place.sign_in(&serving, &giver);
    let one = hand_in(&place, &mut client, &giver, "lesos", &first, &[], FUNDS);
    let other = hand_in(&place, &mut client, &giver, "lesos", &second, &[], FUNDS);
    let store = Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let number = |sql: &str| -> i64 { store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap() };
    assert_eq!(number("SELECT count(*) FROM outbox"), 2);
    // One was told to come again, the other's recipient is unknown, for good; which comes first is of no matter.
    until("both were tried", || number("SELECT count(*) FROM outbox WHERE attempts = 0") == 0);
    let soon = || {
        store.write::<_, forms::Error>(forms::store::Durability::Usual, |transaction| {
            Ok(transaction.execute("UPDATE outbox SET next_attempt = written", [])?)
        })
    };
    soon().unwrap();
    until("the recipient who is not there is given up", || number("SELECT count(*) FROM outbox WHERE given_up IS NOT NULL") == 1);
    until("the letter comes the second time", || number("SELECT count(*) FROM outbox WHERE delivered IS NOT NULL") == 1);
    let letters = kept(&folder);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].0, "asmuo2@example.invalid");
    assert_eq!(
        number(&format!("SELECT count(*) FROM outbox WHERE id LIKE 'new-data-{one}-%' AND delivered IS NOT NULL AND attempts = 2")),
        1
    );
    assert_eq!(number(&format!("SELECT count(*) FROM outbox WHERE id LIKE 'new-data-{other}-%' AND given_up IS NOT NULL")), 1);

    // The mail server is down, submissions go on; the endpoint is killed with letters waiting.
    drop(server);
    let more: Vec<i64> = (0..4).map(|_| hand_in(&place, &mut client, &giver, "lesos", &first, &[], FUNDS)).collect();
    serving.kill();
    drop(serving);
    assert_eq!(number("SELECT count(*) FROM outbox WHERE delivered IS NULL AND given_up IS NULL"), 4);
    // A server that takes a letter and dies before it says so: it is sent again, under the same number.
    let breaking = mail(&python, &folder, port, &["--close", "asmuo2@example.invalid"]);
    soon().unwrap();
    let mut serving = place.serve();
    until("each letter was taken once, without a word", || kept(&folder).len() >= 5);
    serving.kill();
    drop((serving, breaking));
    assert_eq!(number("SELECT count(*) FROM outbox WHERE delivered IS NOT NULL"), 1);
    let server = mail(&python, &folder, port, &[]);
    soon().unwrap();
    let serving = place.serve();
    until("all letters are delivered", || number("SELECT count(*) FROM outbox WHERE delivered IS NULL AND given_up IS NULL") == 0);
    drop((serving, server));
    assert_eq!(number("SELECT count(*) FROM outbox WHERE given_up IS NOT NULL"), 1);
    let letters = kept(&folder);
    let mut numbers: Vec<&str> = letters.iter().map(|(_, id, _)| id.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 5, "one letter for each submission, however often it was sent");
    for id in &more {
        assert!(numbers.iter().any(|number| number.contains(&format!("new-data-{id}-"))), "{numbers:?}");
    }
    for (to, _, text) in &letters {
        assert_eq!(to, "asmuo2@example.invalid");
        for person in &people {
            assert!(!text.contains(&person.code), "a letter holds a code");
        }
    }
    let bodies = number("SELECT count(*) FROM outbox WHERE body GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'");
    assert_eq!(bodies, 0, "nothing in a letter looks like a code");
    place.country.ok(&["audit-log", "verify"]);
}
