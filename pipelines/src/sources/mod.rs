//! The sources: what each register and the form endpoint's store is asked for, what it returns, whether that is accepted, and what replaces it if
//! not.

pub(crate) mod acceptance;
pub(crate) mod accepting;
pub(crate) mod acquire;
pub(crate) mod documents;
pub(crate) mod entities;
pub(crate) mod gates;
pub(crate) mod overview;
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
