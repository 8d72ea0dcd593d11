//! Which transport brings which source.

use connectors::{Files, Transport};

use crate::config::Config;

/// The transports of one run.
pub(crate) struct Transports {
    files: Files,
}

impl Transports {
    pub(crate) fn new(config: &Config) -> Self {
        Self { files: Files::new(&config.paths.extracts) }
    }

    /// The transport of a source.
    pub(crate) fn of(&self, _source: &str) -> &dyn Transport {
        &self.files
    }
}
