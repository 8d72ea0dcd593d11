//! What the program keeps between runs for itself.

pub(crate) mod ledger;
pub(crate) mod private_file;
