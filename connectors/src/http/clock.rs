//! Time, so that tests need not wait for it.

use std::time::{Duration, Instant};

/// Tells the time and lets it pass.
pub(crate) trait Clock: std::fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
    /// Waits.
    fn sleep(&self, pause: Duration);
}

/// The machine's clock.
#[derive(Debug)]
pub(crate) struct Machine;

impl Clock for Machine {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, pause: Duration) {
        std::thread::sleep(pause);
    }
}
