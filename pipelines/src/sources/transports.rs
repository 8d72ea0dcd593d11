//! Which transport brings which extract: what `[sources.…]` of the configuration says, the drop folder for all others.

use std::collections::BTreeMap;

use anyhow::Result;
use catalog::Table;
use chrono::Utc;
use chrono_tz::Europe::Vilnius;
use connectors::{Bulk, Files, MANUAL_FEEDS, Transport, Uapi, Ws};

use crate::config::{Config, SourceConfig, source_keys};
use crate::home;
use crate::refusal::Refusal;
use crate::sources::submissions::HandedIn;

/// The transports of one run, by raw table.
pub(crate) struct Transports {
    files: Files,
    /// Those that the configuration names, by the key it names them with.
    named: BTreeMap<String, Box<dyn Transport>>,
    /// The store of what people handed in, where the endpoint takes it and no other transport is named.
    handed_in: Option<HandedIn>,
}

impl Transports {
    /// Prepares all transports; connects to nothing.
    ///
    /// # Errors
    /// A [`Refusal`] with one line for each section of the configuration that cannot be used.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let (mut named, mut wrong): (BTreeMap<String, Box<dyn Transport>>, Vec<String>) = (BTreeMap::new(), Vec::new());
        for (key, source) in &config.sources {
            match prepare(config, source) {
                Ok(transport) => drop(named.insert(key.clone(), transport)),
                Err(error) => wrong.push(format!("[sources.{key}]: {error}")),
            }
        }
        let mut handed_in = None;
        if config.forms.enabled && !named.contains_key(MANUAL_FEEDS.source) {
            let catalog = home::load_catalog(config)?;
            let feeds = home::load_feeds(config, &catalog)?;
            handed_in = Some(HandedIn::new(config.forms.store.clone(), catalog, feeds));
        }
        if wrong.is_empty() { Ok(Self { files: Files::new(&config.paths.extracts), named, handed_in }) } else { Err(Refusal(wrong).into()) }
    }

    /// The transport of a raw table: its own, else its source's, else the endpoint's store or the drop folder.
    pub(crate) fn of(&self, table: &Table) -> &dyn Transport {
        let handed_in = || self.handed_in(table).map(|transport| transport as &dyn Transport);
        self.named(table).or_else(handed_in).unwrap_or(&self.files)
    }

    /// The store of what people handed in, if rows of this raw table come from there.
    pub(crate) fn handed_in(&self, table: &Table) -> Option<&HandedIn> {
        self.handed_in.as_ref().filter(|_| table.submitted && self.named(table).is_none())
    }

    /// The store of what people handed in, if any rows come from there.
    pub(crate) fn endpoint(&self) -> Option<&HandedIn> {
        self.handed_in.as_ref()
    }

    fn named(&self, table: &Table) -> Option<&dyn Transport> {
        source_keys(&table.name)?.into_iter().find_map(|key| self.named.get(key)).map(AsRef::as_ref)
    }

    /// Whether the transport of a raw table is asked for one code after another.
    pub(crate) fn asks_by_code(&self, table: &Table) -> bool {
        self.of(table).asks_by_code()
    }
}

fn prepare(config: &Config, source: &SourceConfig) -> Result<Box<dyn Transport>, connectors::Error> {
    Ok(match source {
        SourceConfig::Files(_) => Box::new(Files::new(&config.paths.extracts)),
        SourceConfig::Bulk(settings) => Box::new(Bulk::new(settings)?),
        SourceConfig::Uapi(settings) => Box::new(Uapi::new(settings)?),
        SourceConfig::Ws(settings) => Box::new(Ws::new(settings, Utc::now().with_timezone(&Vilnius).date_naive())?),
    })
}
