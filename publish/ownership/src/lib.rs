//! Ownership in the formats of the world: statements of the Beneficial Ownership Data Standard, and entities of FollowTheMoney.
//!
//! Both are made of the histories of the public tier and of nothing else: no other tier has any, so that nothing but what the public tier has shown can get into
//! them. No clock decides what is in them, and what they said once they go on saying. `docs/ownership-formats.md` says what becomes what.

mod bods;
mod columns;
mod error;
mod ftm;
mod index;
mod party;
mod publication;
mod share;
mod shown;
mod tables;

#[cfg(test)]
mod sample;

pub use bods::write_bods;
pub use error::Error;
pub use ftm::write_ftm;
pub use publication::Publication;
pub use tables::Tables;
