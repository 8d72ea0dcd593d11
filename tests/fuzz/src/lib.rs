//! What the targets share: containers that independent tools signed, and what may be believed of them.

pub mod containers;
pub mod messages;

use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The folder that `run.sh` made with the peers of the tests; see there.
///
/// # Panics
/// It is not named, as when a target is started by hand.
#[must_use]
pub fn ground() -> PathBuf {
    std::env::var_os("VIRSIS_FUZZ_GROUND").map(PathBuf::from).expect("VIRSIS_FUZZ_GROUND names no folder; start tests/fuzz/run.sh")
}

/// What a future is that has nothing to wait for.
///
/// # Panics
/// It waits.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something, although everything is there"),
    }
}
