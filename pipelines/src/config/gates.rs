//! `[gates]`: how much an extract may differ from the last good one.

use serde::Deserialize;

/// How much an extract may differ from the last good one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Gates {
    /// More than this share of rows gone refuses.
    pub(crate) fewer_rows: f64,
    /// More than this many times the rows warns.
    pub(crate) more_rows: f64,
    /// More than this share of keys gone refuses, even where as many new ones came.
    pub(crate) lost_keys: f64,
    /// A column whose share of filled cells fell by more than this refuses.
    pub(crate) emptier_column: f64,
    /// So few rows may always go.
    pub(crate) floor: u64,
}

impl Default for Gates {
    fn default() -> Self {
        Self { fewer_rows: 0.10, more_rows: 2.0, lost_keys: 0.10, emptier_column: 0.10, floor: 20 }
    }
}
