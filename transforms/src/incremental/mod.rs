//! Nights that build on the last one: a statement of `sql/` whose SQL and inputs are those of the previous night is not run again, for what
//! it made or found then still holds. `docs/incremental.md` explains the whole of it, in all crates.
//!
//! Whether a table changed is decided by its [`content_hash()`], not by how it came about: a model that ran and made what it made before keeps all
//! that follows from it from running.

mod content_hash;
mod engine_tables;
mod lookups;
mod previous;
mod sql_run;
mod words;

pub use content_hash::content_hash;
pub use lookups::RowHashes;
pub use previous::{PreviousResults, ReadRows, ReadTexts, Remembered, RunReason, StatementReport};
pub use sql_run::{SqlResults, SqlRun};
pub use words::Words;
