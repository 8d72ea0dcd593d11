//! TLS from the start and after STARTTLS, with an authority of the test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::spawn;
use std::time::Duration;

use mail::{Encryption, Failure, Flaw, Letter, Reason, SmtpSettings, SmtpStep};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::peer::Server;
use crate::{letter, secret, settings, smtp};

/// An authority, and what it issued for one host.
struct Papers {
    folder: tempfile::TempDir,
}

impl Papers {
    fn issue(host: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let mut server = CertificateParams::new(vec![host.to_owned()]).unwrap();
        change(&mut server);
        let key = KeyPair::generate().unwrap();
        let certificate = server.signed_by(&key, &authority).unwrap();
        secret(folder.path(), "authority.crt", &authority.pem());
        secret(folder.path(), "server.crt", &certificate.pem());
        secret(folder.path(), "server.key", &key.serialize_pem());
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn server(&self, tls: Encryption, more: &[&str]) -> Option<Server> {
        let (certificate, key) = (self.file("server.crt"), self.file("server.key"));
        let kind = if tls == Encryption::Required { "--tls" } else { "--starttls" };
        Server::start(&[&[kind, "--certificate", certificate.to_str().unwrap(), "--key", key.to_str().unwrap()], more].concat())
    }
}

const BOTH: [(Encryption, SmtpStep); 2] = [(Encryption::Required, SmtpStep::Connection), (Encryption::Starttls, SmtpStep::Encryption)];

fn encrypted(server: &Server, tls: Encryption, authority: &Path) -> SmtpSettings {
    SmtpSettings { host: "localhost".to_owned(), tls, authorities_file: Some(authority.to_owned()), ..settings(server.port) }
}

fn sent() -> Letter {
    letter("ona@example.lt")
}

#[test]
fn letters_and_logins_go_over_tls() {
    let papers = Papers::issue("localhost", |_| ());
    let password = secret(papers.folder.path(), "password", "slaptas ąžuolas");
    for (tls, _) in BOTH {
        let Some(server) = papers.server(tls, &["--user", "virsis", "--password-file", password.to_str().unwrap()]) else { return };
        let login = SmtpSettings {
            user: Some("virsis".to_owned()),
            password_file: Some(password.clone()),
            ..encrypted(&server, tls, &papers.file("authority.crt"))
        };
        assert_eq!(smtp(login).deliver(&sent()), Ok(()), "{tls:?}");
        let envelope = server.envelope(&server.kept()[0]);
        assert_eq!((&envelope["tls"], &envelope["user"]), (&true.into(), &"virsis".into()));
    }
}

#[test]
fn a_certificate_of_another_host_or_authority_or_time_is_not_believed() {
    let right = Papers::issue("localhost", |_| ());
    let other_host = Papers::issue("kitas.example.lt", |_| ());
    let expired = Papers::issue("localhost", |server| server.not_after = rcgen::date_time_ymd(2020, 1, 1));
    for (papers, authority, flaw) in
        [(&other_host, &other_host, Flaw::OtherHost), (&right, &other_host, Flaw::Authority), (&expired, &expired, Flaw::Time)]
    {
        for (tls, _) in BOTH {
            let Some(server) = papers.server(tls, &[]) else { return };
            let result = smtp(encrypted(&server, tls, &authority.file("authority.crt"))).deliver(&sent());
            assert_eq!(result, Err(Failure::Later(Reason::Certificate(flaw))), "{tls:?}");
            assert!(server.kept().is_empty());
        }
    }
}

#[test]
fn without_an_authorities_file_the_systems_are_asked() {
    let papers = Papers::issue("localhost", |_| ());
    for (tls, _) in BOTH {
        let Some(server) = papers.server(tls, &[]) else { return };
        let settings = SmtpSettings { authorities_file: None, ..encrypted(&server, tls, &papers.file("authority.crt")) };
        assert_eq!(smtp(settings).deliver(&sent()), Err(Failure::Later(Reason::Certificate(Flaw::Authority))));
    }
}

#[test]
fn nothing_is_sent_to_a_server_that_speaks_no_tls() {
    let papers = Papers::issue("localhost", |_| ());
    let Some(server) = Server::start(&[]) else { return };
    let with = |tls| smtp(encrypted(&server, tls, &papers.file("authority.crt")));
    assert_eq!(with(Encryption::Starttls).deliver(&sent()), Err(Failure::Later(Reason::Plain)));
    assert_eq!(with(Encryption::Required).deliver(&sent()), Err(Failure::Later(Reason::Encryption(SmtpStep::Connection))));
    assert!(server.kept().is_empty());
}

#[test]
fn a_server_that_needs_starttls_gets_nothing_without() {
    let papers = Papers::issue("localhost", |_| ());
    let Some(server) = papers.server(Encryption::Starttls, &[]) else { return };
    let failure = smtp(settings(server.port)).deliver(&sent()).unwrap_err();
    assert!(matches!(failure, Failure::Later(Reason::Refused { step: SmtpStep::Sender, code: 530, .. })), "{failure:?}");
}

/// Answers given in plain text behind that to STARTTLS are somebody else's, though all after them is encrypted and the certificate right.
/// With `honest`, the server itself goes on to answer over TLS.
fn inject(papers: &Papers, answers: &'static str, honest: bool) -> u16 {
    let certificate = CertificateDer::from_pem_file(papers.file("server.crt")).unwrap();
    let key = PrivateKeyDer::from_pem_file(papers.file("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(builder.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut question = [0; 1_000];
        for answer in ["220 here\r\n", "250-here\r\n250 STARTTLS\r\n"] {
            stream.write_all(answer.as_bytes()).unwrap();
            assert!(stream.read(&mut question).unwrap() > 0);
        }
        stream.write_all(format!("220 go on\r\n{answers}").as_bytes()).unwrap();
        let mut stream = BufReader::new(StreamOwned::new(ServerConnection::new(config).unwrap(), stream));
        let mut line = String::new();
        while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
            let answer = if line.starts_with("DATA") { "354 go on\r\n" } else { "250 ok\r\n" };
            if honest && stream.get_mut().write_all(answer.as_bytes()).is_err() {
                break;
            }
            line.clear();
        }
    });
    port
}

#[test]
fn answers_from_before_the_encryption_are_not_believed() {
    let papers = Papers::issue("localhost", |_| ());
    let all = "250 here\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 ok\r\n250 ok\r\n";
    let one = "250 here\r\n";
    for (answers, honest) in [(all, false), (all, true), (one, true), (one, false), ("250 here\r\n250 o", true)] {
        let patient = SmtpSettings {
            host: "localhost".to_owned(),
            tls: Encryption::Starttls,
            authorities_file: Some(papers.file("authority.crt")),
            timeout: Duration::from_secs(2),
            ..settings(inject(&papers, answers, honest))
        };
        let result = smtp(patient).deliver(&sent());
        let believed = !matches!(result, Err(Failure::Later(Reason::Answer(_) | Reason::Silence(_))));
        assert!(!believed, "{answers:?} {honest}: {result:?}");
    }
}
