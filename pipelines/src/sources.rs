//! Reading: every extract through its connector and the cleaner, several at a time; then the bounds on bad rows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::AsArray;
use arrow::datatypes::Date32Type;
use catalog::Catalog;
use chrono::NaiveDate;
use connectors::{CONNECTORS, Extract, Fetched, Files, Request, Transport};
use indicatif::ProgressBar;
use rayon::prelude::*;
use transforms::{Cleaned, Cleaner, SourceState};

use crate::config::Config;
use crate::refusal::Refusal;

const NIGHT: Duration = Duration::from_secs(3600);

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) cleaned: BTreeMap<String, Cleaned>,
    pub(crate) states: Vec<SourceState>,
    /// The newest date among the extracts.
    pub(crate) newest: Option<NaiveDate>,
}

/// How many extracts there are to read.
pub(crate) fn count() -> usize {
    CONNECTORS.iter().map(|connector| connector.extracts.len()).sum()
}

/// Reads and cleans all sources of the drop folder.
///
/// # Errors
/// A [`Refusal`] with one line for each source that is missing, damaged or over its bound of bad rows.
pub(crate) fn read(config: &Config, catalog: &Catalog, bar: &ProgressBar) -> Result<Read> {
    let mut extracts: Vec<(&'static str, &Extract)> =
        CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract))).collect();
    // The largest first, so that no core waits for the last one at the end.
    let size = |extract: &Extract| fs::metadata(config.paths.extracts.join(extract.file)).map_or(0, |data| data.len());
    extracts.sort_by_key(|(_, extract)| std::cmp::Reverse(size(extract)));
    let results: Vec<(&'static str, Result<Cleaned>)> = extracts
        .par_iter()
        .map(|(source, extract)| {
            let result = read_one(config, catalog, source, extract);
            bar.set_message(extract.file);
            bar.inc(1);
            (*source, result)
        })
        .collect();
    let (mut cleaned, mut refused) = (BTreeMap::new(), Vec::new());
    for (source, result) in results {
        match result {
            Ok(table) => {
                refused.extend(over_bound(config, source, &table));
                cleaned.insert(table.table.name.clone(), (source, table));
            }
            Err(error) => refused.push(format!("{error:#}")),
        }
    }
    write_quarantine(&config.paths.state, &cleaned)?;
    if !refused.is_empty() {
        refused.sort();
        return Err(Refusal(refused).into());
    }
    let states: Vec<SourceState> = cleaned.values().map(|(source, table)| state(source, table)).collect();
    let newest = states.iter().filter_map(|state| state.extract_date).max();
    Ok(Read { cleaned: cleaned.into_iter().map(|(name, (_, table))| (name, table)).collect(), states, newest })
}

fn read_one(config: &Config, catalog: &Catalog, source: &'static str, extract: &Extract) -> Result<Cleaned> {
    let table = catalog.table(extract.table)?;
    let mut cleaner = Cleaner::new(table, catalog)?;
    let request = Request { source, extract, table, memory: None, wanted: None, deadline: Instant::now() + NIGHT, folder: &config.paths.state };
    let Fetched::Rows(mut rows) = Files::new(&config.paths.extracts).open(&request)? else { unreachable!("nothing was remembered") };
    for batch in &mut rows {
        let batch = batch?;
        batch.rejected.iter().for_each(|bad| cleaner.reject(bad.row_number, bad.rule));
        cleaner.push(&batch.rows, &batch.row_numbers)?;
    }
    let cleaned = cleaner.finish()?;
    let quarantined = cleaned.quarantined.len();
    tracing::info!(source, table = extract.table, rows = cleaned.received, quarantined, old_codes = cleaned.old_codes, "source read");
    Ok(cleaned)
}

fn over_bound(config: &Config, source: &str, table: &Cleaned) -> Option<String> {
    let (bad, all) = (table.quarantined.len() as u64, table.received);
    let allowed = (all as f64 * config.run.bad_rows_share) as u64;
    (bad > allowed.max(config.run.bad_rows_floor)).then(|| {
        format!(
            "source {source}: {bad} of {all} rows of {} are bad, more than run.bad_rows_share allows; see state/quarantine/{}.csv for rows and rules, then ask the register or raise the bound",
            table.table.name, table.table.name
        )
    })
}

fn state(source: &str, table: &Cleaned) -> SourceState {
    let dates = table.rows.column_by_name("formavimo_data").map(|column| column.as_primitive::<Date32Type>());
    let newest = dates.and_then(arrow::compute::max).and_then(arrow::temporal_conversions::date32_to_datetime);
    let mut quarantined = BTreeMap::new();
    for bad in &table.quarantined {
        *quarantined.entry(bad.rule.to_owned()).or_insert(0) += 1;
    }
    SourceState {
        source: source.to_owned(),
        table: table.table.name.clone(),
        extract_date: newest.map(|moment| moment.date()),
        state: "fresh".to_owned(),
        rows: table.received,
        quarantined,
    }
}

/// `state/quarantine/<table>.csv`: row number, column, rule of every row set aside in the last run.
fn write_quarantine(state: &Path, cleaned: &BTreeMap<String, (&'static str, Cleaned)>) -> Result<()> {
    let folder = state.join("quarantine");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, (source, table)) in cleaned.iter().filter(|(_, (_, table))| !table.quarantined.is_empty()) {
        let file = CONNECTORS.iter().flat_map(|c| c.extracts).find(|extract| extract.table == name).map_or("", |extract| extract.file);
        let path = folder.join(format!("{name}.csv"));
        let mut out = csv::Writer::from_path(&path).with_context(|| format!("cannot write {}", path.display()))?;
        out.write_record(["source", "file", "row", "column", "rule"])?;
        let mut bad: Vec<_> = table.quarantined.iter().collect();
        bad.sort_by_key(|bad| bad.row_number);
        for bad in bad {
            out.write_record([source, file, &bad.row_number.to_string(), &bad.column, bad.rule])?;
        }
        out.flush()?;
    }
    Ok(())
}
