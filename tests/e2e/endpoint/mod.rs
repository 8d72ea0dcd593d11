//! The form endpoint, end to end: the real binary, real signatures, and what the next release says.

mod accounts;
mod asvs;
mod bodies;
mod browser;
mod client;
mod crash;
mod ground;
mod letters;
mod look_ups;
mod mandates;
mod module;
mod notices;
mod odd;
pub(crate) mod peer;
mod raw;
mod safety;
mod secrecy;
mod viisp;
mod way;
