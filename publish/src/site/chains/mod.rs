//! How the owners of a VIRS come to own it: the companies between, the arithmetic, and in words what nobody knows.

mod columns;
mod drawing;
mod list;
mod ways;

use std::fmt::Write;

pub(super) use self::columns::is_chains;
use self::columns::{Holdings, Id};
use self::ways::Ways;
use super::entities::{Indexed, VirsEntry, VirsList};
use super::shown::Titles;
use super::things::directory::Directories;
use crate::language::say;
use crate::paths::entity_file;

/// Key of a person, state and code of an owner; its name.
pub(super) type OwnerId<'a> = ([Option<&'a str>; 3], Option<&'a str>);

/// The holdings above all VIRS.
pub(super) struct Chains<'a>(Holdings<'a>);

impl<'a> Chains<'a> {
    /// Nothing if the tier does not see all columns.
    pub(super) fn new(index: &'a Indexed<'a>, titles: &'a Titles<'a>, things: &'a Directories<'a>) -> Option<Self> {
        Holdings::of(index.table, titles, things).map(Self)
    }

    /// Appends the ways by which an owner has its share of the VIRS with this code; `rows` are those of the VIRS.
    pub(super) fn push_ways_of(&self, code: &str, rows: &[usize], (ids, name): OwnerId<'_>, out: &mut String) {
        let above = self.0.above(rows);
        let name = name.filter(|_| ids[2].is_none());
        Ways::of(&self.0, &above, code).push_ways_of(&Id::Known(ids, name), out);
    }

    /// Appends how a VIRS is owned; `rows` are its rows.
    pub(super) fn push(&self, entities: &VirsList<'_>, virs: &VirsEntry<'a>, rows: &[usize], out: &mut String) {
        let above = self.0.above(rows);
        let ways = Ways::of(&self.0, &above, virs.code);
        if ways.are_direct() {
            let _ = writeln!(out, "<p>{}</p>", say!("Tarpinių įmonių nėra: visi savininkai savo dalis valdo tiesiogiai."));
            return;
        }
        ways.push(out);
        let has_companies = rows.iter().any(|&row| self.0.company(row).is_some_and(|company| above.contains_key(company)));
        let title = say!("Kas ką valdo: apačioje – šis VIRS, virš jo – savininkai");
        if let Some(drawing) = has_companies.then(|| drawing::graph(&self.0, entities, virs, &above).draw(title)).flatten() {
            let _ = writeln!(
                out,
                "<figure class=\"drawn\"><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">",
                say!("Nuosavybės schema")
            );
            out.push_str(&drawing);
            let caption = say!(
                "Apačioje – šis VIRS, virš jo – kas jį valdo. Stora linija – daugiau kaip pusė, brūkšninė – dalis, kuri grįžta ratu. Tas pats žodžiais – sąraše „Visos dalys“."
            );
            let _ = writeln!(out, "</div><figcaption>{caption}</figcaption></figure>");
        }
        let _ = writeln!(out, "<details>\n<summary>{}</summary>", say!("Visos dalys: kas ką valdo"));
        list::push(&self.0, entities, virs.code, &above, out);
        out.push_str("</details>\n");
    }

    /// Pages of the companies in these rows that are VIRS themselves, and of the owners.
    pub(super) fn pages(&self, entities: &VirsList<'_>, rows: &[usize]) -> impl Iterator<Item = String> {
        let of_company = |row: usize| entity_file(entities.find(self.0.company(row)?)?.code);
        rows.iter().filter_map(move |&row| of_company(row).or_else(|| self.0.owner_page(row)))
    }
}
