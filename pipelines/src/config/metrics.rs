//! `[metrics]`: what a monitoring system is told.

use std::net::SocketAddr;

use serde::Deserialize;

/// What `virsis serve` tells a monitoring system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Metrics {
    /// Loopback address and port of `/metrics` and `/health`; without one neither is served.
    pub(crate) listen: Option<SocketAddr>,
    /// A source that is stale for more days makes `/health` answer 503.
    pub(crate) stale_days: u32,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { listen: None, stale_days: 3 }
    }
}

impl Metrics {
    /// What is wrong with it.
    pub(super) fn check(&self) -> Option<String> {
        let open = self.listen.is_some_and(|address| !address.ip().is_loopback());
        open.then(|| "metrics.listen must be a loopback address: let Prometheus scrape from this machine, or through a tunnel".to_owned())
    }
}
