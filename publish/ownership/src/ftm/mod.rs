//! Entities of FollowTheMoney, one a line (followthemoney.tech): what the latest release shows, with what participants held before.

mod entity;
mod links;
mod parties;

#[cfg(test)]
mod tests;

use std::io::Write;

use catalog::Catalog;

use crate::index::Index;
use crate::{Error, Publication, Tables};

/// Writes companies and other entities, persons, holdings, shares of ultimate owners, directorships and persons responsible for content, each kind in the order of
/// identifiers.
///
/// # Errors
/// [`Error::NoTable`] and [`Error::Column`] for tables that are not what they should be, [`Error::Definition`] for a classifier that is missing,
/// [`Error::Write`] for what `out` refuses.
pub fn write_ftm(tables: &Tables<'_>, catalog: &Catalog, publication: &Publication<'_>, out: &mut dyn Write) -> Result<(), Error> {
    let index = Index::of(tables)?;
    let offices = links::Offices::of(tables)?;
    parties::entities(&index, catalog, publication)?.write(publication, out)?;
    parties::persons(&index, &offices).write(publication, out)?;
    links::holdings(&index).write(publication, out)?;
    links::ultimate(&index).write(publication, out)?;
    links::control(&index).write(publication, out)?;
    offices.directorships().write(publication, out)?;
    offices.responsible().write(publication, out)
}
