//! The form endpoint, end to end: the real binary, real signatures, and what the next release says.

mod browser;
mod client;
mod crash;
mod look_ups;
mod module;
mod notices;
mod peer;
mod safety;
mod viisp;
mod way;
