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

/// The chart that stands beside a table of statistics.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Column whose values name the bars.
    pub label: String,
    /// Numeric column that gives their length.
    pub value: String,
    /// Column that splits the rows (a year): only the rows with its greatest value are drawn.
    #[serde(default)]
    pub latest: Option<String>,
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
