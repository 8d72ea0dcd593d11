//! What is said of entities and of persons.

use std::collections::BTreeSet;

use super::network::Network;
use super::schema::{Address, Details, Entity, EntityType, Identifier, Name, Person, Source};
use super::words::{REGISTER_OF_ENTITIES, Words};
use crate::index::Index;
use crate::party::{LITHUANIA, LITHUANIAN_SCHEME, Party};

/// What is said of the parties of a network.
pub(super) struct Parties<'n, 'a> {
    pub(super) index: &'n Index<'a>,
    pub(super) network: &'n Network<'a>,
    pub(super) words: &'n Words<'n>,
}

impl<'a> Parties<'_, 'a> {
    /// What is said of a party, and where that comes from.
    pub(super) fn describe(&self, party: Party<'a>, is_component: bool) -> (Details, Source) {
        let known = self.network.parties.get(&party).copied().unwrap_or_default();
        let name = known.name.map(str::to_owned);
        let mut entity = Entity {
            is_component,
            entity_type: EntityType { code: "registeredEntity" },
            unspecified_entity_details: None,
            name,
            jurisdiction: None,
            identifiers: Vec::new(),
            founding_date: None,
            dissolution_date: None,
            addresses: Vec::new(),
        };
        match party {
            Party::Person(_) => return (Details::Person(self.person(party, is_component)), self.source(party)),
            Party::Lithuanian(code) => {
                entity.entity_type.code = if known.is_public { "stateBody" } else { "registeredEntity" };
                entity.jurisdiction = self.words.country(LITHUANIA);
                entity.identifiers.push(Identifier { id: code.to_owned(), scheme: Some(LITHUANIAN_SCHEME), scheme_name: None });
                if party == self.network.virs {
                    self.add_register(&mut entity);
                }
            }
            Party::Foreign { state, code, .. } => {
                entity.jurisdiction = self.words.country(state);
                if !code.is_empty() {
                    entity.identifiers.push(self.foreign_identifier(party, state, code));
                } else if entity.name.is_some() {
                    entity.entity_type.code = "legalEntity";
                } else {
                    entity.entity_type.code = "unknownEntity";
                    entity.unspecified_entity_details = Some(self.words.nameless());
                }
            }
            Party::Joint { group, .. } => {
                entity.entity_type.code = "arrangement";
                entity.name = Some(format!("Bendraturčiai (jungtinė nuosavybė {group})"));
            }
        }
        (Details::Entity(entity), self.source(party))
    }

    /// What the register says of the VIRS itself.
    fn add_register(&self, entity: &mut Entity) {
        let (virs, row) = (&self.index.virs, self.network.row);
        [entity.founding_date, entity.dissolution_date] = virs.life(row);
        let seat = virs.seat(row).zip(entity.jurisdiction.clone());
        entity.addresses =
            seat.map(|(address, country)| Address { code: "registered", address: address.to_owned(), country }).into_iter().collect();
    }

    /// Schemes of other states are many, and tables do not say which one it is: the register is named in words.
    fn foreign_identifier(&self, party: Party<'a>, state: &str, code: &str) -> Identifier {
        let mut registers = self.rows(party).filter_map(|row| self.index.participants.register.at(row));
        let register = registers.next().map_or_else(|| format!("Užsienio registras {state}").trim_end().to_owned(), str::to_owned);
        Identifier { id: code.to_owned(), scheme: None, scheme_name: Some(register) }
    }

    fn person(&self, party: Party<'a>, is_component: bool) -> Person {
        let participants = &self.index.participants;
        let full_name = self.network.parties.get(&party).and_then(|known| known.name);
        // Of a table with the parts of a name, only those that make up the whole.
        let parts = |row: usize| Some((participants.given.at(row)?, participants.family.at(row)?));
        let mut named = self.rows(party).filter_map(parts).filter(|(given, family)| full_name == Some(&format!("{given} {family}")));
        let parts = named.next();
        let name = full_name.map(|name| Name {
            code: "legal",
            full_name: name.to_owned(),
            family_name: parts.map(|(_, family)| family.to_owned()),
            given_name: parts.map(|(given, _)| given.to_owned()),
        });
        Person {
            is_component,
            person_type: if name.is_some() { "knownPerson" } else { "anonymousPerson" },
            unspecified_person_details: name.is_none().then(|| self.words.nameless()),
            names: name.into_iter().collect(),
        }
    }

    /// Rows of participants that name a party.
    fn rows(&self, party: Party<'a>) -> impl Iterator<Item = usize> {
        self.network.naming.get(&party).into_iter().flatten().copied()
    }

    /// The register of entities knows those of Lithuania; whoever else is told of, is told of by those who tell of participants.
    fn source(&self, party: Party<'a>) -> Source {
        let participants = &self.index.participants;
        let sources: BTreeSet<&str> = match party {
            Party::Lithuanian(_) => BTreeSet::from([REGISTER_OF_ENTITIES]),
            Party::Joint { held, group } => {
                let rows = self.network.behind.iter().filter(|((of, _), _)| *of == Party::Lithuanian(held)).flat_map(|(_, rows)| rows);
                let of_group = rows.filter(|row| participants.group.at(**row) == Some(group));
                of_group.filter_map(|row| participants.source.at(*row)).collect()
            }
            _ => self.rows(party).filter_map(|row| participants.source.at(row)).collect(),
        };
        self.words.source(&sources, self.index.virs.name.at(self.network.row))
    }
}
