//! Why rows cannot wait.

use std::path::PathBuf;

use arrow::error::ArrowError;

/// Errors of the spool. None of them holds a cell value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be written or mapped.
    #[error("table {table}: its rows cannot wait in a file under {}: {source}; check free space and that the folder belongs to the user who runs the program", folder.display())]
    File {
        /// The table at work.
        table: String,
        /// Where the file would be.
        folder: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// Rows have other columns than the table; the message holds types and lengths only.
    #[error("table {table}: {reason}")]
    Arrow {
        /// The table at work.
        table: String,
        /// Arrow's words.
        reason: ArrowError,
    },
}

impl Error {
    pub(crate) fn arrow(table: &str) -> impl Fn(ArrowError) -> Self + '_ {
        move |reason| Self::Arrow { table: table.to_owned(), reason }
    }
}
