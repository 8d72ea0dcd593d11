//! The sources: what is asked of each register and of the form endpoint's store, what comes back, whether it is let in, and what stands in for it
//! when it is not.

pub(crate) mod acceptance;
pub(crate) mod acquire;
pub(crate) mod documents;
pub(crate) mod entities;
pub(crate) mod gates;
pub(crate) mod probe;
pub(crate) mod quarantine;
pub(crate) mod question;
pub(crate) mod read_ahead;
pub(crate) mod reader;
pub(crate) mod retention;
pub(crate) mod rows;
pub(crate) mod source;
pub(crate) mod submissions;
pub(crate) mod transports;
pub(crate) mod unknown_files;
pub(crate) mod waves;
