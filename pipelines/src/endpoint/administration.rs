//! What administrators look at and decide in the browser: what the commands `status`, `sources`, `accept`, `check` and `audit-log` read and write,
//! by the same functions.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use catalog::{Catalog, Content};
use chrono::{TimeDelta, Utc};
use connectors::naudotojai::MANDATES;
use forms::{
    AcceptedExtract, Administration, DefinitionChanges, LogState, Night, NightResult, NotAccepted, SourceResult, SourceState, Store,
    SystemState,
};

use super::audit_head::{self, Verified};
use super::changed_definitions;
use crate::config::Config;
use crate::home;
use crate::refusal::reasons;
use crate::sources::accepting;
use crate::sources::overview::{self, Asked, Seen};
use crate::state::definitions::Definitions;
use crate::state::ledger::{Acceptance, Entry, Outcome, SourceLine};

/// So many runs are shown.
const NIGHTS: usize = 10;
/// The audit log is gone through at most so often: it may have millions of entries.
const VERIFY_EVERY: TimeDelta = TimeDelta::minutes(10);
/// The classifier of sources.
const SOURCES: &str = "saltiniai";

/// The pipeline behind the port.
pub(crate) struct PipelineAdministration {
    config: Config,
    catalog: Catalog,
    asked: Vec<Asked>,
    log: Mutex<Option<LogState>>,
}

impl PipelineAdministration {
    pub(crate) fn new(config: &Config, catalog: Catalog) -> Result<Self> {
        let asked = overview::asked(config, &catalog)?;
        Ok(Self { config: config.clone(), catalog, asked, log: Mutex::default() })
    }

    fn source(&self, seen: Seen) -> SourceState {
        let Asked { source, table, transport } = seen.asked;
        let title = self.catalog.table(table).map_or_else(|_| table.to_owned(), |table| table.title.lt.clone());
        let titles = self.catalog.classifier(SOURCES).ok();
        let source_title = titles.and_then(|titles| titles.title(source)).map(|title| title.lt.clone());
        let of_mandates = || "Įgaliojimai iš naudotojų posistemio".to_owned();
        let source_title = source_title.unwrap_or_else(|| if source == MANDATES.source { of_mandates() } else { source.to_owned() });
        let result = match seen.line.as_ref().map(|line| line.verdict.as_str()) {
            None => SourceResult::Never,
            Some("stale") => SourceResult::Stale,
            Some("unchanged") => SourceResult::Unchanged,
            Some(_) => SourceResult::Fresh,
        };
        let line = seen.line.as_ref();
        SourceState {
            source: source.to_owned(),
            source_title,
            table: table.to_owned(),
            title,
            transport,
            result,
            stale_since: seen.stale_since,
            extract_date: line.and_then(|line| line.extract_date),
            rows: line.map_or(0, |line| line.rows),
            set_aside: line.map_or(0, |line| line.quarantined),
            ahead: line.map_or(0, |line| line.ahead.values().sum()),
            rule: line.and_then(|line| line.rule.clone()),
            reason: line.and_then(|line| line.reason.clone()),
            refused: line.and_then(SourceLine::refused).map(str::to_owned),
            accepted: seen.accepted,
        }
    }
}

fn night(run: &Entry) -> Night {
    Night {
        started: run.started,
        milliseconds: u64::try_from((run.finished - run.started).num_milliseconds()).unwrap_or_default(),
        result: match run.outcome {
            Outcome::Published => NightResult::Published,
            Outcome::Unchanged => NightResult::Unchanged,
            Outcome::Refused => NightResult::Refused,
            Outcome::Failed => NightResult::Failed,
        },
        release: run.release.clone(),
        reason: run.reason.clone(),
        stages: run.stages.iter().map(|stage| (stage.name.clone(), stage.wall_ms)).collect(),
    }
}

fn told(error: &anyhow::Error) -> String {
    format!("{error:#}")
}

/// As the ledger names an account of the endpoint.
fn account(id: i64) -> String {
    format!("account {id} of the form endpoint")
}

impl Administration for PipelineAdministration {
    fn state(&self) -> Result<SystemState, String> {
        let (nights, seen) = overview::see(&self.config, &self.asked).map_err(|error| told(&error))?;
        Ok(SystemState {
            sources: seen.into_iter().map(|seen| self.source(seen)).collect(),
            nights: nights.0.iter().rev().take(NIGHTS).map(night).collect(),
        })
    }

    fn accept(&self, accepted: &AcceptedExtract) -> Result<(), NotAccepted> {
        let broken = |error: anyhow::Error| NotAccepted::Broken(told(&error));
        let (_, seen) = overview::see(&self.config, &self.asked).map_err(broken)?;
        let is_it = |seen: &&Seen| seen.asked.source == accepted.source && seen.asked.table == accepted.table;
        let seen = seen.iter().find(is_it).ok_or(NotAccepted::Changed)?;
        let refused = seen.line.as_ref().filter(|line| line.verdict == "stale").and_then(SourceLine::refused);
        if refused != Some(accepted.extract.as_str()) {
            return Err(NotAccepted::Changed);
        }
        if seen.accepted {
            return Ok(());
        }
        let acceptance = Acceptance {
            when: accepted.confirmed,
            source: accepted.source.clone(),
            extract: accepted.extract.clone(),
            who: account(accepted.proposed_by),
            why: accepted.why.clone(),
            proposed: Some(accepted.proposed),
            confirmed_by: Some(account(accepted.confirmed_by)),
        };
        accepting::accept(&self.config, acceptance).map_err(broken)
    }

    fn mandates_are_fetched(&self) -> bool {
        self.config.mandates.is_some()
    }

    fn content(&self) -> Result<Content, Vec<String>> {
        home::load_content(&self.config).map_err(reasons)
    }

    fn definitions(&self) -> Result<DefinitionChanges, Vec<String>> {
        let catalog = home::load_catalog(&self.config).map_err(reasons)?;
        let feeds = home::load_feeds(&self.config, &catalog).map_err(reasons)?;
        let before = Definitions::load(&self.config.paths.state).map_err(reasons)?;
        Ok(changed_definitions::between(before, &Definitions::of(&catalog, &feeds)))
    }

    fn log(&self, store: &Store) -> Result<LogState, String> {
        let mut kept = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Utc::now();
        if let Some(log) = kept.as_ref().filter(|log| now - log.verified < VERIFY_EVERY) {
            return Ok(log.clone());
        }
        let Verified { chain, compared } = audit_head::verify(&self.config, store).map_err(|error| told(&error))?;
        let (entries, last_hash, broken) = match chain {
            Ok((entries, last)) => (entries, last, None),
            Err(error) => (0, String::new(), Some(error.to_string())),
        };
        let put_back = compared.put_back.iter().map(|(when, _)| *when).collect();
        let log = LogState { entries, last_hash, broken, missing: compared.missing, put_back, verified: now };
        *kept = Some(log.clone());
        Ok(log)
    }
}
