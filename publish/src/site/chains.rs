//! How the owners of a VIRS come to own it: the companies between, the arithmetic, and in words what nobody knows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use arrow::array::{Array, AsArray, Decimal128Array, StringArray};
use arrow::datatypes::Decimal128Type;
use catalog::{ENTITY, Table};

use super::entities::{Indexed, VirsList};
use super::text::{counted, percent, push_escaped};
use crate::incremental::tier_table::TierRows;
use crate::paths::entity_file;

/// A table with this column tells, holding by holding, who holds what above a VIRS.
const HELD: &str = "valdomas_kodas";

/// One in units of a share.
const WHOLE: i128 = 1_000_000_000_000;

/// Ways to one owner that are shown, the greatest first.
const WAYS: usize = 5;
/// Owners whose ways are shown.
const OWNERS: usize = 50;
/// Steps of ways that are followed in all: beyond that nobody would read them.
const FOLLOWED: usize = 5_000;
/// Holdings that the list of all of them has.
const LISTED: usize = 100;

const WAY: [&str; 3] = ["kelias", "keliai", "kelių"];
const OTHERS: [&str; 3] = ["kitas savininkas", "kiti savininkai", "kitų savininkų"];

/// Whether a table tells how owners come to own a VIRS.
pub(super) fn is_chains(table: &Table) -> bool {
    table.column(HELD).is_some() && table.column(ENTITY).is_some()
}

/// The holdings above all VIRS.
pub(super) struct Chains<'a> {
    held: &'a StringArray,
    held_name: &'a StringArray,
    kind: &'a StringArray,
    end: &'a StringArray,
    holder: &'a StringArray,
    holder_ids: [&'a StringArray; 3],
    because: &'a StringArray,
    share: &'a Decimal128Array,
}

impl<'a> Chains<'a> {
    /// Nothing if the tier does not see all columns.
    pub(super) fn new(index: &'a Indexed<'a>) -> Option<Self> {
        let table = index.table;
        Some(Self {
            held: texts(table, HELD)?,
            held_name: texts(table, "valdomas_pavadinimas")?,
            kind: texts(table, "dalyvio_rusis")?,
            end: texts(table, "savininko_rusis_pavadinimas")?,
            holder: texts(table, "savininkas")?,
            holder_ids: [texts(table, "asmens_id")?, texts(table, "valstybe")?, texts(table, "dal_kodas")?],
            because: texts(table, "nezinojimo_priezastis_pavadinimas")?,
            share: table.rows().column_by_name("dalis")?.as_primitive_opt::<Decimal128Type>()?,
        })
    }

    /// Appends how the VIRS with this code is owned; `rows` are its rows.
    pub(super) fn push(&self, entities: &VirsList<'_>, code: &str, rows: &[usize], out: &mut String) {
        let above = self.above(rows);
        let mut walk = Walk { chains: self, above: &above, followed: 0, ways: BTreeMap::new(), circles: Vec::new() };
        walk.follow(code, &mut Vec::new());
        let is_direct = |ways: &Vec<Way>| ways.iter().all(|way| way.links.len() == 1 && self.share(way.links[0]).is_some());
        let is_told = |(id, ways): &(&Id<'_>, &Vec<Way>)| !is_direct(ways) || matches!(id, Id::Unknown(_));
        let mut told: Vec<_> = walk.ways.iter().filter(is_told).collect();
        if told.is_empty() && walk.circles.is_empty() {
            out.push_str("<p>Tarpinių įmonių nėra: visi savininkai savo dalis valdo tiesiogiai.</p>\n");
            return;
        }
        told.sort_by_key(|(id, ways)| {
            (matches!(id, Id::Unknown(_)), Reverse(ways.iter().map(|way| way.product.unwrap_or_default()).sum::<i128>()))
        });
        out.push_str("<ul class=\"ways\">\n");
        for (_, ways) in told.iter().take(OWNERS) {
            self.push_owner(ways, out);
        }
        out.push_str("</ul>\n");
        if let Some(rest) = told.len().checked_sub(OWNERS).filter(|rest| *rest > 0) {
            let _ = writeln!(out, "<p class=\"note\">Čia nerodoma: {}. Visos dalys – rinkinio failuose.</p>", counted(rest as u64, OTHERS));
        }
        if walk.followed >= FOLLOWED {
            out.push_str("<p class=\"note\">Kelių per daug, kad čia tilptų visi: visos dalys – rinkinio failuose.</p>\n");
        }
        let closed: Vec<&str> =
            rows.iter().filter(|&&row| self.because.is_valid(row) && self.share(row).is_none()).map(|&row| self.held.value(row)).collect();
        self.push_circles(&walk.circles, &closed, out);
        self.push_list(entities, code, &above, out);
    }

    /// Pages of the companies in these rows that are VIRS themselves.
    pub(super) fn pages(&self, entities: &VirsList<'_>, rows: &[usize]) -> impl Iterator<Item = String> {
        rows.iter().filter_map(|&row| entity_file(entities.find(self.company(row)?)?.code))
    }

    /// The rows by the entity that is held.
    fn above(&self, rows: &[usize]) -> HashMap<&'a str, Vec<usize>> {
        let mut above: HashMap<&str, Vec<usize>> = HashMap::new();
        for &row in rows {
            above.entry(self.held.value(row)).or_default().push(row);
        }
        above
    }

    fn share(&self, row: usize) -> Option<i128> {
        self.share.is_valid(row).then(|| self.share.value(row))
    }

    /// The code under which the holder of a row is held in turn.
    fn company(&self, row: usize) -> Option<&'a str> {
        (text(self.kind, row) == Some("J")).then(|| text(self.holder_ids[2], row)).flatten()
    }

    fn id(&self, row: usize) -> Id<'a> {
        match self.because.is_valid(row) {
            true => Id::Unknown(row),
            false => Id::Known(
                self.holder_ids.map(|ids| text(ids, row)),
                text(self.holder, row).filter(|_| text(self.holder_ids[2], row).is_none()),
            ),
        }
    }

    /// One owner, with the ways that lead to it.
    fn push_owner(&self, ways: &[Way], out: &mut String) {
        let mut sorted: Vec<&Way> = ways.iter().collect();
        sorted.sort_by_key(|way| (Reverse(way.product), way.links.len()));
        let end = sorted[0].links.last().copied().unwrap_or_default();
        out.push_str("<li><span class=\"who\">");
        push_escaped(text(self.holder, end).unwrap_or("Savininkas nenurodytas"), out);
        out.push_str("</span>");
        if let Some(because) = text(self.because, end) {
            out.push_str(" – ");
            push_escaped(self.held(end), out);
            out.push_str(": ");
            push_escaped(&lower_first(because), out);
        }
        match sorted.as_slice() {
            // Nobody outside has any of a closed cycle: there is no share to work out.
            [_] if self.share(end).is_none() && self.because.is_valid(end) => {}
            [way] => {
                out.push_str(" <span class=\"how\">");
                self.push_way(way, out);
                out.push_str("</span>");
            }
            several => self.push_several(several, out),
        }
        out.push_str("</li>\n");
    }

    fn push_several(&self, sorted: &[&Way], out: &mut String) {
        out.push_str("\n<ul>\n");
        for way in sorted.iter().take(WAYS) {
            out.push_str("<li>");
            self.push_way(way, out);
            out.push_str("</li>\n");
        }
        let rest = &sorted[sorted.len().min(WAYS)..];
        if !rest.is_empty() {
            let sum = rest.iter().filter_map(|way| way.product).sum();
            out.push_str("<li>dar ");
            push_escaped(&format!("{}: {}", counted(rest.len() as u64, WAY), percent(sum)), out);
            out.push_str("</li>\n");
        }
        if let Some(sum) = sorted.iter().map(|way| way.product).sum::<Option<i128>>() {
            out.push_str("<li><strong>iš viso ");
            push_escaped(&percent(sum), out);
            out.push_str("</strong></li>\n");
        }
        out.push_str("</ul>");
    }

    /// „per UAB A ir UAB B: 60 % × 50 % × 100 % = 30 %“.
    fn push_way(&self, way: &Way, out: &mut String) {
        let between = &way.links[..way.links.len() - 1];
        let is_gap = way.links.last().is_some_and(|&end| self.because.is_valid(end));
        match between {
            [] if is_gap => out.push_str("pačiame VIRS: "),
            [] => out.push_str("tiesiogiai: "),
            _ => {
                out.push_str("per ");
                for (place, &link) in between.iter().enumerate() {
                    out.push_str(joint(place, between.len()));
                    push_escaped(text(self.holder, link).unwrap_or_default(), out);
                }
                out.push_str(": ");
            }
        }
        let shares: Vec<String> =
            way.links.iter().map(|&link| self.share(link).map_or_else(|| "dalis nežinoma".to_owned(), percent)).collect();
        push_escaped(&shares.join(" × "), out);
        if let Some(product) = way.product.filter(|_| shares.len() > 1) {
            push_escaped(&format!(" = {}", percent(product)), out);
        }
    }

    /// `closed` are entities of cycles of which nobody outside owns anything: these are said to be unknown already.
    fn push_circles(&self, circles: &[Vec<usize>], closed: &[&str], out: &mut String) {
        let mut said: Vec<Vec<&str>> = Vec::new();
        let is_closed = |circle: &Vec<usize>| circle.iter().any(|&link| closed.contains(&self.held.value(link)));
        for circle in circles.iter().filter(|circle| !is_closed(circle)) {
            let mut names: Vec<&str> = circle.iter().map(|&link| self.held(link)).collect();
            names.sort_unstable();
            if !said.contains(&names) {
                said.push(names);
            }
        }
        for names in said.iter().take(WAYS) {
            out.push_str("<p>");
            for (place, name) in names.iter().enumerate() {
                out.push_str(joint(place, names.len()));
                push_escaped(name, out);
            }
            out.push_str(if names.len() == 1 { " turi savo pačios dalį" } else { " ratu valdo viena kitą" });
            out.push_str(". Kas grįžta ratu, vėl padalijama tiems patiems savininkams, kol nieko nelieka, todėl jų galutinės dalys didesnės už čia parodytas sandaugas.</p>\n");
        }
    }

    fn held(&self, row: usize) -> &'a str {
        text(self.held_name, row).unwrap_or_else(|| self.held.value(row))
    }

    /// All holdings as a list in which owners stand below what they hold.
    fn push_list(&self, entities: &VirsList<'_>, code: &str, above: &HashMap<&str, Vec<usize>>, out: &mut String) {
        out.push_str("<details>\n<summary>Visos dalys: kas ką valdo</summary>\n");
        let mut list = List { chains: self, entities, above, listed: 0, shown: vec![code] };
        list.push(code, out);
        if list.listed >= LISTED {
            out.push_str("<p class=\"note\">Sąrašas sutrumpintas: visos dalys – rinkinio failuose.</p>\n");
        }
        out.push_str("</details>\n");
    }
}

/// Who a holder is; whoever is unknown is another one in each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Id<'a> {
    /// Person, state and code; the name only where there is no code.
    Known([Option<&'a str>; 3], Option<&'a str>),
    Unknown(usize),
}

/// A way from the VIRS to an owner.
struct Way {
    /// Its rows.
    links: Vec<usize>,
    /// Their shares multiplied; none where one is not known.
    product: Option<i128>,
}

/// Follows all ways that do not come back to where they have been.
struct Walk<'c, 'a> {
    chains: &'c Chains<'a>,
    above: &'c HashMap<&'a str, Vec<usize>>,
    followed: usize,
    ways: BTreeMap<Id<'a>, Vec<Way>>,
    /// Rows of each circle that was met.
    circles: Vec<Vec<usize>>,
}

impl<'a> Walk<'_, 'a> {
    fn follow(&mut self, held: &str, so_far: &mut Vec<usize>) {
        let (chains, above) = (self.chains, self.above);
        for &row in above.get(held).into_iter().flatten() {
            self.followed += 1;
            if self.followed >= FOLLOWED {
                return;
            }
            so_far.push(row);
            match chains.company(row).filter(|company| above.contains_key(company)) {
                Some(company) => match so_far.iter().position(|&link| chains.held.value(link) == company) {
                    Some(start) => self.circles.push(so_far[start..].to_vec()),
                    None => self.follow(company, so_far),
                },
                None => {
                    let product = so_far.iter().try_fold(WHOLE, |product, &link| Some(product * chains.share(link)? / WHOLE));
                    self.ways.entry(chains.id(row)).or_default().push(Way { links: so_far.clone(), product });
                }
            }
            so_far.pop();
        }
    }
}

/// The nested list of all holdings.
struct List<'c, 'a> {
    chains: &'c Chains<'a>,
    entities: &'c VirsList<'c>,
    above: &'c HashMap<&'a str, Vec<usize>>,
    listed: usize,
    /// Entities whose owners are listed already.
    shown: Vec<&'c str>,
}

impl<'c> List<'c, '_> {
    fn push(&mut self, held: &'c str, out: &mut String) {
        let (chains, above) = (self.chains, self.above);
        out.push_str("<ul class=\"holdings\">\n");
        for &row in above.get(held).into_iter().flatten() {
            if self.listed >= LISTED {
                break;
            }
            self.listed += 1;
            out.push_str("<li>");
            let share = chains.share(row).map_or_else(|| "dalis nežinoma".to_owned(), percent);
            push_escaped(&share, out);
            out.push_str(" – ");
            let name = text(chains.holder, row).unwrap_or("dalyvis nenurodytas");
            let company = chains.company(row);
            match company.and_then(|code| self.entities.find(code)).and_then(|entity| entity_file(entity.code)) {
                Some(file) => {
                    let _ = write!(out, "<a href=\"{file}\">");
                    push_escaped(name, out);
                    out.push_str("</a>");
                }
                None => push_escaped(name, out),
            }
            if let Some(words) = text(chains.because, row).or_else(|| text(chains.end, row)) {
                out.push_str(" <span class=\"minor\">(");
                push_escaped(&lower_first(words), out);
                out.push_str(")</span>");
            }
            if let Some(company) = company.filter(|company| above.contains_key(company)) {
                if self.shown.contains(&company) {
                    out.push_str(" <span class=\"minor\">(jos savininkai parodyti aukščiau)</span>");
                } else {
                    self.shown.push(company);
                    out.push('\n');
                    self.push(company, out);
                }
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
}

fn texts<'a>(table: &'a TierRows, column: &str) -> Option<&'a StringArray> {
    table.rows().column_by_name(column)?.as_string_opt::<i32>()
}

fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

/// What stands before one of several names.
fn joint(place: usize, of: usize) -> &'static str {
    match place {
        0 => "",
        place if place + 1 == of => " ir ",
        _ => ", ",
    }
}

/// Titles of classifiers begin with a capital letter; in a sentence they do not.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
