//! What data conform to: the descriptions of tables that lie in the same tier, each in the language of its format.

use catalog::Text;
use oxrdf::{NamedNode, NamedNodeRef};

use crate::addresses::Addresses;
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::dct;

/// A description of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    /// The data structure description, which Lithuania's catalogue asks for.
    Dsa,
    /// CSV on the Web.
    Csvw,
    /// JSON Schema.
    JsonSchema,
}

impl Standard {
    /// What the rows of a file conform to, if they are described in the language of its format.
    pub(crate) fn of_format(extension: &str) -> Option<Self> {
        match extension {
            "csv" => Some(Self::Csvw),
            "json" | "jsonl" => Some(Self::JsonSchema),
            _ => None,
        }
    }

    /// Describes it; `subject` is the table that it is about.
    pub(crate) fn describe(self, graph: &mut Graph, subject: &str, addresses: &Addresses) -> Result<NamedNode, Error> {
        let (path, lt, en, language) = match self {
            Self::Dsa => (
                "dsa.csv".to_owned(),
                "Duomenų struktūros aprašas (DSA)",
                "Data structure description (DSA)",
                "https://ivpk.github.io/dsa/",
            ),
            Self::Csvw => (
                "csvw.json".to_owned(),
                "CSV bylų aprašas (CSVW)",
                "Description of the CSV files (CSVW)",
                "https://www.w3.org/TR/tabular-metadata/",
            ),
            Self::JsonSchema => {
                (format!("schemas/{subject}.schema.json"), "JSON schema", "JSON Schema", "https://json-schema.org/draft/2020-12/schema")
            }
        };
        let name = addresses.current_iri(&path)?;
        let title = Text { lt: lt.to_owned(), en: en.to_owned() };
        let mut standard = graph.thing(name.clone(), dct::STANDARD);
        standard.text(dct::TITLE, &title).link(dct::RELATION, NamedNodeRef::new_unchecked(language));
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::Tier;
    use oxrdf::{Term, Triple};

    use super::*;
    use crate::catalogue;
    use crate::sample;

    #[test]
    fn whatever_data_conform_to_lies_in_the_tier() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let addresses = Addresses::of(&described).unwrap();
        let there: BTreeSet<String> =
            metadata::describe(&described).unwrap().into_iter().map(|(path, _)| addresses.current(&path)).collect();
        let graph = catalogue::graph(&described, &addresses).unwrap();
        let named: BTreeSet<String> = graph.sorted().into_iter().filter_map(conforms_to).collect();
        let missing: Vec<_> = named.difference(&there).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(["dsa.csv", "csvw.json", "schemas/savininkas.schema.json"].iter().all(|path| named.contains(&addresses.current(path))));
    }

    fn conforms_to(triple: Triple) -> Option<String> {
        match (triple.predicate == dct::CONFORMS_TO, triple.object) {
            (true, Term::NamedNode(name)) => Some(name.into_string()),
            _ => None,
        }
    }
}
