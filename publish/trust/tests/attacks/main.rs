//! The attacks that The Update Framework describes, each on a small portal with real signatures: roll-back, freeze, mix-and-match, endless
//! data, wrong key, and a publisher that shows different readers different things.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod chain;
mod endless;
mod files;
mod flipped;
mod keys;
mod pointer;
mod portal;
mod signing;
