//! The pages of outlets, owners and institutions, the entries of donors, and the alphabetical lists of all of them.

mod entries;
mod holdings;
mod section;
mod view;
pub(crate) mod write;

#[cfg(test)]
mod tests;
