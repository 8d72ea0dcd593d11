//! What the helper is told by whoever serves it.

use std::path::PathBuf;

/// What the helper needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that [`crate::make`] made.
    pub folder: PathBuf,
    /// The project's folder, with the exercises.
    pub home: PathBuf,
    /// Origin of the pages of the helper, such as `http://127.0.0.1:8082`.
    pub own_origin: String,
    /// Origin of the form endpoint; browsers are sent back there only.
    pub endpoint_origin: String,
    /// Where the preview of the portal is.
    pub portal: String,
    /// The command that makes everything anew.
    pub reset: String,
    /// The command that serves it again after that.
    pub serve: String,
}
