use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::testing::{Reply, Server, Still, deadline, settings};

fn client(settings: &HttpSettings) -> (Http, Arc<Still>) {
    let clock = Still::new();
    (Http::with_clock(settings, clock.clone()).unwrap(), clock)
}

fn ask(server: &Server) -> (Result<Whole, Problem>, Arc<Still>) {
    let (http, clock) = client(&settings());
    (fetch(&http, &server.address), clock)
}

fn fetch(http: &Http, address: &str) -> Result<Whole, Problem> {
    http.fetch(&Call::get("jar", address, deadline())).map_err(problem)
}

fn problem(error: Error) -> Problem {
    match error {
        Error::Network { source_name: "jar", problem, .. } => problem,
        other => panic!("{other}"),
    }
}

fn seconds(slept: &[Duration]) -> Vec<u64> {
    slept.iter().map(Duration::as_secs).collect()
}

#[test]
fn what_passes_is_asked_again_after_growing_pauses() {
    let server = Server::script(vec![Reply::new(503, &[], ""), Reply::ok("abc").cut(1), Reply::new(500, &[], ""), Reply::ok("abc")]);
    let (answer, clock) = ask(&server);
    assert_eq!(answer.unwrap().bytes, b"abc");
    let slept = clock.slept();
    // Chance makes a pause up to twice as long.
    for (pause, least) in slept.iter().zip([1, 2, 4]) {
        assert!((least..=2 * least).contains(&pause.as_secs()), "{slept:?}");
    }
    assert_eq!(slept.len(), 3);
}

#[test]
fn after_the_last_attempt_the_problem_stands() {
    let server = Server::start(|_, _| Reply::new(502, &[], "asmens kodas 38001010000"));
    let (answer, _) = ask(&server);
    assert_eq!(answer.unwrap_err(), Problem::Status { status: 502, retry_after: None });
    assert_eq!(server.asked().len(), settings().attempts);
}

#[test]
fn a_wish_for_a_pause_is_granted_within_bounds() {
    let in_twenty = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(21));
    let late = |after: &str| Reply::new(429, &[("retry-after", after)], "");
    let server = Server::script(vec![late("7"), late(&in_twenty), late("100000"), Reply::ok("")]);
    let (answer, clock) = ask(&server);
    answer.unwrap();
    let slept = seconds(&clock.slept());
    assert_eq!((slept[0], slept[2]), (7, 300));
    assert!((18..=21).contains(&slept[1]), "{slept:?}");
}

#[test]
fn nobody_waits_beyond_the_deadline() {
    let server = Server::start(|_, _| Reply::new(503, &[("retry-after", "60")], ""));
    let (http, clock) = client(&settings());
    let soon = clock.now() + Duration::from_secs(59);
    let error = http.fetch(&Call::get("jar", &server.address, soon)).unwrap_err();
    assert_eq!((problem(error), clock.slept().len()), (Problem::DeadlinePassed, 0));
    assert_eq!(problem(http.fetch(&Call::get("jar", &server.address, clock.now())).unwrap_err()), Problem::DeadlinePassed);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn refusals_are_not_asked_again_and_say_what_to_do() {
    for (status, hint) in [(401, "credentials"), (403, "access"), (404, "address"), (400, "protocol")] {
        let server = Server::start(move |_, _| Reply::new(status, &[], "slaptas tekstas"));
        let (http, _) = client(&settings());
        let address = format!("{}/kelias?page=slaptas", server.address);
        let error = http.fetch(&Call::get("jar", &address, deadline())).unwrap_err().to_string();
        assert!(
            error.contains(hint) && error.contains(&status.to_string()) && error.contains("jar") && error.contains("/kelias"),
            "{error}"
        );
        assert!(!error.contains("slaptas"), "{error}");
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn accepted_statuses_are_answers_unless_they_are_pages() {
    let server = Server::script(vec![
        Reply::new(500, &[("content-type", "text/xml")], "<Fault/>"),
        Reply::new(500, &[("content-type", "text/html")], "<Fault/>"),
        Reply::new(418, &[], ""),
    ]);
    let (http, _) = client(&settings());
    let call = Call::post("jar", &server.address, deadline(), b"<question/>".to_vec()).accept(&[500]).header("soapaction", "x");
    assert_eq!(http.fetch(&call).unwrap().status, 500);
    assert_eq!(problem(http.fetch(&call).unwrap_err()), Problem::Status { status: 418, retry_after: None });
    assert_eq!((server.asked()[0].body.as_str(), server.asked()[0].header("soapaction")), ("<question/>", Some("x")));
}

#[test]
fn redirects_are_followed_within_the_origin_only() {
    let server = Server::script(vec![Reply::new(302, &[("location", "/there")], ""), Reply::ok("abc")]);
    assert_eq!(ask(&server).0.unwrap().bytes, b"abc");
    assert_eq!(server.asked()[1].target, "/there");

    let other = Server::script(vec![Reply::ok("")]);
    let to = format!("{}/path?secret", other.address);
    let server = Server::start(move |_, _| Reply::new(301, &[("location", &to)], ""));
    assert_eq!(ask(&server).0.unwrap_err(), Problem::Redirected { to: other.address.clone() });
    assert!(other.asked().is_empty());

    let server = Server::start(|_, _| Reply::new(307, &[("location", "/there")], ""));
    let (http, _) = client(&settings());
    assert!(matches!(
        problem(http.fetch(&Call::post("jar", &server.address, deadline(), vec![1])).unwrap_err()),
        Problem::Redirected { .. }
    ));
    assert!(matches!(fetch(&http, &server.address), Err(Problem::Redirected { .. })));
}

#[test]
fn a_web_page_is_no_data() {
    for reply in [
        Reply::new(200, &[("content-type", "Text/HTML; charset=utf-8")], "a|b\n"),
        Reply::ok("\u{feff}\r\n <!DOCTYPE html><p>Priežiūra"),
        Reply::ok("<HTML><p>Priežiūra"),
    ] {
        let server = Server::script(vec![reply]);
        assert_eq!(ask(&server).0.unwrap_err(), Problem::NotData { found: "a web page" });
    }
}

#[test]
fn an_endless_body_is_refused() {
    let server = Server::start(|_, _| Reply::ok("a|b\n".repeat(1000)).endless());
    let (http, _) = client(&HttpSettings { most_bytes: 1 << 20, ..settings() });
    assert_eq!(fetch(&http, &server.address).unwrap_err(), Problem::TooLarge { most: 1 << 20 });
}

#[test]
fn silence_is_noticed_before_and_within_an_answer() {
    let server = Server::script(vec![Reply::ok("abc").silent_after(1), Reply::ok("abc")]);
    let (answer, clock) = ask(&server);
    assert_eq!((answer.unwrap().bytes, clock.slept().len()), (b"abc".to_vec(), 1));

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (http, _) = client(&HttpSettings { attempts: 1, ..settings() });
    let address = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(fetch(&http, &address).unwrap_err(), Problem::Stalled { after: settings().stall });
}

#[test]
fn an_answer_that_drips_is_too_slow() {
    let server = Server::start(|_, _| Reply::ok("a|b\n".repeat(1000)).endless());
    let settings = HttpSettings { total: Duration::ZERO, attempts: 1, ..settings() };
    let (http, _) = client(&settings);
    assert_eq!(fetch(&http, &server.address).unwrap_err(), Problem::TooSlow { after: Duration::ZERO });
}

#[test]
fn a_source_that_keeps_failing_is_left_alone() {
    let server = Server::start(|_, number| if number == 2 { Reply::new(404, &[], "") } else { Reply::new(503, &[], "") });
    let (http, _) = client(&HttpSettings { attempts: 1, give_up_after: 3, ..settings() });
    for _ in 0..4 {
        assert!(matches!(fetch(&http, &server.address), Err(Problem::Status { .. })));
    }
    assert_eq!(fetch(&http, &server.address).unwrap_err(), Problem::GivenUp { failures: 3 });
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn a_good_answer_ends_a_row_of_failures() {
    let server = Server::start(|_, number| if number % 2 == 1 { Reply::ok("") } else { Reply::new(503, &[], "") });
    let (http, _) = client(&HttpSettings { attempts: 1, give_up_after: 2, ..settings() });
    for _ in 0..6 {
        assert_ne!(fetch(&http, &server.address).err(), Some(Problem::GivenUp { failures: 2 }));
    }
}

#[test]
fn nobody_there_and_no_encryption_are_named() {
    let (http, _) = client(&settings());
    assert!(matches!(fetch(&http, "http://127.0.0.1:1/"), Err(Problem::Unreachable { reason }) if reason.contains("refused")));
    assert!(matches!(fetch(&http, "http://registras.example/"), Err(Problem::Request { reason }) if reason.contains("allow_plain")));
    assert!(matches!(fetch(&http, "ftp://registras.example/"), Err(Problem::Request { .. })));
}

#[test]
fn settings_are_read_with_defaults_and_strangers_refused() {
    let read = |text: &str| serde_json::from_str::<HttpSettings>(text);
    assert_eq!(read("{}").unwrap(), HttpSettings::default());
    assert_eq!(read(r#"{"stall_seconds": 0.3}"#).unwrap(), settings());
    assert!(read(r#"{"stall": 1}"#).is_err());
}

#[test]
fn a_secret_that_others_may_read_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(read_secret(&path).unwrap_err().to_string().contains("chmod 600"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(read_secret(&path).unwrap(), b"x");
}

mod encrypted {
    use std::io::Read;
    use std::net::TcpListener;
    use std::path::PathBuf;

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::server::WebPkiClientVerifier;
    use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    struct Authority {
        issuer: CertifiedIssuer<'static, KeyPair>,
        folder: tempfile::TempDir,
    }

    impl Authority {
        fn new() -> Self {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
            Self { issuer, folder: tempfile::tempdir().unwrap() }
        }

        fn settings(&self) -> HttpSettings {
            let path = self.folder.path().join("authorities.pem");
            fs::write(&path, self.issuer.pem()).unwrap();
            HttpSettings { authorities_file: Some(path), attempts: 1, stall: Duration::from_secs(3), ..HttpSettings::default() }
        }

        fn sign(&self, name: &str, until: i32) -> (rcgen::Certificate, KeyPair) {
            let mut params = CertificateParams::new([name.to_owned()]).unwrap();
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
            let key = KeyPair::generate().unwrap();
            (params.signed_by(&key, &self.issuer).unwrap(), key)
        }

        /// A file with a certificate and its key.
        fn identity(&self) -> PathBuf {
            let (certificate, key) = self.sign("virsis", 4000);
            let path = self.folder.path().join("identity.pem");
            fs::write(&path, certificate.pem() + &key.serialize_pem()).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            path
        }

        /// A server that answers one word to whom it trusts.
        fn serve(&self, name: &str, until: i32, asks_for_identity: bool) -> String {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let (certificate, key) = self.sign(name, until);
            let mut trusted = RootCertStore::empty();
            trusted.add(self.issuer.der().clone()).unwrap();
            let config = ServerConfig::builder();
            let config = if asks_for_identity {
                config.with_client_cert_verifier(WebPkiClientVerifier::builder(trusted.into()).build().unwrap())
            } else {
                config.with_no_client_auth()
            };
            let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
            let config = Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).unwrap());
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = format!("https://localhost:{}", listener.local_addr().unwrap().port());
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
                    if stream.read(&mut [0; 4096]).is_ok() {
                        use std::io::Write;
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc");
                        stream.conn.send_close_notify();
                        let _ = stream.flush();
                    }
                }
            });
            address
        }
    }

    fn certificate(answer: Result<Whole, Problem>) -> &'static str {
        match answer {
            Err(Problem::Certificate { what }) => what,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn certificates_are_checked_and_what_is_wrong_is_named() {
        let (ours, others) = (Authority::new(), Authority::new());
        let http = Http::new(&ours.settings()).unwrap();
        assert_eq!(fetch(&http, &ours.serve("localhost", 4000, false)).unwrap().bytes, b"abc");
        assert!(certificate(fetch(&http, &ours.serve("localhost", 2021, false))).contains("expired"));
        assert!(certificate(fetch(&http, &ours.serve("registras.example", 4000, false))).contains("another name"));
        assert!(certificate(fetch(&http, &others.serve("localhost", 4000, false))).contains("authority"));
    }

    #[test]
    fn a_client_certificate_is_shown_where_one_is_asked_for() {
        let authority = Authority::new();
        let address = authority.serve("localhost", 4000, true);
        let settings = authority.settings();
        assert!(certificate(fetch(&Http::new(&settings).unwrap(), &address)).contains("identity_file"));
        let settings = HttpSettings { identity_file: Some(authority.identity()), ..settings };
        assert_eq!(fetch(&Http::new(&settings).unwrap(), &address).unwrap().bytes, b"abc");
    }

    #[test]
    fn unusable_files_are_named() {
        let authority = Authority::new();
        let nothing = authority.folder.path().join("empty.pem");
        fs::write(&nothing, "").unwrap();
        let settings = HttpSettings { authorities_file: Some(nothing.clone()), ..authority.settings() };
        assert!(Http::new(&settings).unwrap_err().to_string().contains("empty.pem"));
        fs::set_permissions(&nothing, fs::Permissions::from_mode(0o600)).unwrap();
        let settings = HttpSettings { identity_file: Some(nothing), ..authority.settings() };
        assert!(Http::new(&settings).unwrap_err().to_string().contains("private key"));
    }
}
