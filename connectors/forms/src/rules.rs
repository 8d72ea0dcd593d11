//! The rules that the nightly run applies to rows: a port. The pipeline implements it with its own cleaner, so that a form never accepts
//! what the nightly run would set aside.

use std::sync::Arc;

use catalog::Table;

use crate::entry::Record;

/// A row that a night would set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Place of the row, from 0.
    pub row: usize,
    /// The column at fault; empty where the row as a whole is.
    pub column: String,
    /// The rule it breaks.
    pub rule: &'static str,
}

/// Judges rows as a night would.
pub trait Rules: Send + Sync + std::fmt::Debug {
    /// The rows of a table that would be set aside; of two with one key, the later. Whoever cannot judge sets all aside.
    fn faults(&self, table: &Arc<Table>, rows: &[&Record]) -> Vec<Fault>;
}
