//! `virsis status`: the last runs, and the sources of the last one.

use anyhow::Result;

use crate::config::Config;
use crate::monitoring::nights::Nights;
use crate::state::ledger::Outcome;

/// How many runs are shown.
const RUNS: usize = 10;

pub(crate) fn run(config: &Config) -> Result<()> {
    let nights = Nights::read(config)?;
    if nights.0.is_empty() {
        println!("no run yet; start the first one with `virsis run`");
        return Ok(());
    }
    println!("{:<20} {:>8}  {:<10} release or reason", "started (UTC)", "seconds", "outcome");
    for run in nights.0.iter().rev().take(RUNS) {
        let seconds = (run.finished - run.started).num_milliseconds() as f64 / 1000.0;
        let outcome = match run.outcome {
            Outcome::Published => "published",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        };
        let said = run.release.as_deref().or(run.reason.as_deref()).unwrap_or_default();
        println!("{:<20} {seconds:>8.1}  {outcome:<10} {said}", run.started.format("%Y-%m-%d %H:%M:%S"));
    }
    let sources = nights.sources();
    if !sources.is_empty() {
        println!("\n{:<8} {:<30} {:>10} {:>11}  extract", "source", "table", "rows", "quarantined");
        for line in sources {
            let date = line.extract_date.map(|date| date.to_string()).unwrap_or_default();
            println!("{:<8} {:<30} {:>10} {:>11}  {date}", line.source, line.table, line.rows, line.quarantined);
        }
    }
    Ok(())
}
