//! The endpoint is killed while people hand in: whoever was shown a receipt finds everything, and nobody finds half of anything.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use forms::Store;

use super::client::{Answer, Client};
use super::peer::{Person, Place, entity_code};

/// People who hand in at the same time.
const PEOPLE: u32 = 8;
/// What each of them hands in.
const EACH: usize = 5;
/// How often the endpoint is killed at least.
const KILLS: usize = 6;
/// It is killed after some answers more, at most so many: all kills come before the people can be done, who need eight answers each time.
const MOST_ANSWERS_BETWEEN: u32 = 48;

/// What the people were told.
#[derive(Default)]
struct Told {
    answers: AtomicUsize,
    /// Containers by submission, of whom the answer with the receipt's address came.
    receipts: Mutex<BTreeMap<i64, Vec<u8>>>,
    /// Submissions that turned out to be handed in although no answer had come.
    found: Mutex<BTreeSet<i64>>,
}

#[test]
fn of_what_people_were_given_receipts_for_nothing_is_lost_however_often_the_endpoint_is_killed() {
    let Some(place) = Place::prepare(21) else { return };
    let all = place.country.table("public", "virs");
    let virs = all.iter().find(|row| row["virs_iki"].is_null()).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    // Whoever represents the VIRS gets a letter about each submission.
    place.person(90, "virs", &virs, "Savas VIRS");
    let people: Vec<Person> = (0..PEOPLE).map(|number| place.person(number, "istaiga", &entity_code(number), "Įstaiga")).collect();
    let mut serving = Some(place.serve());
    let clients: Vec<Client> = people.iter().map(|person| place.sign_in(serving.as_ref().unwrap(), person)).collect();
    let told = Told::default();
    let mut kills = 0;
    std::thread::scope(|threads| {
        let working: Vec<_> = people
            .iter()
            .zip(clients)
            .map(|(person, client)| {
                let mut worker = Worker { place: &place, person, client, virs: &virs, told: &told };
                threads.spawn(move || (0..EACH).for_each(|_| worker.hand_in()))
            })
            .collect();
        let mut random = 11_u32;
        while kills < KILLS || !working.iter().all(|thread| thread.is_finished()) {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let until = told.answers.load(Ordering::Relaxed) + (random >> 8) as usize % MOST_ANSWERS_BETWEEN as usize;
            while told.answers.load(Ordering::Relaxed) < until && !working.iter().all(|thread| thread.is_finished()) {
                // Short, and not in step with anything.
                std::thread::sleep(Duration::from_micros(u64::from(random % 3_000)));
            }
            assert!(kills < 100, "the people come to no end");
            if let Some(mut running) = serving.take() {
                running.kill();
            }
            kills += 1;
            check(&place, &told);
            serving = Some(place.serve());
        }
        working.into_iter().for_each(|thread| thread.join().unwrap());
    });
    drop(serving.take());
    check(&place, &told);
    let (receipts, found) = (told.receipts.into_inner().unwrap(), told.found.into_inner().unwrap());
    assert_eq!(receipts.len() + found.len(), PEOPLE as usize * EACH, "everybody came to the end of everything");
    println!("{kills} kills, {} receipts, {} found handed in without an answer", receipts.len(), found.len());
}

/// What must hold while the endpoint is down.
fn check(place: &Place, told: &Told) {
    let receipts = told.receipts.lock().unwrap().clone();
    let log = std::fs::read_to_string(place.country.path("serve.log")).unwrap();
    assert!(!log.contains("panicked") && !log.contains("a page could not be shown"), "{log}");
    place.country.ok(&["audit-log", "verify"]);
    let store = Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let number = |sql: &str| -> i64 { store.read(|connection| Ok(connection.query_row(sql, [], |row| row.get(0))?)).unwrap() };
    let handed_in =
        "state = 'submitted' AND receipt IS NOT NULL AND submitted IS NOT NULL AND document IS NOT NULL AND container IS NOT NULL
        AND signed IS NOT NULL AND signer IS NOT NULL";
    for (id, container) in &receipts {
        assert_eq!(number(&format!("SELECT count(*) FROM submission WHERE id = {id} AND {handed_in}")), 1, "submission {id} got a receipt");
        let kept: Vec<u8> = store.read(|connection| forms::store::container(connection, *id)).unwrap().unwrap();
        assert_eq!(&kept, container, "the very container of submission {id}");
    }
    // Whole, or not at all: a submission is handed in with all that belongs to it, or is where it was before.
    let neither = format!(
        "NOT ({handed_in}) AND NOT (state IN ('draft', 'formed', 'reviewed') AND receipt IS NULL AND container IS NULL AND submitted IS NULL)"
    );
    assert_eq!(number(&format!("SELECT count(*) FROM submission WHERE {neither}")), 0);
    assert_eq!(
        number("SELECT count(*) FROM submission WHERE (state = 'draft') <> (document IS NULL)"),
        0,
        "a draft has no document, all else has one"
    );
    let of = |action: &str| format!("(SELECT count(*) FROM audit WHERE action = '{action}' AND object = 'submission ' || submission.id)");
    for action in ["sign", "submit"] {
        let wrong = number(&format!("SELECT count(*) FROM submission WHERE {} <> (state = 'submitted')", of(action)));
        assert_eq!(wrong, 0, "{action} stands in the audit log once for each submission that was handed in");
    }
    assert_eq!(number(&format!("SELECT count(*) FROM submission WHERE {} <> 1", of("begin"))), 0);
    let letters = "(SELECT count(*) FROM outbox WHERE outbox.id LIKE 'new-data-' || submission.id || '-%')";
    assert_eq!(number(&format!("SELECT count(*) FROM submission WHERE {letters} <> (state = 'submitted')")), 0, "one letter for each");
    assert_eq!(number("SELECT count(*) FROM outbox"), number("SELECT count(*) FROM submission WHERE state = 'submitted'"));
}

/// Somebody who hands in, and goes on with what is there when nothing answers.
struct Worker<'a> {
    place: &'a Place,
    person: &'a Person,
    client: Client,
    virs: &'a str,
    told: &'a Told,
}

impl Worker<'_> {
    fn hand_in(&mut self) {
        let id = loop {
            if let Ok(id) = self.begin() {
                break id;
            }
        };
        while !matches!(self.go_on(id), Ok(true)) {}
    }

    /// One request and its answer; waits for the endpoint when there is none.
    fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let answer = if method == "GET" { self.client.send(path, "GET", "", &[]) } else { self.client.try_post(path, fields) };
        self.heard(answer)
    }

    fn heard(&self, answer: io::Result<Answer>) -> io::Result<Answer> {
        match &answer {
            Ok(answer) => {
                assert!(answer.status < 500, "{}", answer.text());
                assert_ne!(answer.location.as_deref(), Some("/prisijungti"), "sessions outlive the endpoint");
                self.told.answers.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
        answer
    }

    fn begin(&mut self) -> io::Result<i64> {
        let page = self.ask("GET", "/teikti/lesos", &[])?;
        let begun = self.ask("POST", "/teikti/lesos", &[("_csrf", &page.hidden("_csrf")), ("virs", self.virs)])?;
        Ok(begun.location.unwrap().rsplit('/').next().unwrap().parse().unwrap())
    }

    /// The step that the page of the submission asks for; true when there is none left.
    fn go_on(&mut self, id: i64) -> io::Result<bool> {
        let address = format!("/pateiktis/{id}");
        let page = self.ask("GET", &address, &[])?;
        let text = page.text();
        if text.contains("<dt>Pateikimo numeris</dt>") {
            if !self.told.receipts.lock().unwrap().contains_key(&id) {
                self.told.found.lock().unwrap().insert(id);
            }
            return Ok(true);
        }
        let sent = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
        let mut sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if text.contains("value=\"tikrinti\"") {
            sent.extend([
                ("lesos.0.sutarties_rusis", "dotacija"),
                ("lesos.0.suma", "10,50"),
                ("lesos.0.data", "2026-02-02"),
                ("veiksmas", "tikrinti"),
            ]);
            assert!(matches!(self.ask("POST", &address, &sent)?.status, 303 | 409));
        } else if text.contains("/perziureta\"") {
            assert!(matches!(self.ask("POST", &format!("{address}/perziureta"), &sent)?.status, 303 | 409));
        } else {
            let document = self.ask("GET", &format!("{address}/dokumentas.pdf"), &[])?;
            let container = self.place.sign(&self.person.code, &document.body);
            let answer = self.client.upload(&format!("{address}/parasas"), &sent, ("konteineris", "dokumentas.asice", &container));
            let answer = self.heard(answer)?;
            assert_eq!(answer.location.as_deref(), Some(format!("{address}?pateikta=1").as_str()), "{}", answer.text());
            self.told.receipts.lock().unwrap().insert(id, container);
        }
        Ok(false)
    }
}
