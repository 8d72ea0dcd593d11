//! Nights that build on the last one: what is remembered of it, and whether it may be built on. `docs/incremental.md` explains the whole of it,
//! in all crates.

pub(crate) mod fingerprint;
pub(crate) mod previous_night;
