//! What operators look at, or are told: metrics, the health check, alerts, events of runs. Nothing of it decides what is in a release.

pub(crate) mod alerts;
mod health;
pub(crate) mod lineage;
pub(crate) mod listener;
mod metrics;
pub(crate) mod nights;
mod post;
