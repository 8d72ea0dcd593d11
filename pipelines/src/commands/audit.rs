//! `virsis audit`: what can somebody who has only the published files work out of what they leave out?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use catalog::{Catalog, Table, Tier};
use publish::StatisticFigures;
use transforms::{Audit, PublishedTables};

use crate::config::Config;
use crate::home;
use crate::queries::published_release::PublishedRelease;
use crate::refusal::Refusal;
use crate::run::statistics::figures;

/// The tiers outside the institutions.
const OUTSIDE: [Tier; 2] = [Tier::Open, Tier::Public];

pub(crate) fn run(config: &Config, release: Option<&str>, against: &[String], systems: Option<&Path>) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let tonight = PublishedRelease::open(config, release)?;
    let earlier = against.iter().map(|name| PublishedRelease::open(config, Some(name))).collect::<Result<Vec<_>>>()?;
    let mut leaks = Vec::new();
    for tier in OUTSIDE {
        let statistics = tonight.tables(&catalog, tier, is_statistic)?;
        if statistics.is_empty() {
            return Err(Refusal::one(format!(
                "the release has no statistics of tier {tier} that this program knows; is it one of a newer or older program?"
            ))
            .into());
        }
        let before = earlier.iter().map(|release| release.tables(&catalog, tier, is_statistic)).collect::<Result<Vec<_>>>()?;
        let audit = transforms::audit(&catalog, tier, &statistics, &before)?;
        if tier == Tier::Open {
            print(&catalog, &audit, &tonight)?;
            if let Some(file) = systems {
                fs::write(file, serde_json::to_vec(&audit.systems)?).with_context(|| format!("cannot write {}", file.display()))?;
            }
        }
        leaks.extend(said(tier, &audit));
        leaks.extend(said_otherwise(&catalog, &tonight, tier, &audit)?);
    }
    leaks.extend(beside_each_other(&catalog, &tonight)?);
    if leaks.is_empty() {
        let compared = if against.is_empty() { String::new() } else { format!(", compared with {} earlier releases", against.len()) };
        println!("nothing can be worked out{compared}");
        return Ok(());
    }
    Err(Refusal(leaks).into())
}

fn is_statistic(table: &Table) -> bool {
    table.statistic.is_some()
}

/// What the open tier tells with the public one beside it.
fn beside_each_other(catalog: &Catalog, release: &PublishedRelease) -> Result<Vec<String>> {
    let [open, public] = [Tier::Open, Tier::Public].map(|tier| release.tables(catalog, tier, |_| true));
    let (open, public): (PublishedTables, PublishedTables) = (open?, public?);
    let statistics = |tables: &PublishedTables| -> PublishedTables {
        tables
            .iter()
            .filter(|(name, _)| catalog.table(name).is_ok_and(|table| is_statistic(table)))
            .map(|(name, rows)| (name.clone(), rows.clone()))
            .collect()
    };
    let mut leaks: Vec<String> = transforms::tiers_differ(&statistics(&open), &statistics(&public))
        .iter()
        .map(|finding| format!("open and public, {}: {}", finding.table, finding.leak.said()))
        .collect();
    let rows = transforms::attack_rows(catalog, &open, &public);
    leaks.extend(
        rows.iter().map(|finding| format!("open, {}.{}: {} ({})", finding.table, finding.column, finding.leak.said(), finding.cases)),
    );
    Ok(leaks)
}

/// What the release says of its own protection, if that is not what the audit finds.
fn said_otherwise(catalog: &Catalog, release: &PublishedRelease, tier: Tier, audit: &Audit) -> Result<Option<String>> {
    let Some(file) = release.file(tier, publish::PROTECTION)? else { return Ok(None) };
    let by_table = |figures: Vec<StatisticFigures>| -> BTreeMap<String, StatisticFigures> {
        figures.into_iter().map(|figures| (figures.table.clone(), figures)).collect()
    };
    let said = publish::published_statistics(&file).with_context(|| format!("cannot read {}", publish::PROTECTION))?;
    let found = audit.statistics.iter().map(|audited| figures(catalog, audited)).collect::<Result<Vec<_>, _>>()?;
    let differs = by_table(said) != by_table(found);
    Ok(differs.then(|| format!("{tier}, {}: its figures are not those of the audit", publish::PROTECTION)))
}

fn print(catalog: &Catalog, audit: &Audit, release: &PublishedRelease) -> Result<()> {
    println!("{:<26} {:>6} {:>10}  narrowest", "statistic", "cells", "suppressed");
    for one in &audit.statistics {
        let narrowest = one.narrowest.map_or_else(|| "no bound".to_owned(), |room| format!("×{room:.2}"));
        println!("{:<26} {:>6} {:>10}  {narrowest}", one.table, one.cells, one.suppressed);
    }
    println!("\n{:<26} {:>6} {:>10}  shared by at least", "rows about entities", "k", "suppressed");
    for (name, rows) in release.tables(catalog, Tier::Open, |table| table.k_anonymity.is_some())? {
        let table = catalog.table(&name)?;
        let Some(rule) = &table.k_anonymity else { continue };
        let shared = rule.shared(table, &rows)?;
        let fewest = shared.fewest.map_or_else(|| "no such rows".to_owned(), |fewest| fewest.to_string());
        println!("{name:<26} {:>6} {:>10}  {fewest}", rule.k, shared.emptied);
    }
    Ok(())
}

/// What leaks, in words.
pub(crate) fn said(tier: Tier, audit: &Audit) -> Vec<String> {
    audit.findings.iter().map(|finding| format!("{tier}, {}: {} ({})", finding.table, finding.leak.said(), finding.figures)).collect()
}
