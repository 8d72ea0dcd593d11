//! A dataset: the tables that are published, described and downloaded together.

use serde::Deserialize;

use crate::Text;

/// Where the portal lists a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Facts, one row each.
    Duomenys,
    /// Statistics: aggregated tables, with a chart.
    Statistika,
}

/// The bar chart that stands beside a table of statistics. Dimensions that it does not name are summed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Column with a bar for each of its values. What they are called stands in the text column right after it, if that is not part of the key,
    /// or in its classifier.
    pub label: String,
    /// Numeric column that gives their length.
    pub value: String,
    /// Dimension whose values divide each bar into parts.
    #[serde(default)]
    pub series: Option<String>,
    /// What people ask that its longest bar answers; the start page has it.
    #[serde(default)]
    pub question: Option<Text>,
    /// Dimensions that split the rows by time (a year, and a half-year): only the last finished period is drawn.
    #[serde(default)]
    pub latest: Vec<String>,
}

/// One dataset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// File name without `.toml`; folder of its downloads and name of its page.
    #[serde(skip)]
    pub name: String,
    /// What people read.
    pub title: Text,
    /// What it holds, from where, how to read it.
    pub description: Text,
    /// Where the portal lists it.
    pub group: Group,
    /// The `out_` tables it holds.
    pub tables: Vec<String>,
    /// Chart of the first table.
    #[serde(default)]
    pub chart: Option<Chart>,
    /// Extensions of the formats in which it is written, Parquet among them; none: all.
    #[serde(default)]
    pub formats: Vec<String>,
}
