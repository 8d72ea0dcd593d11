//! The sources: what is asked of each register and of the form endpoint's store, what comes back, whether it is let in, and what stands in for it
//! when it is not.

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
