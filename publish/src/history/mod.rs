//! What each tier of the portal has shown over time: the history of every table that has one, and what changed within some days.
//!
//! A history is made of releases alone. Tonight's is that of the release before, in which the rows that are no longer shown are closed, and to which
//! the new ones are added ([`fold`]). Nothing can stand in the history of a tier that no release of that tier has shown, and a row that is
//! removed from releases is removed from their histories with them. If the release before has none, it is made of all releases that stand
//! ([`past`]). The internal tier has no history: what it shows of persons is kept no longer than its releases are.

mod delta;
pub(crate) mod events;
mod fold;
pub(crate) mod index;
mod past;
#[cfg(test)]
mod tests;
pub(crate) mod write;

pub(crate) use past::read_history;
pub use past::{remembered_since, shown_on};

use catalog::Released;
use chrono::NaiveDate;

/// A release, as histories name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct When {
    pub(crate) sequence: i64,
    pub(crate) date: NaiveDate,
}

/// Where the histories of a release come from.
pub(crate) enum Keeping<'a> {
    /// From the releases before it: it is a new one.
    Forward,
    /// From the release itself, which is printed anew; these are without some rows.
    AsItStands(&'a [Released]),
}
