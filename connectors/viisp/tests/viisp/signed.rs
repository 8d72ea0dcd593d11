//! Whatever VIISP itself signs never makes the client panic, and never makes it take one sign-in for another.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use proptest::prelude::*;
use viisp::{NAMESPACE, Person, Settings, Ticket, Viisp};
use xmlsignature::{ENVELOPE_NAMESPACE, Hash, SigningKey, sign};

const CORRELATION: &str = "correlation-0123";

/// A server that says the same to everybody, and the client of it. The keys are those of `xmlsignature`'s tests.
struct Saying {
    key: SigningKey,
    message: Arc<Mutex<Vec<u8>>>,
    viisp: Viisp,
}

impl Saying {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../xmlsignature/tests/keys");
        for name in ["ours.key", "service.key", "service.pub"] {
            fs::copy(keys.join(name), folder.path().join(name)).unwrap();
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let message = Arc::new(Mutex::new(Vec::new()));
        let said = message.clone();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                // The question is one write of the client, well below this.
                let _ = connection.read(&mut [0; 65536]);
                let body = said.lock().unwrap();
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&body));
            }
        });
        let settings = Settings {
            portal: "https://viisp.example/".parse().unwrap(),
            service,
            pid: "VSID000000000113".to_owned(),
            key_file: folder.path().join("ours.key"),
            service_keys: vec![folder.path().join("service.pub")],
            hashes: vec![Hash::Sha256],
            providers: vec!["auth.lt.bank".to_owned()],
            timeout_seconds: 10,
            authorities_file: None,
        };
        let key = SigningKey::from_file(&folder.path().join("service.key")).unwrap();
        Self { viisp: Viisp::new(&settings).unwrap(), key, message }
    }

    /// Who is signed in by this answer.
    fn person(&self, answer: &[u8]) -> Option<Person> {
        *self.message.lock().unwrap() = answer.to_vec();
        self.viisp.person(&Ticket::parse("ticket").unwrap(), CORRELATION).ok()
    }

    fn signed(&self, content: &str) -> Option<String> {
        let answer = format!(
            "<s:Envelope xmlns:s=\"{ENVELOPE_NAMESPACE}\"><s:Body><a:authenticationDataResponse xmlns:a=\"{NAMESPACE}\" id=\"one\">{content}\
             </a:authenticationDataResponse></s:Body></s:Envelope>"
        );
        sign(&answer, "one", &self.key).ok()
    }
}

/// A good answer for this sign-in.
fn good(correlation: &str) -> String {
    format!(
        "<a:authenticationProvider>auth.lt.bank</a:authenticationProvider><a:authenticationAttribute><a:attribute>lt-personal-code</a:attribute>\
         <a:value>33309240064</a:value></a:authenticationAttribute><a:userInformation><a:information>lastName</a:information><a:value>\
         <a:stringValue>X</a:stringValue></a:value></a:userInformation><a:customData>{correlation}</a:customData>"
    )
}

#[test]
fn whatever_is_answered_nobody_else_is_signed_in() {
    let saying = Saying::new();
    let good_answer = saying.signed(&good(CORRELATION)).unwrap().into_bytes();
    let them = saying.person(&good_answer).unwrap();
    let pieces = prop::collection::vec(
        prop_oneof![
            Just(good("correlation-0124")),
            Just("<a:customData/>".to_owned()),
            Just("<b>".to_owned()),
            Just("</b>".to_owned()),
            "[<>&;#a-z\"']{0,8}",
            any::<String>(),
        ],
        0..6,
    );
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in prop::collection::vec(any::<u8>(), 0..200), pieces in pieces, place in any::<prop::sample::Index>(), byte in any::<u8>())| {
        prop_assert!(saying.person(&bytes).is_none());
        if let Some(signed) = saying.signed(&pieces.concat()) {
            prop_assert!(saying.person(signed.as_bytes()).is_none());
        }
        let place = place.index(good_answer.len());
        prop_assert!(saying.person(&good_answer[..place]).is_none());
        // What stands outside the signed element, or in the key beside it, may change, but changes nothing.
        let mut changed = good_answer.clone();
        changed[place] = byte;
        prop_assert!(saying.person(&changed).is_none_or(|person| person == them));
    });
}
