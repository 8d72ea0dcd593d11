//! Whether all is well, in one sentence.

use chrono::{DateTime, TimeDelta, Utc};
use forms::App;
use forms::store::Durability;

use super::nights::{Nights, is_stale, went_well};
use crate::config::Config;
use crate::state::ledger::Outcome;
use crate::state::running::ended_without_a_word;

/// Room that a submission with its attachments needs on the disk of the store.
const LEAST_ROOM: u64 = 64 << 20;

/// The first thing that is wrong; `None` if all is well.
pub(super) fn wrong(config: &Config, nights: &Nights, endpoint: Option<&App>, now: DateTime<Utc>) -> Option<String> {
    let store = endpoint.and_then(|endpoint| unwritable(config, endpoint).err());
    store.or_else(|| killed(config)).or_else(|| last_run(nights)).or_else(|| stale(nights, config.metrics.stale_days, now))
}

/// Whether the endpoint could keep a submission.
pub(super) fn unwritable(config: &Config, endpoint: &App) -> Result<(), String> {
    let failed =
        |error: &dyn std::fmt::Display| format!("the form endpoint's store cannot be written: {error}; nobody can submit anything");
    // Beginning to write takes the lock of writers and fails where the file is read-only.
    endpoint.store.write::<_, forms::Error>(Durability::Usual, |_| Ok(())).map_err(|error| failed(&error))?;
    let folder = config.forms.store.parent().unwrap_or(&config.forms.store);
    let space = rustix::fs::statvfs(folder).map_err(|error| failed(&error))?;
    let free = space.f_bavail * space.f_frsize;
    if free < LEAST_ROOM { Err(failed(&format!("only {} MiB are free on its disk; make room", free >> 20))) } else { Ok(()) }
}

fn killed(config: &Config) -> Option<String> {
    let started = ended_without_a_word(&config.paths.state)?.format("%Y-%m-%d %H:%M UTC");
    Some(format!("the run begun {started} was killed, or the machine went down: start the next one with `virsis run`"))
}

fn last_run(nights: &Nights) -> Option<String> {
    let Some(run) = nights.last() else { return Some("no run yet: start the first one with `virsis run`".to_owned()) };
    let how = match run.outcome {
        _ if went_well(run) => return None,
        Outcome::Refused => "was refused",
        Outcome::Failed => "failed",
        Outcome::Published | Outcome::Unchanged => "could not remove an extract with personal data",
    };
    Some(format!("the last run, begun {}, {how}; `virsis status` says why", run.started.format("%Y-%m-%d %H:%M UTC")))
}

fn stale(nights: &Nights, days: u32, now: DateTime<Utc>) -> Option<String> {
    nights.sources().iter().filter(|line| is_stale(line)).find_map(|line| {
        let since = nights.stale_since(&line.table)?;
        let long = now - since > TimeDelta::days(days.into());
        let since = since.format("%Y-%m-%d");
        long.then(|| format!("source {} is stale since {since} ({}); `virsis sources` says why", line.source, line.table))
    })
}

#[cfg(test)]
mod tests {
    use super::super::nights::tests::run;
    use super::*;

    #[test]
    fn a_run_that_failed_is_told_and_a_source_only_once_it_is_stale_for_too_long() {
        let wrong = |runs: &[_], now: &str| wrong(&Config::default(), &Nights(runs.to_vec()), None, now.parse().unwrap());
        let nights = [
            run(1, Outcome::Published, Some("fresh")),
            run(2, Outcome::Published, Some("stale")),
            run(3, Outcome::Unchanged, Some("stale")),
        ];
        assert_eq!(wrong(&nights, "2026-11-04T00:00:00Z"), None);
        assert!(wrong(&nights, "2026-11-06T00:00:00Z").unwrap().contains("source jar is stale since 2026-11-02"));
        assert!(wrong(&nights[..1], "2026-11-06T00:00:00Z").is_none());
        assert!(wrong(&[], "2026-11-06T00:00:00Z").unwrap().contains("no run yet"));
        let failed = [run(1, Outcome::Published, None), run(2, Outcome::Failed, None)];
        assert!(wrong(&failed, "2026-11-02T01:00:00Z").unwrap().contains("begun 2026-11-02 00:30 UTC, failed"));
    }
}
