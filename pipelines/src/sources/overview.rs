//! How each source went last time: one reading of the ledger for the command line and the form endpoint.

use std::collections::HashSet;

use anyhow::Result;
use catalog::Catalog;
use chrono::{DateTime, Utc};
use connectors::naudotojai::MANDATES;

use crate::config::Config;
use crate::monitoring::nights::Nights;
use crate::sources::transports::Transports;
use crate::sources::waves;
use crate::state::ledger::{self, SourceLine};

/// A raw table and who is asked for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) source: &'static str,
    pub(crate) table: &'static str,
    /// How it is reached.
    pub(crate) transport: &'static str,
}

/// All of them, in the order of the night; the list of mandates is the last one, if nights fetch it.
///
/// # Errors
/// A section of the configuration cannot be used.
pub(crate) fn asked(config: &Config, catalog: &Catalog) -> Result<Vec<Asked>> {
    let transports = Transports::new(config)?;
    let mut asked = Vec::new();
    for (source, extract) in waves::extracts() {
        asked.push(Asked { source, table: extract.table, transport: transports.of(catalog.table(extract.table)?).name() });
    }
    if let Some(mandates) = &config.mandates {
        asked.push(Asked { source: MANDATES.source, table: MANDATES.extracts[0].table, transport: mandates.name() });
    }
    Ok(asked)
}

/// A source as the last run that read any found it.
pub(crate) struct Seen {
    pub(crate) asked: Asked,
    /// When that run began.
    pub(crate) when: Option<DateTime<Utc>>,
    /// What it noted; nothing while it was never asked.
    pub(crate) line: Option<SourceLine>,
    /// When the first of the runs in a row began that could not use it.
    pub(crate) stale_since: Option<DateTime<Utc>>,
    /// Whether the extract that it refused has been accepted since.
    pub(crate) accepted: bool,
}

/// All sources, and all runs.
///
/// # Errors
/// The ledger cannot be read.
pub(crate) fn see(config: &Config, asked: &[Asked]) -> Result<(Nights, Vec<Seen>)> {
    let nights = Nights::read(config)?;
    let accepted: HashSet<String> = ledger::accepted(&config.paths.state)?.into_iter().map(|line| line.extract).collect();
    let when = nights.last_reading().map(|run| run.started);
    let see = |asked: &Asked| {
        let line = nights.sources().iter().find(|line| line.table == asked.table).cloned();
        let accepted = line.as_ref().and_then(SourceLine::refused).is_some_and(|hash| accepted.contains(hash));
        Seen { asked: *asked, when, line, stale_since: nights.stale_since(asked.table), accepted }
    };
    let seen = asked.iter().map(see).collect();
    Ok((nights, seen))
}
