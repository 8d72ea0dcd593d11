//! Search over the portal without a server: what can be found in a tier, in files by the first letters of its words, of which
//! `assets/search.js` reads the one that an entry asks for.
//!
//! A tier's files are made of what that tier's tables show, as their `[search]` says, and of nothing else.

pub(crate) mod files;
mod found;
mod hits;
mod printed;
mod shards;
mod words;

#[cfg(test)]
mod tests;
