//! `virsis sources`: lists how each source is reached and how it went last time.

use anyhow::Result;
use connectors::naudotojai::MANDATES;
use transforms::AHEAD;

use crate::config::Config;
use crate::home;
use crate::plural::counted;
use crate::sources::transports::Transports;
use crate::sources::waves;
use crate::state::ledger::{self, SourceLine};

pub(crate) fn run(config: &Config) -> Result<()> {
    let runs = ledger::read(&config.paths.state)?;
    let last = runs.iter().rev().find(|run| !run.sources.is_empty());
    let (catalog, transports) = (home::load_catalog(config)?, Transports::new(config)?);
    println!("{:<8} {:<9} {:<30} {:<10} {:<10} last asked (UTC)", "source", "transport", "table", "extract", "result");
    let mut reasons = Vec::new();
    for (source, extract) in waves::extracts() {
        let line = last.and_then(|run| run.sources.iter().find(|line| line.table == extract.table));
        let date = line.and_then(|line| line.extract_date).map(|date| date.to_string()).unwrap_or_default();
        let result = line.map_or("never", |line| line.verdict.as_str());
        let asked = last.map(|run| run.started.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
        let transport = transports.of(catalog.table(extract.table)?).name();
        println!("{:<8} {transport:<9} {:<30} {date:<10} {result:<10} {asked}", source, extract.table);
        reasons.extend(line.and_then(|line| line.reason.clone()));
        reasons.extend(line.into_iter().flat_map(|line| line.ahead.iter().map(|(rule, rows)| ahead(line, rule, *rows))));
    }
    if let (Some(source), Some(run)) = (&config.mandates, last)
        && let Some(line) = run.sources.iter().find(|line| line.source == MANDATES.source)
    {
        let asked = run.started.format("%Y-%m-%d %H:%M:%S");
        println!("{:<8} {:<9} {:<30} {:<10} {:<10} {asked}", line.source, source.name(), line.table, "", line.verdict);
        reasons.extend(line.reason.clone());
    }
    reasons.iter().for_each(|reason| println!("\n{reason}"));
    Ok(())
}

/// What became of rows with future dates, and what to do.
fn ahead(line: &SourceLine, rule: &str, rows: u64) -> String {
    let SourceLine { source, table, .. } = line;
    let done = if rule == AHEAD { "the rows were set aside, see state/quarantine" } else { "these dates are ignored" };
    format!("source {source}: future dates in {} of {table} (rule {rule}); {done}; ask the register", counted(rows, "row", "rows"))
}
