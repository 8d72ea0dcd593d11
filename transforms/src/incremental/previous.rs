//! What one night leaves to the next, and what the next says of each statement: whether it ran, and why.

use std::collections::BTreeMap;

use arrow::array::{RecordBatch, StringArray};
use serde::{Deserialize, Serialize};

use super::lookups::RowHashes;
use super::words::Words;

/// What one night leaves to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Content hash of every core and published table.
    pub contents: BTreeMap<String, String>,
    /// Hash of the SQL of every model and check.
    pub statements: BTreeMap<String, String>,
    /// How many wrong rows each check found.
    pub findings: BTreeMap<String, u64>,
    /// Hashes of key and content of every row of the tables that are looked up.
    pub looked_up: RowHashes,
}

/// Reads a table of the previous release: at least the columns that these words name, or all. An error says what is wrong, and no value.
pub type ReadRows<'a> = dyn Fn(&str, Option<&Words>) -> Result<RecordBatch, String> + 'a;

/// Reads every text that stands in a table of the previous release: in the columns that these words name, or in all.
pub type ReadTexts<'a> = dyn Fn(&str, Option<&Words>) -> Result<Vec<StringArray>, String> + 'a;

/// The results of the previous night, as far as they may be used.
pub struct PreviousResults<'a> {
    /// What it left.
    pub remembered: &'a Remembered,
    /// Reads the rows that a model made then.
    pub rows: &'a ReadRows<'a>,
    /// Reads the texts that stood in them.
    pub texts: &'a ReadTexts<'a>,
}

impl std::fmt::Debug for PreviousResults<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PreviousResults({} tables)", self.remembered.contents.len())
    }
}

/// Why a statement ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunReason {
    /// It did not run in the previous night, or nothing of that night may be used.
    First,
    /// Its SQL changed.
    Sql,
    /// The content of these tables changed.
    Needs(Vec<String>),
}

/// What became of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementReport {
    /// `model` or `check`.
    pub kind: &'static str,
    /// Its own name: see [`crate::CheckResult`].
    pub name: String,
    /// Why it ran; `None` where it was skipped.
    pub reason: Option<RunReason>,
}
