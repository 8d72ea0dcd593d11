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

    /// The transport of a raw table.
    pub(crate) fn of(&self, _table: &str) -> &dyn Transport {
        &self.files
    }

    /// Whether the transport of a raw table is asked for one code after another.
    pub(crate) fn asks_by_code(&self, table: &str) -> bool {
        self.of(table).name() == "ws"
    }
}
