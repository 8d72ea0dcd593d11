//! Queries of published tables: which tables they see, and which statements are allowed.

pub(crate) mod published_release;
pub(crate) mod released_tables;
pub(crate) mod statement;
