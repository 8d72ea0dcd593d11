//! `virsis run`: one run, now.

use anyhow::Result;
use chrono::NaiveDate;

use crate::config::Config;
use crate::nightly;

pub(crate) fn run(config: &Config, as_of: Option<NaiveDate>, timings: bool) -> Result<()> {
    let (committed, stages) = nightly::run(config, as_of)?;
    println!(
        "release {} published: {} files, {} bytes, {} of them new",
        committed.name, committed.files, committed.bytes, committed.new_bytes
    );
    if timings {
        println!("{:<24} {:>9} {:>9} {:>10}", "stage", "wall ms", "cpu ms", "peak MiB");
        for stage in &stages.done {
            println!("{:<24} {:>9} {:>9} {:>10}", stage.name, stage.wall_ms, stage.cpu_ms, stage.peak_mib);
        }
        let sum = |of: fn(&crate::measure::Stage) -> u64| stages.done.iter().map(of).sum::<u64>();
        let peak = stages.done.iter().map(|stage| stage.peak_mib).max().unwrap_or(0);
        println!("{:<24} {:>9} {:>9} {:>10}", "total", sum(|stage| stage.wall_ms), sum(|stage| stage.cpu_ms), peak);
    }
    Ok(())
}
