//! Why a source could not be read. Never a cell value: file, line and what to do.

use std::path::PathBuf;

use crate::http::Problem;
use crate::ws::Flaw;

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
    /// The network, or who answers there, failed.
    #[error("source {source_name}: {address} {problem}")]
    Network {
        /// The register.
        source_name: &'static str,
        /// The address, without anything that could be a value.
        address: String,
        /// What happened and what to do next.
        problem: Problem,
    },
    /// A file that the settings of a transport name is of no use.
    #[error("cannot use {path}: {reason}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why, and what to do next.
        reason: String,
    },
    /// A web service answered, but its extract is refused.
    #[error("source {source_name}: {flaw}")]
    WebService {
        /// The register.
        source_name: &'static str,
        /// What happened and what to do next.
        flaw: Flaw,
    },
    /// The settings of a web service cannot be used.
    #[error("settings of the web service at {address}: {reason}")]
    WebServiceSettings {
        /// Its address.
        address: String,
        /// Why, and what to do next.
        reason: String,
    },
    /// The state data API does not have this extract.
    #[error("source {source_name}: {file} is not to be had from the state data API; choose another transport for it in virsis.toml")]
    NotOffered {
        /// The register.
        source_name: &'static str,
        /// The extract.
        file: &'static str,
    },
    /// Rows do not fit the table: a mistake in this program.
    #[error("rows do not fit their table ({reason}); report this as a defect")]
    Rows {
        /// The reason.
        reason: String,
    },
    /// No encrypted connection can be made at all.
    #[error("cannot prepare encrypted connections ({reason}); install `ca-certificates`, or name an `authorities_file`")]
    Tls {
        /// The reason.
        reason: String,
    },
}

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
            Self::Network { problem, .. } => problem.rule(),
            Self::WebService { flaw, .. } => flaw.rule(),
            Self::Unusable { .. } | Self::WebServiceSettings { .. } | Self::NotOffered { .. } | Self::Tls { .. } => "settings",
            Self::Rows { .. } => "defect",
        }
    }

    /// The error behind a failed read: a transport's own, if the bytes came from one.
    pub(crate) fn read(source_name: &'static str, path: PathBuf, reason: std::io::Error) -> Self {
        let inner = match reason.downcast::<csv::Error>().map(csv::Error::into_kind) {
            Ok(csv::ErrorKind::Io(inner)) => inner,
            Ok(other) => std::io::Error::other(format!("{other:?}")),
            Err(reason) => reason,
        };
        inner.downcast::<Self>().unwrap_or_else(|reason| match reason.kind() {
            // Only what unpacks says this; a read that is at the end is no error.
            std::io::ErrorKind::UnexpectedEof => Self::Truncated { source_name, path, found: "what it is packed into has no end" },
            _ => Self::Read { source_name, path, reason },
        })
    }
}
