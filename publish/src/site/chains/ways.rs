//! The ways that lead from a VIRS to its owners, with the arithmetic.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::text::{counted, percent, push_escaped, push_linked};
use super::columns::{Above, Holdings, Id};
use crate::language::{said, say};

/// One in units of a share.
const WHOLE: i128 = 1_000_000_000_000;

/// Ways to one owner that are shown, the greatest first; also circles.
const WAYS: usize = 5;
/// Owners whose ways are shown.
const OWNERS: usize = 50;
/// Steps of ways that are followed in all: beyond that nobody would read them.
const FOLLOWED: usize = 5_000;
/// Steps of one way.
const DEEPEST: usize = 100;

const WAY: &str = say!("kelias|keliai|kelių");
const OTHERS: &str = say!("kitas savininkas|kiti savininkai|kitų savininkų");

/// A way from the VIRS to an owner.
struct Way {
    /// Its rows.
    links: Vec<usize>,
    /// Their shares multiplied; none where one is not known.
    product: Option<i128>,
}

/// All ways that do not come back to where they have been.
pub(super) struct Ways<'c, 'a> {
    holdings: &'c Holdings<'a>,
    above: &'c Above<'a>,
    followed: usize,
    /// Whether not all ways were followed.
    is_cut: bool,
    ways: BTreeMap<Id<'a>, Vec<Way>>,
    /// Rows of each circle that was met.
    circles: Vec<Vec<usize>>,
}

impl<'c, 'a> Ways<'c, 'a> {
    /// Those from the VIRS with this code.
    pub(super) fn of(holdings: &'c Holdings<'a>, above: &'c Above<'a>, code: &str) -> Self {
        let mut ways = Self { holdings, above, followed: 0, is_cut: false, ways: BTreeMap::new(), circles: Vec::new() };
        ways.follow(code, &mut Vec::new());
        ways
    }

    /// Whether all owners are known and hold their shares themselves.
    pub(super) fn are_direct(&self) -> bool {
        !self.is_cut && self.circles.is_empty() && !self.ways.iter().any(|one| self.is_told(one))
    }

    fn is_told(&self, (id, ways): (&Id<'_>, &Vec<Way>)) -> bool {
        let is_direct = |way: &Way| way.links.len() == 1 && self.holdings.share(way.links[0]).is_some();
        matches!(id, Id::Unknown(_)) || !ways.iter().all(is_direct)
    }

    fn follow(&mut self, held: &str, so_far: &mut Vec<usize>) {
        let (holdings, above) = (self.holdings, self.above);
        for &row in above.get(held).into_iter().flatten() {
            self.followed += 1;
            if self.followed >= FOLLOWED || so_far.len() >= DEEPEST {
                self.is_cut = true;
                return;
            }
            so_far.push(row);
            match holdings.company(row).filter(|company| above.contains_key(company)) {
                Some(company) => match so_far.iter().position(|&link| holdings.held_code(link) == company) {
                    Some(start) => self.circles.push(so_far[start..].to_vec()),
                    None => self.follow(company, so_far),
                },
                None => {
                    let product = so_far.iter().try_fold(WHOLE, |product, &link| Some(product * holdings.share(link)? / WHOLE));
                    self.ways.entry(holdings.id(row)).or_default().push(Way { links: so_far.clone(), product });
                }
            }
            so_far.pop();
        }
    }

    /// Appends them, by owner: the greatest first, and what is unknown last.
    pub(super) fn push(&self, out: &mut String) {
        let mut told: Vec<_> = self.ways.iter().filter(|one| self.is_told(*one)).collect();
        let sum = |ways: &[Way]| ways.iter().map(|way| way.product.unwrap_or_default()).sum::<i128>();
        told.sort_by_key(|(id, ways)| (matches!(id, Id::Unknown(_)), Reverse(sum(ways))));
        out.push_str("<ul class=\"ways\">\n");
        for (_, ways) in told.iter().take(OWNERS) {
            self.push_owner(ways, out);
        }
        out.push_str("</ul>\n");
        if let Some(rest) = told.len().checked_sub(OWNERS).filter(|rest| *rest > 0) {
            let rest = said!("Čia nerodoma: {0}. Visos dalys – rinkinio failuose.", counted(rest as u64, OTHERS));
            let _ = writeln!(out, "<p class=\"note\">{rest}</p>");
        }
        if self.is_cut {
            let why = say!("Keliai per ilgi arba jų per daug, kad čia tilptų visi: visos dalys – rinkinio failuose.");
            let _ = writeln!(out, "<p class=\"note\">{why}</p>");
        }
        self.push_circles(out);
    }

    /// One owner, with the ways that lead to it.
    fn push_owner(&self, ways: &[Way], out: &mut String) {
        let mut sorted: Vec<&Way> = ways.iter().collect();
        sorted.sort_by_key(|way| (Reverse(way.product), way.links.len()));
        let end = sorted[0].links.last().copied().unwrap_or_default();
        out.push_str("<li><span class=\"who\">");
        push_linked(self.holdings.holder(end), self.holdings.owner_page(end).as_deref(), out);
        out.push_str("</span>");
        if let Some(because) = self.holdings.because(end) {
            out.push_str(" – ");
            push_escaped(self.holdings.held(end), out);
            out.push_str(": ");
            push_escaped(&because, out);
        }
        match sorted.as_slice() {
            // Nobody outside has any of a closed cycle: there is no share to work out.
            [_] if self.holdings.share(end).is_none() && self.holdings.is_unknown(end) => {}
            [way] => {
                out.push_str(" <span class=\"how\">");
                self.push_way(way, out);
                out.push_str("</span>");
            }
            several => self.push_several(several, out),
        }
        out.push_str("</li>\n");
    }

    /// Appends the ways to one owner alone; nothing if it has all of its share itself.
    pub(super) fn push_ways_of(&self, id: &Id<'_>, out: &mut String) {
        let Some((id, ways)) = self.ways.get_key_value(id).filter(|one| self.is_told(*one)) else { return };
        let mut sorted: Vec<&Way> = ways.iter().collect();
        sorted.sort_by_key(|way| (Reverse(way.product), way.links.len()));
        match (id, sorted.as_slice()) {
            (Id::Unknown(_), _) => {}
            (_, [way]) => self.push_way(way, out),
            (_, several) => self.push_several(several, out),
        }
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
            out.push_str("<li>");
            push_escaped(&said!("dar {0}: {1}", counted(rest.len() as u64, WAY), percent(sum)), out);
            out.push_str("</li>\n");
        }
        if let Some(sum) = sorted.iter().map(|way| way.product).sum::<Option<i128>>() {
            out.push_str("<li><strong>");
            push_escaped(&said!("iš viso {0}", percent(sum)), out);
            out.push_str("</strong></li>\n");
        }
        out.push_str("</ul>");
    }

    /// „per UAB A ir UAB B: 60 % × 50 % × 100 % = 30 %“.
    fn push_way(&self, way: &Way, out: &mut String) {
        let between = &way.links[..way.links.len() - 1];
        let is_gap = way.links.last().is_some_and(|&end| self.holdings.is_unknown(end));
        match between {
            [] if is_gap => out.push_str(say!("pačiame VIRS")),
            [] => out.push_str(say!("tiesiogiai")),
            _ => out.push_str(&said!("per {0}", joined(between.iter().map(|&link| self.holdings.holder(link))))),
        }
        out.push_str(": ");
        let shares: Vec<String> = way.links.iter().map(|&link| self.holdings.share_text(link)).collect();
        push_escaped(&shares.join(" × "), out);
        if let Some(product) = way.product.filter(|_| shares.len() > 1) {
            push_escaped(&format!(" = {}", percent(product)), out);
        }
    }

    /// Says of circles why the shares of owners are more than the products.
    fn push_circles(&self, out: &mut String) {
        // A cycle of which nobody outside owns anything is said to be unknown already.
        let gaps = self.above.values().flatten().filter(|&&row| self.holdings.is_unknown(row) && self.holdings.share(row).is_none());
        let closed: Vec<&str> = gaps.map(|&row| self.holdings.held_code(row)).collect();
        let is_closed = |circle: &Vec<usize>| circle.iter().any(|&link| closed.contains(&self.holdings.held_code(link)));
        let mut told: Vec<Vec<&str>> = Vec::new();
        for circle in self.circles.iter().filter(|circle| !is_closed(circle)) {
            let mut names: Vec<&str> = circle.iter().map(|&link| self.holdings.held(link)).collect();
            names.sort_unstable();
            if !told.contains(&names) {
                told.push(names);
            }
        }
        for names in told.iter().take(WAYS) {
            let all = joined(names.iter().copied());
            let circle =
                if names.len() == 1 { said!("{0} turi savo pačios dalį.", all) } else { said!("{0} ratu valdo viena kitą.", all) };
            let why = say!(
                "Kas grįžta ratu, vėl padalijama tiems patiems savininkams, kol nieko nelieka, todėl jų galutinės dalys didesnės už čia parodytas sandaugas."
            );
            let _ = writeln!(out, "<p>{circle} {why}</p>");
        }
    }
}

/// Names one after another as safe HTML: „A, B ir C“.
fn joined<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let (last, mut out) = (names.len().saturating_sub(1), String::new());
    for (place, name) in names.enumerate() {
        out.push_str(match place {
            0 => "",
            place if place == last => say!(" ir "),
            _ => ", ",
        });
        push_escaped(name, &mut out);
    }
    out
}
