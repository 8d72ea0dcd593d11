//! Legal entities: institutions, VIRS, their owners and everyone else, and those already struck off.

use std::ops::Range;

use chrono::NaiveDate;

use crate::Size;
use crate::codes::Codes;
use crate::draws::{Draws, date};
use crate::names;
use crate::people::{People, PersonId, STATES};
use crate::roles::Role;

/// Private limited company; its participants are in JADIS.
pub(crate) const LIMITED: u16 = 310;
/// Public limited company; its participants are in JADIS.
pub(crate) const JOINT_STOCK: u16 = 320;
/// Public establishment.
pub(crate) const ESTABLISHMENT: u16 = 570;
/// Sole proprietor's firm, which bears its owner's name.
pub(crate) const SOLE_PROPRIETOR: u16 = 810;
/// General partnership.
pub(crate) const GENERAL_PARTNERSHIP: u16 = 210;
/// Limited partnership.
pub(crate) const LIMITED_PARTNERSHIP: u16 = 220;
/// Budgetary institution.
pub(crate) const INSTITUTION: u16 = 950;
const BRANCH: u16 = 571;

/// Legal forms of entities that nothing is planted in, by how common they are.
const FORM_WEIGHTS: [(u16, usize); 8] = [
    (LIMITED, 840),
    (JOINT_STOCK, 10),
    (ESTABLISHMENT, 55),
    (BRANCH, 5),
    (SOLE_PROPRIETOR, 60),
    (GENERAL_PARTNERSHIP, 10),
    (LIMITED_PARTNERSHIP, 5),
    (INSTITUTION, 15),
];

/// Legal forms of VIRS that no case is planted in.
const ORDINARY_FORM_WEIGHTS: [(u16, usize); 6] =
    [(LIMITED, 740), (JOINT_STOCK, 80), (ESTABLISHMENT, 130), (SOLE_PROPRIETOR, 40), (GENERAL_PARTNERSHIP, 5), (LIMITED_PARTNERSHIP, 5)];

/// Institutions that oversee the media; the first ones of [`LegalEntities::institutions`].
const OVERSEERS: [&str; 3] =
    ["Pavyzdinė audiovizualinės žiniasklaidos komisija", "Pavyzdinė kultūros ministerija", "Pavyzdinė žurnalistų etikos tarnyba"];

/// One legal entity.
pub(crate) struct LegalEntity {
    /// Its code.
    pub(crate) code: u64,
    /// Its legal form.
    pub(crate) form: u16,
    /// Its name.
    pub(crate) name: String,
    /// Day of registration.
    pub(crate) registered: NaiveDate,
    /// Day on which it was struck off.
    pub(crate) closed: Option<NaiveDate>,
    /// Whose name a sole proprietor's firm bears.
    pub(crate) owner: Option<PersonId>,
}

/// A company of another state.
pub(crate) struct ForeignCompany {
    /// Its name.
    pub(crate) name: String,
    /// Its code in its own register, which not every state has.
    pub(crate) code: Option<String>,
    /// Its state.
    pub(crate) state: &'static str,
    /// Its register.
    pub(crate) register: String,
}

/// An entity known by a code from before the register only.
pub(crate) struct OldEntity {
    /// Its 7-digit code.
    pub(crate) code: u64,
    /// Its name.
    pub(crate) name: String,
}

/// All entities. An ordinary entity is owned by later ones only, so no ownership cycle comes about by chance.
pub(crate) struct LegalEntities {
    /// Everyone in the register, in the order of the ranges below.
    pub(crate) all: Vec<LegalEntity>,
    /// Institutions.
    pub(crate) institutions: Range<usize>,
    /// VIRS, in the order of their roles.
    pub(crate) virs: Range<usize>,
    /// Private limited companies kept for planted cases.
    pub(crate) reserved: Range<usize>,
    /// Everyone else who is registered.
    pub(crate) others: Range<usize>,
    /// Entities struck off that are not VIRS.
    pub(crate) closed: Range<usize>,
    /// Companies abroad.
    pub(crate) foreign: Vec<ForeignCompany>,
    /// Entities known by old codes.
    pub(crate) old: Vec<OldEntity>,
}

impl LegalEntities {
    /// Entities of a country where VIRS play `roles` and planted cases need `reserved` companies and `old` old ones.
    pub(crate) fn found(size: &Size, roles: &[Role], reserved: usize, old: usize, people: &mut People, draws: &mut Draws) -> Self {
        let mut codes = Codes::default();
        let ended = roles.iter().filter(|&&role| role == Role::Ended).count();
        let institutions = 0..institutions(size.entities);
        let virs = institutions.end..institutions.end + roles.len();
        let reserved = virs.end..virs.end + reserved;
        let others = reserved.end..size.entities + ended;
        let closed = others.end..others.end + 20 + size.entities / 10;
        let mut entities = Self {
            all: Vec::with_capacity(closed.end),
            institutions,
            virs,
            reserved,
            others,
            closed,
            foreign: Vec::new(),
            old: Vec::new(),
        };
        for number in 0..entities.closed.end {
            let role = number.checked_sub(entities.virs.start).and_then(|place| roles.get(place)).copied();
            let form = entities.form(number, role, draws);
            let registered = draws.day(date(1990, 6, 1), entities.latest_registration(number));
            let struck_off = role == Some(Role::Ended) || entities.closed.contains(&number);
            let closed = struck_off.then(|| draws.day(date(2022, 2, 1), date(2026, 9, 30)));
            let owner = (form == SOLE_PROPRIETOR).then(|| people.lithuanian(draws));
            let odd = role == Some(Role::OddName) || entities.is_odd(number);
            let name = match (owner, OVERSEERS.get(number)) {
                (Some(owner), _) => format!("{} {} IĮ", people.get(owner).given, people.get(owner).family),
                (None, Some(&overseer)) => overseer.to_owned(),
                (None, None) => entity_name(form, number, odd, draws),
            };
            entities.all.push(LegalEntity { code: codes.entity(draws), form, name, registered, closed, owner });
        }
        entities.foreign = (0..8 + size.entities / 400).map(|number| foreign_company(number, draws)).collect();
        entities.old = (0..old)
            .map(|number| OldEntity { code: codes.old_entity(draws), name: entity_name(LIMITED, 900_000 + number, false, draws) })
            .collect();
        entities
    }

    /// Whether participants of the entity at this place are in JADIS.
    pub(crate) fn in_register(&self, place: usize) -> bool {
        matches!(self.all[place].form, LIMITED | JOINT_STOCK)
    }

    /// The institution that oversees broadcasters.
    pub(crate) fn broadcasting_overseer(&self) -> &LegalEntity {
        &self.all[self.institutions.start]
    }

    /// The ministry that sets fees and orders circulation audits.
    pub(crate) fn ministry(&self) -> &LegalEntity {
        &self.all[self.institutions.start + 1]
    }

    /// The institution that oversees journalists' ethics.
    pub(crate) fn ethics_overseer(&self) -> &LegalEntity {
        &self.all[self.institutions.start + 2]
    }

    /// One of everyone else who is registered, of a form that may bear a person's name.
    pub(crate) fn of_a_person(&self, draws: &mut Draws) -> usize {
        let first = self.others.start + draws.below(self.others.len());
        let from_there = (first..self.others.end).chain(self.others.start..first);
        let mut persons =
            from_there.filter(|&place| matches!(self.all[place].form, SOLE_PROPRIETOR | GENERAL_PARTNERSHIP | LIMITED_PARTNERSHIP));
        persons.next().unwrap_or(first)
    }

    fn form(&self, number: usize, role: Option<Role>, draws: &mut Draws) -> u16 {
        if self.institutions.contains(&number) {
            return INSTITUTION;
        }
        if self.reserved.contains(&number) || self.is_odd(number) {
            return LIMITED;
        }
        match role {
            None => draws.weighted(&FORM_WEIGHTS),
            Some(Role::Ordinary) => draws.weighted(&ORDINARY_FORM_WEIGHTS),
            Some(Role::PublicOwner) => ESTABLISHMENT,
            Some(Role::SoleProprietor) => SOLE_PROPRIETOR,
            Some(Role::GeneralPartnership) => GENERAL_PARTNERSHIP,
            Some(Role::LimitedPartnership) => LIMITED_PARTNERSHIP,
            Some(_) => LIMITED,
        }
    }

    /// Whether a pipe and quotes are planted in the name of an entity that is no VIRS.
    fn is_odd(&self, number: usize) -> bool {
        number == self.others.start || number == self.closed.start
    }

    fn latest_registration(&self, number: usize) -> NaiveDate {
        if self.others.contains(&number) { date(2025, 12, 31) } else { date(2012, 12, 31) }
    }
}

/// How many institutions a country of so many entities has.
pub(crate) fn institutions(entities: usize) -> usize {
    12 + (entities / 1000).min(300)
}

fn entity_name(form: u16, number: usize, odd: bool, draws: &mut Draws) -> String {
    let words = names::entity(number, draws);
    if odd {
        return format!("UAB \"{words} | krantas\" ir \"draugai\"");
    }
    match form {
        JOINT_STOCK => format!("AB \"{words}\""),
        ESTABLISHMENT => format!("VšĮ \"{words}\""),
        BRANCH => format!("VšĮ \"{words}\" filialas"),
        GENERAL_PARTNERSHIP => format!("TŪB \"{words}\""),
        LIMITED_PARTNERSHIP => format!("KŪB \"{words}\""),
        INSTITUTION => format!("{words} krašto administracija"),
        _ => format!("UAB \"{words}\""),
    }
}

fn foreign_company(number: usize, draws: &mut Draws) -> ForeignCompany {
    let state = *draws.pick(&STATES);
    ForeignCompany {
        name: format!("{} Media Holding {state}", names::entity(number, draws)),
        code: draws.percent(85).then(|| format!("{state}-{:06}/{}", draws.between(1, 999_999), number)),
        state,
        register: format!("Užsienio įmonių registras {state}"),
    }
}
