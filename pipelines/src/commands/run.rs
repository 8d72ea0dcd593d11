//! `virsis run`: one run, now.

use anyhow::Result;

use crate::config::Config;
use crate::plural::counted;
use crate::run::explain::StepReport;
use crate::run::timings::Stages;
use crate::run::{self, Completed, RunOptions, RunReport};
use crate::state::ledger::{self, Stage};

pub(crate) fn run(config: &Config, options: RunOptions, timings: bool, explain: bool) -> Result<()> {
    let mut report = RunReport::start();
    let completed = run::run(config, options, &mut report);
    if let Ok(completed) = &completed {
        print_completed(config, completed)?;
    }
    // A refused run is reported, too: how far it got helps to find the cause.
    if explain {
        print_steps(&report.steps);
    }
    if timings {
        print_timings(&report.stages);
    }
    completed.map(drop)
}

fn print_completed(config: &Config, completed: &Completed) -> Result<()> {
    match completed {
        Completed::Published(committed) => println!(
            "release {} published: {} files, {} bytes ({} bytes new)",
            committed.name, committed.files, committed.bytes, committed.new_bytes
        ),
        Completed::Unchanged(release) => {
            println!("nothing changed since release {release}; no new one made (`virsis run --full` makes one regardless)")
        }
    }
    let runs = ledger::read(&config.paths.state)?;
    let stale: Vec<&str> = runs.last().into_iter().flat_map(|run| &run.sources).filter_map(|line| line.reason.as_deref()).collect();
    if !stale.is_empty() {
        println!("stale: {} not updated, the last good extract is used", counted(stale.len(), "table was", "tables were"));
        stale.iter().for_each(|reason| println!("  - {reason}"));
    }
    Ok(())
}

fn print_steps(steps: &[StepReport]) {
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for StepReport { name, ran, why } in steps {
        println!("{:<7} {name:<width$}  {why}", if *ran { "ran" } else { "skipped" });
    }
}

fn print_timings(stages: &Stages) {
    println!("{:<24} {:>9} {:>9} {:>10}", "stage", "wall ms", "cpu ms", "peak MiB");
    for stage in &stages.done {
        println!("{:<24} {:>9} {:>9} {:>10}", stage.name, stage.wall_ms, stage.cpu_ms, stage.peak_mib);
    }
    let sum = |of: fn(&Stage) -> u64| stages.done.iter().map(of).sum::<u64>();
    let peak = stages.done.iter().map(|stage| stage.peak_mib).max().unwrap_or(0);
    println!("{:<24} {:>9} {:>9} {:>10}", "total", sum(|stage| stage.wall_ms), sum(|stage| stage.cpu_ms), peak);
}
