//! Linear programs with some whole variables, as `microlp` solves them. The linear relaxation is solved first: where its optimum is whole, as
//! it is in most tables, nothing more is needed; otherwise branch and bound follows, limited by nodes rather than by time, so that the
//! same program always has the same answer.

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions, SolveOutcome, Variable};

use crate::system::WHOLE;

/// Nodes of branch and bound after which the best solution so far is taken.
const NODES: u64 = 4_000;

/// A coefficient or constant that counts for none, once a row has been divided by its largest coefficient.
const NOTHING: f64 = 1e-9;

/// A variable.
pub(crate) struct Column {
    pub(crate) cost: f64,
    pub(crate) bounds: (f64, f64),
    pub(crate) whole: bool,
}

/// A program: the least cost for which each row of factors × columns adds up to its constant.
#[derive(Default)]
pub(crate) struct Program {
    columns: Vec<Column>,
    rows: Vec<(Vec<(usize, f64)>, f64)>,
}

/// What the solver says.
pub(crate) enum Outcome {
    /// Values of the columns; whether there are surely none that cost less.
    Solved { values: Vec<f64>, best: bool },
    /// There is no least cost.
    Unbounded,
    /// No values fit.
    Infeasible,
    /// The solver gave up.
    GivenUp(&'static str),
}

impl Program {
    /// Adds a variable; returns its number.
    pub(crate) fn column(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Adds a row. It is divided by its largest coefficient, as the solver's tolerances are absolute.
    pub(crate) fn row(&mut self, mut terms: Vec<(usize, f64)>, constant: f64) {
        let largest = terms.iter().map(|(_, factor)| factor.abs()).fold(0.0, f64::max);
        if largest > 0.0 {
            terms.iter_mut().for_each(|(_, factor)| *factor /= largest);
            self.rows.push((terms, constant / largest));
        } else {
            self.rows.push((Vec::new(), constant));
        }
    }

    /// Solves it.
    pub(crate) fn solve(&self) -> Outcome {
        if self.rows.iter().any(|(terms, constant)| terms.is_empty() && constant.abs() > NOTHING) {
            return Outcome::Infeasible;
        }
        match self.solve_with(false) {
            Outcome::Solved { values, .. } if !self.is_whole(&values) => self.solve_with(true),
            outcome => outcome,
        }
    }

    fn is_whole(&self, values: &[f64]) -> bool {
        self.columns.iter().zip(values).all(|(column, value)| !column.whole || (value - value.round()).abs() <= WHOLE)
    }

    fn solve_with(&self, whole: bool) -> Outcome {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> = self.columns.iter().map(|column| column.add_to(&mut problem, whole)).collect();
        for (terms, constant) in self.rows.iter().filter(|(terms, _)| !terms.is_empty()) {
            let terms: Vec<(Variable, f64)> = terms.iter().map(|(column, factor)| (variables[*column], *factor)).collect();
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, *constant);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        match problem.solve_with(options) {
            Ok(outcome) => self.values(&outcome, &variables),
            Err(Error::Unbounded) => Outcome::Unbounded,
            Err(Error::Infeasible) => Outcome::Infeasible,
            Err(_) => Outcome::GivenUp("it met numbers that it could not work with"),
        }
    }

    fn values(&self, outcome: &SolveOutcome, variables: &[Variable]) -> Outcome {
        let Some(solution) = outcome.solution() else {
            return Outcome::GivenUp("it found no whole numbers within its limit");
        };
        Outcome::Solved { values: variables.iter().map(|variable| solution.var_value(*variable)).collect(), best: outcome.is_optimal() }
    }
}

impl Column {
    fn add_to(&self, problem: &mut Problem, whole: bool) -> Variable {
        if whole && self.whole {
            // A conversion of a number that is too large gives the largest there is, which is what the solver takes for no bound.
            problem.add_integer_var(self.cost, (self.bounds.0.ceil() as i32, self.bounds.1.floor() as i32))
        } else {
            problem.add_var(self.cost, self.bounds)
        }
    }
}
