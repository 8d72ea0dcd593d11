//! Every changed table through disclosure control and the gate, for each of its tiers.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::RecordBatch;
use catalog::{Catalog, Evidence, Released, Table, Tier};
use rayon::prelude::*;
use spool::Spool;
use transforms::{CheckResult, PersonKey, Severity};

use crate::refusal::Refusal;

/// Puts rows of a release that stands through the gate again; gives the rule that they break. The checks were asked when it was made.
pub(super) fn admit_again(table: Arc<Table>, tier: Tier, rows: RecordBatch) -> Result<Released, String> {
    Released::admit(table, tier, rows, &Evidence::default()).map_err(|error| error.to_string())
}

/// Puts every changed table through disclosure control and the gate; gives the tables that pass. Outside the internal tier, statistics about
/// persons are shown as they stand in `protected`. What a tier sees otherwise than it was made waits in the spool.
///
/// # Errors
/// A [`Refusal`] with one line for each check that found wrong rows, and for each table that breaks a rule.
pub(crate) fn admit(
    catalog: &Catalog,
    (key, spool): (&PersonKey, &Spool),
    out: &BTreeMap<String, RecordBatch>,
    protected: &BTreeMap<String, RecordBatch>,
    checks: &[CheckResult],
) -> Result<Vec<Released>> {
    for check in checks.iter().filter(|check| check.wrong > 0) {
        tracing::warn!(check = check.name, rows = check.wrong, severity = ?check.severity, "check found wrong rows");
    }
    let failed = checks.iter().filter(|check| check.severity == Severity::Error && check.wrong > 0);
    let mut refused: Vec<String> = failed.map(CheckResult::said).collect();
    let wanted: Vec<(&String, &RecordBatch, Tier)> = out
        .iter()
        .map(|(name, rows)| Ok(catalog.table(name)?.tiers.iter().map(move |tier| (name, rows, *tier))))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    let admitted: Vec<Result<Result<Released, catalog::Error>>> = wanted
        .par_iter()
        .map(|(name, rows, tier)| {
            let table = catalog.table(name)?;
            let rows = protected.get(*name).filter(|_| *tier != Tier::Internal).unwrap_or(rows);
            let seen = spool.put(table, &transforms::disclose(table, *tier, rows, key)?, Some(rows))?;
            Ok(Released::admit(table.clone(), *tier, seen, &CheckResult::evidence(checks, name)))
        })
        .collect();
    let unprotected = |(name, _, tier): &&(&String, &RecordBatch, Tier)| {
        *tier != Tier::Internal && !protected.contains_key(*name) && catalog.table(name).is_ok_and(|table| !table.protect.is_empty())
    };
    for (name, _, tier) in wanted.iter().filter(unprotected) {
        refused.push(format!("table {name}: its cells were not protected, so tier {tier} may not see them"));
    }
    let mut released = Vec::with_capacity(admitted.len());
    for table in admitted {
        match table? {
            Ok(table) => released.push(table),
            Err(error) => refused.push(error.to_string()),
        }
    }
    if refused.is_empty() { Ok(released) } else { Err(Refusal(refused).into()) }
}
