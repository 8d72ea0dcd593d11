//! Pages on which readers ask the tables themselves, in their own browsers: in SQL, and as reports without it.

mod definitions;
pub(crate) mod pages;
pub(crate) mod parts;
