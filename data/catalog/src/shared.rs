//! How many individuals share what open rows show of their quasi-identifiers: counted as a reader would, who has the rows of the open tier and the
//! definitions, and nothing else.

use std::collections::{HashMap, HashSet};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};

use crate::{CONFIDENTIAL_MARK, KAnonymity, Table, Tier};

/// How many individuals share the combinations that a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// By the fewest: the k that the rows have. None where there is no such row.
    pub fewest: Option<usize>,
    /// Combinations that fewer share than the rule says.
    pub short: usize,
    /// Cells that are said to be suppressed.
    pub emptied: usize,
}

impl KAnonymity {
    /// Rows of the open tier behind which persons may stand, as far as a reader can tell.
    #[must_use]
    pub fn suspected(&self, table: &Table, open: &RecordBatch) -> Vec<usize> {
        let withheld = table.visible(Tier::Open).filter(|used| used.column.personal.withheld_by(Tier::Open) == Some(self.mark.as_str()));
        let withheld: Vec<&ArrayRef> = withheld.filter_map(|used| open.column_by_name(&used.column.name)).collect();
        (0..open.num_rows()).filter(|row| withheld.iter().all(|column| column.is_null(*row))).collect()
    }

    /// How many individuals share each combination of quasi-identifiers in these rows of the open tier. An empty cell is a value of its own, and so is one
    /// that is said to be suppressed.
    ///
    /// # Errors
    /// A column is missing.
    pub fn shared(&self, table: &Table, open: &RecordBatch) -> Result<Shared, ArrowError> {
        let column =
            |name: &str| open.column_by_name(name).cloned().ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")));
        let mut columns = self.quasi_identifiers().map(column).collect::<Result<Vec<_>, _>>()?;
        columns.extend(open.column_by_name(CONFIDENTIAL_MARK).cloned());
        let converter = RowConverter::new(columns.iter().map(|column| SortField::new(column.data_type().clone())).collect())?;
        let combinations = converter.convert_columns(&columns)?;
        let individuals = column(&self.individual)?;
        let individuals = individuals.as_string_opt::<i32>().ok_or_else(|| ArrowError::SchemaError("individuals are text".to_owned()))?;
        let mut sharing: HashMap<_, HashSet<&str>> = HashMap::new();
        for row in self.suspected(table, open) {
            sharing.entry(combinations.row(row)).or_default().insert(individuals.value(row));
        }
        let counts = || sharing.values().map(HashSet::len);
        let marks = open.column_by_name(CONFIDENTIAL_MARK).and_then(|marks| marks.as_string_opt::<i32>());
        let emptied = marks.into_iter().flat_map(|marks| marks.iter().flatten()).map(|mark| mark.split(';').count()).sum();
        Ok(Shared { fewest: counts().min(), short: counts().filter(|count| *count < self.k).count(), emptied })
    }

    /// What is wrong with the rule of this table, in words.
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let mut found = Vec::new();
        let is_open = |name: &str| table.visible(Tier::Open).any(|used| used.column.name == name);
        let hidden = self.quasi_identifiers().chain([self.individual.as_str()]).filter(|name| !is_open(name));
        found.extend(hidden.map(|name| format!("[k_anonymity] names {name}, which the open tier does not show")));
        let keys = self.quasi_identifiers().filter(|name| table.key.iter().any(|key| key == name));
        found.extend(keys.map(|name| format!("[k_anonymity] empties {name}, which is a part of the key")));
        let withholds = |name: &str| table.columns.iter().any(|used| used.column.personal.withheld_by(Tier::Open) == Some(name));
        if !withholds(&self.mark) {
            found.push(format!("[k_anonymity]: {} withholds nothing in this table, so that no reader could check the rule", self.mark));
        }
        if self.k < 2 || self.steps.iter().any(Vec::is_empty) || self.steps.is_empty() {
            found.push("[k_anonymity] needs a k of at least 2, and steps that empty something".to_owned());
        }
        if table.column(CONFIDENTIAL_MARK).is_none() {
            found.push(format!(
                "[k_anonymity] needs the column {CONFIDENTIAL_MARK}, or nobody could tell an emptied cell from an empty one"
            ));
        }
        found
    }
}
