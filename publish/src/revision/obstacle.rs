//! Why one side of a release cannot be printed anew.

use std::io::ErrorKind;

use crate::error::Error;

/// What stands in the way of printing a release anew.
pub(super) enum Obstacle {
    /// The release itself, which is then withdrawn: why.
    Release(String),
    /// Something that has nothing to do with it, such as a full disk: nothing may be done at all.
    Failure(Error),
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        match error {
            // A file of the release is missing.
            Error::Io { ref source, .. } if source.kind() == ErrorKind::NotFound => Self::Release(error.to_string()),
            Error::Io { .. } | Error::Busy { .. } => Self::Failure(error),
            other => Self::Release(other.to_string()),
        }
    }
}
