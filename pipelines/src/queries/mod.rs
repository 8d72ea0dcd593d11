//! Queries of published tables: which tables they see, which statements are allowed, what is wrong with one.

pub(crate) mod built;
pub(crate) mod english;
pub(crate) mod examples;
pub(crate) mod faults;
pub(crate) mod published_release;
pub(crate) mod released_tables;
pub(crate) mod report;
pub(crate) mod spelling;
pub(crate) mod statement;
pub(crate) mod tier;
