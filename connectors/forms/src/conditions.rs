//! Dependencies between the columns of a record: which are required, and which must be empty, for a value of another one.

use std::collections::BTreeSet;

use serde::Deserialize;

/// What some values of one column demand of others: `[[section.when]]` in `data/forms`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The column that decides.
    pub column: String,
    /// Its values for which this holds.
    pub is: Vec<String>,
    /// Columns that then must have a value.
    #[serde(default)]
    pub must: Vec<String>,
    /// Columns that then must be empty; they are not shown.
    #[serde(default)]
    pub none: Vec<String>,
    /// Columns that then hold the code of a Lithuanian legal entity; abroad other codes are right, too.
    #[serde(default)]
    pub entity: Vec<String>,
}

/// What a column depends on.
#[derive(Debug, PartialEq, Eq)]
pub struct Condition<'a> {
    /// The column that decides.
    pub by: &'a str,
    /// Its values for which the column must be empty.
    pub none: Vec<&'a str>,
    /// Its values for which the column must have a value.
    pub must: Vec<&'a str>,
}

/// Why demands cannot hold together; `required` says which columns always have a value.
pub(crate) fn contradictions(all: &[Dependency], required: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    for dependency in all {
        for name in &dependency.none {
            if required(name) {
                wrong.insert(format!("when excludes column {name}, which is always required"));
            }
            if dependency.must.contains(name) {
                wrong.insert(format!("when both demands and excludes column {name}"));
            }
            if all.iter().any(|other| other.column == *name) {
                wrong.insert(format!("when excludes column {name}, which itself decides"));
            }
        }
        for name in dependency.none.iter().chain(&dependency.must) {
            if all
                .iter()
                .any(|other| other.column != dependency.column && other.none.iter().chain(&other.must).any(|column| column == name))
            {
                wrong.insert(format!("column {name} depends on two columns"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demands_that_cannot_hold_together_are_named() {
        let dependency = |text: &str| toml::from_str::<Dependency>(text).unwrap();
        let all = [
            dependency("column = 'a'\nis = ['1']\nmust = ['b']\nnone = ['b', 'c']"),
            dependency("column = 'd'\nis = ['1']\nmust = ['c']\nnone = ['a']"),
        ];
        let wrong: Vec<String> = contradictions(&all, |name| name == "c").into_iter().collect();
        assert_eq!(
            wrong,
            [
                "column c depends on two columns",
                "when both demands and excludes column b",
                "when excludes column a, which itself decides",
                "when excludes column c, which is always required",
            ]
        );
        assert!(contradictions(&all[..1], |_| false).len() == 1);
    }
}
