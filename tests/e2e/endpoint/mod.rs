//! The form endpoint, end to end: the real binary, real signatures, and what the next release says.

mod accounts;
mod asvs;
mod bodies;
mod browser;
mod choices;
mod client;
mod crash;
mod filling;
mod full_disk;
mod ground;
mod letters;
mod limits;
mod logs;
mod look_ups;
mod mandates;
mod module;
mod notices;
mod odd;
mod own_account;
pub(crate) mod peer;
mod raw;
mod safety;
mod secrecy;
mod tasks;
mod troubles;
mod viisp;
mod way;
