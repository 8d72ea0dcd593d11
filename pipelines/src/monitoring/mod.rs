//! What operators look at, or are told: metrics, the health check, alerts. Nothing of it decides what is in a release.

pub(crate) mod alerts;
mod health;
pub(crate) mod listener;
mod metrics;
mod nights;
