//! What a statistic counts, and how its cells are protected: declared with its table, so that the linear system that ties the cells of a
//! release (`docs/disclosure.md`) follows from the definitions.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a statistic comes from rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistic {
    /// The `out_` table whose rows it counts. Statistics of the same rows are cuts of the same thing, and protected together.
    pub rows: String,
    /// Where readers see the same rows, one for one and in columns of the same names, if `rows` is of the internal tier alone. Whatever `only` says
    /// holds there of every row.
    #[serde(default)]
    pub published_in: Option<String>,
    /// The columns by which it counts: the statistic's key.
    pub dimensions: Vec<Dimension>,
    /// Only rows that have these values in these columns count; an empty value means that the column must be empty.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// Columns of the rows that say which natural persons stand behind a row, one for each role (who pays, who is paid); empty where nobody
    /// stands in that role. Only rows about persons (`apie_asmeni`) are looked at.
    pub persons: Vec<String>,
    /// Which of its categories may be counted together where they would not be shown by themselves.
    #[serde(default)]
    pub merge: Option<Merge>,
    /// Rules of its own, where those of `data/law/parameters.toml` do not do.
    #[serde(default)]
    pub rules: Option<DisclosureRules>,
}

/// Categories that may be merged: codes of a dimension into the groups of a classifier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The dimension.
    pub column: String,
    /// The column of the statistic with its titles.
    pub title: String,
    /// The classifier whose groups are meant.
    pub classifier: String,
}

/// A column of a statistic and where it comes from; in definitions `column`, `column = other` or `column = year(other)`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Dimension {
    /// The column of the statistic.
    pub column: String,
    /// The column of its rows.
    pub of: String,
    /// Whether `of` is a date of which the year counts.
    pub is_year: bool,
}

impl Statistic {
    /// Where its rows stand for readers.
    #[must_use]
    pub fn readable(&self) -> &str {
        self.published_in.as_ref().unwrap_or(&self.rows)
    }

    /// What holds of the rows that it counts where readers see them: columns and values.
    pub fn only_readable(&self) -> impl Iterator<Item = (&str, &str)> {
        let only = self.only.iter().filter(|_| self.published_in.is_none());
        only.map(|(column, value)| (column.as_str(), value.as_str()))
    }
}

impl TryFrom<String> for Dimension {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let (column, of) = text.split_once('=').map_or((text.trim(), text.trim()), |(column, of)| (column.trim(), of.trim()));
        let (of, is_year) = match of.strip_prefix("year(").and_then(|of| of.strip_suffix(')')) {
            Some(of) => (of.trim(), true),
            None => (of, false),
        };
        if !is_name(column) || !is_name(of) {
            return Err(format!("“{text}” is none of: column, column = other, column = year(other)"));
        }
        Ok(Self { column: column.to_owned(), of: of.to_owned(), is_year })
    }
}

/// Figures of a statistic that are suppressed together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protect {
    /// Columns suppressed together.
    pub values: Vec<String>,
    /// The column that counts the distinct natural persons behind them.
    pub persons: String,
    /// Those of `values` that add up columns of the rows: each with its column.
    #[serde(default)]
    pub sums: BTreeMap<String, String>,
    /// Those of `values` that count rows.
    #[serde(default)]
    pub counts: Vec<String>,
    /// Columns that show, of some of `values`, what rows that are about no person add up to; they are never suppressed.
    #[serde(default)]
    pub open_part: BTreeMap<String, String>,
    /// Those of `sums` whose cells together make something that everybody knows (average shares make 1).
    #[serde(default)]
    pub whole: Vec<String>,
    /// Where this counts some of what another figure counts: that figure. Neither those counted here nor the others may be few.
    #[serde(default)]
    pub part_of: Option<String>,
}

/// When a cell tells too much of a natural person (Hundepool et al., *Statistical Disclosure Control*, 2012, chapter 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRules {
    /// So many distinct natural persons at least stand behind a cell that is shown, if any do.
    pub minimum_persons: usize,
    /// No person makes up more than so many per cent of what persons make up together: the (n, k) rule with n = 1.
    pub dominance_percent: u32,
    /// Nobody can tell what a person makes up more closely than by so many per cent: neither the person next in size, who knows his own part
    /// (the p % rule), nor a reader who works it out from other cells.
    pub p_percent: u32,
    /// With so many releases is tonight's compared: what persons changed between them must be as little told as what they are.
    pub releases: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_is_a_column_another_or_the_year_of_another() {
        let parse = |text: &str| Dimension::try_from(text.to_owned());
        let dimension = |column: &str, of: &str, is_year| Dimension { column: column.to_owned(), of: of.to_owned(), is_year };
        assert_eq!(parse("metai"), Ok(dimension("metai", "metai", false)));
        assert_eq!(parse("rusis = vip_rusis"), Ok(dimension("rusis", "vip_rusis", false)));
        assert_eq!(parse("metai = year( data )"), Ok(dimension("metai", "data", true)));
        for wrong in ["", "metai =", "month(data)", "metai = month(data)", "Metai", "a b"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
