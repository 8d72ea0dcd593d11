//! The form endpoint: seven manual feeds for people who have no system of their own, signed and audited (specification, section 5).
//!
//! Somebody signs in, chooses in whose name to act, finds the VIRS, enters, has it checked, looks through the document that the system
//! forms, signs it, and gets a receipt. Forms are declared in `data/forms`; the way of a submission is [`state`]; everything is kept
//! in one SQLite file, [`store`]. The nightly run reads what was handed in.

pub mod check;
pub mod entry;
mod error;
pub mod feed;
mod role;
pub mod state;
pub mod store;
#[cfg(test)]
mod testing;

pub use error::Error;
pub use feed::Feed;
pub use role::Role;
