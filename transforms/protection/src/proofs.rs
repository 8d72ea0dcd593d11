//! What must be in doubt, and the changes that prove it is. A change that was found once proves much at once, so the solver is asked only
//! where none of the known ones will do.

use std::collections::{BTreeMap, BTreeSet};

use crate::System;
use crate::change::{Change, cheapest};
use crate::doubt::required;
use crate::links::Links;
use crate::system::slack;

/// A cell must be movable so far: down if `by` is negative, up otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Demand {
    pub(crate) cell: usize,
    pub(crate) by: f64,
}

/// What must be in doubt about a cell: nothing, one side or both.
pub(crate) fn demands(system: &System, cell: usize) -> impl Iterator<Item = Demand> + use<> {
    let (value, interval) = (system.cells[cell].value, required(&system.cells[cell]));
    let sides = [interval.least - value, interval.greatest - value].into_iter();
    sides.filter(move |by| by.abs() > slack(value)).map(move |by| Demand { cell, by })
}

/// Who knows enough that a demand is not met: a reader, or a contributor who knows an own cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attacker {
    Reader,
    Contributor(u64),
}

/// The known changes.
pub(crate) struct Proofs {
    pub(crate) links: Links,
    changes: Vec<Change>,
    moving: BTreeMap<usize, Vec<usize>>,
    contributors: bool,
}

impl Proofs {
    /// None yet. With `contributors`, those who alone contribute to a suppressed cell are attackers, too.
    pub(crate) fn new(system: &System, contributors: bool) -> Self {
        Self { links: Links::new(system), changes: Vec::new(), moving: BTreeMap::new(), contributors }
    }

    /// Remembers a change.
    pub(crate) fn add(&mut self, change: Change) -> usize {
        let number = self.changes.len();
        change.moved().for_each(|cell| self.moving.entry(cell).or_default().push(number));
        self.changes.push(change);
        number
    }

    /// Whether a change moves a cell.
    pub(crate) fn moves(&self, change: usize, cell: usize) -> bool {
        self.changes[change].of(cell) != 0.0
    }

    /// The changes that prove a demand against everybody, or somebody against whom there is none.
    pub(crate) fn prove(&mut self, system: &System, demand: Demand) -> Result<Vec<usize>, Attacker> {
        let first = self.find(system, demand, Attacker::Reader).ok_or(Attacker::Reader)?;
        let mut found = vec![first];
        for contributor in self.those_who_see_through(system, demand, first) {
            let attacker = Attacker::Contributor(contributor);
            found.push(self.find(system, demand, attacker).ok_or(attacker)?);
        }
        Ok(found)
    }

    /// The contributors who know that a change has not happened: those alone in a cell that it moves. Who contributes the cell in question
    /// knows it anyway; and that a cell is not less than what they contribute, they know whatever is suppressed.
    fn those_who_see_through(&self, system: &System, demand: Demand, change: usize) -> BTreeSet<u64> {
        if !self.contributors || demand.by < 0.0 {
            return BTreeSet::new();
        }
        let own = system.cells[demand.cell].contributor;
        self.changes[change].moved().filter_map(|cell| system.cells[cell].contributor).filter(|other| Some(*other) != own).collect()
    }

    fn find(&mut self, system: &System, demand: Demand, attacker: Attacker) -> Option<usize> {
        let seen = seen_by(system, attacker);
        let may_move = |cell: usize| system.cells[cell].is_suppressed() && !seen.contains(&cell);
        if let Some(known) = self.known(demand, may_move) {
            return Some(known);
        }
        let part = self.links.part(system, demand.cell, usize::MAX, may_move);
        // Where the solver gives up nothing is proved, and what is not proved is protected further.
        let change = cheapest(system, &part, demand.cell, demand.by).ok().flatten();
        change.map(|change| self.add(change))
    }

    fn known(&self, demand: Demand, may_move: impl Fn(usize) -> bool) -> Option<usize> {
        let candidates = self.moving.get(&demand.cell)?;
        let proves = |change: &Change| change.reaches(demand.cell, demand.by) && change.moved().all(&may_move);
        candidates.iter().copied().find(|candidate| proves(&self.changes[*candidate]))
    }
}

/// The suppressed cells that an attacker sees all the same.
pub(crate) fn seen_by(system: &System, attacker: Attacker) -> BTreeSet<usize> {
    let Attacker::Contributor(contributor) = attacker else { return BTreeSet::new() };
    system.suppressed().filter(|cell| system.cells[*cell].contributor == Some(contributor)).collect()
}
