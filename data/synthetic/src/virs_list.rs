//! The VIRS of a country, and the list of them that is kept by registration.

use std::collections::BTreeSet;

use crate::Error;
use crate::bad_rows::Fault;
use crate::country::Country;
use crate::draws::date;
use crate::format::{Layout, Maybe};
use crate::people::PersonId;
use crate::roles::Role;
use crate::stakes::{Holder, Stake};
use crate::virs::{ACTIVITIES, Virs};

const LIST: Layout<5> = Layout::new(
    "raw_formos__virs",
    "formos_virs.v1.csv",
    ["ja_kodas", "virs_nuo", "virs_iki", "virs_saltinis", "veiklos_rusys"],
    &[Fault::Classifier("virs_saltinis"), Fault::Date("virs_nuo", "2011-06-31"), Fault::Key("virs_nuo", "2004-12-31")],
);

/// The first VIRS have the activities in turn, so that even a small country has each of them twice.
const IN_TURN: usize = 2 * ACTIVITIES.len();

/// All VIRS, in the order of their entities.
pub(crate) fn found(country: &Country, roles: &[Role], stakes: &[Stake]) -> Vec<Virs> {
    let mut draws = country.draws("formos__virs");
    let mut owners = vec![None; roles.len()];
    for stake in stakes {
        let person = stake.holdings.iter().find_map(|holding| match holding.holder {
            Holder::Person(person) if holding.until.is_none() => Some(person),
            _ => None,
        });
        if let Some(owner) = stake.owned.checked_sub(country.entities.virs.start).and_then(|place| owners.get_mut(place)) {
            *owner = person;
        }
    }
    let mut registered = 0;
    let virs = roles.iter().zip(country.entities.virs.clone()).zip(owners);
    virs.map(|((&role, entity), owner)| {
        let founded = country.entities.all[entity].registered;
        let since = draws.day(founded.max(date(2005, 1, 1)), date(2021, 12, 31));
        let only_by_licence = role == Role::LicenceOnly;
        let mut activities = Vec::new();
        if only_by_licence {
            activities.push(ACTIVITIES[draws.below(3)].0);
        } else {
            activities.push(if registered < IN_TURN { ACTIVITIES[registered % ACTIVITIES.len()].0 } else { draws.weighted(&ACTIVITIES) });
            registered += 1;
            let second = draws.weighted(&ACTIVITIES);
            if draws.percent(25) && !activities.contains(&second) {
                activities.push(second);
            }
        }
        Virs { entity, activities, since, until: country.entities.all[entity].closed, left: None, only_by_licence, owner }
    })
    .collect()
}

/// One Lithuanian owner of each VIRS that has any, in the order of VIRS, nobody twice.
pub(crate) fn owners(country: &Country) -> Vec<PersonId> {
    let mut seen = BTreeSet::new();
    let owners = country.virs.iter().filter_map(|virs| virs.owner).filter(|&owner| country.people.get(owner).state.is_none());
    owners.filter(|&owner| seen.insert(owner)).collect()
}

/// Writes the list of VIRS; those by licence only are not in it.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("virs_saltinis");
    let listed: Vec<&Virs> = country.virs.iter().filter(|virs| !virs.only_by_licence).chain(&country.newcomers).collect();
    let mut list = country.extract(&LIST, listed.len() - country.newcomers.len())?;
    for virs in listed {
        let code = country.entities.all[virs.entity].code;
        let source = if draws.percent(30) { "km_db" } else { "registracija" };
        list.row([&code, &virs.since, &Maybe(virs.end()), &source, &virs.activities.join(";")])?;
    }
    country.close(list)
}
