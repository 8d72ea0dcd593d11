//! What can go wrong while a file is written.

use std::path::{Path, PathBuf};

/// Errors of writing a SQLite file. None of them ever holds a cell's value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be made.
    #[error("cannot create {path}: {source}; check free space, rights and that no such file is there")]
    Create {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// SQLite refused something; its words name tables and columns, not values.
    #[error("{what}: cannot write {path}: {source}; check free space")]
    Sqlite {
        /// The table or the step.
        what: String,
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// A batch has a column that the definition of its table does not have, or has with another type.
    #[error("table {table}: column {column} is not as its definition says; mend the batch, or data/tables and data/columns")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A cell that SQLite has no way to hold.
    #[error("table {table}, column {column}, row {row}: {reason}; mend the rows that are published")]
    Cell {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Which row of the batch, counted from 1.
        row: usize,
        /// What is wrong with the cell, without its value.
        reason: &'static str,
    },
    /// Rows cannot be read, or not be put in the order of their key.
    #[error("table {table}: cannot take its rows in the order of their key: {reason}")]
    Rows {
        /// The table.
        table: String,
        /// Why, in words that hold no value.
        reason: String,
    },
}

/// For `map_err`: what SQLite refused, at which table or step.
pub(crate) fn failed(what: &str, path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    let (what, path) = (what.to_owned(), path.to_owned());
    move |source| Error::Sqlite { what: what.clone(), path: path.clone(), source }
}
