//! `[gates]`: how much an extract may differ from the last good one.

use serde::Deserialize;

/// How much an extract may differ from the last good one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Gates {
    /// An extract that lacks more than this share of rows is refused.
    pub(crate) fewer_rows: f64,
    /// An extract with more than this many times the rows causes a warning.
    pub(crate) more_rows: f64,
    /// An extract that lacks more than this share of keys is refused, however many new ones it has.
    pub(crate) lost_keys: f64,
    /// An extract with a column whose share of filled cells fell by more than this is refused.
    pub(crate) emptier_column: f64,
    /// Losing at most this many never refuses an extract.
    pub(crate) floor: u64,
}

impl Default for Gates {
    fn default() -> Self {
        Self { fewer_rows: 0.10, more_rows: 2.0, lost_keys: 0.10, emptier_column: 0.10, floor: 20 }
    }
}
