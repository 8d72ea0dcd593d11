//! What can be wrong with the settings of a delivery. All of it is found before the first letter.

use std::path::PathBuf;

/// Settings with which no letter could be sent.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key has a value that cannot be used.
    #[error("mail: `{key}`: {reason}")]
    Setting {
        /// The key.
        key: &'static str,
        /// What is wrong and what to write instead.
        reason: &'static str,
    },
    /// A file or folder that the settings name cannot be used.
    #[error("mail: {}: {reason}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}
