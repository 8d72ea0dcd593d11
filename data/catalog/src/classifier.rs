//! A classifier: a closed list of codes with titles, one CSV file under `data/classifiers`.

use crate::Text;

/// One code of a classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The code that data carries.
    pub code: String,
    /// What people read.
    pub title: Text,
}

/// A closed list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classifier {
    /// File name without `.csv`.
    pub name: String,
    /// Codes in the order of the file.
    pub terms: Vec<Term>,
}

impl Classifier {
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
}
