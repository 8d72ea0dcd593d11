//! Why a source could not be read. Never a cell value: file, line and what to do.

use std::path::PathBuf;

use crate::http::Problem;
use crate::ws::Flaw;

/// Errors of a connector; each one refuses the whole extract.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store of what was handed in cannot be read.
    #[error("{source_name}: the store of submissions cannot be read: {reason}")]
    Store {
        /// Code of the source.
        source_name: &'static str,
        /// Why.
        reason: String,
    },
    /// Rows that came from files are not in the store that takes the files' place.
    #[error(
        "source {source_name}: what {file} held was never brought into the store of submissions; run `virsis forms import FOLDER` with that file \
         among the others (with its headings only if there is nothing to bring in)"
    )]
    NotBroughtIn {
        /// Code of the source.
        source_name: &'static str,
        /// The file's name.
        file: &'static str,
    },
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
    /// A key of an object in JSON Lines that no mapping knows; named by its place, as [`Error::UnknownHeading`].
    #[error(
        "source {source_name}: key {place} of the object in line {row_number} of {path} is no heading that the connector knows; if the register added a column, map it or ignore it in the connector's file and its table definition"
    )]
    UnknownKey {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// Line of the file, from 1.
        row_number: u64,
        /// Key of the object, from 1.
        place: usize,
    },
    /// A heading stands there twice.
    #[error("source {source_name}: heading `{heading}` stands twice in {path}; leave one of the two columns")]
    RepeatedHeading {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// The heading.
        heading: String,
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
    /// One row runs on for longer than any real one: a quotation mark was opened and never closed, or a line end is missing.
    #[error("source {source_name}: row {row_number} of {path} never ends; a quotation mark is not closed there, or a line end is missing")]
    EndlessRow {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// Row of the file, from 1.
        row_number: u64,
    },
    /// The extract lies there in more than one form.
    #[error("source {source_name}: both {first} and {second} are there, and nobody can tell which is meant; remove one of them")]
    TwoForms {
        /// The register.
        source_name: &'static str,
        /// One file.
        first: PathBuf,
        /// Another.
        second: PathBuf,
    },
    /// History without what it is the history of.
    #[error(
        "source {source_name}: {history} is there, but {path} is not, and history alone says nothing of today; put the current extract there, if need be its heading line alone"
    )]
    OnlyHistory {
        /// The register.
        source_name: &'static str,
        /// The history.
        history: PathBuf,
        /// The extract that is missing.
        path: PathBuf,
    },
    /// The file is not what its name says.
    #[error("source {source_name}: {path} is not what its name says: {found}; save it again in that form, or give it its right name")]
    WrongForm {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// An archive that leaves open what to read, or cannot be read.
    #[error(
        "source {source_name}: archive {path} cannot be used: {found}; pack exactly one file, without a password, with the usual `deflate`"
    )]
    Archive {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        found: &'static str,
    },
    /// The bytes are not as they were written.
    #[error("source {source_name}: {path} is damaged ({found}); fetch the extract again")]
    Damaged {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// How it shows.
        found: &'static str,
    },
    /// What lies there is no file.
    #[error("source {source_name}: {path} is {found}, not a file; remove it, and put the extract itself there")]
    NotAFile {
        /// The register.
        source_name: &'static str,
        /// Where it lies.
        path: PathBuf,
        /// What it is instead.
        found: &'static str,
    },
    /// The night gives up on its sources.
    #[error("source {source_name}: {path} was not read before the night's deadline; the next run reads it again, see `run.source_minutes`")]
    Late {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Too many bytes: a few packed ones can become any number.
    #[error(
        "source {source_name}: {path} holds more than {most} bytes, or becomes so many when unpacked; split it, or hand it in as delimited text"
    )]
    TooLarge {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// The bound.
        most: u64,
    },
    /// A column of a Parquet file that has no one reading as text.
    #[error("source {source_name}: column `{heading}` of {path} has type {found}; write it as text, whole number, decimal or date")]
    ColumnType {
        /// The register.
        source_name: &'static str,
        /// The file.
        path: PathBuf,
        /// The column.
        heading: String,
        /// Its type.
        found: String,
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
            Self::Missing { .. } | Self::OnlyHistory { .. } => "missing",
            Self::Read { .. } => "unreadable",
            Self::Truncated { .. } => "truncated",
            Self::UnknownHeading { .. } | Self::UnknownKey { .. } | Self::RepeatedHeading { .. } | Self::MissingHeading { .. } => {
                "changed_headings"
            }
            Self::NoHeadings { .. } => "no_headings",
            Self::EndlessRow { .. } => "endless_row",
            Self::TwoForms { .. } => "two_forms",
            Self::WrongForm { .. } => "wrong_form",
            Self::Archive { .. } => "archive",
            Self::Damaged { .. } => "damaged",
            Self::NotAFile { .. } => "not_a_file",
            Self::Late { .. } => "deadline",
            Self::TooLarge { .. } => "too_large",
            Self::ColumnType { .. } => "column_type",
            Self::Network { problem, .. } => problem.rule(),
            Self::WebService { flaw, .. } => flaw.rule(),
            Self::Unusable { .. } | Self::WebServiceSettings { .. } | Self::NotOffered { .. } | Self::Tls { .. } => "settings",
            Self::Store { .. } => "unreadable",
            Self::NotBroughtIn { .. } => "not_brought_in",
            Self::Rows { .. } => "defect",
        }
    }

    /// The error behind a failed read: a transport's own, if the bytes came from one.
    pub(crate) fn read(source_name: &'static str, path: PathBuf, reason: std::io::Error) -> Self {
        reason.downcast::<Self>().unwrap_or_else(|reason| match reason.kind() {
            // Only what unpacks says this; a read that is at the end is no error.
            std::io::ErrorKind::UnexpectedEof => Self::Truncated { source_name, path, found: "what it is packed into has no end" },
            _ => Self::Read { source_name, path, reason },
        })
    }
}
