//! Against a service made of our own parts: for machines without Python, and for what no real service does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use connectors::ws::{Flaw, NAMESPACE, Post};
use connectors::{Error, Ws, WsSettings};
use xmlsignature::{ENVELOPE_NAMESPACE, Hash, Policy, PublicKey, SigningKey, sign, verify};

use crate::{CONTACTS, PARTICIPANTS, as_of, column, entities, entity, read};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("xmlsignature/tests/keys").join(name)
}

/// A private key from the repository, whose files cannot be closed to others.
fn closed(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(file(name), &path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// Answers with one owner for each code: the next entity, up to the twentieth.
struct Loopback {
    key: SigningKey,
    policy: Policy,
    seen: Arc<Mutex<Vec<String>>>,
    spoil: fn(String) -> Vec<u8>,
}

impl Post for Loopback {
    fn post(&self, _: &'static str, _: &str, message: String, _: Instant) -> Result<Vec<u8>, Error> {
        let question = verify(&message, NAMESPACE, "uzklausa", &self.policy).unwrap();
        let part = |begin: &str| question.canonical().split(begin).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let (id, extract) = (part(" id=\""), part(" israsas=\""));
        let codes = question.canonical().split("<v:kodas>").skip(1).map(|rest| rest.split('<').next().unwrap());
        let mut about = String::new();
        for code in codes {
            self.seen.lock().unwrap().push(code.to_owned());
            let number: u32 = code[1..8].parse().unwrap();
            let fields = match extract.as_str() {
                "jadis__dalyviai" if number < 20 => {
                    format!("<dalyvio_rusis>J</dalyvio_rusis><dal_kodas>{}</dal_kodas>", entity(number + 1))
                }
                _ => String::new(),
            };
            about += &format!("<apie kodas=\"{code}\"><{extract}><ja_kodas>{code}</ja_kodas>{fields}</{extract}></apie>");
        }
        let answer = format!("<atsakymas xmlns=\"{NAMESPACE}\" id=\"a\" uzklausa=\"{id}\" israsas=\"{extract}\">{about}</atsakymas>");
        let answer = format!("<s:Envelope xmlns:s=\"{ENVELOPE_NAMESPACE}\"><s:Body>{answer}</s:Body></s:Envelope>");
        Ok((self.spoil)(sign(&answer, "a", &self.key).unwrap()))
    }
}

/// The service with these settings changed, its answers spoiled, and what it was asked.
fn service(change: fn(&mut WsSettings), spoil: fn(String) -> Vec<u8>) -> (Ws, Arc<Mutex<Vec<String>>>) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings: WsSettings = parsed(&format!(
        "{{\"address\": \"https://registras.example\", \"key_file\": {:?}, \"service_keys\": [{:?}]}}",
        closed(folder.path(), "ours.key"),
        file("service.crt")
    ))
    .unwrap();
    settings.requests_per_second = 10_000;
    change(&mut settings);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let post = Loopback {
        key: SigningKey::from_file(&closed(folder.path(), "service.key")).unwrap(),
        policy: Policy { keys: vec![PublicKey::from_file(&file("ours.crt")).unwrap()], hashes: vec![Hash::Sha256] },
        seen: seen.clone(),
        spoil,
    };
    (Ws::posting(&settings, Box::new(post), as_of()).unwrap(), seen)
}

fn parsed(text: &str) -> Result<WsSettings, serde_json::Error> {
    serde_json::from_str(text)
}

const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_chain_is_followed_to_its_end() {
    let (service, seen) = service(|settings| settings.concurrency = 3, String::into_bytes);
    let (batches, _) = read(&service, PARTICIPANTS, Some(&entities([12, 1])), LONG).unwrap();
    assert_eq!(column(&batches, "ja_kodas").len(), 20);
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, entities(1..=20));
}

#[test]
fn order_does_not_depend_on_how_many_are_asked_at_once() {
    let (service, _) = service(|settings| (settings.batch, settings.concurrency) = (2, 5), String::into_bytes);
    let wanted = entities((1..=31).rev());
    assert_eq!(column(&read(&service, CONTACTS, Some(&wanted), LONG).unwrap().0, "ja_kodas"), wanted);
}

#[test]
fn unreadable_and_oversized_answers_are_refused() {
    let flaw = |change: fn(&mut WsSettings), spoil: fn(String) -> Vec<u8>| match read(
        &service(change, spoil).0,
        CONTACTS,
        Some(&entities([1])),
        LONG,
    ) {
        Err(Error::WebService { flaw, .. }) => flaw,
        other => panic!("{other:?}"),
    };
    assert_eq!(flaw(|_| {}, |answer| [answer.as_bytes(), b"\xff"].concat()), Flaw::NotText);
    assert_eq!(flaw(|settings| settings.most_answer_bytes = 100, String::into_bytes), Flaw::TooLarge { most: 100 });
    assert_eq!(flaw(|_| {}, |_| Vec::new()), Flaw::Signature { reason: xmlsignature::Error::NotXml });
}

#[test]
fn after_the_deadline_nobody_is_asked() {
    let (service, seen) = service(|settings| (settings.batch, settings.requests_per_second) = (1, 2), String::into_bytes);
    let error = read(&service, CONTACTS, Some(&entities(1..=9)), Duration::from_millis(700)).unwrap_err();
    assert!(matches!(error, Error::WebService { flaw: Flaw::DeadlinePassed, .. }), "{error:?}");
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[test]
fn settings_have_defaults_and_no_other_keys() {
    let base = "\"address\": \"https://r\", \"key_file\": \"k\", \"service_keys\": [\"c\"]";
    let settings = parsed(&format!("{{{base}}}")).unwrap();
    assert_eq!((settings.batch, settings.hashes), (100, vec![Hash::Sha256]));
    assert!(parsed(&format!("{{{base}, \"hashes\": [\"sha1\", \"sha512\"], \"depth\": 3}}")).is_ok());
    assert!(parsed(&format!("{{{base}, \"hashes\": [\"md5\"]}}")).is_err());
    assert!(parsed(&format!("{{{base}, \"bacth\": 3}}")).is_err());
    assert!(parsed("{\"address\": \"https://r\"}").is_err());
}

#[test]
fn settings_that_make_no_sense_are_refused_by_their_key() {
    for (key, spoiled) in [
        ("batch", (|settings| settings.batch = 0) as fn(&mut WsSettings)),
        ("concurrency", |settings| settings.concurrency = 0),
        ("requests_per_second", |settings| settings.requests_per_second = 0),
        ("service_keys", |settings| settings.service_keys.clear()),
    ] {
        let mut settings = parsed("{\"address\": \"https://r\", \"key_file\": \"k\", \"service_keys\": [\"c\"]}").unwrap();
        spoiled(&mut settings);
        assert!(Ws::new(&settings, as_of()).unwrap_err().to_string().contains(&format!("`{key}`")));
    }
}
