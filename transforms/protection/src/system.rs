//! Cells and the relations that tie them.

use std::collections::BTreeMap;

use crate::Unsolved;

/// Whether readers see a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Shown.
    Shown,
    /// Suppressed, because it would tell of persons.
    Primary,
    /// Suppressed, because it would tell what others are.
    Secondary,
}

/// A number that is published, or could have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its value. The interval of a suppressed cell does not depend on it: an attacker who does not know it says [`f64::NAN`].
    pub value: f64,
    /// The least and greatest value that anybody knows it can have; infinite where nothing is known.
    pub known: (f64, f64),
    /// Whether readers see it.
    pub state: State,
    /// How far below and above its value readers must be left in doubt wherever it is suppressed. Zeros promise nothing, as for a number that
    /// is in the system only for what it ties together.
    pub doubt: (f64, f64),
    /// What is lost if it is suppressed.
    pub cost: f64,
    /// A count of whole things. Wherever any doubt is promised, one more and one less are at least in doubt.
    pub whole: bool,
    /// Not to be suppressed if it is shown: it was published before, or is none of anybody's business.
    pub fixed: bool,
    /// The only contributor to the cell, who therefore knows its value ("singleton"); the same number in all cells of the contributor.
    pub contributor: Option<u64>,
}

impl Cell {
    /// A shown amount that is not negative; it costs its value, at least one.
    pub fn shown(value: f64) -> Self {
        Self {
            value,
            known: (0.0, f64::INFINITY),
            state: State::Shown,
            doubt: (0.0, 0.0),
            cost: value.abs().max(1.0),
            whole: false,
            fixed: false,
            contributor: None,
        }
    }

    /// Whether readers do not see it.
    pub fn is_suppressed(&self) -> bool {
        self.state != State::Shown
    }

    /// What is known of it, in whole numbers if it is a count.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        let (least, greatest) = self.known;
        if self.whole { ((least - WHOLE).ceil(), (greatest + WHOLE).floor()) } else { (least, greatest) }
    }

    fn is_possible(&self) -> bool {
        let slack = slack(self.value);
        let (least, greatest) = self.known;
        let is_whole = !self.whole || (self.value - self.value.round()).abs() <= WHOLE;
        self.value.is_finite() && is_whole && self.value >= least - slack && self.value <= greatest + slack
    }
}

/// What holds between cells: the sum of factor × cell is the constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Cells by number, with their factors.
    pub terms: Vec<(usize, f64)>,
    /// What they add up to.
    pub constant: f64,
}

/// The least and greatest value that a cell can have for all that somebody knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The least; negative infinity if there is none.
    pub least: f64,
    /// The greatest; infinity if there is none.
    pub greatest: f64,
}

/// All cells of a release, or of several that are compared, and what ties them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct System {
    /// The cells; a cell's number is its place.
    pub cells: Vec<Cell>,
    /// The relations.
    pub relations: Vec<Relation>,
}

/// How far a solver's whole number may lie beside one.
pub(crate) const WHOLE: f64 = 1e-5;

/// A difference that counts for none beside a value: a millionth of it, below the smallest percentage that anybody promises.
pub(crate) fn slack(value: f64) -> f64 {
    1e-6 * value.abs().max(1.0)
}

impl System {
    /// Adds a cell; returns its number.
    pub fn cell(&mut self, cell: Cell) -> usize {
        self.cells.push(cell);
        self.cells.len() - 1
    }

    /// Says that a cell is the sum of others.
    pub fn sum(&mut self, total: usize, parts: &[usize]) {
        let terms = parts.iter().map(|part| (*part, 1.0)).chain([(total, -1.0)]);
        self.relation(terms.collect(), 0.0);
    }

    /// Says what holds between cells. A cell that is named more than once counts with the sum of its factors.
    pub fn relation(&mut self, terms: Vec<(usize, f64)>, constant: f64) {
        let mut factors = BTreeMap::new();
        for (cell, factor) in terms {
            *factors.entry(cell).or_insert(0.0) += factor;
        }
        self.relations.push(Relation { terms: factors.into_iter().collect(), constant });
    }

    /// Numbers of the suppressed cells.
    pub fn suppressed(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().enumerate().filter(|(_, cell)| cell.is_suppressed()).map(|(number, _)| number)
    }

    /// Whether all values are possible and all relations hold for them: otherwise nothing that is worked out from both is true.
    pub(crate) fn check(&self) -> Result<(), Unsolved> {
        if let Some(cell) = self.cells.iter().position(|cell| !cell.is_possible()) {
            return Err(Unsolved::Impossible(cell));
        }
        match self.relations.iter().position(|relation| !self.holds(relation)) {
            Some(relation) => Err(Unsolved::Broken(relation)),
            None => Ok(()),
        }
    }

    fn holds(&self, relation: &Relation) -> bool {
        let amounts = relation.terms.iter().map(|(cell, factor)| factor * self.cells[*cell].value);
        let (sum, largest) =
            amounts.fold((0.0, relation.constant.abs()), |(sum, largest), amount| (sum + amount, largest.max(amount.abs())));
        (sum - relation.constant).abs() <= slack(largest)
    }
}
