//! The nightly cleaner as the endpoint's rules: a run sets aside nothing that a form has accepted.

use std::sync::Arc;

use catalog::{Catalog, Table};
use forms::Fault;
use forms::entry::Record;
use transforms::{Cleaner, PersonKey};

use crate::sources::submissions::batch;

/// The cleaner with its definitions.
#[derive(Debug)]
pub(crate) struct NightlyRules {
    catalog: Catalog,
    key: PersonKey,
}

impl NightlyRules {
    /// The rules of these definitions.
    pub(crate) fn new(catalog: Catalog, key: PersonKey) -> Self {
        Self { catalog, key }
    }

    fn clean(&self, table: &Arc<Table>, rows: &[&Record]) -> anyhow::Result<Vec<Fault>> {
        let mut cleaner = Cleaner::new(table, &self.catalog, &self.key, None)?;
        let numbers: Vec<u64> = (0..).take(rows.len()).collect();
        cleaner.push(&batch(&table.raw_schema(), rows.iter().copied())?, &numbers)?;
        let fault = |bad: transforms::Quarantined| Ok(Fault { row: usize::try_from(bad.row_number)?, column: bad.column, rule: bad.rule });
        cleaner.finish()?.quarantined.into_iter().map(fault).collect()
    }
}

impl forms::Rules for NightlyRules {
    fn faults(&self, table: &Arc<Table>, rows: &[&Record]) -> Vec<Fault> {
        self.clean(table, rows).unwrap_or_else(|error| {
            tracing::error!(table = table.name, error = format!("{error:#}"), "the entry could not be checked, and is refused");
            (0..rows.len()).map(|row| Fault { row, column: String::new(), rule: "cleaner" }).collect()
        })
    }
}

#[cfg(test)]
mod tests;
