//! What stands in for the outside world in a training environment: people with accounts, an authority that vouches for them, and a double of the
//! Centre of Registers' signing module that signs as any of them at the press of a button.
//!
//! Nothing here is worth anything outside: the authority's name says so ([`MARK`]), and a real endpoint refuses to start with it.

mod authority;
mod error;
mod exercises;
mod files;
mod helper;
mod pages;
mod person;
mod settings;
mod signature;
mod waiting;

pub use authority::Authority;
pub use error::Error;
pub use exercises::{Exercise, exercises};
pub use files::{ROOTS, TOKEN, load, make};
pub use helper::Helper;
pub use person::Person;
pub use settings::Settings;
pub use signature::sign;

/// Stands in the name of every authority made here. An endpoint that is no training environment refuses roots with this word.
pub const MARK: &str = "MOKOMASIS";
