//! A country from beginning to end: who is in it, then every file, in the order in which they depend on each other.

use std::fs;
use std::path::Path;

use crate::country::Country;
use crate::draws::Draws;
use crate::entities::{LegalEntities, institutions};
use crate::people::People;
use crate::stakes::Numbers;
use crate::truth::Truth;
use crate::{
    Error, Size, advertising, cases, governance, jar, money, nights, outlets, ownership, population, roles, supervision, support, virs_list,
};

/// The smallest number of VIRS that has room for every case and for ordinary VIRS.
const LEAST_VIRS: usize = 40;
/// Registered entities that must be left when institutions, VIRS and planted companies are taken.
const LEAST_OTHERS: usize = 100;
/// Participations per entity, as in the real register (540 000 of 230 000).
const PARTICIPATIONS_PER_100_ENTITIES: usize = 235;

/// See [`crate::generate_later`].
pub(crate) fn write(size: &Size, seed: u64, nights: u32, out: &Path) -> Result<Truth, Error> {
    let copies = roles::copies(size.virs);
    if size.virs < LEAST_VIRS {
        return Err(Error::TooSmall { what: "VIRS", given: size.virs, least: LEAST_VIRS });
    }
    let reserved = copies * cases::RESERVED_PER_COPY;
    let least = institutions(size.entities) + size.virs + reserved + LEAST_OTHERS;
    if size.entities < least {
        return Err(Error::TooSmall { what: "entities", given: size.entities, least });
    }
    fs::create_dir_all(out).map_err(|source| Error::Write { path: out.to_owned(), source })?;
    let roles = roles::roles(size.virs, &mut Draws::of(seed, "roles"));
    let mut people = People::default();
    let entities = LegalEntities::found(size, &roles, reserved, copies, &mut people, &mut Draws::of(seed, "entities"));
    let mut country = Country::begin(seed, nights, out.to_owned(), people, entities);
    let mut draws = country.draws("stakes");
    let mut stakes = cases::stakes(&mut country, &roles, &mut draws);
    let mut numbers = Numbers::default();
    for stake in &mut stakes {
        numbers.give(country.entities.in_register(stake.owned), stake);
    }
    country.virs = virs_list::found(&country, &roles, &stakes);
    country.owners = virs_list::owners(&country);
    country.outlets = outlets::found(&country);
    nights::change_virs(&mut country, &roles, &mut stakes);
    nights::change_stakes(&mut country, &roles, &mut stakes);
    jar::write(&mut country)?;
    ownership::write(&mut country, &stakes, numbers, size.participations.unwrap_or(size.entities * PARTICIPATIONS_PER_100_ENTITIES / 100))?;
    governance::write(&mut country)?;
    virs_list::write(&mut country)?;
    outlets::write(&mut country)?;
    supervision::write(&mut country)?;
    let rows = money::rows(size);
    advertising::write(&mut country, rows.advertising)?;
    support::write(&mut country, &rows)?;
    money::write_funds(&mut country, rows.funds)?;
    population::write(&mut country)?;
    country.tell(size)
}
