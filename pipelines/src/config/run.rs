//! `[run]`: settings of a run.

use catalog::BsiPolicy;
use serde::Deserialize;

/// Settings of a run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Run {
    /// Which day's BSI applies to the support of a year.
    pub(crate) bsi_policy: BsiPolicy,
    /// An extract with a larger share of bad rows is refused…
    pub(crate) bad_rows_share: f64,
    /// …unless it has at most this many bad rows.
    pub(crate) bad_rows_floor: u64,
    /// Minutes after which a run gives up on sources that have not answered.
    pub(crate) source_minutes: u64,
    /// Number of extracts read at the same time.
    pub(crate) parallel_sources: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self { bsi_policy: BsiPolicy::default(), bad_rows_share: 0.02, bad_rows_floor: 50, source_minutes: 120, parallel_sources: 4 }
    }
}
