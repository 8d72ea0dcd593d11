//! Administration in the browser: what administrators look at, and what two of them decide together.
//!
//! Nobody alone gives anybody a right or lets anything in: a refused extract, a mandate, and the end of an administrator's mandate are proposed by
//! one and decided by another. What takes a right away, or moves a letter, one does at once, and it is in the audit log.

mod acts;
pub(super) mod definitions;
mod desk;
pub(super) mod extract;
pub(super) mod letters;
pub(super) mod log;
pub(super) mod mandate;
pub(super) mod mandates;
pub(super) mod news;
pub(super) mod proposal;
pub(super) mod state;
mod words;

pub(super) use desk::allowed;
