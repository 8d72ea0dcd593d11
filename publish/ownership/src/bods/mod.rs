//! Statements of the Beneficial Ownership Data Standard 0.4, one a line (standard.openownership.org/en/0.4.0).
//!
//! Each VIRS is the subject of one network of records: itself, whoever is above it, their holdings, and what each ultimate owner has of it. A network stands in
//! the file as a whole, so that no more than one of them is ever in memory. What it was after each release follows from the histories; what changed is said anew.

mod joint;
mod ledger;
mod network;
mod night;
mod parties;
mod relationships;
mod routes;
mod schema;
mod words;

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use catalog::Catalog;

use self::ledger::{Ledger, Said};
use self::network::Network;
use self::night::{Night, party_key};
use self::schema::{Annotation, PublicationDetails, Publisher, Statement};
use self::words::Words;
use crate::index::{Index, Rows};
use crate::party::Party;
use crate::share::day_text;
use crate::shown::{Release, Shown};
use crate::{Error, Publication, Tables};

const VERSION: &str = "0.4";

/// Writes all statements that releases of the public tier have made, one a line.
///
/// # Errors
/// [`Error::NoTable`] and [`Error::Column`] for tables that are not what they should be, [`Error::Definition`] for a classifier that is
/// missing, [`Error::Write`] for what `out` refuses.
pub fn write_bods(tables: &Tables<'_>, catalog: &Catalog, publication: &Publication<'_>, out: &mut dyn Write) -> Result<(), Error> {
    let (index, words) = (Index::of(tables)?, Words::of(catalog)?);
    for (code, rows) in &index.of_virs {
        for said in statements(&index, &words, code, rows)? {
            serde_json::to_writer(&mut *out, &statement(&said, publication)).map_err(Error::printing)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// All statements about the network of one VIRS.
fn statements<'a>(index: &Index<'a>, words: &Words<'_>, code: &'a str, rows: &Rows) -> Result<Vec<Said>, Error> {
    let virs = Party::Lithuanian(code);
    let mut ledger = Ledger::new(code, party_key(virs, virs));
    // Whose holding in whom each record is about.
    let mut pairs = BTreeMap::new();
    for release in turns(index, rows) {
        match Network::of(index, code, rows, release, joint::insert) {
            Some(network) => Night { index, words, network: &network, release }.tell(&mut ledger, &mut pairs)?,
            None => ledger.turn(&BTreeSet::new(), release, |_, _| {})?,
        }
    }
    Ok(ledger.close())
}

/// The releases in which anything changed that a network is made of.
fn turns(index: &Index<'_>, rows: &Rows) -> BTreeSet<Release> {
    let mut turns = BTreeSet::new();
    let mut meet = |shown: &Shown<'_>, rows: &[usize]| {
        for &row in rows {
            turns.extend(shown.came(row).into_iter().chain(index.releases.went(shown, row)));
        }
    };
    meet(&index.virs.shown, &rows.virs);
    meet(&index.owners.shown, &rows.owners);
    meet(&index.chains.shown, &rows.chains);
    meet(&index.control.shown, &rows.control);
    let of_virs = rows.virs.iter().filter_map(|row| index.virs.code.at(*row));
    let held: BTreeSet<&str> = rows.chains.iter().filter_map(|row| index.chains.held.at(*row)).chain(of_virs).collect();
    for rows in held.iter().filter_map(|code| index.of_held.get(code)) {
        meet(&index.participants.shown, rows);
    }
    turns
}

/// A statement as it is printed.
fn statement<'s>(said: &'s Said, publication: &Publication<'s>) -> Statement<'s> {
    // Who somebody is in other networks: the same key stands in all tables of the public tier.
    let identifying = |key| Annotation { statement_pointer_target: "", motivation: "identifying", description: key };
    Statement {
        statement_id: &said.id,
        statement_date: day_text(said.day),
        annotations: said.content.person.as_deref().map(identifying).into_iter().collect(),
        publication_details: PublicationDetails {
            publication_date: day_text(said.day),
            bods_version: VERSION,
            license: publication.licence_url,
            publisher: Publisher { name: publication.publisher, url: publication.home() },
        },
        source: &said.content.source,
        declaration_subject: &said.subject,
        record_id: &said.record,
        record_type: said.content.details.record_type(),
        record_status: said.status,
        record_details: &said.content.details,
    }
}
