//! What is kept between runs: the ledger, the last good extracts, what earlier statistics were made of, the form endpoint's store of submissions;
//! and which program and which user may use it.

pub(crate) mod audit_heads;
pub(crate) mod definitions;
pub(crate) mod forgotten;
pub(crate) mod form_store;
pub(crate) mod last_good;
pub(crate) mod ledger;
pub(crate) mod owner;
pub(crate) mod parts;
pub(crate) mod portal_file;
pub(crate) mod private_file;
pub(crate) mod published_past;
pub(crate) mod running;
pub(crate) mod serving;
pub(crate) mod shared_folder;
pub(crate) mod shown;
pub(crate) mod version;
