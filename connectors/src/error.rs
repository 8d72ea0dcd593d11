//! Why a source could not be read. Never a cell value: file, line and what to do.

use std::path::PathBuf;

impl Error {
    /// A word for machines: what kind of trouble this is.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Read { .. } => "unreadable",
            Self::Truncated { .. } => "truncated",
            Self::UnknownHeading { .. } | Self::MissingHeading { .. } => "changed_headings",
            Self::NoHeadings { .. } => "no_headings",
            Self::EndlessRow { .. } => "endless_row",
        }
    }
}

/// Errors of a connector; each one refuses the whole extract.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The extract is not there.
    #[error("source {source_name}: file {path} is missing; put the register's extract there, or correct `paths.extracts` in virsis.toml")]
    Missing {
        /// The register.
        source_name: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("source {source_name}: cannot read {path}: {reason}")]
    Read {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: std::io::Error,
    },
    /// The file ends in the middle of a row, or is empty.
    #[error("source {source_name}: {path} is truncated ({found}); fetch the extract again")]
    Truncated {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// How it shows.
        found: &'static str,
    },
    /// A heading that no mapping knows. It is named by its place: what stands there may be a cell of a lost heading line.
    #[error(
        "source {source_name}: field {place} of the first line of {path} is no heading that the connector knows; if the register added a column, map it or ignore it in the connector's file and its table definition"
    )]
    UnknownHeading {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// Field of the first line, from 1.
        place: usize,
    },
    /// The first line is neither the known headings nor may it be data.
    #[error("source {source_name}: the first line of {path} is not a heading line; the file is damaged or the register changed its format")]
    NoHeadings {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A heading the mapping needs is not there.
    #[error("source {source_name}: heading `{heading}` is missing in {path}; ask the register, or change the connector's mapping")]
    MissingHeading {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// The heading.
        heading: String,
    },
    /// One row runs on for longer than any real one: a quotation mark was opened and never closed.
    #[error("source {source_name}: row {row_number} of {path} never ends; a quotation mark is not closed there")]
    EndlessRow {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// Row of the file, from 1.
        row_number: u64,
    },
}
