//! `[paths]`: where things lie.

use std::path::PathBuf;

use serde::Deserialize;

/// Where things lie.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Paths {
    /// Drop folder of the registers' extracts and the manual feeds.
    pub(crate) extracts: PathBuf,
    /// The published portal: releases, objects, `latest`.
    pub(crate) portal: PathBuf,
    /// The internal tier; must not lie inside the portal.
    pub(crate) internal: PathBuf,
    /// Ledger of runs, quarantine, lock.
    pub(crate) state: PathBuf,
}

impl Default for Paths {
    fn default() -> Self {
        Self { extracts: "extracts".into(), portal: "portal".into(), internal: "internal".into(), state: "state".into() }
    }
}
