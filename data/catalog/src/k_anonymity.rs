//! k-anonymity of open rows: which cells could lead somebody who knows a natural person to the row behind which that person stands, and among how
//! many others the row must then be lost (Sweeney 2002). Declared with the table; `shared.rs` counts.

use serde::Deserialize;

/// The rule of one table: among rows behind which persons may stand, each combination of quasi-identifiers that the open tier shows belongs to at
/// least `k` individuals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KAnonymity {
    /// Text column that tells apart what counts as one: all persons behind one entity are looked for together.
    pub individual: String,
    /// The mark that says behind which rows persons stand. The open tier has no marks: a reader takes for such a row every one in which all is empty
    /// that this mark withholds, and so does this rule ([`KAnonymity::suspected`]).
    pub mark: String,
    /// The quasi-identifiers, in the steps in which they are emptied where too few share them, the cheapest loss first.
    pub steps: Vec<Vec<String>>,
    /// How many individuals must share a combination.
    pub k: usize,
}

/// The rule as a table's file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KAnonymityFile {
    individual: String,
    mark: String,
    steps: Vec<Vec<String>>,
    #[serde(default)]
    k: Option<usize>,
}

impl KAnonymityFile {
    /// The rule, with the k of `data/law/parameters.toml` unless the table has its own.
    pub(crate) fn with_default(self, k: usize) -> KAnonymity {
        KAnonymity { individual: self.individual, mark: self.mark, steps: self.steps, k: self.k.unwrap_or(k) }
    }
}

impl KAnonymity {
    /// All quasi-identifiers.
    pub fn quasi_identifiers(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flatten().map(String::as_str)
    }
}
