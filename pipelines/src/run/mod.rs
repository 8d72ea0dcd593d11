//! One run: the night itself ([`night`]) under its lock, and what is written down of it, however it ends.

pub(crate) mod admission;
pub(crate) mod explain;
pub(crate) mod incremental;
pub(crate) mod lock;
mod night;
pub(crate) mod status_file;
pub(crate) mod timings;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use publish::Committed;

use self::explain::Step;
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::endpoint::mandates;
use crate::endpoint::notices;
use crate::refusal::Refusal;
use crate::run::timings::Stages;
use crate::sources::retention;
use crate::state::ledger::{self, Entry, Outcome, SourceLine};

/// What is asked of one run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Order {
    /// Day for which owners are resolved; by default the newest day on which an extract was made.
    pub(crate) as_of: Option<NaiveDate>,
    /// Make a release even if nothing changed, with every step run again.
    pub(crate) anew: bool,
}

/// How a night ended well.
#[derive(Debug)]
pub(crate) enum Night {
    Published(Committed),
    /// Nothing changed since this release.
    Unchanged(String),
}

/// What a night tells of itself, however far it came.
#[derive(Debug)]
pub(crate) struct RunReport {
    /// What each stage cost.
    pub(crate) stages: Stages,
    /// How each source went.
    pub(crate) lines: Vec<SourceLine>,
    /// What ran and what was skipped.
    pub(crate) steps: Vec<Step>,
}

impl RunReport {
    pub(crate) fn start() -> Self {
        Self { stages: Stages::start(), lines: Vec::new(), steps: Vec::new() }
    }
}

/// Runs once and writes the ledger, whatever comes out.
///
/// # Errors
/// A [`Refusal`] when data is refused; `latest` is then as it was. When a release was published but an extract with codes of persons could
/// not be removed, the ledger has both.
pub(crate) fn run(config: &Config, order: Order, report: &mut RunReport) -> Result<Night> {
    let _lock = lock::take(&config.paths.state)?;
    let started = Utc::now();
    let mandates = config.mandates.as_ref().filter(|_| config.forms.enabled).map(|source| mandates::night(config, source));
    let mut used = None;
    let result = night::run(config, order, report, &mut used);
    // A run that read no source says nothing of sources.
    if !report.lines.is_empty() {
        report.lines.extend(mandates);
    }
    // However a night ends, codes of persons do not stay longer than the settings allow.
    let tidied = retention::tidy(config, used.as_ref(), started.into());
    ledger::append(&config.paths.state, &entry(started, &result, &tidied, report))?;
    if config.forms.enabled {
        audit_head::note_or_tell(config);
    }
    if config.forms.enabled && result.is_ok() {
        match notices::write(config, Utc::now()) {
            Ok(0) => {}
            Ok(letters) => tracing::info!(letters, "notifications written"),
            // The release stands; the next night tells of both.
            Err(error) => tracing::error!(error = format!("{error:#}"), "notifications could not be written"),
        }
    }
    result.and_then(|night| tidied.map(|()| night))
}

/// The ledger's line: how the night ended, and what went wrong, were it only with what had to be removed.
fn entry(started: DateTime<Utc>, night: &Result<Night>, tidied: &Result<()>, report: &RunReport) -> Entry {
    let (outcome, release) = match night {
        Ok(Night::Published(committed)) => (Outcome::Published, Some(committed.name.clone())),
        Ok(Night::Unchanged(release)) => (Outcome::Unchanged, Some(release.clone())),
        Err(error) if error.downcast_ref::<Refusal>().is_some() => (Outcome::Refused, None),
        Err(_) => (Outcome::Failed, None),
    };
    let wrong = night.as_ref().err().or(tidied.as_ref().err());
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
        let line = |night: Result<Night>, tidied: Result<()>| {
            let entry = entry(Utc::now(), &night, &tidied, &RunReport::start());
            (entry.outcome, entry.release, entry.reason)
        };
        let unchanged = || Ok(Night::Unchanged("000007-2026-10-31".to_owned()));
        let release = Some("000007-2026-10-31".to_owned());
        let problem = || anyhow::anyhow!("cannot remove an extract");
        assert_eq!(line(unchanged(), Ok(())), (Outcome::Unchanged, release.clone(), None));
        assert_eq!(line(unchanged(), Err(problem())), (Outcome::Unchanged, release, Some("cannot remove an extract".to_owned())));
        assert_eq!(line(Err(Refusal::one("a gate").into()), Err(problem())).0, Outcome::Refused);
        assert_eq!(line(Err(problem()), Ok(())), (Outcome::Failed, None, Some("cannot remove an extract".to_owned())));
    }
}
