//! Metrics of runs and of the release that the portal shows. The labels are those of the program, never what a file says.

use std::path::Path;

use anyhow::Result;

use super::super::nights::Nights;
use super::page::{Family, Page};
use crate::config::Config;
use crate::state::ledger::{Outcome, STAGES};

const OUTCOMES: [(Outcome, &str); 4] =
    [(Outcome::Published, "published"), (Outcome::Unchanged, "unchanged"), (Outcome::Refused, "refused"), (Outcome::Failed, "failed")];

const RUNS: Family = Family::counter("virsis_runs_total", &["outcome"], "Runs in the ledger.");
const OUTCOME: Family = Family::gauge("virsis_last_run_outcome", &["outcome"], "1 for how the last run ended, 0 for all other ways.");
const STARTED: Family = Family::gauge("virsis_last_run_start_timestamp_seconds", &[], "When the last run began.");
const ENDED: Family = Family::gauge("virsis_last_run_end_timestamp_seconds", &[], "When the last run ended.");
const STAGE: Family =
    Family::gauge("virsis_last_run_stage_duration_seconds", &["stage"], "How long a stage of the last run took (`virsis run --timings`).");
const STAGE_CPU: Family =
    Family::gauge("virsis_last_run_stage_cpu_seconds", &["stage"], "CPU time of all threads in a stage of the last run.");
const MEMORY: Family = Family::gauge(
    "virsis_last_run_peak_memory_bytes",
    &[],
    "The most memory that the process of the last run had; also what the system may take back, as rows that wait lie in files.",
);
const GOOD: Family = Family::gauge(
    "virsis_last_good_run_end_timestamp_seconds",
    &[],
    "When the last run ended that published a release, or found that the latest one shows everything.",
);
const RELEASE: Family = Family::gauge("virsis_latest_release_number", &[], "Number of the release that the portal shows.");
const PUBLISHED: Family =
    Family::gauge("virsis_latest_release_published_timestamp_seconds", &[], "When the last run ended that published a release.");

/// All of them.
#[cfg(test)]
pub(super) const FAMILIES: &[Family] = &[RUNS, OUTCOME, STARTED, ENDED, STAGE, STAGE_CPU, MEMORY, GOOD, RELEASE, PUBLISHED];

pub(super) fn tell(page: &mut Page, config: &Config, nights: &Nights) -> Result<()> {
    for (outcome, name) in OUTCOMES {
        let count = nights.0.iter().filter(|run| run.outcome == outcome).count();
        page.say(&RUNS, &[name], count as f64)?;
    }
    page.say_when(&GOOD, &[], nights.last_good().map(|run| run.finished))?;
    page.say_when(&PUBLISHED, &[], nights.last_published().map(|run| run.finished))?;
    if let Some(number) = latest_release(&config.paths.portal) {
        page.say(&RELEASE, &[], number as f64)?;
    }
    let Some(last) = nights.last() else { return Ok(()) };
    for (outcome, name) in OUTCOMES {
        page.say(&OUTCOME, &[name], f64::from(u8::from(last.outcome == outcome)))?;
    }
    page.say_when(&STARTED, &[], Some(last.started))?;
    page.say_when(&ENDED, &[], Some(last.finished))?;
    let known = STAGES.iter().filter_map(|name| last.stages.iter().find(|stage| stage.name == *name));
    for stage in known {
        page.say(&STAGE, &[&stage.name], stage.wall_ms as f64 / 1000.0)?;
        page.say(&STAGE_CPU, &[&stage.name], stage.cpu_ms as f64 / 1000.0)?;
    }
    let peak = last.stages.iter().map(|stage| stage.peak_mib).max().unwrap_or_default();
    page.say(&MEMORY, &[], (peak << 20) as f64)
}

/// Number of the release that `latest` leads to.
fn latest_release(portal: &Path) -> Option<u64> {
    let target = std::fs::read_link(portal.join("latest")).ok()?;
    target.file_name()?.to_str()?.split('-').next()?.parse().ok()
}
