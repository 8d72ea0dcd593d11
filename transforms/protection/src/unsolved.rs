//! Why a system could not be audited or protected. Cells and relations are named by number; no error contains a value.

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// The solver gave up.
    #[error("the solver gave up on cell {cell}: {reason}")]
    Solver {
        /// The cell whose interval was sought.
        cell: usize,
        /// What the solver said.
        reason: &'static str,
    },
    /// No values of the suppressed cells fit the relations.
    #[error("no values of the suppressed cells around cell {0} fit the relations")]
    Contradiction(usize),
    /// A relation does not hold for the values of the cells.
    #[error("relation {0} does not hold for the values of its cells")]
    Broken(usize),
    /// The value of a cell is not a number, is outside what is known of it, or is not whole where it should be.
    #[error("cell {0} has a value that it cannot have")]
    Impossible(usize),
    /// Whatever else is suppressed, readers know too much of this cell.
    #[error("no change of other cells leaves enough doubt about cell {0}; merge categories, or let more cells be suppressed")]
    NoRoom(usize),
}
