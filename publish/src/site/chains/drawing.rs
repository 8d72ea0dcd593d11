//! All holdings above a VIRS as a graph.

use std::collections::BTreeMap;

use super::super::entities::{VirsEntry, VirsList};
use super::super::graph::{Edge, Graph, Node};
use super::columns::{Above, Holdings, Id};
use crate::paths::entity_file;

/// More than this is a majority, in units of a share.
const HALF: i128 = 500_000_000_000;

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
    // A closed cycle is drawn as what it is; who is behind it is nobody's share.
    for row in rows.into_iter().filter(|&row| holdings.because(row).is_none() || holdings.share(row).is_some()) {
        let Some(&held) = places.get(&Drawn::Company(holdings.held_code(row))) else { continue };
        let company = holdings.company(row);
        let drawn = company.map_or_else(|| Drawn::Other(holdings.id(row)), Drawn::Company);
        let holder = *places.entry(drawn).or_insert_with(|| {
            let href = company.and_then(|code| entities.find(code)).and_then(|entity| entity_file(entity.code));
            let class = match (holdings.because(row), company) {
                (Some(_), _) => "unknown",
                (None, Some(_)) => "company",
                (None, None) => "owner",
            };
            graph.nodes.push(Node { label: holdings.holder(row).to_owned(), href, class });
            graph.nodes.len() - 1
        });
        let is_majority = holdings.share(row).is_some_and(|share| share > HALF);
        graph.edges.push(Edge { held, holder, share: holdings.share_text(row), is_majority });
    }
    graph
}
