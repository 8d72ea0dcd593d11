//! What definitions say of codes: states, reasons, sources.

use std::collections::BTreeSet;

use catalog::{Catalog, Classifier, Role};

use super::network::CLOSED_CYCLE;
use super::schema::{Agent, Country, Source, Unspecified};
use crate::Error;

/// The source of facts about legal entities, classifier `saltiniai`.
pub(super) const REGISTER_OF_ENTITIES: &str = "jar";

/// Codes of codelist `unspecifiedReason`: that nothing is on record is what a publisher does not know; why entities own only one another, nobody says.
const NOT_KNOWN_HERE: &str = "informationUnknownToPublisher";
const NOT_KNOWN: &str = "unknown";
/// The reason of whoever is recorded without a name.
const NOT_NAMED: &str = "neivardytas";

/// Classifiers, and which source is what VIRS say themselves.
pub(super) struct Words<'c> {
    states: &'c Classifier,
    reasons: &'c Classifier,
    sources: &'c Classifier,
    registered: &'c str,
    stated: &'c str,
}

impl<'c> Words<'c> {
    pub(super) fn of(catalog: &'c Catalog) -> Result<Self, Error> {
        Ok(Self {
            states: catalog.classifier("valstybes")?,
            reasons: catalog.classifier("nezinojimo_priezastys")?,
            sources: catalog.classifier("saltiniai")?,
            registered: catalog.role(Role::Participants)?.source(),
            stated: catalog.role(Role::StatedParticipants)?.source(),
        })
    }

    /// A state by its code; none for a code that is none.
    pub(super) fn country(&self, code: &str) -> Option<Country> {
        let title = self.states.title(code)?;
        Some(Country { name: title.en.clone(), code: code.to_owned() })
    }

    /// Why nobody is named, for a code of classifier `nezinojimo_priezastys`.
    pub(super) fn unspecified(&self, reason: &str) -> Unspecified {
        let code = if reason == CLOSED_CYCLE { NOT_KNOWN } else { NOT_KNOWN_HERE };
        Unspecified { reason: code, description: titled(self.reasons, reason) }
    }

    /// Why somebody who is there has no name.
    pub(super) fn nameless(&self) -> Unspecified {
        self.unspecified(NOT_NAMED)
    }

    /// Where it comes from that nothing is on record.
    pub(super) fn register_of_participants(&self) -> &'c str {
        self.registered
    }

    /// Where a statement comes from, by codes of classifier `saltiniai`; `virs` is who states what is not in a register.
    pub(super) fn source(&self, sources: &BTreeSet<&str>, virs: Option<&str>) -> Source {
        let is_stated = |code: &&&str| **code == self.stated;
        let mut codes = Vec::new();
        codes.extend(sources.iter().any(|code| !is_stated(&code)).then_some("officialRegister"));
        codes.extend(sources.iter().any(|code| is_stated(&code)).then_some("selfDeclaration"));
        let asserted_by = virs.filter(|_| codes.contains(&"selfDeclaration")).map(|name| Agent { name: name.to_owned() });
        let titles: Vec<String> = sources.iter().map(|code| titled(self.sources, code)).collect();
        Source { codes, description: titles.join("; "), asserted_by: asserted_by.into_iter().collect() }
    }
}

/// A title in both languages, since readers come from everywhere.
fn titled(classifier: &Classifier, code: &str) -> String {
    classifier.title(code).map_or_else(|| code.to_owned(), |title| format!("{} / {}", title.lt, title.en))
}
