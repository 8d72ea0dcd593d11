//! Why a tier cannot be described.

/// Errors of describing. None of them ever holds a cell value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A reader of a language would not learn what something is.
    #[error(
        "{place} has no {what} in language {language}; a release is published only if everything in it is described: add it under data/"
    )]
    Missing {
        /// What is not described: a dataset, or a table and its column.
        place: String,
        /// `title` or `description`.
        what: &'static str,
        /// `lt` or `en`.
        language: &'static str,
    },
    /// Files would be named under an address that is none.
    #[error("{address:?} is no web address of a folder: {reason}; correct `url` and `releases_url` in [publication] of virsis.toml")]
    Address {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A description cannot be printed.
    #[error("cannot print description {path}: {reason}")]
    Print {
        /// Its path within the tier.
        path: String,
        /// The printer's reason.
        reason: String,
    },
}

impl Error {
    /// For `map_err`: the printer's reason, with the path of what it printed.
    pub(crate) fn print<E: std::fmt::Display>(path: &str) -> impl Fn(E) -> Self {
        move |error| Self::Print { path: path.to_owned(), reason: error.to_string() }
    }
}
