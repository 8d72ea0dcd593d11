//! How the owners of a VIRS come to own it: the companies between, the arithmetic, and in words what nobody knows.

mod columns;
mod drawing;
mod list;
mod ways;

use self::columns::Holdings;
pub(super) use self::columns::is_chains;
use self::ways::Ways;
use super::entities::{Indexed, VirsEntry, VirsList};
use crate::paths::entity_file;

/// The holdings above all VIRS.
pub(super) struct Chains<'a>(Holdings<'a>);

impl<'a> Chains<'a> {
    /// Nothing if the tier does not see all columns.
    pub(super) fn new(index: &'a Indexed<'a>) -> Option<Self> {
        Holdings::of(index.table).map(Self)
    }

    /// Appends how a VIRS is owned; `rows` are its rows.
    pub(super) fn push(&self, entities: &VirsList<'_>, virs: &VirsEntry<'a>, rows: &[usize], out: &mut String) {
        let above = self.0.above(rows);
        let ways = Ways::of(&self.0, &above, virs.code);
        if ways.are_direct() {
            out.push_str("<p>Tarpinių įmonių nėra: visi savininkai savo dalis valdo tiesiogiai.</p>\n");
            return;
        }
        ways.push(out);
        let has_companies = rows.iter().any(|&row| self.0.company(row).is_some_and(|company| above.contains_key(company)));
        let title = "Kas ką valdo: apačioje – šis VIRS, virš jo – savininkai";
        if let Some(drawing) = has_companies.then(|| drawing::graph(&self.0, entities, virs, &above).draw(title)).flatten() {
            out.push_str(
                "<figure class=\"drawn\"><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Nuosavybės schema\">\n",
            );
            out.push_str(&drawing);
            out.push_str("</div><figcaption>Apačioje – šis VIRS, virš jo – kas jį valdo. Stora linija – daugiau kaip pusė, brūkšninė – dalis, kuri grįžta ratu. Tas pats žodžiais – sąraše „Visos dalys“.</figcaption></figure>\n");
        }
        out.push_str("<details>\n<summary>Visos dalys: kas ką valdo</summary>\n");
        list::push(&self.0, entities, virs.code, &above, out);
        out.push_str("</details>\n");
    }

    /// Pages of the companies in these rows that are VIRS themselves.
    pub(super) fn pages(&self, entities: &VirsList<'_>, rows: &[usize]) -> impl Iterator<Item = String> {
        rows.iter().filter_map(|&row| entity_file(entities.find(self.0.company(row)?)?.code))
    }
}
