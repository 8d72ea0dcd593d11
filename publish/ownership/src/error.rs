//! What can go wrong while ownership is written in other formats.

/// Errors of writing. None of them ever holds a cell's value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A table is not among those that were given.
    #[error("ownership files need table {table}, which is not there; have the public tier publish it with its history")]
    NoTable {
        /// The history of a table.
        table: &'static str,
    },
    /// A table lacks a column, or has it with another type.
    #[error("table {table} needs a column {column} of type {needed}; look at its definition under data/tables and data/columns")]
    Column {
        /// The history of a table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What it must hold.
        needed: &'static str,
    },
    /// A definition is missing.
    #[error("the ownership files cannot be made: {0}")]
    Definition(#[from] catalog::Error),
    /// A statement or an entity cannot be printed as JSON.
    #[error("cannot print a line of the ownership files: {0}")]
    Json(#[from] serde_json::Error),
    /// Whatever is written to refused it.
    #[error("cannot write the ownership files: {0}; check free space")]
    Write(#[from] std::io::Error),
}

impl Error {
    /// What stops a line from being printed: whoever takes it, or the line itself.
    pub(crate) fn printing(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Write(error.into()) } else { Self::Json(error) }
    }
}
