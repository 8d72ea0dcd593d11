//! What is asked of a source: which rows, by which codes, and the hash that stands for the question.

use std::collections::HashSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use transforms::RowFilter;

/// What is asked of a table: rows, and the hash that stands for the question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) wanted: Option<RowFilter>,
    pub(crate) scope: String,
    /// Codes for a transport that asks one by one; those of persons stay in memory.
    pub(crate) codes: Arc<Vec<String>>,
}

/// Codes in an order that does not depend on a hash table.
pub(crate) fn sorted(codes: &HashSet<String>) -> Arc<Vec<String>> {
    let mut sorted: Vec<String> = codes.iter().cloned().collect();
    sorted.sort_unstable();
    Arc::new(sorted)
}

impl Question {
    /// Rows whose `column` holds one of `values`.
    pub(crate) fn about(column: &'static str, values: &Arc<HashSet<String>>) -> Self {
        let codes = sorted(values);
        let mut hash = Sha256::new();
        codes.iter().for_each(|value| hash.update(format!("{value}\n")));
        Self { wanted: Some(RowFilter { column, values: values.clone() }), scope: hex::encode(hash.finalize()), codes }
    }
}
