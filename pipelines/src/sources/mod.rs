//! The sources: what each register and the form endpoint's store is asked for, what it returns, whether that is accepted, and what replaces it if
//! not.

pub(crate) mod acquire;
pub(crate) mod documents;
pub(crate) mod entities;
pub(crate) mod gates;
pub(crate) mod probe;
pub(crate) mod quarantine;
pub(crate) mod question;
pub(crate) mod read_ahead;
pub(crate) mod retention;
pub(crate) mod source;
pub(crate) mod submissions;
pub(crate) mod transports;
pub(crate) mod unknown_files;

/// Name of the source that people submit to: the manual feeds. Tables of legal forms (`raw_jar__formos`) have nothing to do with it.
pub(crate) const MANUAL_FEEDS: &str = "formos";
