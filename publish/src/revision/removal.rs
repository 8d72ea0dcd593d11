//! The removal of a text from releases: from each of them its rows, or, where that cannot be, the whole release.
//!
//! All of it is printed before anything is changed. Then it is written down, and carried out by the next command if the program dies in between.

use std::collections::BTreeMap;
use std::fs::File;

use catalog::Tier;
use chrono::NaiveDate;

use super::obstacle::Obstacle;
use super::reprint::Reprint;
use super::revised::{Reason, RevisedSide, revise};
use crate::error::Error;
use crate::sought::Sought;
use crate::store::commit::sync_file_system;
use crate::store::sides::Store;
use crate::store::withdraw::{Holding, in_its_place};
use crate::store::withdrawal_plan::{Plan, carry_on};

/// What becomes of one side of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It goes on without the rows that hold the text: how many of which table of which tier these are.
    Revised(&'a BTreeMap<Tier, BTreeMap<String, u64>>),
    /// It is withdrawn as a whole: why it cannot be printed anew.
    Withdrawn(&'a str),
}

/// A removal that is prepared. Dropped before it is carried out, everything stays as it was.
pub struct Removal {
    store: Store,
    date: NaiveDate,
    why: String,
    sides: Vec<(Holding, Result<RevisedSide, String>)>,
    /// The last field, so that the store is free only when nothing is staged any more.
    lock: File,
}

impl std::fmt::Debug for Removal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Removal({} sides of releases)", self.sides.len())
    }
}

/// What is removed from releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The rows that hold the text.
    Rows,
    /// Every release whose own tables hold it, as a whole; from releases that only remember it, the rows.
    Releases,
}

impl Store {
    /// Prepares the removal of what was searched for. The store is locked until the removal is carried out or dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] while a release is being made; [`Error::Io`], such as for a full disk.
    pub fn prepare_removal(
        &self,
        holdings: Vec<Holding>,
        sought: &Sought,
        reprint: &Reprint<'_>,
        (extent, date, why): (Extent, NaiveDate, &str),
    ) -> Result<Removal, Error> {
        let lock = self.lock()?;
        self.clear_up()?;
        let mut sides = Vec::with_capacity(holdings.len());
        for holding in holdings {
            let is_whole = extent == Extent::Releases && !holding.only_remembers();
            let outcome = match is_whole.then(|| Obstacle::Release("its own tables hold the text".to_owned())) {
                Some(obstacle) => Err(obstacle),
                None => revise(self, &holding, sought, reprint, Reason { date, why }),
            };
            let outcome = match outcome {
                Ok(revised) => Ok(revised),
                Err(Obstacle::Release(reason)) => Err(reason),
                Err(Obstacle::Failure(error)) => return Err(error),
            };
            sides.push((holding, outcome));
        }
        Ok(Removal { store: self.clone(), date, why: why.to_owned(), sides, lock })
    }
}

impl Removal {
    /// What becomes of each side of each release.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Holding, Outcome<'_>)> {
        self.sides.iter().map(|(holding, side)| match side {
            Ok(revised) => (holding, Outcome::Revised(&revised.gone)),
            Err(reason) => (holding, Outcome::Withdrawn(reason)),
        })
    }

    /// Carries it out. What was begun is carried on by the next command that opens the store.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn carry_out(self) -> Result<(), Error> {
        self.plan()?.write(&self.store)?;
        carry_on(&self.store)?;
        drop(self.sides);
        // Closing the file would free the lock as well.
        let _ = self.lock.unlock();
        Ok(())
    }

    /// The plan, once everything that it needs is on the disk.
    fn plan(&self) -> Result<Plan, Error> {
        let mut plan = Plan::default();
        for (holding, side) in &self.sides {
            let manifest = match side {
                Ok(revised) => {
                    revised.share(&self.store)?;
                    revised.manifest.clone()
                }
                Err(_) => in_its_place(holding, self.date, &self.why),
            };
            if holding.internal { &mut plan.internal } else { &mut plan.portal }.push(manifest);
        }
        sync_file_system(&self.store.portal.root)?;
        sync_file_system(&self.store.internal.root)?;
        Ok(plan)
    }
}

#[cfg(test)]
mod tests;
