//! `[paths]`: folders.

use std::path::PathBuf;

use serde::Deserialize;

/// Folders.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Paths {
    /// Drop folder for the extracts of registers and manual feeds.
    pub(crate) extracts: PathBuf,
    /// The published portal: releases, objects, `latest`.
    pub(crate) portal: PathBuf,
    /// The internal tier; must not be inside the portal.
    pub(crate) internal: PathBuf,
    /// What is kept between runs.
    pub(crate) state: PathBuf,
}

impl Default for Paths {
    fn default() -> Self {
        Self { extracts: "extracts".into(), portal: "portal".into(), internal: "internal".into(), state: "state".into() }
    }
}
