//! The `smtp` delivery: one connection, one letter, and an answer.
//!
//! # Libraries tried
//!
//! `lettre` (0.11.23, the newest) composes letters, connects, encrypts, logs in and speaks SMTP. Only its `SmtpTransport`, and
//! `SmtpConnection::send` under it, are left aside, for two reasons that still stand in its source:
//!
//! - Their error has a code and no step. A server that refuses the register's own address (`550` to `MAIL FROM`) could not be told from
//!   one that refuses this recipient (`550` to `RCPT TO`): either all letters would be given up for a wrong setting, or none ever. So the
//!   four commands of a letter are sent one by one here (`hand_over`).
//! - `SmtpTransport` opens its connection itself. After `STARTTLS`, lettre goes on reading from the buffer that was filled in plain text
//!   (`SmtpConnection::starttls` encrypts the stream inside its `BufReader` and leaves the buffer). Somebody on the line could answer in
//!   the server's place, so the connection is opened here and looked at once before it is used (`check_nothing_is_left`).

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use rustls::CertificateError;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};

use crate::compose::{Composed, compose};
use crate::settings::read_secret;
use crate::{Delivery, Encryption, Error, Failure, Flaw, Letter, Reason, Sender, SmtpSettings, SmtpStep};

/// How long to wait for the answer to `QUIT`: what matters has been said.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long to look for answers that nobody asked for: they would lie in memory.
const GLANCE: Duration = Duration::from_millis(1);

/// Permanent refusals that speak of the conversation, not of the recipient or the letter: unknown or misplaced commands (RFC 5321,
/// 4.2.2), and logins (RFC 4954, 6). Somebody has to mend the settings; the letters wait.
const OF_THE_CONVERSATION: [u16; 7] = [500, 502, 503, 530, 534, 535, 538];

/// Letters over SMTP (RFC 5321) to one server that relays them.
pub struct Smtp {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    hello: ClientId,
    sender: Sender,
    timeout: Duration,
}

enum Protection {
    FromTheStart(TlsParameters),
    AfterGreeting(TlsParameters),
    None,
}

impl Smtp {
    /// Reads the password and the authorities' certificates; connects to nothing.
    ///
    /// # Errors
    /// For settings with which no letter could be sent, and for a server without TLS that is not this machine.
    pub fn new(settings: &SmtpSettings) -> Result<Self, Error> {
        let wrong = |key, reason| Err(Error::Setting { key, reason });
        let sender = Sender::new(&settings.from)?;
        if ServerName::try_from(settings.host.as_str()).is_err() {
            return wrong("host", "write the name of a host or an IP address");
        }
        let (usual_port, protection) = match settings.tls {
            Encryption::Required => (465, Protection::FromTheStart(trust(settings)?)),
            Encryption::Starttls => (587, Protection::AfterGreeting(trust(settings)?)),
            Encryption::None if is_loopback(&settings.host) => (25, Protection::None),
            Encryption::None => return wrong("tls", "`none` is only for the addresses of this machine, 127.0.0.1 and ::1"),
        };
        if settings.port == Some(0) {
            return wrong("port", "write a number from 1 to 65535");
        }
        if settings.timeout.is_zero() {
            return wrong("timeout_seconds", "write more than 0");
        }
        let credentials = match (&settings.user, &settings.password_file) {
            (Some(user), Some(_)) if user.is_empty() || user.chars().any(char::is_control) => return wrong("user", "write a name"),
            (Some(user), Some(file)) => Some(Credentials::new(user.clone(), read_secret(file)?)),
            (None, None) => None,
            _ => return wrong("user", "`user` and `password_file` are both needed for a login"),
        };
        let hello = settings.hello.as_deref().unwrap_or(sender.domain()).to_owned();
        if hello.is_empty() || !hello.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)) {
            return wrong("hello", "write the name of this host");
        }
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port.unwrap_or(usual_port),
            protection,
            credentials,
            hello: ClientId::Domain(hello),
            sender,
            timeout: settings.timeout,
        })
    }

    /// A conversation up to where letters are taken.
    fn connect(&self) -> Result<SmtpConnection, Reason> {
        let addresses: Vec<SocketAddr> = (self.host.as_str(), self.port).to_socket_addrs().map_err(|_| Reason::Name)?.collect();
        let from_the_start = match &self.protection {
            Protection::FromTheStart(trust) => Some(trust),
            Protection::AfterGreeting(_) | Protection::None => None,
        };
        let connection = SmtpConnection::connect(&addresses[..], Some(self.timeout), &self.hello, from_the_start, None);
        let mut connection = connection.map_err(|error| reason(SmtpStep::Connection, &error))?;
        if let Protection::AfterGreeting(trust) = &self.protection {
            if !connection.can_starttls() {
                farewell(connection);
                return Err(Reason::Plain);
            }
            connection.starttls(trust, &self.hello).map_err(|error| reason(SmtpStep::Encryption, &error))?;
            self.check_nothing_is_left(&mut connection)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).map_err(|error| reason(SmtpStep::Login, &error))?;
        }
        Ok(connection)
    }

    /// What came in plain text behind the answer to `STARTTLS` would be taken for answers that came over TLS: somebody on the line could
    /// confirm a letter that the server never saw. So there must be nothing to read now. One answer alone,
    /// which was taken for that to `EHLO`, leaves nothing, but then all are one late and `DATA` is not answered with 354.
    fn check_nothing_is_left(&self, connection: &mut SmtpConnection) -> Result<(), Reason> {
        let broken = |error: io::Error| Reason::Connection(SmtpStep::Encryption, error.kind());
        connection.set_timeout(Some(GLANCE)).map_err(broken)?;
        match connection.read_response() {
            Err(error) if matches!(reason(SmtpStep::Encryption, &error), Reason::Silence(_)) => {}
            _ => return Err(Reason::Answer(SmtpStep::Encryption)),
        }
        connection.set_timeout(Some(self.timeout)).map_err(broken)
    }
}

impl Delivery for Smtp {
    fn deliver(&self, letter: &Letter) -> Result<(), Failure> {
        let composed = compose(letter, &self.sender).map_err(Failure::Never)?;
        let mut connection = self.connect().map_err(Failure::Later)?;
        let result = hand_over(&mut connection, composed);
        // A server that answered expects a farewell; one that fell silent would only be waited for once more.
        if matches!(result, Ok(()) | Err(Failure::Never(_) | Failure::Later(Reason::Refused { .. }))) {
            farewell(connection);
        }
        result
    }

    fn name(&self) -> &'static str {
        "smtp"
    }
}

fn hand_over(connection: &mut SmtpConnection, composed: Composed) -> Result<(), Failure> {
    let Composed { from, to, bytes } = composed;
    let done = Severity::PositiveCompletion;
    expect(SmtpStep::Sender, done, connection.command(Mail::new(Some(from), Vec::new())))?;
    expect(SmtpStep::Recipient, done, connection.command(Rcpt::new(to, Vec::new())))?;
    expect(SmtpStep::Data, Severity::PositiveIntermediate, connection.command(Data))?;
    // lettre ends what it sends with the line end that the letter has already.
    expect(SmtpStep::Letter, done, connection.message(bytes.strip_suffix(b"\r\n").unwrap_or(&bytes)))
}

/// Sorts the answer at a step into what goes on, what to try again, and what is final.
fn expect(step: SmtpStep, severity: Severity, answer: Result<Response, lettre::transport::smtp::Error>) -> Result<(), Failure> {
    let reason = match answer {
        Ok(response) if response.code().severity == severity => return Ok(()),
        Ok(_) => Reason::Answer(step),
        Err(error) => reason(step, &error),
    };
    Err(match reason {
        Reason::Refused { code: 500.., .. } if is_final(step, &reason) => Failure::Never(reason),
        Reason::Refused { .. } => Failure::Later(reason),
        _ if step == SmtpStep::Letter => Failure::Later(Reason::Unconfirmed),
        _ => Failure::Later(reason),
    })
}

/// Whether a permanent refusal concerns this recipient or this letter. One of the sender's address would meet every letter.
fn is_final(step: SmtpStep, reason: &Reason) -> bool {
    let concerns_letter = matches!(step, SmtpStep::Recipient | SmtpStep::Data | SmtpStep::Letter);
    concerns_letter && !matches!(reason, Reason::Refused { code, .. } if OF_THE_CONVERSATION.contains(code))
}

/// What lettre says, without the server's words.
fn reason(step: SmtpStep, error: &lettre::transport::smtp::Error) -> Reason {
    if let Some(code) = error.status() {
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        return Reason::Refused { step, code: code.into(), status: status(&words) };
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            return distrust(step, error);
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(inner) => distrust(step, inner),
                // A socket's time limit shows as the one or the other, depending on the system.
                None if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => Reason::Silence(step),
                None => Reason::Connection(step, error.kind()),
            };
        }
        source = cause.source();
    }
    match step {
        _ if error.is_tls() => Reason::Encryption(step),
        // lettre's own refusal before anything is sent.
        SmtpStep::Login if error.is_client() => Reason::Login,
        _ => Reason::Answer(step),
    }
}

fn distrust(step: SmtpStep, error: &rustls::Error) -> Reason {
    let rustls::Error::InvalidCertificate(error) = error else { return Reason::Encryption(step) };
    Reason::Certificate(match error {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Flaw::OtherHost,
        // A bad signature: an authority of the same name, and not the trusted one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Flaw::Authority,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Flaw::Time,
        _ => Flaw::Other,
    })
}

/// The enhanced status code at the beginning of what a server says.
fn status(words: &str) -> Option<(u8, u16, u16)> {
    let mut numbers = words.split_whitespace().next()?.split('.');
    let status = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    numbers.next().is_none().then_some(status)
}

fn farewell(mut connection: SmtpConnection) {
    // What was asked is answered; how the server takes its leave changes nothing.
    if connection.set_timeout(Some(FAREWELL)).is_ok() {
        let _ = connection.quit();
    }
}

fn is_loopback(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn trust(settings: &SmtpSettings) -> Result<TlsParameters, Error> {
    let mut parameters = TlsParametersBuilder::new(settings.host.clone());
    if let Some(path) = &settings.authorities_file {
        let unusable = |reason: &str| Error::Unusable { path: path.clone(), reason: reason.to_owned() };
        parameters = parameters.certificate_store(CertificateStore::None).add_root_certificate(authorities(path)?);
        return parameters.build().map_err(|_| unusable("it holds a certificate that cannot be read"));
    }
    parameters.build().map_err(|_| Error::Setting { key: "tls", reason: "the authorities of this system cannot be used" })
}

fn authorities(path: &Path) -> Result<Certificate, Error> {
    let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    // lettre takes an empty list for a list.
    let is_empty = CertificateDer::pem_slice_iter(&pem).next().is_none();
    let certificate = Certificate::from_pem(&pem).ok().filter(|_| !is_empty);
    certificate.ok_or_else(|| unusable("it holds no certificate in PEM that can be read".to_owned()))
}

#[cfg(test)]
#[path = "smtp/tests.rs"]
mod tests;
