//! `virsis forget`: removes a person from every release, which otherwise stands, from stored data, and from later releases.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use catalog::Tier;
use publish::{Extent, Outcome};

use super::removal::{Found, Removal, print_places, print_releases};
use crate::cli;
use crate::config::Config;
use crate::plural::counted;
use crate::run::reprint::Printer;
use crate::state::forgotten;
use crate::withdrawal::persons;

pub(crate) fn run(config: &Config, order: &cli::Removal) -> Result<()> {
    let mut removal = Removal::begin(config, order)?;
    let printer = Printer::load(config, &removal.key)?;
    let ids = persons::named(&removal.texts, &printer.catalog, &removal.key, &config.paths.internal, &removal.last_good)?;
    println!("{} found by code or full name", counted(ids.len(), "person", "persons"));
    removal.seek_also(ids)?;
    let found = removal.find()?;
    let today = forms::today(removal.now);
    let prepared = printer.prepare(&removal.store, found.holdings.clone(), &removal.sought, (Extent::Rows, today, &order.why))?;
    print(&prepared, &found);
    if !order.yes {
        println!(
            "nothing was changed; --yes removes these rows, deletes the last good extracts of these tables and withholds the person from every later release"
        );
        return Ok(());
    }
    let revised = revised(&prepared);
    // In this order nothing is published again if the command is cut short; running it again does the rest. Releases are the last, since they
    // tell whom a name names.
    removal.withhold()?;
    forgotten::forget(&config.paths.state, &printer.catalog, &removal.sought)?;
    found.places.clear(config, &mut removal.last_good)?;
    prepared.carry_out()?;
    removal.record(&found, |holding| revised.contains(&(holding.release.clone(), holding.internal)))
}

/// The sides of releases that stand without some rows.
pub(super) fn revised(prepared: &publish::Removal) -> HashSet<(String, bool)> {
    let stand = prepared.outcomes().filter(|(_, outcome)| matches!(outcome, Outcome::Revised(_)));
    stand.map(|(holding, _)| (holding.release.clone(), holding.internal)).collect()
}

/// Prints what becomes of each release, never the text.
fn print(prepared: &publish::Removal, found: &Found) {
    let outcomes: BTreeMap<(bool, &str), Outcome<'_>> =
        prepared.outcomes().map(|(holding, outcome)| ((holding.internal, holding.release.as_str()), outcome)).collect();
    print_releases(found.holdings.iter(), |holding| match outcomes.get(&(holding.internal, holding.release.as_str())) {
        Some(Outcome::Revised(rows)) => told(rows),
        Some(Outcome::Withdrawn(reason)) => format!("is withdrawn as a whole: {reason}"),
        None => format!("in {} of {} files", holding.holding, holding.files),
    });
    print_places(&found.places, "in which a token without meaning takes the person's place");
    if outcomes.values().any(|outcome| matches!(outcome, Outcome::Revised(_))) {
        println!("statistics of these releases stand as they are: counted again, they would tell what the rows said");
    }
}

/// How many rows of which table go.
pub(super) fn told(rows: &BTreeMap<Tier, BTreeMap<String, u64>>) -> String {
    let table = |tier: &Tier, (name, count): (&String, &u64)| format!("{} of {name} ({tier})", counted(*count, "row", "rows"));
    let tables: Vec<String> = rows.iter().flat_map(|(tier, tables)| tables.iter().map(|one| table(tier, one))).collect();
    if tables.is_empty() { "documents".to_owned() } else { tables.join(", ") }
}
