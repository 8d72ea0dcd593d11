//! What every page works with: definitions, store, register, secrets; and what more than one page does.

use std::sync::{Arc, PoisonError, RwLock};

use catalog::{Catalog, Content};
use chrono::{DateTime, NaiveDate, Utc};
use container::Trust;
use rusqlite::Transaction;

use crate::check::check;
use crate::entry::{Context, Entry};
use crate::feed::{About, ENTITY, Feed, OUTLET};
use crate::handed_in;
use crate::letters;
use crate::notices;
use crate::problem::{Known, Problem};
use crate::register::{Outlet, Register};
use crate::secrets::PersonHash;
use crate::settings::Settings;
use crate::store::{self, Act, Actor, Store, Submission};
use crate::training::check_trust;
use crate::web::Templates;
use crate::{Administration, Error, LookUp, Reports, Role, Rules, SigningModule};

/// Where the register of VIRS comes from; `None` while nothing new is there.
pub type RegisterSource = Box<dyn Fn() -> Option<Register> + Send + Sync>;

/// The endpoint, without its network.
pub struct App {
    /// Settings.
    pub settings: Settings,
    /// All definitions.
    pub catalog: Catalog,
    /// The feeds, in their order.
    pub feeds: Vec<Feed>,
    /// The store.
    pub store: Store,
    /// Keyed hash of personal codes.
    pub persons: PersonHash,
    /// Whose signatures are believed; none until roots are configured.
    pub trust: Option<Trust>,
    /// Sign-in through VIISP.
    pub viisp: Option<viisp::Viisp>,
    /// News and help.
    pub content: Content,
    /// Address of the portal's guides, if it is known where the portal is.
    pub guides: Option<String>,
    /// What a night holds rows to.
    pub rules: Box<dyn Rules>,
    /// Look-ups while typing.
    pub look_up: Option<Box<dyn LookUp>>,
    /// The Centre of Registers' signing module.
    pub signing_module: Option<Box<dyn SigningModule>>,
    /// Reports over the internal tier.
    pub reports: Option<Box<dyn Reports>>,
    /// What administrators look at and decide.
    pub administration: Option<Box<dyn Administration>>,
    pub(crate) register: RwLock<Arc<Register>>,
    pub(crate) register_source: RegisterSource,
    pub(crate) templates: Templates,
}

impl std::fmt::Debug for App {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("App").field("feeds", &self.feeds.len()).finish_non_exhaustive()
    }
}

/// What [`App::new`] needs beside the settings.
pub struct Parts {
    /// All definitions.
    pub catalog: Catalog,
    /// The feeds.
    pub feeds: Vec<Feed>,
    /// The store.
    pub store: Store,
    /// Secret under which personal codes are hashed.
    pub persons: PersonHash,
    /// Where VIRS and outlets come from.
    pub register: RegisterSource,
    /// News and help.
    pub content: Content,
    /// Address of the portal's guides, if it is known where the portal is.
    pub guides: Option<String>,
    /// What a night holds rows to.
    pub rules: Box<dyn Rules>,
    /// Look-ups while typing.
    pub look_up: Option<Box<dyn LookUp>>,
    /// The Centre of Registers' signing module.
    pub signing_module: Option<Box<dyn SigningModule>>,
    /// Reports over the internal tier.
    pub reports: Option<Box<dyn Reports>>,
    /// What administrators look at and decide.
    pub administration: Option<Box<dyn Administration>>,
}

impl App {
    /// Puts the endpoint together; connects to nothing.
    ///
    /// # Errors
    /// Settings that cannot be used: certificates or keys that cannot be read.
    pub fn new(settings: Settings, parts: Parts) -> Result<Self, Error> {
        settings.check()?;
        let trust = match &settings.roots_file {
            Some(path) => {
                let pem = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.clone(), source })?;
                Some(Trust::from_pem(&pem).map_err(|error| Error::Settings(format!("roots_file: {error}")))?)
            }
            None => None,
        };
        if let Some(trust) = &trust {
            check_trust(trust, settings.training)?;
        }
        let training = settings.training;
        let viisp = match &settings.viisp {
            Some(viisp) => Some(viisp::Viisp::new(viisp).map_err(|error| Error::Settings(format!("viisp: {error}")))?),
            None => None,
        };
        parts.store.seal_seeds(&parts.persons.seal())?;
        let register = (parts.register)().unwrap_or_default();
        Ok(Self {
            settings,
            catalog: parts.catalog,
            feeds: parts.feeds,
            store: parts.store,
            persons: parts.persons,
            trust,
            viisp,
            content: parts.content,
            guides: parts.guides,
            rules: parts.rules,
            look_up: parts.look_up,
            signing_module: parts.signing_module,
            reports: parts.reports,
            administration: parts.administration,
            register: RwLock::new(Arc::new(register)),
            register_source: parts.register,
            templates: Templates::new(training)?,
        })
    }

    /// The feed called `name`.
    #[must_use]
    pub fn feed(&self, name: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.name == name)
    }

    /// VIRS and outlets as last known.
    #[must_use]
    pub fn register(&self) -> Arc<Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks whether a new release is there.
    pub fn refresh_register(&self) {
        if let Some(register) = (self.register_source)() {
            *self.register.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(register);
        }
    }

    /// Name of a VIRS; of one that the register does not have yet, the name its representative acts for.
    pub(crate) fn virs_name(&self, submission: &Submission) -> String {
        match self.register().virs(&submission.virs) {
            Some(virs) => virs.name.clone(),
            None if submission.acting.organisation_code == submission.virs => submission.acting.organisation_name.clone(),
            None => submission.virs.clone(),
        }
    }

    /// Outlets of a VIRS: those of the last release, of the history, and those submitted since.
    pub(crate) fn outlets(&self, connection: &rusqlite::Connection, virs: &str) -> Result<Vec<Outlet>, Error> {
        let mut outlets = self.register().outlets(virs).to_vec();
        let own = self.feeds.iter().filter(|feed| feed.about == About::Own);
        for section in own.flat_map(|feed| &feed.sections).filter(|section| section.declares_outlets()) {
            for row in store::history_about(connection, &section.table.name, ENTITY, virs)? {
                if let Some(outlet) = self.outlet(&row).filter(|outlet| !outlets.iter().any(|known| known.number == outlet.number)) {
                    outlets.push(outlet);
                }
            }
        }
        for feed in self.feeds.iter().filter(|feed| feed.about == About::Own) {
            let Some(current) = store::current_of(connection, &feed.name, virs)? else { continue };
            for outlet in self.outlets_of_entry(feed, &current) {
                match outlets.iter_mut().find(|known| known.number == outlet.number) {
                    Some(known) => *known = outlet,
                    None => outlets.push(outlet),
                }
            }
        }
        Ok(outlets)
    }

    /// Outlets that a submission itself declares.
    pub(crate) fn outlets_of_entry(&self, feed: &Feed, submission: &Submission) -> Vec<Outlet> {
        let Some(section) = feed.sections.iter().find(|section| section.declares_outlets()) else { return Vec::new() };
        submission.entry.records(&section.name).iter().filter_map(|record| self.outlet(record)).collect()
    }

    /// An outlet as a record of a form, or a row of the history, has it.
    fn outlet(&self, record: &crate::entry::Record) -> Option<Outlet> {
        let kinds = self.catalog.classifier("vip_rusys").ok();
        let text = |name: &str| record.get(name).cloned().unwrap_or_default();
        let kind = text("vip_rusis");
        let title = kinds.and_then(|kinds| kinds.title(&kind)).map(|title| title.lt.clone());
        Some(Outlet {
            number: record.get(OUTLET)?.clone(),
            name: text("vip_pavadinimas"),
            kind: title.unwrap_or(kind),
            record: record.clone(),
        })
    }

    /// What is wrong with an entry, by the rules of its form and of the night.
    pub(crate) fn problems(
        &self,
        connection: &rusqlite::Connection,
        feed: &Feed,
        (submission, entry): (&Submission, &Entry),
        outlets: &[Outlet],
        today: NaiveDate,
    ) -> Result<Vec<Problem>, Error> {
        let outlets: Vec<String> = outlets.iter().map(|outlet| outlet.number.clone()).collect();
        let beside = handed_in::beside(connection, feed, submission, entry, &outlets)?;
        let register = self.register();
        let known = Known {
            catalog: &self.catalog,
            today,
            outlets: &outlets,
            virs: &submission.virs,
            register: &register,
            beside: &beside,
            rules: &*self.rules,
        };
        Ok(check(feed, entry, &known))
    }

    /// What given values of a submission are made of.
    pub(crate) fn context(&self, submission: &Submission) -> Context {
        Context {
            virs: submission.virs.clone(),
            organisation_code: submission.acting.organisation_code.clone(),
            organisation_name: self.organisation_name(&submission.acting.organisation_code, &submission.acting.organisation_name),
        }
    }

    /// Name of an organisation that submits: as the register of legal entities has it, else as its mandate does.
    pub(crate) fn organisation_name(&self, code: &str, in_mandate: &str) -> String {
        let known = self.look_up.as_ref().and_then(|register| register.entity(code).ok().flatten());
        known.map_or_else(|| in_mandate.to_owned(), |entity| entity.name)
    }

    /// A number of this system's own that was never given before.
    pub(crate) fn number(&self, transaction: &Transaction<'_>, prefix: &str) -> Result<String, Error> {
        let known = self.register().greatest_outlet_number();
        Ok(format!("{prefix}-{:06}", store::next_number(transaction, prefix, known)?))
    }

    /// Writes a letter to everybody who represents an organisation; a VIRS without representatives gets it at its registered address.
    pub(crate) fn notify(
        &self,
        transaction: &Transaction<'_>,
        to: (Role, &str),
        about: &str,
        letter: &letters::Letter,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        notices::post(transaction, &self.register(), to, about, letter, now)
    }
}

/// An entry of the audit log about a submission.
pub(crate) fn act<'a>(account: i64, action: &'a str, submission: i64, detail: impl Into<String>) -> Act<'a> {
    Act { actor: Actor::Account(account), action, object: format!("submission {submission}"), detail: detail.into() }
}
