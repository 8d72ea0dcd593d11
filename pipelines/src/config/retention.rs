//! `[retention]`: what stays in the drop folder after a run.

use serde::Deserialize;

/// What stays in the drop folder after a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Retention {
    /// Remove extracts with personal data as soon as a run has used them.
    pub(crate) remove_personal: bool,
    /// Days after which refused extracts with personal data, which wait for an operator's decision, are removed.
    pub(crate) refused_days: u64,
    /// Days after which extracts without personal data are removed; 0 keeps them.
    pub(crate) other_days: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { remove_personal: true, refused_days: 7, other_days: 0 }
    }
}
