//! `[serve]`: settings of `virsis serve`.

use serde::Deserialize;

/// Settings of `virsis serve`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Serve {
    /// Loopback address and port of the preview.
    pub(crate) address: std::net::SocketAddr,
    /// Schedules to run, by file name under `schedules/`.
    pub(crate) schedules: Vec<String>,
}

impl Default for Serve {
    fn default() -> Self {
        Self { address: ([127, 0, 0, 1], 8080).into(), schedules: vec!["nightly".to_owned()] }
    }
}
