//! What can be wrong with the definitions, or with a table that asks to be released.

use std::path::PathBuf;

use crate::Tier;

/// Errors of the catalog. None of them ever holds a cell value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A definition file or folder could not be read.
    #[error("cannot read {path}: {source}; is `home` in virsis.toml the folder that holds data/, sql/ and schedules/?")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A definition file does not parse.
    #[error("{path} is not a valid definition: {reason}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why, in the parser's words.
        reason: String,
    },
    /// A name is used that no definition declares.
    #[error("{place} names {kind} `{name}`, which is not defined; add it under data/ or correct the name")]
    Unknown {
        /// Where the name stands.
        place: String,
        /// `table`, `column`, `classifier`, …
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// Two definitions contradict each other, or one contradicts itself.
    #[error("definition of {place}: {reason}")]
    Definition {
        /// Table, column or file.
        place: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// The gate refused a table.
    #[error("table {table} may not be released to tier {tier}: {reason}")]
    Refused {
        /// The table.
        table: String,
        /// The tier it asked for.
        tier: Tier,
        /// Which rule it breaks; never a cell value.
        reason: String,
    },
    /// A legal parameter is not known for a date. The date may be a cell of the data, so it is not named.
    #[error("data/law/{file} has no value in force on a date that the data has; add the row with its source")]
    Law {
        /// The file under `data/law`.
        file: &'static str,
    },
}
