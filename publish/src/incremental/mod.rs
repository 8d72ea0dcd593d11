//! Releases that build on the last one: what did not change is taken over as the very file that it is. `docs/incremental.md` explains the whole
//! of it, in all crates.

pub(crate) mod checked_links;
pub(crate) mod file_stats;
pub(crate) mod last_release;
pub(crate) mod page_hashes;
pub(crate) mod tier_table;
