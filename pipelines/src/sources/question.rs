//! What is asked of a source: which rows, by which codes, and the hash that stands for the question.

use std::collections::HashSet;
use std::sync::Arc;

use catalog::SecretCode;
use sha2::{Digest, Sha256};
use transforms::RowFilter;

/// What is asked of a table: rows, and the hash that stands for the question. Not to be printed: it holds codes.
#[derive(Clone, Default)]
pub(crate) struct Question {
    pub(crate) filter: Option<RowFilter>,
    pub(crate) scope: String,
    /// Codes for a transport that asks one by one; those of persons stay in memory.
    pub(crate) codes: Arc<Vec<SecretCode>>,
}

/// Codes in an order that does not depend on a hash table.
pub(crate) fn sorted(codes: impl IntoIterator<Item = SecretCode>) -> Arc<Vec<SecretCode>> {
    let mut sorted: Vec<SecretCode> = codes.into_iter().collect();
    sorted.sort_unstable();
    Arc::new(sorted)
}

impl Question {
    /// Rows whose `column` holds one of `values`.
    pub(crate) fn about(column: &'static str, values: &Arc<HashSet<String>>) -> Self {
        let mut sorted_values: Vec<&String> = values.iter().collect();
        sorted_values.sort_unstable();
        let mut hash = Sha256::new();
        sorted_values.iter().for_each(|value| hash.update(format!("{value}\n")));
        let codes = Arc::new(sorted_values.into_iter().map(SecretCode::new).collect());
        Self { filter: Some(RowFilter { column, values: values.clone() }), scope: hex::encode(hash.finalize()), codes }
    }
}
