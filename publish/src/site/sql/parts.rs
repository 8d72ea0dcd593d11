//! What the pages of SQL and reports are made of beside the definitions of tables.

use std::collections::BTreeMap;
use std::path::Path;

use catalog::{Text, Tier};
use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::language::in_both;

/// What `publish/browser/build.sh` makes.
const FILES: [&str; 4] = ["duckdb-eh.wasm.gz", "duckdb-eh.worker.js", "engine.js", "licences.txt"];

/// What runs SQL in a browser: files by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserEngine(pub(crate) BTreeMap<&'static str, Vec<u8>>);

impl BrowserEngine {
    /// Reads the folder that `publish/browser/build.sh` has made.
    ///
    /// # Errors
    /// [`Error::BrowserEngine`] when one of its files is missing.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let read = |name: &'static str| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path);
            bytes.map(|bytes| (name, bytes)).map_err(|error| Error::BrowserEngine { path, reason: error.to_string() })
        };
        FILES.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// A question in words and its statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The question.
    #[serde(serialize_with = "choice")]
    pub title: Text,
    /// The least closed tier whose tables answer it.
    #[serde(skip)]
    pub tier: Tier,
    /// The statement, with headings in each language.
    #[serde(serialize_with = "choice")]
    pub sql: Text,
}

/// A report with its parameters, the same as on the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardReport {
    /// What it is called on the command line.
    pub name: String,
    /// Its heading.
    #[serde(serialize_with = "choice")]
    pub title: Text,
    /// What it shows.
    #[serde(serialize_with = "choice")]
    pub description: Text,
    /// What it says when it has no rows.
    #[serde(serialize_with = "choice")]
    pub empty: Text,
    /// The least closed tier that has all its columns.
    #[serde(skip)]
    pub tier: Tier,
    /// What its reader chooses.
    pub parameters: Vec<ReportParameter>,
    /// The statement, with `$name` where a parameter's value goes, as text.
    #[serde(serialize_with = "choice")]
    pub sql: Text,
}

/// One thing that the reader of a report chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportParameter {
    /// Its name in the statement.
    pub name: String,
    /// What people read before the field.
    #[serde(serialize_with = "choice")]
    pub label: Text,
    /// The type, in the word of the report's file: `year`, `date`, `virs`…
    pub kind: &'static str,
    /// What a value must be, in words.
    #[serde(serialize_with = "choice")]
    pub hint: Text,
    /// The value that stands in the field at first; none if it must be given.
    #[serde(serialize_with = "choice_if_any")]
    pub default: Option<Text>,
}

/// A text as pages have it: of which the writing of the file takes one language.
fn choice<S: Serializer>(text: &Text, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&in_both(text))
}

fn choice_if_any<S: Serializer>(text: &Option<Text>, out: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => choice(text, out),
        None => out.serialize_none(),
    }
}

/// The pages of SQL and reports of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlPages {
    /// What runs them.
    pub engine: BrowserEngine,
    /// Questions to begin with.
    pub examples: Vec<Example>,
    /// The standard reports.
    pub reports: Vec<StandardReport>,
}
