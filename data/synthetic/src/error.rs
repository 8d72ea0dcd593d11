//! What can go wrong while a country is written. No error holds a cell value.

use std::path::PathBuf;

/// Errors of the generator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The country is too small to hold every hard case.
    #[error("{given} {what} are too few for every hard case; ask for at least {least}")]
    TooSmall {
        /// What there is too little of.
        what: &'static str,
        /// How many were asked for.
        given: usize,
        /// The smallest country that works.
        least: usize,
    },
    /// A file or folder could not be written.
    #[error("cannot write {path}: {source}; is the folder there, writable, and the disk not full?")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A planned bad row names a column that its file does not have.
    #[error("the bad rows of {file} name a column `{column}` that is not among its headings; correct its layout")]
    Column {
        /// The file's name.
        file: &'static str,
        /// The unknown heading.
        column: &'static str,
    },
    /// `truth.json` could not be put into JSON.
    #[error("cannot write truth.json: {0}")]
    Truth(#[from] serde_json::Error),
}
