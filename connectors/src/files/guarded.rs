//! Decoders of others meet bytes of others: a damaged file makes some of them panic. That refuses one extract, not the whole night.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Error;
use crate::place::Place;

/// Does something with a decoder that is not used any more if it panics.
///
/// # Errors
/// It panicked.
pub(super) fn guarded<T>(place: &Place, work: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| place.damaged("it cannot be decoded"))
}
