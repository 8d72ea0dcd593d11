//! One run: the nightly pipeline ([`night`]) under the lock, and its record in the ledger, however it ends.

pub(crate) mod admission;
pub(crate) mod engine;
pub(crate) mod explain;
pub(crate) mod incremental;
pub(crate) mod lock;
mod night;
pub(crate) mod person_key;
pub(crate) mod reprint;
mod site;
mod sql_access;
pub(crate) mod statistics;
pub(crate) mod status_file;
pub(crate) mod timings;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use publish::Committed;

use self::explain::StepReport;
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::endpoint::mandates;
use crate::endpoint::notices;
use crate::monitoring::alerts;
use crate::monitoring::lineage::{Lineage, MadeTable};
use crate::refusal::Refusal;
use crate::run::timings::Stages;
use crate::sources::retention;
use crate::state::ledger::{self, Entry, Outcome, SourceLine};
use crate::state::running::Running;

/// The options of one run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RunOptions {
    /// Date as of which ownership is resolved; by default the newest date on which an extract was made.
    pub(crate) as_of: Option<NaiveDate>,
    /// Run every step again and publish, even if nothing changed.
    pub(crate) full: bool,
}

/// How a run ended that did not fail.
#[derive(Debug)]
pub(crate) enum Completed {
    Published(Committed),
    /// Nothing changed since this release.
    Unchanged(String),
}

/// What is reported of a run, however far it got.
#[derive(Debug)]
pub(crate) struct RunReport {
    /// Time and memory of each stage.
    pub(crate) stages: Stages,
    /// The outcome of each source.
    pub(crate) lines: Vec<SourceLine>,
    /// Which steps ran and which were skipped.
    pub(crate) steps: Vec<StepReport>,
    /// The published tables that it made anew.
    pub(crate) made: Vec<MadeTable>,
}

impl RunReport {
    pub(crate) fn start() -> Self {
        Self { stages: Stages::start(), lines: Vec::new(), steps: Vec::new(), made: Vec::new() }
    }
}

/// Runs once and appends the outcome to the ledger, whatever it is.
///
/// # Errors
/// A [`Refusal`] when data is refused; `latest` then stays as it was. When a release was published but an extract with personal codes
/// could not be removed, the ledger has both.
pub(crate) fn run(config: &Config, options: RunOptions, report: &mut RunReport) -> Result<Completed> {
    let _lock = lock::take(config)?;
    let started = Utc::now();
    let running = match Running::begin(&config.paths.state, started) {
        Ok((running, left)) => {
            left.iter().for_each(|entry| alerts::after_run(config, entry));
            Some(running)
        }
        // A full disk is the more reason to go on to where it is told.
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "that the run begins cannot be noted in state/running.json");
            None
        }
    };
    let lineage = Lineage::begin(config, started);
    let mandates = config.mandates.as_ref().filter(|_| config.forms.enabled).map(|source| mandates::night(config, source));
    let mut used = None;
    let result = night::run(config, options, report, &mut used);
    // A run that failed before it read any source has no line about sources.
    if !report.lines.is_empty() {
        report.lines.extend(mandates);
    }
    // However a run ends, personal codes stay no longer than the settings allow.
    let tidied = retention::tidy(config, used.as_ref(), started.into());
    let entry = entry(started, &result, &tidied, report);
    let noted = match running {
        Some(running) => running.end(&config.paths.state, &entry),
        None => ledger::append(&config.paths.state, &entry),
    };
    alerts::after_run(config, &entry);
    noted?;
    if config.forms.enabled {
        audit_head::note_or_tell(config);
    }
    if config.forms.enabled && result.is_ok() {
        match notices::write(config, Utc::now()) {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "notifications written"),
            // The release is published; the next run sends what is missing.
            Err(error) => tracing::error!(error = format!("{error:#}"), "notifications could not be written"),
        }
    }
    if let Some(lineage) = lineage {
        lineage.end(&entry, &report.made);
    }
    result.and_then(|completed| tidied.map(|()| completed))
}

/// The entry for the ledger: how the run ended and what went wrong, be it only that a file could not be removed.
fn entry(started: DateTime<Utc>, completed: &Result<Completed>, tidied: &Result<()>, report: &RunReport) -> Entry {
    let (outcome, release) = match completed {
        Ok(Completed::Published(committed)) => (Outcome::Published, Some(committed.name.clone())),
        Ok(Completed::Unchanged(release)) => (Outcome::Unchanged, Some(release.clone())),
        Err(error) if error.downcast_ref::<Refusal>().is_some() => (Outcome::Refused, None),
        Err(_) => (Outcome::Failed, None),
    };
    let wrong = completed.as_ref().err().or(tidied.as_ref().err());
    Entry {
        started,
        finished: Utc::now(),
        outcome,
        release,
        reason: wrong.map(|error| format!("{error:#}")),
        sources: report.lines.clone(),
        stages: report.stages.done.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_stands_is_in_the_ledger_even_if_something_could_not_be_removed() {
        let line = |completed: Result<Completed>, tidied: Result<()>| {
            let entry = entry(Utc::now(), &completed, &tidied, &RunReport::start());
            (entry.outcome, entry.release, entry.reason)
        };
        let unchanged = || Ok(Completed::Unchanged("000007-2026-10-31".to_owned()));
        let release = Some("000007-2026-10-31".to_owned());
        let problem = || anyhow::anyhow!("cannot remove an extract");
        assert_eq!(line(unchanged(), Ok(())), (Outcome::Unchanged, release.clone(), None));
        assert_eq!(line(unchanged(), Err(problem())), (Outcome::Unchanged, release, Some("cannot remove an extract".to_owned())));
        assert_eq!(line(Err(Refusal::one("a gate").into()), Err(problem())).0, Outcome::Refused);
        assert_eq!(line(Err(problem()), Ok(())), (Outcome::Failed, None, Some("cannot remove an extract".to_owned())));
    }
}
