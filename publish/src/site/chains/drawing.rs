//! All holdings above a VIRS as a graph.

use std::collections::BTreeMap;

use super::super::entities::{VirsEntry, VirsList};
use super::super::graph::{Edge, Graph, Node};
use super::super::text::{counted, percent};
use super::columns::{Above, Holdings, Id};
use crate::language::say;
use crate::paths::entity_file;

/// More than this is a majority, in units of a share.
const HALF: i128 = 500_000_000_000;

/// Owners of one entity, and of nothing else in the picture, that are drawn one by one: the greatest. The others are one node.
const ALONE: usize = 4;
const OTHERS: &str = say!("kitas savininkas|kiti savininkai|kitų savininkų");

/// Who is drawn once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Drawn<'a> {
    Company(&'a str),
    Other(Id<'a>),
}

/// The graph of what is above a VIRS.
pub(super) fn graph<'a>(holdings: &Holdings<'a>, entities: &VirsList<'_>, virs: &VirsEntry<'a>, above: &Above<'a>) -> Graph {
    let mut graph = Graph::default();
    graph.nodes.push(Node { label: virs.name.to_owned(), href: None, class: "virs" });
    let mut places = BTreeMap::from([(Drawn::Company(virs.code), 0)]);
    let mut rows: Vec<usize> = above.values().flatten().copied().collect();
    // In the order of the table: from the VIRS upwards.
    rows.sort_unstable();
    let together = together(holdings, above);
    let is_alone = |row: &usize| !together.iter().any(|(_, rows)| rows.contains(row));
    // A closed cycle is drawn as what it is; who is behind it is nobody's share.
    let is_drawn = |row: &usize| !holdings.is_unknown(*row) || holdings.share(*row).is_some();
    for row in rows.into_iter().filter(is_alone).filter(is_drawn) {
        let Some(&held) = places.get(&Drawn::Company(holdings.held_code(row))) else { continue };
        let company = holdings.company(row);
        let drawn = company.map_or_else(|| Drawn::Other(holdings.id(row)), Drawn::Company);
        let holder = *places.entry(drawn).or_insert_with(|| {
            let virs = company.and_then(|code| entities.find(code)).and_then(|entity| entity_file(entity.code));
            let href = virs.or_else(|| holdings.owner_page(row));
            let class = match (holdings.is_unknown(row), company) {
                (true, _) => "unknown",
                (false, Some(_)) => "company",
                (false, None) => "owner",
            };
            graph.nodes.push(Node { label: holdings.holder(row).to_owned(), href, class });
            graph.nodes.len() - 1
        });
        let is_majority = holdings.share(row).is_some_and(|share| share > HALF);
        graph.edges.push(Edge { held, holder, share: holdings.share_text(row), is_majority });
    }
    for (code, rows) in together {
        let Some(&held) = places.get(&Drawn::Company(code)) else { continue };
        graph.nodes.push(Node { label: counted(rows.len() as u64, OTHERS), href: None, class: "owner" });
        let share = rows.iter().filter_map(|&row| holdings.share(row)).sum();
        graph.edges.push(Edge { held, holder: graph.nodes.len() - 1, share: percent(share), is_majority: false });
    }
    graph
}

/// Of each entity, the owners that are drawn as one node: their rows.
fn together<'a>(holdings: &Holdings<'a>, above: &Above<'a>) -> Vec<(&'a str, Vec<usize>)> {
    let mut times: BTreeMap<Id<'_>, usize> = BTreeMap::new();
    above.values().flatten().for_each(|&row| *times.entry(holdings.id(row)).or_default() += 1);
    let is_small = |row: &usize| {
        let is_known = !holdings.is_unknown(*row) && holdings.share(*row).is_some();
        is_known && holdings.end(*row).is_some() && times[&holdings.id(*row)] == 1
    };
    let of_entity = |(code, rows): (&&'a str, &Vec<usize>)| {
        // The rows of an entity begin with the greatest share.
        let small: Vec<usize> = rows.iter().copied().filter(is_small).skip(ALONE).collect();
        (small.len() > 1).then_some((*code, small))
    };
    let mut found: Vec<_> = above.iter().filter_map(of_entity).collect();
    found.sort();
    found
}
