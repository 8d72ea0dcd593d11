//! What it takes to print a release anew beside its own files.

use std::collections::BTreeMap;

use catalog::{Catalog, News};
use chrono::NaiveDate;

use crate::database::DatabaseWriter;
use crate::site::context::Admit;

/// What it takes to print a release anew beside its own files. If it is not what the release was made with, the pages come out otherwise, which
/// is noticed.
pub struct Reprint<'a> {
    /// The definitions.
    pub catalog: &'a Catalog,
    /// Their hash, as manifests have it.
    pub definitions: &'a str,
    /// Puts rows through the gate; gives the rule that they break.
    pub admit: &'a Admit,
    /// The news that are shown on a day.
    pub news: &'a dyn Fn(NaiveDate) -> Vec<&'a News>,
    /// The SQL that makes each table.
    pub models: &'a BTreeMap<String, String>,
    /// A line on top of every page.
    pub notice: Option<&'a str>,
    /// A secret of this installation, under which it is remembered what pages show.
    pub salt: [u8; 32],
    /// Writes the database files of releases that have them.
    pub database: &'a dyn DatabaseWriter,
    /// Writes the same as files of SQLite.
    pub sqlite: &'a dyn DatabaseWriter,
    /// To what counts of rows are rounded outside the internal tier.
    pub rounded_to: Option<i64>,
}

impl std::fmt::Debug for Reprint<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Reprint")
    }
}
