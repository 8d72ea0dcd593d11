//! A change of cells that keeps every relation. If all cells that it moves are suppressed, no reader can tell the published system from the
//! changed one: the change proves that the moved cells are in doubt.

use std::collections::BTreeMap;

use crate::links::Part;
use crate::program::{Column, Outcome, Program};
use crate::system::{WHOLE, slack};
use crate::{System, Unsolved};

/// A movement, in units of the sought one, that counts for none.
const STILL: f64 = 1e-7;

/// The cost of moving what is suppressed already, beside that of suppressing a cell whose cost is one: little, but enough that no cell moves
/// without need.
const SUPPRESSED: f64 = 1e-4;

/// By how much each cell moves; cells that do not move are not in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change(BTreeMap<usize, f64>);

impl Change {
    /// By how much it moves a cell.
    pub(crate) fn of(&self, cell: usize) -> f64 {
        self.0.get(&cell).copied().unwrap_or(0.0)
    }

    /// The cells that it moves.
    pub(crate) fn moved(&self) -> impl Iterator<Item = usize> {
        self.0.keys().copied()
    }

    /// Whether it moves a cell at least so far, in this direction.
    pub(crate) fn reaches(&self, cell: usize, by: f64) -> bool {
        self.of(cell) * by.signum() >= by.abs() - slack(by)
    }

    /// Whether every relation holds after it and every cell has a value that it can have: checked on the system, not taken from a solver.
    fn holds(&self, system: &System, part: &Part, sought: f64) -> bool {
        let possible = self.0.iter().all(|(number, by)| {
            let cell = &system.cells[*number];
            let (least, greatest) = cell.bounds();
            let slack = slack(*by);
            (cell.value + by) >= least - slack && (cell.value + by) <= greatest + slack && (!cell.whole || by.fract() == 0.0)
        });
        possible && part.relations.iter().all(|relation| self.keeps(system, *relation, sought))
    }

    /// Sums of whole numbers are exact; others are compared on the scale of what is sought.
    fn keeps(&self, system: &System, relation: usize, sought: f64) -> bool {
        let moved = system.relations[relation].terms.iter().filter(|(cell, _)| self.of(*cell) != 0.0);
        let exact = moved.clone().all(|(cell, factor)| system.cells[*cell].whole && factor.fract() == 0.0);
        let sum: f64 = moved.map(|(cell, factor)| factor * self.of(*cell)).sum();
        if exact { sum == 0.0 } else { sum.abs() <= slack(sought) }
    }
}

/// Looks for the cheapest change among the cells of a part that moves `cell` by `by` or further; nothing if there is none.
pub(crate) fn cheapest(system: &System, part: &Part, cell: usize, by: f64) -> Result<Option<Change>, Unsolved> {
    let search = Search { system, part, cell, by };
    match search.program().solve() {
        Outcome::Solved { values, .. } => {
            let change = search.change(&values);
            let is_true = change.reaches(cell, by) && change.holds(system, part, by);
            if is_true { Ok(Some(change)) } else { Err(Unsolved::Solver { cell, reason: "its solution does not hold" }) }
        }
        Outcome::Infeasible | Outcome::Unbounded => Ok(None),
        Outcome::GivenUp(reason) => Err(Unsolved::Solver { cell, reason }),
    }
}

/// The linear program: two columns for each cell of the part, in their order, by how much it is more and less.
struct Search<'a> {
    system: &'a System,
    part: &'a Part,
    cell: usize,
    by: f64,
}

impl Search<'_> {
    fn program(&self) -> Program {
        let mut program = Program::default();
        for cell in &self.part.cells {
            let whole = self.system.cells[*cell].whole;
            for (up, room) in [(true, self.room(*cell).1), (false, self.room(*cell).0)] {
                let sought = *cell == self.cell && (self.by > 0.0) == up;
                let against = *cell == self.cell && !sought;
                let least = if sought { self.by.abs() / self.step(*cell) } else { 0.0 };
                let bounds = (least, if against { 0.0 } else { room.max(least) });
                program.column(Column { cost: self.cost(*cell, room), bounds, whole });
            }
        }
        for relation in &self.part.relations {
            let terms = self.system.relations[*relation].terms.iter();
            let terms = terms.filter_map(|(cell, factor)| Some((self.part.cells.binary_search(cell).ok()?, factor * self.step(*cell))));
            program.row(terms.flat_map(|(place, factor)| [(2 * place, factor), (2 * place + 1, -factor)]).collect(), 0.0);
        }
        program
    }

    /// What a step of movement costs: the cell's cost spread over as much as it can move, at most over what is sought. This is the linear
    /// relaxation of paying for a cell as soon as it moves.
    fn cost(&self, cell: usize, room: f64) -> f64 {
        let one = &self.system.cells[cell];
        let cost = if one.is_suppressed() { SUPPRESSED } else { one.cost.max(SUPPRESSED) };
        let sought = self.by.abs() / self.step(cell);
        cost / room.min(sought).max(1e-3 * sought)
    }

    /// How many steps a cell can move down and up.
    fn room(&self, cell: usize) -> (f64, f64) {
        let one = &self.system.cells[cell];
        let (least, greatest) = one.bounds();
        (((one.value - least) / self.step(cell)).max(0.0), ((greatest - one.value) / self.step(cell)).max(0.0))
    }

    /// Amounts are counted in units of the movement that is sought, counts in whole things.
    fn step(&self, cell: usize) -> f64 {
        if self.system.cells[cell].whole { 1.0 } else { self.by.abs() }
    }

    fn change(&self, values: &[f64]) -> Change {
        let moves = self.part.cells.iter().enumerate().filter_map(|(place, cell)| {
            let by = values[2 * place] - values[2 * place + 1];
            let whole = self.system.cells[*cell].whole && (by - by.round()).abs() <= 2.0 * WHOLE;
            let by = if whole { by.round() } else { by };
            (by.abs() > STILL).then_some((*cell, by * self.step(*cell)))
        });
        Change(moves.collect())
    }
}
