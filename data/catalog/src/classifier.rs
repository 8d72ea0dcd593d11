//! A classifier: a closed list of codes with titles, one CSV file under `data/classifiers`, and the groups that its codes make, in a TOML file
//! of the same name. Of areas of the country the file says where they lie, too.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Text;

/// One code of a classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The code that data carries.
    pub code: String,
    /// What people read.
    pub title: Text,
    /// If it is an area of the country: where that lies.
    pub area: Option<Area>,
}

/// Where an area of the country lies, and which towns are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Three letters that stand on its tile of a map.
    pub short: String,
    /// Its place on a map of equal tiles, from the west.
    pub column: i64,
    /// Its place from the north.
    pub row: i64,
    /// Towns whose names alone, at the head of an address, say that it lies here.
    pub towns: Vec<String>,
}

/// A line of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct TermRow {
    kodas: String,
    lt: String,
    en: String,
    #[serde(default)]
    santrumpa: Option<String>,
    #[serde(default)]
    stulpelis: Option<i64>,
    #[serde(default)]
    eilute: Option<i64>,
    #[serde(default)]
    miestai: Option<String>,
}

impl From<TermRow> for Term {
    fn from(line: TermRow) -> Self {
        let towns = line.miestai.unwrap_or_default().split(';').filter(|town| !town.is_empty()).map(str::to_owned).collect();
        let place = line.santrumpa.zip(line.stulpelis).zip(line.eilute);
        let area = place.map(|((short, column), row)| Area { short, column, row, towns });
        Self { code: line.kodas, title: Text { lt: line.lt, en: line.en }, area }
    }
}

/// Codes that statistics may count together where each by itself would tell of persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeGroup {
    /// Its own code, which stands in statistics in the place of theirs.
    pub code: String,
    /// What people read.
    pub title: Text,
    /// The codes in it, two at least.
    pub of: Vec<String>,
}

/// The file's own shape: groups by code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupFile {
    lt: String,
    en: String,
    of: Vec<String>,
}

impl CodeGroup {
    pub(crate) fn all(files: BTreeMap<String, GroupFile>) -> Vec<Self> {
        let group = |(code, GroupFile { lt, en, of }): (String, GroupFile)| Self { code, title: Text { lt, en }, of };
        files.into_iter().map(group).collect()
    }
}

/// A closed list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classifier {
    /// File name without `.csv`.
    pub name: String,
    /// Codes in the order of the file.
    pub terms: Vec<Term>,
    /// Groups of its codes; most codes are in none.
    pub groups: Vec<CodeGroup>,
}

impl Classifier {
    /// The codes that are areas of the country.
    pub fn areas(&self) -> impl Iterator<Item = (&Term, &Area)> {
        self.terms.iter().filter_map(|term| Some((term, term.area.as_ref()?)))
    }

    /// Whether `code` belongs to the list.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.terms.iter().any(|term| term.code == code)
    }

    /// The Lithuanian title of `code`.
    #[must_use]
    pub fn title(&self, code: &str) -> Option<&Text> {
        self.terms.iter().find(|term| term.code == code).map(|term| &term.title)
    }

    /// The group that a code is in.
    #[must_use]
    pub fn group_of(&self, code: &str) -> Option<&CodeGroup> {
        self.groups.iter().find(|group| group.of.iter().any(|of| of == code))
    }

    /// The group with a code of its own.
    #[must_use]
    pub fn group(&self, code: &str) -> Option<&CodeGroup> {
        self.groups.iter().find(|group| group.code == code)
    }
}
