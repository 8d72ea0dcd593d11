//! Secondary suppression: which further cells are suppressed so that every suppressed one is in enough doubt.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::cheapest;
use crate::proofs::{Attacker, Demand, Proofs, demands, seen_by};
use crate::{Interval, State, System, Unsolved};

/// How many cells around a cell are looked at for what else to suppress, before all are.
const NEAR: usize = 300;

/// How a system is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether contributors are attackers, too, who know the cells that only they contribute to.
    pub contributors: bool,
    /// What becomes of a cell about which nothing leaves enough doubt.
    pub without_room: WithoutRoom,
}

/// What becomes of a cell about which nothing leaves enough doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutRoom {
    /// Protection fails and names the cell.
    Fail,
    /// All that may be suppressed around the cell is; if it is still too narrow, it is named.
    SuppressAround,
}

impl Default for Options {
    fn default() -> Self {
        Self { contributors: true, without_room: WithoutRoom::Fail }
    }
}

/// What protection did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Protected {
    /// The cells that were suppressed further.
    pub further: BTreeSet<usize>,
    /// The suppressed cells that are too narrow all the same, with what can be said of them. Empty unless
    /// [`WithoutRoom::SuppressAround`] was asked for: what they are about must not be published as it is.
    pub narrow: Vec<(usize, Interval)>,
}

impl System {
    /// Suppresses further cells until the audit finds nothing, against readers and contributors; returns those. What was suppressed before
    /// stays so. The same system always has the same result.
    ///
    /// # Errors
    /// [`Unsolved::NoRoom`] if there is no way to leave enough doubt, or as [`System::audit`]; the system is then as it was.
    pub fn protect(&mut self) -> Result<BTreeSet<usize>, Unsolved> {
        Ok(self.protect_with(Options::default())?.further)
    }

    /// The same as the options say.
    ///
    /// # Errors
    /// As [`System::protect`].
    pub fn protect_with(&mut self, options: Options) -> Result<Protected, Unsolved> {
        self.check()?;
        let mut protected = self.clone();
        let mut work = Work {
            proofs: Proofs::new(&protected, options.contributors),
            system: &mut protected,
            options,
            further: BTreeSet::new(),
            around: BTreeSet::new(),
            proved: BTreeMap::new(),
        };
        work.suppress_what_is_needed()?;
        work.show_what_is_not();
        let further = work.further;
        // The proofs so far were made cell by cell; this one is of what is left, from the start.
        let narrow = protected.narrow(&mut Proofs::new(&protected, options.contributors))?;
        match narrow.first() {
            Some((cell, _)) if options.without_room == WithoutRoom::Fail => Err(Unsolved::NoRoom(*cell)),
            _ => {
                *self = protected;
                Ok(Protected { further, narrow })
            }
        }
    }
}

struct Work<'a> {
    system: &'a mut System,
    proofs: Proofs,
    options: Options,
    further: BTreeSet<usize>,
    /// Those of them that were suppressed because there is no room.
    around: BTreeSet<usize>,
    /// The changes that prove each demand, by cell and whether it is upwards; none for what cannot be proved.
    proved: BTreeMap<Side, Vec<usize>>,
}

/// A side of a cell: whether the one above it.
type Side = (usize, bool);

fn side(demand: Demand) -> Side {
    (demand.cell, demand.by > 0.0)
}

impl Work<'_> {
    /// The largest demands come first: what is suppressed for them often does for smaller ones.
    fn suppress_what_is_needed(&mut self) -> Result<(), Unsolved> {
        loop {
            let suppressed = self.system.suppressed().flat_map(|cell| demands(self.system, cell));
            let mut open: Vec<Demand> = suppressed.filter(|demand| !self.proved.contains_key(&side(*demand))).collect();
            if open.is_empty() {
                return Ok(());
            }
            open.sort_by(|one, other| other.by.abs().total_cmp(&one.by.abs()).then(side(*one).cmp(&side(*other))));
            for demand in open {
                let changes = self.meet(demand)?;
                self.proved.insert(side(demand), changes);
            }
        }
    }

    /// Suppresses cells until a demand is met against everybody.
    fn meet(&mut self, demand: Demand) -> Result<Vec<usize>, Unsolved> {
        loop {
            let attacker = match self.proofs.prove(self.system, demand) {
                Ok(changes) => return Ok(changes),
                Err(attacker) => attacker,
            };
            if self.make_room(demand, attacker)? {
                continue;
            }
            if self.options.without_room == WithoutRoom::Fail {
                return Err(Unsolved::NoRoom(demand.cell));
            }
            self.suppress_around(demand.cell);
            return Ok(Vec::new());
        }
    }

    /// Suppresses what the cheapest change moves, first among the cells nearby; whether there is such a change.
    fn make_room(&mut self, demand: Demand, attacker: Attacker) -> Result<bool, Unsolved> {
        let seen = seen_by(self.system, attacker);
        let system = &*self.system;
        let may_move = |cell: usize| !seen.contains(&cell) && (system.cells[cell].is_suppressed() || !system.cells[cell].fixed);
        for most in [NEAR, usize::MAX] {
            let part = self.proofs.links.part(system, demand.cell, most, may_move);
            let is_all = part.cells.len() < most;
            match cheapest(system, &part, demand.cell, demand.by) {
                Ok(Some(change)) => {
                    change.moved().for_each(|cell| suppress(self.system, &mut self.further, cell));
                    self.proofs.add(change);
                    return Ok(true);
                }
                Ok(None) if is_all => return Ok(false),
                Err(error) if is_all => return Err(error),
                _ => {}
            }
        }
        Ok(false)
    }

    fn suppress_around(&mut self, cell: usize) {
        let system = &*self.system;
        let part = self.proofs.links.part(system, cell, usize::MAX, |cell| system.cells[cell].is_suppressed());
        let around: BTreeSet<usize> =
            part.relations.iter().flat_map(|relation| &system.relations[*relation].terms).map(|(cell, _)| *cell).collect();
        around.iter().for_each(|cell| suppress(self.system, &mut self.further, *cell));
        self.around.extend(around);
    }

    /// Cells were suppressed for one another in turn: some are no longer needed for the sake of later ones. The dearest are tried first.
    fn show_what_is_not(&mut self) {
        let mut further: Vec<usize> = self.further.difference(&self.around).copied().collect();
        further.sort_by(|one, other| self.system.cells[*other].cost.total_cmp(&self.system.cells[*one].cost).then(one.cmp(other)));
        further.into_iter().for_each(|cell| self.try_to_show(cell));
    }

    /// Shows a cell if all that it helped to prove can be proved without it.
    fn try_to_show(&mut self, cell: usize) {
        self.system.cells[cell].state = State::Shown;
        let Some(proved) = self.proved_without(cell) else {
            self.system.cells[cell].state = State::Secondary;
            return;
        };
        self.further.remove(&cell);
        self.proved.retain(|(proved, _), _| *proved != cell);
        self.proved.extend(proved);
    }

    /// Other proofs for the demands whose proofs move a cell.
    fn proved_without(&mut self, cell: usize) -> Option<Vec<(Side, Vec<usize>)>> {
        let moves = |changes: &[usize]| changes.iter().any(|change| self.proofs.moves(*change, cell));
        let again = self.proved.iter().filter(|((proved, _), changes)| *proved != cell && moves(changes));
        let again: Vec<Demand> = again.filter_map(|(side, _)| self.demand(*side)).collect();
        again.into_iter().map(|demand| Some((side(demand), self.proofs.prove(self.system, demand).ok()?))).collect()
    }

    fn demand(&self, wanted: Side) -> Option<Demand> {
        demands(self.system, wanted.0).find(|demand| side(*demand) == wanted)
    }
}

fn suppress(system: &mut System, further: &mut BTreeSet<usize>, cell: usize) {
    let one = &mut system.cells[cell];
    if !one.is_suppressed() && !one.fixed {
        one.state = State::Secondary;
        further.insert(cell);
    }
}
