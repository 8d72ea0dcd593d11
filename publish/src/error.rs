//! What can go wrong while publishing.

use std::path::{Path, PathBuf};

/// Errors of publishing. None of them ever holds a cell value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused something.
    #[error("cannot {action} {path}: {source}; check free space and that the folder belongs to the user who runs the program")]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// Rows cannot wait where they should.
    #[error(transparent)]
    Spool(#[from] spool::Error),
    /// A format could not be written.
    #[error("cannot write table {table} as {format}: {reason}")]
    Format {
        /// The table.
        table: String,
        /// The publisher's name.
        format: &'static str,
        /// The writer's reason.
        reason: String,
    },
    /// A page is too heavy.
    #[error(
        "page {path} has {bytes} bytes, more than the {budget} that a page may have; show fewer rows on it, or part it (publish/src/weight.rs)"
    )]
    Heavy {
        /// The page.
        path: String,
        /// Its size.
        bytes: usize,
        /// What it may have.
        budget: usize,
    },
    /// A page leads to nothing.
    #[error(
        "page {page} leads to {link}, which is not in the release, so nothing is published; correct data/pages or data/guides if the text stands there, or else the template or code under publish/. Where a night builds on the last one, `virsis run --full` makes all pages again"
    )]
    DeadLink {
        /// The page.
        page: String,
        /// The link as it stands there, or the place in a page that it would lead to.
        link: String,
    },
    /// A page template is broken.
    #[error("page template {template} does not render: {reason}; correct it under publish/templates")]
    Template {
        /// The template's file name.
        template: &'static str,
        /// The kind of error and its line.
        reason: String,
    },
    /// A picture of a guide cannot be printed.
    #[error("{} cannot be printed: {reason}; a guide shows it, so nothing is published", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The workbook beside a page cannot be made.
    #[error("the workbook beside {page} cannot be made: {reason}; publication.workbooks = false leaves workbooks out")]
    Workbook {
        /// The page of a VIRS.
        page: String,
        /// What its library says.
        reason: String,
    },
    /// A released table belongs to no dataset, so it has neither folder nor page.
    #[error("no dataset publishes table {table}; name it in one file of data/datasets")]
    NoDataset {
        /// The table.
        table: String,
    },
    /// A document that a row names is missing.
    #[error("document {path} is named by a row, but is not there or is another; run again")]
    Document {
        /// Where it would lie; its name says what is in it.
        path: String,
    },
    /// The database file of a tier cannot be made.
    #[error("cannot write the database of tier {tier}: {reason}; `database = false` in [portal] of virsis.toml publishes without it")]
    Database {
        /// Whose tables it holds.
        tier: catalog::Tier,
        /// The writer's reason, which holds no value.
        reason: String,
    },
    /// What runs SQL in a browser cannot be read.
    #[error("portal.browser_engine: {path}: {reason}; make the folder with publish/browser/build.sh")]
    BrowserEngine {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The boundaries of municipalities cannot be drawn.
    #[error("portal.boundaries: {path}: {reason}")]
    Boundaries {
        /// The operator's file.
        path: PathBuf,
        /// What is wrong and what to do, without a word of what stands in it.
        reason: String,
    },
    /// What is found cannot be printed.
    #[error("cannot print what the portal's search finds: {reason}")]
    Search {
        /// The printer's reason.
        reason: String,
    },
    /// What the last release holds cannot be read.
    #[error("cannot take over {path} from the latest release: {reason}; `virsis run --full` makes everything again")]
    LastRelease {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, in words that hold no value.
        reason: String,
    },
    /// The rows of a table cannot be hashed for its pages.
    #[error("cannot compare table {table} with the latest release: {reason}")]
    PageHashes {
        /// The table.
        table: String,
        /// Arrow's words; they hold types only.
        reason: String,
    },
    /// What was shown of a table over time cannot be made, or may not be shown any more.
    #[error(
        "the history of table {table} cannot be published: {reason}; if an earlier release shows what it may not, take that back with `virsis withdraw` or `virsis forget`"
    )]
    History {
        /// The table.
        table: String,
        /// The rule that it breaks, without a value.
        reason: String,
    },
    /// Two runs at once.
    #[error("another run is writing to {path}; wait until it ends")]
    Busy {
        /// The portal.
        path: PathBuf,
    },
    /// The internal tier would be served to the public.
    #[error("the internal folder {internal} and the portal {portal} lie one inside the other; set them apart in virsis.toml")]
    Overlap {
        /// The portal.
        portal: PathBuf,
        /// The internal folder.
        internal: PathBuf,
    },
    /// A path that does not stay in its release, or that was written twice.
    #[error("a release may not hold the path {path:?}: {reason}")]
    Path {
        /// The path inside the release.
        path: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// A manifest cannot be read.
    #[error("{path} is not a manifest of a release: {reason}")]
    Manifest {
        /// The manifest file.
        path: PathBuf,
        /// Where and why, in the parser's words.
        reason: String,
    },
    /// Ownership cannot be said in the formats of other systems.
    #[error("cannot write ownership in the formats of other systems: {reason}")]
    Ownership {
        /// What is wrong, in words that hold no value.
        reason: String,
    },
    /// A manifest cannot be signed.
    #[error("the manifest of release {release} cannot be signed: {reason}; see secrets.signing_key_file in virsis.toml")]
    Signature {
        /// The release.
        release: String,
        /// The signer's reason.
        reason: String,
    },
    /// What describes a tier to catalogues and tools cannot be made.
    #[error("cannot describe tier {tier} to catalogues and tools: {reason}; correct the definitions under data/")]
    Description {
        /// The tier.
        tier: catalog::Tier,
        /// What is missing, and of what.
        reason: String,
    },
    /// A column cannot be searched.
    #[error("cannot search column {column}: {reason}")]
    Cells {
        /// The column.
        column: String,
        /// Arrow's words; they hold types only.
        reason: String,
    },
    /// A text to search for is too short.
    #[error("each text to look for must have at least {least} letters or digits")]
    Sought {
        /// The least number of them.
        least: usize,
    },
    /// A release is not what its manifest and the definitions say.
    #[error("release {release} is not sound: {}; do not serve it, publish again or point `latest` to an earlier release", .problems.join("; "))]
    Unsound {
        /// The release's folder name.
        release: String,
        /// Every problem found, each with its file.
        problems: Vec<String>,
    },
}

impl Error {
    /// For `map_err`: an input or output error with what was attempted on which path.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
