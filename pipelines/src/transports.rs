//! Which transport brings which source.

use anyhow::Result;
use connectors::{Files, Transport};

use crate::config::Config;

/// The transports of one run.
pub(crate) struct Transports {
    files: Files,
}

impl Transports {
    pub(crate) fn new(config: &Config) -> Result<Self> {
        Ok(Self { files: Files::new(&config.paths.extracts) })
    }

    /// The transport of a source.
    pub(crate) fn of(&self, _source: &str) -> &dyn Transport {
        &self.files
    }
}
