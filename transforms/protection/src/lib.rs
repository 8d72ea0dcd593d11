//! Disclosure control of published numbers: what a reader can still work out of suppressed cells, and which further cells must be
//! suppressed so that it is not too much. Cells are numbers, tied by linear relations; this crate knows nothing of tables or persons.
//!
//! The terms are those of the Handbook on Statistical Disclosure Control (Hundepool et al., 2nd edition 2024) and of τ-ARGUS and sdcTable:
//!
//! - *primary suppression*: a cell would itself tell of persons, by a rule of [`Rules`] (threshold, dominance, p %);
//! - *secondary (complementary) suppression*: a cell that would tell what a suppressed one is;
//! - *feasibility interval*: the least and greatest value that a suppressed cell can have for all that a reader knows
//!   ([`System::interval`]);
//! - *audit*: whether each of these intervals is wide enough ([`System::audit`]).
//!
//! Intervals are solved exactly: by linear programming, and by integer programming where counts of whole things are among the cells and a
//! linear optimum is not whole. Secondary cells are chosen by the linear relaxation of the cell suppression problem
//! (Fischetti and Salazar, "Solving the cell suppression problem on tabular data with linear constraints", Management Science 47, 2001): for
//! each cell and side, the cheapest change of all cells that keeps every relation and moves the cell far enough; what changes is suppressed.
//! Each such change is kept as a proof and checked without the solver ([`System::protect`]), so a mistake of the solver can suppress too
//! much, never too little.

mod audit;
mod change;
mod doubt;
mod interval;
mod links;
mod program;
mod proofs;
mod protect;
mod published;
mod rules;
mod system;
mod unsolved;

pub use protect::{Options, Protected, WithoutRoom};
pub use rules::{Contribution, Rules, Why, sensitive};
pub use system::{Cell, Interval, Relation, State, System};
pub use unsolved::Unsolved;
