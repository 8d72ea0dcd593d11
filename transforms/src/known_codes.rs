//! Codes of a classifier, however a register cases them: „gb“ and „GB “ are the code GB.

use std::collections::{HashMap, HashSet};

use arrow::array::StringArray;
use catalog::{Classifier, compared_name};

/// The codes of one classifier.
#[derive(Debug)]
pub(crate) struct KnownCodes {
    codes: HashSet<String>,
    by_compared: HashMap<String, String>,
}

impl KnownCodes {
    pub(crate) fn of(classifier: &Classifier) -> Self {
        let codes = classifier.terms.iter().map(|term| term.code.clone());
        let by_compared = classifier.terms.iter().map(|term| (compared_name(&term.code), term.code.clone()));
        Self { codes: codes.collect(), by_compared: by_compared.collect() }
    }

    pub(crate) fn contains(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    /// The cells as the classifier writes them; `None` where they already are. A cell that is none of its codes stays as it is.
    pub(crate) fn as_written(&self, cells: &StringArray) -> Option<StringArray> {
        cells.iter().flatten().any(|cell| !self.contains(cell)).then(|| {
            let written = |cell| self.by_compared.get(&compared_name(cell)).map_or(cell, String::as_str);
            cells.iter().map(|cell| cell.map(written)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use catalog::{Term, Text};

    use super::*;

    #[test]
    fn a_code_is_known_in_any_case_and_nothing_else_becomes_one() {
        let term = |code: &str| Term { code: code.to_owned(), title: Text::default(), area: None };
        let codes = KnownCodes::of(&Classifier { name: "valstybes".to_owned(), terms: vec![term("GB"), term("IE")], groups: Vec::new() });
        let cells: StringArray = vec![Some("gb"), None, Some(" Ie"), Some("GB"), Some("Airija")].into();
        let written = codes.as_written(&cells).unwrap();
        assert_eq!(written.iter().collect::<Vec<_>>(), [Some("GB"), None, Some("IE"), Some("GB"), Some("Airija")]);
        assert!(codes.contains(written.value(2)) && !codes.contains(written.value(4)));
        assert!(codes.as_written(&vec![Some("GB"), None].into()).is_none());
    }
}
