//! Questions about published tables: what they may see, and which statements are let in.

pub(crate) mod released_tables;
pub(crate) mod statement;
