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

use crate::transport::{Fetched, Request, Transport};
use crate::{Error, Http, HttpSettings};
use asking::{Asking, Service};
use chain::Chain;

/// Namespace of questions and answers; the number grows when something changes its meaning.
pub const NAMESPACE: &str = "urn:virsis:registrai:1";

/// A raw table that the service fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// The raw table; its subject is the name of the extract in questions.
    pub table: &'static str,
    /// The column that holds the code that was asked for, in every row.
    pub code: &'static str,
    /// Whom it is about.
    pub about: About,
}

/// Whom an extract is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Natural persons, by personal code.
    Persons,
    /// Legal entities, by code.
    Entities,
    /// Legal entities, then the entities among their owners, level by level.
    EntitiesAndOwners,
}

impl About {
    fn is_code(self, code: &SecretCode) -> bool {
        let code = code.expose_to_register();
        match self {
            Self::Persons => is_personal_code(code),
            Self::Entities | Self::EntitiesAndOwners => is_legal_entity_code(code) || is_old_legal_entity_code(code),
        }
    }
}

/// Everything the service is asked for.
pub static SERVED: &[Served] = &[
    Served { table: "raw_gr__asmenys", code: "asmens_kodas", about: About::Persons },
    Served { table: "raw_gypas__parama", code: "ja_kodas", about: About::Entities },
    Served { table: "raw_imis__parama", code: "ja_kodas", about: About::Entities },
    Served { table: "raw_jadis__dalyviai", code: "ja_kodas", about: About::EntitiesAndOwners },
    Served { table: "raw_jar__finansai", code: "ja_kodas", about: About::Entities },
    Served { table: "raw_jar__kontaktai", code: "ja_kodas", about: About::Entities },
    Served { table: "raw_jar__valdymas", code: "ja_kodas", about: About::Entities },
    Served { table: "raw_libis__numeriai", code: "ja_kodas", about: About::Entities },
    // By the code of the institution that manages this system: one question, all its users.
    Served { table: "raw_naudotojai__igaliojimai", code: "valdytojo_kodas", about: About::Entities },
];

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

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let flawed = |flaw| Error::WebService { source_name: request.source, flaw };
        let served = SERVED.iter().find(|served| served.table == request.extract.table).ok_or_else(|| flawed(Flaw::NotServed))?;
        let wanted = request.wanted.ok_or_else(|| flawed(Flaw::NobodyNamed))?;
        if Instant::now() >= request.deadline {
            return Err(flawed(Flaw::DeadlinePassed));
        }
        let count = wanted.iter().filter(|code| !served.about.is_code(code)).count();
        if count > 0 {
            return Err(flawed(Flaw::NotCodes { count }));
        }
        let settings = &self.service.settings;
        let chain = Chain::new(wanted, settings.depth, settings.budget);
        Ok(Fetched::Rows(Box::new(Asking::new(self.service.clone(), *served, request, chain))))
    }
}
