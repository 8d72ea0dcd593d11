//! Posting a question: one address, one attempt, everything bounded.

use std::error::Error as Cause;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Certificate, redirect};
use url::Url;

use crate::{Error, Settings};

/// How VIISP sees us.
const USER_AGENT: &str = concat!("virsis-open/", env!("CARGO_PKG_VERSION"));
/// Bytes of an answer. Real ones have some 4 KiB; verifying takes up to seventy times as much memory.
const MOST_BYTES: usize = 256 * 1024;
/// Bytes taken at once; between two such pieces the clock is looked at.
const PIECE: usize = 16 * 1024;
/// SOAP 1.1 wants faults to come with it.
const FAULT_STATUS: u16 = 500;

/// The service behind one address.
#[derive(Debug)]
pub(crate) struct Service {
    client: Client,
    address: Url,
    seconds: u64,
}

/// An answer that says it is XML. Not to be printed.
pub(crate) struct Answer {
    /// Whether it came with the status of a fault, so that it can be nothing else.
    pub(crate) is_fault: bool,
    pub(crate) text: String,
}

impl Service {
    /// Prepares a client; connects to nothing.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        // Fails only if a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let patience = Duration::from_secs(settings.timeout_seconds);
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(patience)
            .timeout(patience);
        if let Some(path) = &settings.authorities_file {
            let unusable = |reason: String| Error::Settings { key: "authorities_file", reason };
            let pem = std::fs::read(path).map_err(|error| unusable(format!("cannot be read: {}", error.kind())))?;
            let authorities = Certificate::from_pem_bundle(&pem).ok().filter(|authorities| !authorities.is_empty());
            client = client.tls_certs_only(authorities.ok_or_else(|| unusable("holds no certificate in PEM".to_owned()))?);
        }
        let client = client.build().map_err(|error| Error::Tls { reason: innermost(&error) })?;
        Ok(Self { client, address: settings.service.clone(), seconds: settings.timeout_seconds })
    }

    /// Posts a question once and brings the answer. What was posted is not part of any error.
    pub(crate) fn post(&self, question: String) -> Result<Answer, Error> {
        let began = Instant::now();
        let request = self
            .client
            .post(self.address.clone())
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            .header(ACCEPT, "text/xml, application/xml")
            .header("soapaction", "\"\"")
            .body(question);
        let response = request.send().map_err(|error| self.failed(&error))?;
        let status = response.status().as_u16();
        let is_xml = is_xml(&response);
        match status {
            200 if !is_xml => return Err(Error::NotXml),
            200 => {}
            // A page that says 500 comes from something that stands before the service.
            FAULT_STATUS if is_xml => {}
            300..=399 => return Err(Error::Redirected { status }),
            _ => return Err(Error::Status { status }),
        }
        let text = String::from_utf8(self.body(response, began)?).map_err(|_| Error::NotText)?;
        Ok(Answer { is_fault: status == FAULT_STATUS, text })
    }

    /// The whole body. The client's own patience is for each wait; here it is for all of them together.
    fn body(&self, mut response: Response, began: Instant) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let mut piece = vec![0; PIECE];
        loop {
            let read = response.read(&mut piece).map_err(|error| self.broken(error))?;
            bytes.extend_from_slice(&piece[..read]);
            if read == 0 {
                return Ok(bytes);
            }
            if bytes.len() > MOST_BYTES {
                return Err(Error::TooLarge { most: MOST_BYTES });
            }
            if began.elapsed() >= Duration::from_secs(self.seconds) {
                return Err(Error::TimedOut { seconds: self.seconds });
            }
        }
    }

    fn broken(&self, error: io::Error) -> Error {
        match error.downcast::<reqwest::Error>() {
            Ok(error) => self.failed(&error),
            Err(_) => Error::Cut,
        }
    }

    fn failed(&self, error: &reqwest::Error) -> Error {
        if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Error::Tls { reason: error.to_string() };
        }
        if error.is_timeout() {
            return Error::TimedOut { seconds: self.seconds };
        }
        if error.is_body() || error.is_decode() { Error::Cut } else { Error::Unreachable { reason: innermost(error) } }
    }
}

/// Whether the service says that its answer is XML of SOAP 1.1.
fn is_xml(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["text/xml", "application/xml"].iter().any(|xml| kind.eq_ignore_ascii_case(xml))
}

/// The innermost cause in words; the outer ones only repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "no reason given".to_owned(), ToString::to_string)
}

/// What caused an error, what caused that. An `io::Error` skips its own content when asked for its cause.
fn causes<'a>(error: &'a (dyn Cause + 'static)) -> impl Iterator<Item = &'a (dyn Cause + 'static)> {
    fn next<'a>(cause: &'a (dyn Cause + 'static)) -> Option<&'a (dyn Cause + 'static)> {
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(content) => Some(content),
            None => cause.source(),
        }
    }
    std::iter::successors(error.source(), |cause| next(*cause))
}
