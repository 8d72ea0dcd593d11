//! Companies, public bodies, foreign entities and persons.

use std::collections::BTreeSet;

use catalog::{Catalog, Classifier};

use super::entity::{Entities, Entity, party_id};
use super::links::Offices;
use crate::index::Index;
use crate::party::{LITHUANIA, PUBLIC_BODY, Party};
use crate::share::percentage;
use crate::{Error, Publication};

const VIRS: &str = "Viešosios informacijos rengėjas ar skleidėjas (VIRS)";

/// Legal entities that the latest release names.
pub(super) fn entities(index: &Index<'_>, catalog: &Catalog, publication: &Publication<'_>) -> Result<Entities, Error> {
    let reasons = catalog.classifier("nezinojimo_priezastys")?;
    let schemas = Schemas::of(index);
    let mut all = Entities::default();
    for row in (0..index.virs.code.rows()).filter(|row| index.virs.shown.is_shown(*row)) {
        let Some(code) = index.virs.code.at(row) else { continue };
        let virs = schemas.entity(&mut all, Party::Lithuanian(code));
        add_register(index, row, virs);
        virs.add("sourceUrl", publication.page_of(code));
    }
    let mut meet = |party: Option<Party<'_>>, name: Option<&str>| {
        if let Some(party) = party.filter(|party| !party.is_person()) {
            let entity = schemas.entity(&mut all, party);
            // One name is enough: tables have one spelling of it, that of the register.
            let name = name.filter(|_| !entity.has("name"));
            entity.add("name", name);
        }
    };
    for row in (0..index.chains.virs.rows()).filter(|row| index.chains.shown.is_shown(*row)) {
        meet(index.chains.held.at(row).map(Party::Lithuanian), index.chains.held_name.at(row));
        meet(index.chains.party(row), index.chains.name.at(row));
    }
    for row in (0..index.participants.held.rows()).filter(|row| index.participants.shown.is_shown(*row)) {
        meet(index.participants.held.at(row).map(Party::Lithuanian), index.participants.held_name.at(row));
        meet(index.participants.party(row), index.participants.name.at(row));
    }
    for row in (0..index.owners.virs.rows()).filter(|row| index.owners.shown.is_shown(*row)) {
        meet(index.owners.party(row), index.owners.name.at(row));
    }
    add_unknown(index, reasons, &schemas, &mut all);
    all.name_nameless();
    Ok(all)
}

/// Persons who have anything to do with a VIRS.
pub(super) fn persons(index: &Index<'_>, offices: &Offices<'_>) -> Entities {
    let mut all = Entities::default();
    let participants = &index.participants;
    for row in (0..participants.held.rows()).filter(|row| participants.shown.is_shown(*row)) {
        if let Some(person @ Party::Person(_)) = participants.party(row) {
            let entity = add_person(&mut all, person, participants.given.at(row), participants.family.at(row));
            entity.add("country", participants.state.at(row).map(str::to_lowercase));
        }
    }
    for row in (0..index.chains.virs.rows()).filter(|row| index.chains.shown.is_shown(*row)) {
        if let Some(person @ Party::Person(_)) = index.chains.party(row) {
            all.entity(party_id(person), "Person").add("name", index.chains.name.at(row));
        }
    }
    for row in (0..index.owners.virs.rows()).filter(|row| index.owners.shown.is_shown(*row)) {
        if let Some(person @ Party::Person(_)) = index.owners.party(row) {
            all.entity(party_id(person), "Person").add("name", index.owners.name.at(row));
        }
    }
    for (key, given, family) in offices.persons() {
        add_person(&mut all, Party::Person(key), given, family);
    }
    all.name_nameless();
    all
}

fn add_person<'e>(all: &'e mut Entities, person: Party<'_>, given: Option<&str>, family: Option<&str>) -> &'e mut Entity {
    let entity = all.entity(party_id(person), "Person");
    entity.add("name", given.zip(family).map(|(given, family)| format!("{given} {family}")));
    entity.add("firstName", given);
    entity.add("lastName", family);
    entity
}

/// What the register says of a VIRS.
fn add_register(index: &Index<'_>, row: usize, entity: &mut Entity) {
    let virs = &index.virs;
    let [founded, dissolved] = virs.life(row);
    entity.add("name", virs.name.at(row));
    entity.add("legalForm", virs.form.at(row));
    entity.add("status", virs.status.at(row));
    entity.add("address", virs.seat(row));
    entity.add("incorporationDate", founded);
    entity.add("dissolutionDate", dissolved);
    entity.add("classification", Some(VIRS));
}

/// What nobody knows the holder of is said of what is held: nobody is made up who would hold it.
fn add_unknown(index: &Index<'_>, reasons: &Classifier, schemas: &Schemas<'_>, all: &mut Entities) {
    let chains = &index.chains;
    for row in (0..chains.virs.rows()).filter(|row| chains.shown.is_shown(*row)) {
        let (Some(held), Some(code)) = (chains.held.at(row), chains.because.at(row)) else { continue };
        let why = reasons.title(code).map_or(code, |title| title.lt.as_str());
        let note = match chains.share.at(row) {
            Some(share) => format!("Savininkai nežinomi: {} %. {why}.", percentage(share)),
            None => format!("Savininkai nežinomi. {why}."),
        };
        schemas.entity(all, Party::Lithuanian(held)).add("notes", Some(note));
    }
}

/// Which schema an entity has.
struct Schemas<'a> {
    /// Codes of entities that somebody holds a part of.
    held: BTreeSet<&'a str>,
    /// Codes of bodies of the state and of municipalities.
    public: BTreeSet<&'a str>,
}

impl<'a> Schemas<'a> {
    fn of(index: &Index<'a>) -> Self {
        let (chains, participants, owners) = (&index.chains, &index.participants, &index.owners);
        let mut held: BTreeSet<&str> = (0..chains.held.rows()).filter_map(|row| chains.held.at(row)).collect();
        held.extend((0..participants.held.rows()).filter_map(|row| participants.held.at(row)));
        let is_public = |row: &usize| chains.shown.is_shown(*row) && chains.end.at(*row) == Some(PUBLIC_BODY);
        let mut public: BTreeSet<&str> = (0..chains.held.rows()).filter(is_public).filter_map(|row| chains.code.at(row)).collect();
        let is_public = |row: &usize| owners.shown.is_shown(*row) && owners.kind.at(*row) == Some(PUBLIC_BODY);
        public.extend((0..owners.virs.rows()).filter(is_public).filter_map(|row| owners.code.at(row)));
        Self { held, public }
    }

    /// The entity of a party. Only companies can be owned in this format, and tables do not say what entities of other states are.
    fn entity<'e>(&self, all: &'e mut Entities, party: Party<'_>) -> &'e mut Entity {
        let id = party_id(party);
        match party {
            Party::Lithuanian(code) => {
                let is_body = self.public.contains(code) && !self.held.contains(code);
                let entity = all.entity(id, if is_body { "PublicBody" } else { "Company" });
                let state = LITHUANIA.to_lowercase();
                entity.add("country", Some(state.as_str()));
                entity.add("jurisdiction", Some(state));
                entity.add("registrationNumber", Some(code));
                entity
            }
            Party::Foreign { state, code, .. } => {
                let entity = all.entity(id, "LegalEntity");
                let state = Some(state.to_lowercase()).filter(|state| !state.is_empty());
                entity.add("country", state.clone());
                entity.add("jurisdiction", state);
                entity.add("registrationNumber", Some(code).filter(|code| !code.is_empty()));
                entity
            }
            Party::Joint { .. } | Party::Person(_) => all.entity(id, "LegalEntity"),
        }
    }
}
