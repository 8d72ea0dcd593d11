//! What can go wrong while a tier is described.

/// Errors of descriptions. They hold settings and the printer's words, never a cell's value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address is none.
    #[error("cannot describe the tier for catalogues of data: {address:?} is no address ({reason}); correct {setting} in virsis.toml")]
    Address {
        /// What was taken for an address.
        address: String,
        /// Where it comes from.
        setting: &'static str,
        /// The parser's reason.
        reason: String,
    },
    /// A format could not be printed.
    #[error("cannot print {file}: {reason}")]
    Print {
        /// The file.
        file: &'static str,
        /// The printer's reason.
        reason: String,
    },
}
