//! The client: asks, and believes or refuses what comes back.

use std::fmt;

use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;
use url::Url;
use xmlsignature::{Policy, PublicKey, SigningKey, Verified};

use crate::post::{Answer, Service};
use crate::{Error, Exception, NAMESPACE, Person, Settings, Ticket, answer, question};

/// VIISP, with our key and those of its own that we believe. Serves any number of threads.
pub struct Viisp {
    service: Service,
    key: SigningKey,
    policy: Policy,
    portal: Url,
    pid: String,
    providers: Vec<String>,
}

impl fmt::Debug for Viisp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Viisp").field("service", &self.service).field("pid", &self.pid).finish_non_exhaustive()
    }
}

impl Viisp {
    /// Reads the keys; connects to nothing.
    ///
    /// # Errors
    /// A setting cannot work, or a key file cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        settings.check()?;
        let unbelieved = |reason| Error::Signature { reason };
        let keys = settings.service_keys.iter().map(|path| PublicKey::from_file(path)).collect::<Result<_, _>>();
        Ok(Self {
            service: Service::new(settings)?,
            key: SigningKey::from_file(&settings.key_file).map_err(unbelieved)?,
            policy: Policy { keys: keys.map_err(unbelieved)?, hashes: settings.hashes.clone() },
            portal: settings.portal.clone(),
            pid: settings.pid.clone(),
            providers: settings.providers.clone(),
        })
    }

    /// Where the browser posts the ticket, as form field `ticket`.
    #[must_use]
    pub fn portal(&self) -> &Url {
        &self.portal
    }

    /// The first exchange: begins a sign-in. The browser is to come back to `postback`; `correlation` is a random text that was made
    /// for this sign-in alone and is bound to this browser (see the crate's documentation).
    ///
    /// # Errors
    /// No ticket came that can be believed.
    pub fn ticket(&self, postback: &Url, correlation: &str) -> Result<Ticket, Error> {
        let question = question::for_ticket(&self.pid, &self.providers, postback, correlation, &self.key)?;
        let verified = self.believe(&self.service.post(question)?, "authenticationResponse")?;
        answer::ticket(verified.canonical())
    }

    /// The second exchange: who signed in with `ticket`. VIISP answers once; if that answer is lost, the person signs in again.
    ///
    /// # Errors
    /// No answer came, or none that can be believed, or it is about another sign-in than `correlation`, or names no person whose
    /// personal code we can use. Nobody is signed in then.
    pub fn person(&self, ticket: &Ticket, correlation: &str) -> Result<Person, Error> {
        let question = question::for_person(&self.pid, ticket, correlation, &self.key)?;
        let verified = self.believe(&self.service.post(question)?, "authenticationDataResponse")?;
        answer::person(verified.canonical(), correlation, &self.providers)
    }

    fn believe(&self, answer: &Answer, name: &str) -> Result<Verified, Error> {
        match xmlsignature::verify(&answer.text, NAMESPACE, name, &self.policy) {
            Err(xmlsignature::Error::Fault(code)) => Err(Error::Fault { code, exception: exception(&answer.text) }),
            _ if answer.is_fault => Err(Error::Status { status: 500 }),
            verified => verified.map_err(|reason| Error::Signature { reason }),
        }
    }
}

/// Which exception a fault carries. The fault was parsed, and so bounded, before.
fn exception(fault: &str) -> Option<Exception> {
    let mut reader = NsReader::from_str(fault);
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_resolved_event().ok()? {
            (ResolveResult::Bound(Namespace(NAMESPACE)), Event::Start(start)) => match start.local_name().as_ref() {
                "invalidSignatureException" => return Some(Exception::InvalidSignature),
                "invalidXmlException" => return Some(Exception::InvalidXml),
                _ => {}
            },
            (_, Event::Eof) => return None,
            _ => {}
        }
    }
}
