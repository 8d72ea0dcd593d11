//! Names of files that several descriptions name.

/// What there is, for language models.
pub(crate) const LLMS: &str = "llms.txt";
