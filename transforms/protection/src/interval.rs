//! What somebody who sees the shown cells can say of a suppressed one: its feasibility interval.

use std::collections::BTreeSet;

use crate::links::{Links, Part};
use crate::program::{Column, Outcome, Program};
use crate::system::slack;
use crate::{Interval, System, Unsolved};

impl System {
    /// What a reader can say of a cell. The values of suppressed cells do not matter.
    ///
    /// # Errors
    /// The solver gave up, or no values fit the relations.
    pub fn interval(&self, cell: usize) -> Result<Interval, Unsolved> {
        self.interval_for(&Links::new(self), cell, &BTreeSet::new())
    }

    /// What a reader can say of each suppressed cell.
    ///
    /// # Errors
    /// As [`System::interval`].
    pub fn intervals(&self) -> Result<Vec<(usize, Interval)>, Unsolved> {
        let links = Links::new(self);
        self.suppressed().map(|cell| Ok((cell, self.interval_for(&links, cell, &BTreeSet::new())?))).collect()
    }

    /// What a reader can say of each suppressed cell who took for shown what is not: nothing of those that it contradicts.
    pub fn possible_intervals(&self) -> Vec<(usize, Interval)> {
        let links = Links::new(self);
        self.suppressed().filter_map(|cell| Some((cell, self.interval_for(&links, cell, &BTreeSet::new()).ok()?))).collect()
    }

    /// What somebody can say of a cell who also knows the cells in `seen`.
    pub(crate) fn interval_for(&self, links: &Links, cell: usize, seen: &BTreeSet<usize>) -> Result<Interval, Unsolved> {
        let one = &self.cells[cell];
        let is_unknown = |cell: usize| self.cells[cell].is_suppressed() && !seen.contains(&cell);
        if !is_unknown(cell) {
            return Ok(Interval { least: one.value, greatest: one.value });
        }
        let part = links.part(self, cell, usize::MAX, is_unknown);
        if part.relations.is_empty() {
            let (least, greatest) = one.bounds();
            return Ok(Interval { least, greatest });
        }
        let least = Attack::new(self, &part, cell, 1.0).bound()?;
        let greatest = Attack::new(self, &part, cell, -1.0).bound()?;
        Ok(Interval { least, greatest })
    }
}

/// One bound of one cell as a linear program. Each unknown is an origin and a distance from it, counted in steps of one size: with the
/// cell's own magnitude as the step, the solver's tolerance is small beside it, however large others are.
struct Attack<'a> {
    system: &'a System,
    part: &'a Part,
    cell: usize,
    sign: f64,
    step: f64,
}

impl<'a> Attack<'a> {
    /// The least value of a cell (`sign` 1) or its greatest (`sign` -1).
    fn new(system: &'a System, part: &'a Part, cell: usize, sign: f64) -> Self {
        let value = system.cells[cell].value;
        let mut attack = Self { system, part, cell, sign, step: value.abs().max(1.0) };
        if !value.is_finite() {
            attack.step = part.relations.iter().map(|relation| attack.rest(*relation).abs()).fold(1.0, f64::max);
        }
        attack
    }

    fn bound(&self) -> Result<f64, Unsolved> {
        let mut program = Program::default();
        for cell in &self.part.cells {
            let (least, greatest) = self.system.cells[*cell].bounds();
            let (origin, step) = (self.origin(*cell), self.step_of(*cell));
            let cost = if *cell == self.cell { self.sign } else { 0.0 };
            let bounds = ((least - origin) / step, (greatest - origin) / step);
            program.column(Column { cost, bounds, whole: self.system.cells[*cell].whole });
        }
        for relation in &self.part.relations {
            program.row(self.unknown(*relation).collect(), self.rest(*relation));
        }
        let place = self.place(self.cell).ok_or(Unsolved::Contradiction(self.cell))?;
        match program.solve() {
            Outcome::Solved { values, best: true } => {
                let found = self.origin(self.cell) + values[place] * self.step_of(self.cell);
                Ok(if self.system.cells[self.cell].whole { found.round() } else { found })
            }
            Outcome::Solved { best: false, .. } => Err(Unsolved::Solver { cell: self.cell, reason: "the limit of nodes was reached" }),
            Outcome::Unbounded => Ok(-self.sign * f64::INFINITY),
            Outcome::Infeasible => Err(Unsolved::Contradiction(self.cell)),
            Outcome::GivenUp(reason) => Err(Unsolved::Solver { cell: self.cell, reason }),
        }
    }

    fn place(&self, cell: usize) -> Option<usize> {
        self.part.cells.binary_search(&cell).ok()
    }

    /// The unknown terms of a relation, by place among the cells of the part.
    fn unknown(&self, relation: usize) -> impl Iterator<Item = (usize, f64)> {
        let terms = self.system.relations[relation].terms.iter();
        terms.filter_map(|(cell, factor)| Some((self.place(*cell)?, factor * self.step_of(*cell))))
    }

    /// What the distances of the unknown terms of a relation add up to.
    fn rest(&self, relation: usize) -> f64 {
        let relation = &self.system.relations[relation];
        let mut largest = relation.constant.abs();
        let mut rest = relation.constant;
        for (cell, factor) in &relation.terms {
            let amount = factor * if self.place(*cell).is_some() { self.origin(*cell) } else { self.system.cells[*cell].value };
            rest -= amount;
            largest = largest.max(amount.abs());
        }
        // What is left of sums of floating-point numbers is no information.
        if rest.abs() <= slack(largest) * 1e-4 { 0.0 } else { rest }
    }

    fn origin(&self, cell: usize) -> f64 {
        let value = self.system.cells[cell].value;
        if value.is_finite() { value } else { 0.0 }
    }

    fn step_of(&self, cell: usize) -> f64 {
        if self.system.cells[cell].whole { 1.0 } else { self.step }
    }
}
