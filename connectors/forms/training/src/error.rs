//! What may go wrong.

use std::path::PathBuf;

/// Why the training environment cannot be made, served, or sign.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of it.
    #[error("{path}: {source}; make the training environment again (virsis demo --training)")]
    File {
        /// Which file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// A file holds something else than what was written.
    #[error("{0} holds something else than expected; make the training environment again (virsis demo --training)")]
    Content(PathBuf),
    /// An exercise cannot be shown.
    #[error("exercises: {0}")]
    Exercises(String),
    /// A certificate or a signature could not be made.
    #[error("the practice signature could not be made: {0}")]
    Signature(String),
    /// A page could not be made: a defect.
    #[error(transparent)]
    Page(#[from] minijinja::Error),
}
