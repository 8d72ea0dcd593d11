//! A signed SOAP 1.1 web service: for registers that answer under contract only, and only about codes they are asked for.
//!
//! The service is described in `data/ws`. Every question is signed with our key and every answer must be signed with a key the
//! settings pin; what is read is the canonical text that was signed (crate `xmlsignature`). Nothing of an answer is written to
//! disk, and no code that was asked for ever stands in an address, an error or a log.

mod answer;
mod asking;
mod chain;
mod flaw;
mod question;
mod settings;

use std::sync::Arc;
use std::time::Instant;

use catalog::SecretCode;
use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};
use chrono::NaiveDate;

pub use asking::Post;
pub use flaw::Flaw;
pub use settings::WsSettings;

use crate::naudotojai::MANDATES;
use crate::transport::{Fetched, Request, Transport};
use crate::{About, CONNECTORS, Error, Extract, Http, HttpSettings};
use asking::{Asking, Service};
use chain::Chain;

/// Namespace of questions and answers; the number grows when something changes its meaning.
pub const NAMESPACE: &str = "urn:virsis:registrai:1";

/// Every extract that the service can be asked for.
pub fn served() -> impl Iterator<Item = &'static Extract> {
    let connectors = CONNECTORS.iter().chain([&MANDATES]);
    connectors.flat_map(|connector| connector.extracts).filter(|extract| extract.asked_by.is_some())
}

/// The transport.
#[derive(Debug)]
pub struct Ws {
    service: Arc<Service>,
}

impl Ws {
    /// Prepares the service of one register; connects to nothing. `as_of` is the day whose state is asked for.
    ///
    /// # Errors
    /// A key or certificate file of the settings cannot be used, or a number in them is zero.
    pub fn new(settings: &WsSettings, as_of: NaiveDate) -> Result<Self, Error> {
        let network = HttpSettings { most_bytes: settings.most_answer_bytes, ..settings.http.clone() };
        Self::posting(settings, Box::new(Http::new(&network)?), as_of)
    }

    /// As [`Ws::new`], over any way to post a message.
    ///
    /// # Errors
    /// As [`Ws::new`].
    pub fn posting(settings: &WsSettings, post: Box<dyn Post>, as_of: NaiveDate) -> Result<Self, Error> {
        Ok(Self { service: Arc::new(Service::new(settings.clone(), post, as_of)?) })
    }
}

impl Transport for Ws {
    fn name(&self) -> &'static str {
        "ws"
    }

    fn asks_by_code(&self) -> bool {
        true
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let flawed = |flaw| Error::WebService { source_name: request.source, flaw };
        let asked_by = request.extract.asked_by.ok_or_else(|| flawed(Flaw::NotServed))?;
        let codes = request.codes.ok_or_else(|| flawed(Flaw::NobodyNamed))?;
        if Instant::now() >= request.deadline {
            return Err(flawed(Flaw::DeadlinePassed));
        }
        let count = codes.iter().filter(|code| !is_code(asked_by.about, code)).count();
        if count > 0 {
            return Err(flawed(Flaw::NotCodes { count }));
        }
        let settings = &self.service.settings;
        let chain = Chain::new(codes, settings.depth, settings.budget);
        Ok(Fetched::Rows(Box::new(Asking::new(self.service.clone(), asked_by, request, chain))))
    }
}

/// Whether this is a code of such a subject.
fn is_code(about: About, code: &SecretCode) -> bool {
    let code = code.expose_to_register();
    match about {
        About::Persons => is_personal_code(code),
        About::Entities | About::EntitiesAndOwners => is_legal_entity_code(code) || is_old_legal_entity_code(code),
    }
}
