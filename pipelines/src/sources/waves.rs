//! In which order a night reads extracts. Three waves, because each decides about whom the next is asked: who is a VIRS; facts about VIRS and
//! their owners; then the registers of a whole country, of which only the entities and persons just met are kept.

use catalog::{Role, Table};
use connectors::{CONNECTORS, Extract};

/// Column of the surrogate id of the person that a row is about.
pub(crate) const PERSON: &str = "asmens_id";

/// When an extract is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wave {
    /// First and whole: who is a VIRS, and whom VIRS themselves name as participants. Small, and everything else hangs on it.
    List,
    /// Second: facts about VIRS, and participants, of which only reading all shows who is above a VIRS.
    Facts,
    /// Last: registers of a whole country.
    Country,
}

impl Wave {
    /// The wave in which a raw table is read.
    pub(crate) fn of(table: &Table) -> Self {
        match table.role {
            Some(Role::RegisteredVirs | Role::Licences | Role::StatedParticipants) => Self::List,
            Some(Role::Entities | Role::FormerEntities | Role::Persons) => Self::Country,
            _ => Self::Facts,
        }
    }
}

/// All extracts of a night, each with its source.
pub(crate) fn extracts() -> impl Iterator<Item = (&'static str, &'static Extract)> {
    CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract)))
}

/// The extract that fills a raw table, with its source.
pub(crate) fn extract_of(table: &Table) -> Option<(&'static str, &'static Extract)> {
    extracts().find(|(_, extract)| extract.table == table.name)
}
