//! `virsis sources`: lists how each source is reached and how it went last time.

use anyhow::Result;
use connectors::naudotojai::MANDATES;
use transforms::AHEAD;

use crate::config::Config;
use crate::home;
use crate::plural::counted;
use crate::sources::overview::{self, Seen};
use crate::state::ledger::SourceLine;

pub(crate) fn run(config: &Config) -> Result<()> {
    let asked = overview::asked(config, &home::load_catalog(config)?)?;
    let (_, sources) = overview::see(config, &asked)?;
    println!("{:<8} {:<9} {:<30} {:<10} {:<10} last asked (UTC)", "source", "transport", "table", "extract", "result");
    let mut reasons = Vec::new();
    // Mandates are no extract of the register: nothing is said of them until a run has fetched some.
    for Seen { asked, when, line, .. } in sources.iter().filter(|one| one.line.is_some() || one.asked.source != MANDATES.source) {
        let line = line.as_ref();
        let date = line.and_then(|line| line.extract_date).map(|date| date.to_string()).unwrap_or_default();
        let result = line.map_or("never", |line| line.verdict.as_str());
        let when = when.map(|when| when.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
        println!("{:<8} {:<9} {:<30} {date:<10} {result:<10} {when}", asked.source, asked.transport, asked.table);
        reasons.extend(line.and_then(|line| line.reason.clone()));
        reasons.extend(line.into_iter().flat_map(|line| line.ahead.iter().map(|(rule, rows)| ahead(line, rule, *rows))));
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
