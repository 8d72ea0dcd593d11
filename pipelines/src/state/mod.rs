//! What is kept between runs: the ledger, the last good extracts, the form endpoint's store of submissions.

pub(crate) mod form_store;
pub(crate) mod last_good;
pub(crate) mod ledger;
pub(crate) mod private_file;
