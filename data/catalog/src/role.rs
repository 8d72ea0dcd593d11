//! What a raw table tells that the program must know to find it by: no other file names a raw table.

use serde::Deserialize;

/// What a raw table tells. Exactly one raw table has each role; those that merely become rows of a core table have none
/// ([`Table::feeds`](crate::Table::feeds)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Who is registered as a VIRS.
    RegisteredVirs,
    /// Licences; a valid one makes its holder a VIRS.
    Licences,
    /// Which outlets each VIRS has.
    Outlets,
    /// Participants of legal entities, as the register knows them.
    Participants,
    /// Participants as VIRS themselves state them.
    StatedParticipants,
    /// Legal entities that exist.
    Entities,
    /// Legal entities struck off the register.
    FormerEntities,
    /// Titles of legal forms.
    LegalForms,
    /// Titles of legal statuses.
    LegalStatuses,
    /// E-mail addresses and telephone numbers of entities.
    Contacts,
    /// Names of natural persons.
    Persons,
    /// Gifts of natural persons.
    GiftsOfPersons,
    /// Gifts of legal entities.
    GiftsOfEntities,
    /// Political advertising.
    Advertising,
    /// Money of public bodies.
    PublicFunds,
    /// Who may act for whom in the form endpoint; no part of the nightly tables.
    Mandates,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 16] = [
        Self::RegisteredVirs,
        Self::Licences,
        Self::Outlets,
        Self::Participants,
        Self::StatedParticipants,
        Self::Entities,
        Self::FormerEntities,
        Self::LegalForms,
        Self::LegalStatuses,
        Self::Contacts,
        Self::Persons,
        Self::GiftsOfPersons,
        Self::GiftsOfEntities,
        Self::Advertising,
        Self::PublicFunds,
        Self::Mandates,
    ];
}
