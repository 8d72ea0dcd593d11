//! The graph that is printed: statements, each once. No blank nodes, so that equal graphs are equal sets of statements.

use catalog::Text;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, LiteralRef, NamedNode, NamedNodeRef, Triple, TripleRef};

use crate::vocabulary::{dcat, spdx};

/// Statements.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph(oxrdf::Graph);

impl Graph {
    /// Something to say more of; `class` is what it is.
    pub(crate) fn thing(&mut self, name: impl Into<NamedNode>, class: NamedNodeRef<'_>) -> Thing<'_> {
        let mut thing = Thing { graph: self, name: name.into() };
        thing.is(class);
        thing
    }

    /// The same without checksums. In DCAT-AP 2.1.1 an `spdx:Checksum` can only be SHA-1 (`sh:hasValue spdx:checksumAlgorithm_sha1`, with `sh:maxCount 1`).
    pub(crate) fn without_checksums(&self) -> Self {
        let is_checksum = |triple: &TripleRef<'_>| self.0.contains(TripleRef::new(triple.subject, rdf::TYPE, spdx::CHECKSUM_CLASS));
        Self(self.0.iter().filter(|triple| triple.predicate != spdx::CHECKSUM && !is_checksum(triple)).collect())
    }

    /// Statements in an order that follows from them alone: the catalogue first, then by name; of each thing, what it is comes first.
    pub(crate) fn sorted(&self) -> Vec<Triple> {
        let mut all: Vec<Triple> = self.0.iter().map(TripleRef::into_owned).collect();
        let is_catalogue = |triple: &Triple| self.0.contains(TripleRef::new(&triple.subject, rdf::TYPE, dcat::CATALOG));
        all.sort_by_cached_key(|triple| {
            let is_class = triple.predicate == rdf::TYPE;
            (!is_catalogue(triple), triple.subject.to_string(), !is_class, triple.predicate.to_string(), triple.object.to_string())
        });
        all
    }
}

/// A thing of which something is said.
pub(crate) struct Thing<'g> {
    graph: &'g mut Graph,
    name: NamedNode,
}

impl Thing<'_> {
    /// What else it is.
    pub(crate) fn is(&mut self, class: NamedNodeRef<'_>) -> &mut Self {
        self.link(rdf::TYPE, class)
    }

    /// Ties it to another thing.
    pub(crate) fn link<'a>(&mut self, how: NamedNodeRef<'_>, other: impl Into<NamedNodeRef<'a>>) -> &mut Self {
        self.graph.0.insert(TripleRef::new(&self.name, how, other.into()));
        self
    }

    /// Ties it to another thing that is named elsewhere, and says what that is: SHACL shapes ask for the class of each thing that is linked.
    pub(crate) fn link_to<'a>(&mut self, how: NamedNodeRef<'_>, other: impl Into<NamedNodeRef<'a>>, class: NamedNodeRef<'_>) -> &mut Self {
        let other = other.into();
        self.graph.0.insert(TripleRef::new(other, rdf::TYPE, class));
        self.link(how, other)
    }

    /// A text in both languages.
    pub(crate) fn text(&mut self, what: NamedNodeRef<'_>, text: &Text) -> &mut Self {
        for (language, text) in [("lt", &text.lt), ("en", &text.en)] {
            self.literal(what, LiteralRef::new_language_tagged_literal_unchecked(text, language));
        }
        self
    }

    /// A text in no language: a name, a code.
    pub(crate) fn plain(&mut self, what: NamedNodeRef<'_>, text: &str) -> &mut Self {
        self.literal(what, LiteralRef::new_simple_literal(text))
    }

    /// A calendar date.
    pub(crate) fn date(&mut self, what: NamedNodeRef<'_>, date: impl ToString) -> &mut Self {
        self.literal(what, Literal::new_typed_literal(date.to_string(), xsd::DATE).as_ref())
    }

    /// A whole number, as `xsd:decimal`.
    pub(crate) fn decimal(&mut self, what: NamedNodeRef<'_>, number: u64) -> &mut Self {
        self.literal(what, Literal::new_typed_literal(number.to_string(), xsd::DECIMAL).as_ref())
    }

    /// Bytes in hexadecimal.
    pub(crate) fn hexadecimal(&mut self, what: NamedNodeRef<'_>, bytes: &str) -> &mut Self {
        self.literal(what, LiteralRef::new_typed_literal(bytes, xsd::HEX_BINARY))
    }

    fn literal(&mut self, what: NamedNodeRef<'_>, literal: LiteralRef<'_>) -> &mut Self {
        self.graph.0.insert(TripleRef::new(&self.name, what, literal));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::dct;

    #[test]
    fn the_order_of_statements_does_not_depend_on_the_order_in_which_they_were_made() {
        let names = ["https://a.lt/#b", "https://a.lt/#a"].map(NamedNodeRef::new_unchecked);
        let made = |names: [NamedNodeRef<'static>; 2]| {
            let mut graph = Graph::default();
            for name in names {
                graph
                    .thing(name, dcat::DATASET_CLASS)
                    .plain(dct::IDENTIFIER, "1")
                    .text(dct::TITLE, &Text { lt: "ž".into(), en: "z".into() });
            }
            graph.thing(names[0], dcat::DATASET_CLASS);
            graph.sorted()
        };
        let sorted = made(names);
        assert_eq!(sorted, made([names[1], names[0]]));
        assert_eq!((sorted.len(), sorted[0].predicate.as_ref()), (8, rdf::TYPE));
        assert_eq!(sorted[0].subject.to_string(), "<https://a.lt/#a>");
    }
}
