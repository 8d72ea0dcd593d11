//! The pages of outlets, owners, institutions and municipalities, the entries of donors, and the lists of all of them: by the alphabet, or as a map.

mod entries;
mod holdings;
mod map;
mod names;
mod section;
mod view;
pub(crate) mod write;

#[cfg(test)]
mod tests;
