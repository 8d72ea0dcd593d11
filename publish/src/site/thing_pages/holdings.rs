//! What an owner has: every VIRS in which it has a share, the greatest share first, and by which ways.

use std::cmp::Reverse;

use arrow::array::{Array, AsArray, BooleanArray, Decimal128Array, Int64Array};
use arrow::datatypes::{Decimal128Type, Int64Type};
use catalog::{ENTITY, Tier};

use super::entries::{UP, VIRS};
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::language::{said, say};
use crate::paths::entity_page;
use crate::site::chains::{Chains, is_chains};
use crate::site::entities::{Indexed, NAME, VirsList};
use crate::site::owners::{COMPANY, CONTROLS, NAMES, PERSON, SHARE, push_owner};
use crate::site::text::{counted, percent, push_escaped, push_linked};
use crate::site::things::directory::Thing;
use crate::site::things::key::{text, texts};
use crate::site::tier_site::TierSite;

/// How many holdings lie between the owner and the VIRS, its own among them.
const STEPS: &str = "zingsniai";

/// The holdings of all owners of a tier.
pub(super) struct Holdings<'a> {
    table: &'a TierRows,
    virs: &'a VirsList<'a>,
    shares: &'a Decimal128Array,
    controls: Option<&'a BooleanArray>,
    steps: Option<&'a Int64Array>,
    chains: Option<(&'a Indexed<'a>, Chains<'a>)>,
}

/// The table of chains of a tier, by VIRS.
pub(super) fn chains_of<'a>(site: &'a TierSite<'_>) -> Result<Option<Indexed<'a>>, Error> {
    let found = site.about_entities().find(|(_, table)| is_chains(&table.table));
    found.map(|(dataset, table)| Ok(Indexed::new(dataset, table.whole()?))).transpose()
}

impl<'a> Holdings<'a> {
    /// Nothing if the tier does not see shares.
    pub(super) fn of(site: &'a TierSite<'_>, table: &'a TierRows, chains: Option<&'a Indexed<'a>>) -> Result<Option<Self>, Error> {
        let column = |name: &str| table.rows().column_by_name(name);
        let Some(shares) = column(SHARE).and_then(|shares| shares.as_primitive_opt::<Decimal128Type>()) else { return Ok(None) };
        let things = site.things()?;
        Ok(Some(Self {
            table,
            virs: site.entities()?,
            shares,
            controls: column(CONTROLS).and_then(|flags| flags.as_boolean_opt()),
            steps: column(STEPS).and_then(|steps| steps.as_primitive_opt::<Int64Type>()),
            chains: chains.and_then(|index| Some((index, Chains::new(index, &site.titles, things)?))),
        }))
    }

    /// „Turi dalį 3 VIRS; kontroliuoja: UAB A.“
    pub(super) fn push_summary(&self, thing: &Thing<'_>, out: &mut String) {
        let rows = self.sorted(thing);
        let strong = |text: &str| format!("<strong>{text}</strong>");
        let held = strong(&counted(rows.len() as u64, VIRS));
        let controlled: Vec<usize> = rows.iter().copied().filter(|&row| self.controls(row)).collect();
        let controlled = match controlled.as_slice() {
            [] => None,
            [one] => {
                let mut name = String::new();
                push_linked(self.name(*one), self.page(*one).as_deref(), &mut name);
                Some(name)
            }
            several => Some(counted(several.len() as u64, VIRS)),
        };
        out.push_str(&match controlled {
            Some(controlled) => said!("Turi dalį {0}; kontroliuoja {1}.", held, strong(&controlled)),
            None => said!("Turi dalį {0}; nė vieno nekontroliuoja.", held),
        });
        out.push(' ');
    }

    /// Appends the list; gives how many are listed. Of so many more than `told` only the share is said.
    pub(super) fn push(&self, tier: Tier, thing: &Thing<'_>, (most, told): (usize, usize), out: &mut String) -> usize {
        let rows = self.sorted(thing);
        out.push_str("<ul class=\"owners\">\n");
        for (place, &row) in rows.iter().take(most).enumerate() {
            let mut who = String::new();
            push_linked(self.name(row), self.page(row).as_deref(), &mut who);
            let share = self.share(row).ok_or(if tier == Tier::Open { say!("dalis nerodoma") } else { say!("dalis nežinoma") });
            let state = texts(self.table, ENTITY).and_then(|codes| self.virs.find(text(codes, row)?)?.state).unwrap_or_default();
            let mut how = String::new();
            self.push_way(row, place < told, &mut how);
            push_owner(&who, state, self.controls(row), share, &how, out);
        }
        out.push_str("</ul>\n");
        rows.len().min(most)
    }

    /// By which way the owner of a row has its share.
    fn push_way(&self, row: usize, is_told: bool, out: &mut String) {
        let steps = self.steps.filter(|steps| steps.is_valid(row)).map(|steps| steps.value(row));
        out.push_str("<div class=\"others\">");
        let start = out.len();
        if let Some((index, chains)) = self.chains.as_ref().filter(|_| is_told)
            && let Some(code) = texts(self.table, ENTITY).and_then(|codes| text(codes, row))
        {
            let ids = [PERSON, COMPANY[0], COMPANY[1]].map(|name| texts(self.table, name).and_then(|texts| text(texts, row)));
            let name = NAMES.iter().find_map(|name| text(texts(self.table, name)?, row));
            chains.push_ways_of(code, index.rows(code), (ids, name), out);
        }
        if out.len() == start {
            out.push_str(match steps {
                Some(1) => say!("tiesiogiai"),
                Some(_) => say!("ir per kitas įmones"),
                None => "",
            });
        }
        out.push_str("</div>");
    }

    /// The rows of an owner, the greatest share first.
    fn sorted(&self, thing: &Thing<'_>) -> Vec<usize> {
        let mut rows: Vec<usize> = thing.rows.iter().map(|&row| row as usize).collect();
        rows.sort_by_cached_key(|&row| (Reverse(self.share(row)), self.name(row)));
        rows
    }

    fn share(&self, row: usize) -> Option<i128> {
        self.shares.is_valid(row).then(|| self.shares.value(row))
    }

    fn controls(&self, row: usize) -> bool {
        self.controls.is_some_and(|flags| flags.is_valid(row) && flags.value(row))
    }

    fn name(&self, row: usize) -> &str {
        let column = |name| texts(self.table, name).and_then(|texts| text(texts, row));
        column(NAME).or_else(|| self.virs.find(column(ENTITY)?).map(|virs| virs.name)).or_else(|| column(ENTITY)).unwrap_or("VIRS")
    }

    fn page(&self, row: usize) -> Option<String> {
        let code = text(texts(self.table, ENTITY)?, row)?;
        entity_page(self.virs.find(code)?.code).map(|page| format!("{UP}{page}"))
    }
}

/// What is said of who runs an outlet: whose VIRS it is.
pub(super) fn push_greatest(greatest: &str, page: Option<&str>, share: i128, out: &mut String) {
    out.push_str(say!("; jos didžiausias savininkas"));
    out.push_str("\u{a0}– <strong>");
    push_linked(greatest, page, out);
    out.push_str("</strong> (");
    push_escaped(&percent(share), out);
    out.push(')');
}
