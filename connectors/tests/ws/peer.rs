//! The web-service transport against a service that shares no code with it: `tests/peers/ws_server.py` (signxml, lxml, OpenSSL,
//! and `xmlsec1` where it is installed). Skipped where Python or its packages are missing; with `VIRSIS_PEERS_REQUIRED=1`
//! the packages are installed first, and what is still missing is a failure.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use connectors::ws::Flaw;
use connectors::{Batch, Error, HttpSettings, Memory, Problem, Ws, WsSettings};
use xmlsignature::{Error as Unbelieved, Hash};

use crate::{CONTACTS, PARTICIPANTS, PERSONS, as_of, column, entities, entity, person, read, root};

/// The running service; it ends when this process does, as its standard input ends then.
struct Peer {
    folder: tempfile::TempDir,
    plain: u16,
    mutual: u16,
    _process: Child,
}

static PEER: LazyLock<Option<Peer>> = LazyLock::new(|| match start() {
    Ok(peer) => Some(peer),
    Err(reason) if is_required() => panic!("no peer: {reason}"),
    Err(reason) => {
        eprintln!("SKIPPED: the web service of the tests cannot run here: {reason}");
        None
    }
});

/// Whether a peer that cannot run is a failure; its packages are then installed, too.
fn is_required() -> bool {
    std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1")
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))) }
}

/// The Python with the packages of `tests/peers/requirements.txt`.
fn python() -> Result<PathBuf, String> {
    let output = Command::new(root().join("tests/peers/python.sh")).output().map_err(|error| error.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout).into()) } else { Err(said(&output.stderr)) }
}

fn start() -> Result<Peer, String> {
    let python = python()?;
    let script = root().join("tests/peers/ws_server.py");
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    run(Command::new(&python).arg(&script).arg("prepare").arg(folder.path()))?;
    let mut process = Command::new(&python)
        .arg(&script)
        .arg("serve")
        .arg(folder.path())
        .arg(root().join("data/ws/virsis-registrai.v1.xsd"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
    let mut port = |name: &str| {
        let line = lines.next().and_then(Result::ok).unwrap_or_default();
        line.strip_prefix(name).and_then(|port| port.trim().parse().ok()).ok_or(format!("the service did not start: {line}"))
    };
    Ok(Peer { plain: port("plain")?, mutual: port("mutual")?, folder, _process: process })
}

impl Peer {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn settings(&self, path: &str) -> WsSettings {
        WsSettings {
            address: format!("http://127.0.0.1:{}/{path}", self.plain),
            key_file: self.file("ours.key"),
            service_keys: vec![self.file("service.crt")],
            hashes: vec![Hash::Sha256],
            batch: 100,
            concurrency: 4,
            requests_per_second: 1_000,
            budget: 1_000,
            depth: 10,
            most_answer_bytes: 1 << 20,
            http: impatient(),
        }
    }

    /// What the peer noted of the questions it got at `path`.
    fn seen(&self, path: &str) -> Vec<serde_json::Value> {
        let notes = std::fs::read_to_string(self.file("seen.jsonl")).unwrap_or_default();
        let notes = notes.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        notes.filter(|note| note["mode"] == path).collect()
    }

    fn asked(&self, path: &str) -> Vec<String> {
        let codes = |note: serde_json::Value| serde_json::from_value::<Vec<String>>(note["codes"].clone()).unwrap();
        self.seen(path).into_iter().flat_map(codes).collect()
    }
}

fn impatient() -> HttpSettings {
    HttpSettings { attempts: 1, stall: Duration::from_secs(2), pause: Duration::from_millis(1), ..HttpSettings::default() }
}

fn ask_over(network: &HttpSettings, settings: &WsSettings, table: &str, wanted: Option<&[String]>) -> Result<(Vec<Batch>, Memory), Error> {
    let settings = WsSettings { http: network.clone(), ..settings.clone() };
    read(&Ws::new(&settings, as_of())?, table, wanted, Duration::from_secs(60))
}

fn ask(settings: &WsSettings, table: &str, wanted: &[String]) -> Result<(Vec<Batch>, Memory), Error> {
    ask_over(&impatient(), settings, table, Some(wanted))
}

#[test]
fn questions_and_answers_are_understood_by_independent_tools() {
    let Some(peer) = &*PEER else { return };
    let (batches, memory) = ask(&peer.settings("valid"), CONTACTS, &entities([1, 7, 2])).unwrap();
    assert_eq!(column(&batches, "ja_kodas"), [entity(1), entity(2)]);
    assert_eq!(column(&batches, "el_pastas"), ["info@1.example", "info@2.example"]);
    assert_eq!(column(&batches, "telefonas"), ["-", "-"]);
    assert_eq!(batches[0].row_numbers, [1, 2]);
    assert_eq!(memory, Memory::default());
    let seen = peer.seen("valid");
    let seen = seen.iter().find(|note| note["extract"] == "jar__kontaktai").unwrap();
    assert_eq!(seen["date"], "2026-10-31");
    assert_eq!(seen["action"], "\"urn:virsis:registrai:1:klausti\"");
}

#[test]
fn the_description_can_be_read_by_an_independent_client() {
    let Some(_) = &*PEER else { return };
    let program = "import sys, zeep, lxml.etree; client = zeep.Client(sys.argv[1]); \
                   signature = lxml.etree.Element('{http://www.w3.org/2000/09/xmldsig#}Signature'); \
                   about = dict(id='a', israsas='jar__kontaktai', data='2026-10-31'); \
                   client.create_message(client.service, 'klausti', kodas=['300000010'], _value_1=signature, **about)";
    let description = root().join("data/ws/virsis-registrai.v1.wsdl");
    run(Command::new(python().unwrap()).args(["-c", program]).arg(description)).unwrap();
}

#[test]
fn line_breaks_prefixes_and_comments_change_nothing() {
    let Some(peer) = &*PEER else { return };
    let wanted = entities([1, 2]);
    let (batches, _) = ask(&peer.settings("pretty"), CONTACTS, &wanted).unwrap();
    assert_eq!(column(&batches, "el_pastas"), ["info@1.example", "info@2.example"]);
}

#[test]
fn the_owners_of_owners_are_asked_about_level_by_level_and_each_once() {
    let Some(peer) = &*PEER else { return };
    let path = "valid?chain";
    let (batches, _) = ask(&peer.settings(path), PARTICIPANTS, &entities([1, 5])).unwrap();
    assert_eq!(column(&batches, "dalyvio_nr"), ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(column(&batches, "dal_pavadinimas")[..3], ["UAB „Antra & trečia“", "-", "Foreign <Ltd>"]);
    assert_eq!(peer.asked(path), entities([1, 5, 2, 3, 4]));
    assert_eq!(peer.seen(path).len(), 3);
}

#[test]
fn a_used_up_budget_and_too_long_a_chain_are_errors_and_not_cuts() {
    let Some(peer) = &*PEER else { return };
    let path = "valid?budget";
    let settings = WsSettings { budget: 2, ..peer.settings(path) };
    let error = ask(&settings, PARTICIPANTS, &entities([1])).unwrap_err();
    assert!(matches!(error, Error::WebService { source_name: "jadis", flaw: Flaw::Budget { questions: 2, codes: 2 } }), "{error:?}");
    assert!(error.to_string().contains("`budget`"), "{error}");
    assert_eq!(peer.seen(path).len(), 2);
    let settings = WsSettings { depth: 1, ..peer.settings(path) };
    let error = ask(&settings, PARTICIPANTS, &entities([1])).unwrap_err();
    assert!(matches!(error, Error::WebService { flaw: Flaw::Depth { depth: 1, codes: 2, left: 2 }, .. }), "{error:?}");
}

#[test]
fn order_does_not_depend_on_how_many_are_asked_at_once() {
    let Some(peer) = &*PEER else { return };
    let wanted = entities((1..40).rev());
    let together = ask(&peer.settings("valid?together"), CONTACTS, &wanted).unwrap();
    for (batch, concurrency) in [(1, 8), (7, 3)] {
        let settings = WsSettings { batch, concurrency, ..peer.settings("valid?apart") };
        let apart = ask(&settings, CONTACTS, &wanted).unwrap();
        assert_eq!(column(&apart.0, "ja_kodas"), column(&together.0, "ja_kodas"));
        assert_eq!(column(&apart.0, "el_pastas"), column(&together.0, "el_pastas"));
        let numbers: Vec<u64> = apart.0.iter().flat_map(|batch| batch.row_numbers.clone()).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    }
    assert_eq!(column(&together.0, "ja_kodas"), entities((1..40).rev().filter(|number| number % 7 != 0)));
}

#[test]
fn questions_keep_their_distance() {
    let Some(peer) = &*PEER else { return };
    let path = "valid?pace";
    let settings = WsSettings { batch: 1, requests_per_second: 20, ..peer.settings(path) };
    ask(&settings, CONTACTS, &entities(1..=9)).unwrap();
    let mut began: Vec<f64> = peer.seen(path).iter().map(|note| note["began"].as_f64().unwrap()).collect();
    began.sort_by(f64::total_cmp);
    // Nine questions are eight pauses of 50 ms; a slow machine only makes them longer.
    assert!(began[8] - began[0] > 0.35, "{began:?}");
}

#[test]
fn persons_are_asked_for_by_code_and_no_code_stands_in_an_address() {
    let Some(peer) = &*PEER else { return };
    let path = "valid?persons";
    let wanted: Vec<String> = [3, 1, 999].map(person).into();
    let (batches, _) = ask(&peer.settings(path), PERSONS, &wanted).unwrap();
    assert_eq!(column(&batches, "vardas"), ["Vardas3", "Vardas1"]);
    for note in peer.seen(path) {
        assert!(wanted.iter().all(|code| !note["path"].as_str().unwrap().contains(code)));
    }
}

/// What is refused, and why. Each one but the last few is a message that a careless reader would take for an answer.
fn refused(peer: &Peer, path: &str) -> Error {
    ask(&peer.settings(path), CONTACTS, &entities([1, 2])).expect_err(path)
}

#[test]
fn answers_that_must_not_be_believed_are_refused() {
    let Some(peer) = &*PEER else { return };
    let place = |found| Unbelieved::Place(found);
    for (path, expected) in [
        ("altered", Unbelieved::Altered),
        ("other-key", Unbelieved::Key),
        ("sha1", Unbelieved::Hash),
        ("unsigned", place("no signature")),
        ("wrapped-in-header", place("a signature that refers to something else than the body's only child")),
        ("wrapped-with-same-id", place("a signature that refers to something else than the body's only child")),
        ("wrapped-inside", Unbelieved::Profile("a signature holds SignedInfo, SignatureValue and perhaps KeyInfo")),
        ("two-in-body", Unbelieved::Envelope),
        ("two-signatures", place("more than one signature")),
        ("bomb", Unbelieved::DocumentType),
        ("external", Unbelieved::DocumentType),
        ("undeclared", Unbelieved::NotXml),
        ("fault", Unbelieved::Fault("s:Server.NoContract".to_owned())),
    ] {
        match refused(peer, path) {
            Error::WebService { source_name: "jar", flaw: Flaw::Signature { reason } } => assert_eq!(reason, expected, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn signed_answers_that_do_not_fit_the_question_are_refused() {
    let Some(peer) = &*PEER else { return };
    for (path, expected) in [
        ("stranger", Flaw::Stranger),
        ("strange-row", Flaw::Stranger),
        ("missing", Flaw::Silent { count: 1 }),
        ("replayed", Flaw::OtherQuestion),
        ("unknown-field", Flaw::Answer { element: 6, found: "is no field of this extract" }),
    ] {
        match refused(peer, path) {
            Error::WebService { flaw, .. } => assert_eq!(flaw, expected, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn broken_answers_are_refused_by_the_client() {
    let Some(peer) = &*PEER else { return };
    let problem = |path| match refused(peer, path) {
        Error::Network { problem, .. } => problem,
        other => panic!("{path}: {other:?}"),
    };
    assert!(matches!(problem("html"), Problem::NotData { .. }));
    assert!(matches!(problem("cut"), Problem::Cut { .. }));
    assert!(matches!(problem("endless"), Problem::TooLarge { most: 1_048_576 }));
    assert!(matches!(problem("slow"), Problem::Stalled { .. }));
}

#[test]
fn a_service_that_is_busy_is_asked_again() {
    let Some(peer) = &*PEER else { return };
    let network = HttpSettings { attempts: 3, ..impatient() };
    ask_over(&network, &peer.settings("second-try"), CONTACTS, Some(&entities([1]))).unwrap();
    assert_eq!(peer.seen("second-try").len(), 2);
}

#[test]
fn no_error_holds_a_code_or_a_text_of_the_answer() {
    let Some(peer) = &*PEER else { return };
    let paths = "altered other-key sha1 unsigned wrapped-in-header two-signatures bomb stranger strange-row missing replayed unknown-field fault html cut";
    for path in paths.split(' ') {
        let error = refused(peer, path);
        let words = format!("{error} {error:?}");
        for secret in [entity(1), entity(2), entity(99), person(1), "example".to_owned(), "contract".to_owned()] {
            assert!(!words.contains(&secret), "{path}: {words}");
        }
    }
}

#[test]
fn an_old_hash_is_accepted_only_where_the_settings_say_so() {
    let Some(peer) = &*PEER else { return };
    let settings = WsSettings { hashes: vec![Hash::Sha256, Hash::Sha1], ..peer.settings("sha1") };
    ask(&settings, CONTACTS, &entities([1])).unwrap();
}

#[test]
fn while_a_service_changes_its_key_both_are_believed() {
    let Some(peer) = &*PEER else { return };
    let settings = WsSettings { service_keys: vec![peer.file("service.crt"), peer.file("other.crt")], ..peer.settings("other-key") };
    ask(&settings, CONTACTS, &entities([1])).unwrap();
}

#[test]
fn the_peer_believes_only_our_key() {
    let Some(peer) = &*PEER else { return };
    let settings = WsSettings { key_file: peer.file("other.key"), ..peer.settings("valid?wrong-key") };
    let error = ask(&settings, CONTACTS, &entities([1])).unwrap_err();
    assert!(error.to_string().contains("s:Client.Refused"), "{error}");
}

#[test]
fn a_service_that_wants_a_client_certificate_gets_ours() {
    let Some(peer) = &*PEER else { return };
    let settings = WsSettings { address: format!("https://127.0.0.1:{}/valid", peer.mutual), ..peer.settings("valid") };
    let ask = |identity: Option<&str>| {
        let identity_file = identity.map(|name| peer.file(name));
        let network = HttpSettings { authorities_file: Some(peer.file("authority.crt")), identity_file, ..impatient() };
        ask_over(&network, &settings, CONTACTS, Some(&entities([1])))
    };
    assert_eq!(column(&ask(Some("tls-client.pem")).unwrap().0, "el_pastas"), ["info@1.example"]);
    assert!(matches!(ask(None), Err(Error::Network { .. })));
    assert!(matches!(ask(Some("tls-stranger.pem")), Err(Error::Network { .. })));
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let Some(peer) = &*PEER else { return };
    let path = "valid?nothing";
    let flaw = |table, wanted: Option<&[String]>| match ask_over(&impatient(), &peer.settings(path), table, wanted) {
        Err(Error::WebService { flaw, .. }) => flaw,
        other => panic!("{other:?}"),
    };
    assert_eq!(flaw(CONTACTS, None), Flaw::NobodyNamed);
    assert_eq!(flaw("raw_jar__iregistruoti", Some(&[])), Flaw::NotServed);
    assert_eq!(flaw(CONTACTS, Some(&[entity(1), person(1), "<x/>".to_owned()])), Flaw::NotCodes { count: 2 });
    assert_eq!(flaw(PERSONS, Some(&[entity(1)])), Flaw::NotCodes { count: 1 });
    assert!(ask(&peer.settings(path), CONTACTS, &[]).unwrap().0.is_empty());
    assert!(peer.seen(path).is_empty());
}

#[test]
fn a_private_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let Some(peer) = &*PEER else { return };
    let open = peer.file("open.key");
    std::fs::copy(peer.file("ours.key"), &open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = ask(&WsSettings { key_file: open, ..peer.settings("valid") }, CONTACTS, &[]).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}
