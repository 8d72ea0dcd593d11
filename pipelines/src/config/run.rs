//! `[run]`: one night.

use catalog::BsiPolicy;
use serde::Deserialize;

/// One night.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Run {
    /// Which day's BSI measures a year's support.
    pub(crate) bsi_policy: BsiPolicy,
    /// A table with a greater share of bad rows is refused…
    pub(crate) bad_rows_share: f64,
    /// …but never for this many bad rows or fewer.
    pub(crate) bad_rows_floor: u64,
    /// After so many minutes the night gives up on sources that have not answered.
    pub(crate) source_minutes: u64,
    /// So many extracts are read at a time.
    pub(crate) parallel_sources: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self { bsi_policy: BsiPolicy::default(), bad_rows_share: 0.02, bad_rows_floor: 50, source_minutes: 120, parallel_sources: 4 }
    }
}
