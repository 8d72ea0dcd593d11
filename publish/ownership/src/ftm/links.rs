//! Who holds what, who owns in the end, who controls, who directs, and who answers for content.

use std::collections::BTreeMap;

use arrow::datatypes::Date32Type;
use catalog::print_money;

use super::entity::{Entities, id, party_id};
use crate::Error;
use crate::columns::{Columns, Numbers, Texts};
use crate::index::Index;
use crate::party::Party;
use crate::share::{day_text, percentage};
use crate::shown::Shown;
use crate::tables::{MANAGEMENT, RESPONSIBLE, Tables};

const JOINTLY: &str = "Bendraturtis (jungtinė nuosavybė)";
const SPEAKS: &str = "Įgaliotas atstovauti bendraturčiams";

/// Direct holdings, ended ones too: one for each row of participants.
pub(super) fn holdings(index: &Index<'_>) -> Entities {
    let participants = &index.participants;
    let mut all = Entities::default();
    for row in (0..participants.held.rows()).filter(|row| participants.shown.is_shown(*row)) {
        let (Some(held), Some(holder)) = (participants.held.at(row), participants.party(row)) else { continue };
        let [source, record] = [participants.source.at(row), participants.record.at(row)].map(Option::unwrap_or_default);
        let ownership = all.entity(id(&["dalyvis", source, record]), "Ownership");
        ownership.add("owner", Some(party_id(holder)));
        ownership.add("asset", Some(party_id(Party::Lithuanian(held))));
        ownership.add("ownershipType", Some("direct"));
        ownership.add("percentage", participants.share.at(row).map(|share| percentage(share).to_string()));
        ownership.add("sharesCount", participants.shares.at(row).map(|shares| shares.to_string()));
        let contribution = participants.contribution.at(row);
        ownership.add("sharesCurrency", contribution.map(|_| "EUR"));
        ownership.add("sharesValue", contribution.map(print_money));
        ownership.add("startDate", participants.from.at(row).map(day_text));
        ownership.add("endDate", participants.until.at(row).map(day_text));
        ownership.add("recordId", participants.record.at(row));
        ownership.add("role", participants.group.at(row).map(|_| JOINTLY));
        ownership.add("role", participants.is_authorised.is_set(row).then_some(SPEAKS));
    }
    all
}

/// What ultimate owners have of VIRS through others: of whoever has all of it directly, the holding says it.
pub(super) fn ultimate(index: &Index<'_>) -> Entities {
    let (owners, chains) = (&index.owners, &index.chains);
    let mut direct: BTreeMap<(&str, Party<'_>), i128> = BTreeMap::new();
    for row in (0..chains.virs.rows()).filter(|row| chains.shown.is_shown(*row) && chains.held.at(*row) == chains.virs.at(*row)) {
        if let (Some(virs), Some(party), Some(share)) = (chains.virs.at(row), chains.party(row), chains.share.at(row)) {
            *direct.entry((virs, party)).or_default() += share;
        }
    }
    let mut all = Entities::default();
    for row in (0..owners.virs.rows()).filter(|row| owners.shown.is_shown(*row)) {
        let (Some(virs), Some(party), Some(share)) = (owners.virs.at(row), owners.party(row), owners.share.at(row)) else { continue };
        if party == Party::Lithuanian(virs) || direct.get(&(virs, party)) == Some(&share) {
            continue;
        }
        let ownership = all.entity(id(&["savininkas", virs, &party.record_name()]), "Ownership");
        ownership.add("owner", Some(party_id(party)));
        ownership.add("asset", Some(party_id(Party::Lithuanian(virs))));
        ownership.add("ownershipType", Some("ultimate"));
        ownership.add("percentage", Some(percentage(share).to_string()));
    }
    all
}

/// Owners to whom a chain of majorities leads.
pub(super) fn control(index: &Index<'_>) -> Entities {
    let owners = &index.owners;
    let mut all = Entities::default();
    for row in (0..owners.virs.rows()).filter(|row| owners.shown.is_shown(*row) && owners.controls.is_set(*row)) {
        let (Some(virs), Some(party)) = (owners.virs.at(row), owners.party(row)) else { continue };
        let control = all.entity(id(&["kontrole", virs, &party.record_name()]), "Control");
        control.add("controller", Some(party_id(party)));
        control.add("controlled", Some(party_id(Party::Lithuanian(virs))));
        control.add("controlType", Some("voting"));
        control.add("controlType", owners.steps.at(row).filter(|steps| *steps > 1).map(|_| "indirect"));
    }
    all
}

/// Persons who direct VIRS, or answer for the content of outlets.
pub(super) struct Offices<'a> {
    management: Terms<'a>,
    body: Texts<'a>,
    body_title: Texts<'a>,
    position: Texts<'a>,
    responsible: Terms<'a>,
    outlet: Texts<'a>,
    outlet_name: Texts<'a>,
}

/// Terms of persons.
struct Terms<'a> {
    shown: Shown<'a>,
    virs: Texts<'a>,
    person: Texts<'a>,
    given: Texts<'a>,
    family: Texts<'a>,
    from: Numbers<'a, Date32Type>,
    until: Numbers<'a, Date32Type>,
}

impl<'a> Terms<'a> {
    fn of(columns: &Columns<'a>) -> Result<Self, Error> {
        Ok(Self {
            shown: Shown::of(columns)?,
            virs: columns.texts("ja_kodas")?,
            person: columns.texts("asmens_id")?,
            given: columns.texts("vardas")?,
            family: columns.texts("pavarde")?,
            from: columns.days("nuo")?,
            until: columns.days("iki")?,
        })
    }

    /// Rows of the latest release, each with the VIRS and the person.
    fn rows(&self) -> impl Iterator<Item = (usize, &'a str, &'a str)> {
        let rows = (0..self.virs.rows()).filter(|row| self.shown.is_shown(*row));
        rows.filter_map(|row| Some((row, self.virs.at(row)?, self.person.at(row)?)))
    }

    fn start(&self, row: usize) -> Option<String> {
        self.from.at(row).map(day_text)
    }
}

impl<'a> Offices<'a> {
    pub(super) fn of(tables: &Tables<'a>) -> Result<Self, Error> {
        let (management, responsible) = (Columns::of(MANAGEMENT, tables.management), Columns::of(RESPONSIBLE, tables.responsible));
        Ok(Self {
            management: Terms::of(&management)?,
            body: management.texts("organas")?,
            body_title: management.texts("organas_pavadinimas")?,
            position: management.texts("pareigos")?,
            responsible: Terms::of(&responsible)?,
            outlet: responsible.texts("vip_nr")?,
            outlet_name: responsible.texts("vip_pavadinimas")?,
        })
    }

    /// Key, given and family names of all of them.
    pub(super) fn persons(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>, Option<&'a str>)> {
        let named = |terms: &Terms<'a>, row: usize, key| (key, terms.given.at(row), terms.family.at(row));
        let of = move |terms: &'_ Terms<'a>| terms.rows().map(|(row, _, key)| named(terms, row, key)).collect::<Vec<_>>();
        of(&self.management).into_iter().chain(of(&self.responsible))
    }

    /// Terms in governing bodies. The end of a term is no part of what tells it from others, as it is known later.
    pub(super) fn directorships(&self) -> Entities {
        let mut all = Entities::default();
        for (row, virs, person) in self.management.rows() {
            let from = self.management.start(row);
            let [body, position] = [self.body.at(row), self.position.at(row)];
            let told_by =
                ["valdymas", virs, person, body.unwrap_or_default(), position.unwrap_or_default(), from.as_deref().unwrap_or_default()];
            let directorship = all.entity(id(&told_by), "Directorship");
            directorship.add("director", Some(party_id(Party::Person(person))));
            directorship.add("organization", Some(party_id(Party::Lithuanian(virs))));
            directorship.add("role", position.or_else(|| self.body_title.at(row)));
            directorship.add("startDate", from);
            directorship.add("endDate", self.management.until.at(row).map(day_text));
        }
        all
    }

    /// Terms of persons responsible for content.
    pub(super) fn responsible(&self) -> Entities {
        let mut all = Entities::default();
        for (row, virs, person) in self.responsible.rows() {
            let from = self.responsible.start(row);
            let outlet = self.outlet.at(row).unwrap_or_default();
            let link = all.entity(id(&["atsakingas", outlet, person, from.as_deref().unwrap_or_default()]), "UnknownLink");
            link.add("subject", Some(party_id(Party::Person(person))));
            link.add("object", Some(party_id(Party::Lithuanian(virs))));
            let name = self.outlet_name.at(row).unwrap_or(outlet);
            link.add("role", Some(format!("Atsakingas už priemonės „{name}“ turinį")));
            link.add("startDate", from);
            link.add("endDate", self.responsible.until.at(row).map(day_text));
        }
        all
    }
}
