//! The chain that carries control: who votes a majority, step by step, beside the arithmetic share.

use std::collections::BTreeMap;

use foldhash::{HashSet, HashSetExt};

use crate::graph::Graph;
use crate::rounding::to_units;
use crate::{EntityNumber, Holder};

/// More than this is a majority.
const HALF: f64 = 0.5;

/// One link of the chain of control.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChainLink {
    /// Who votes the majority of the entity one step below.
    pub holder: Holder,
    /// The voting share, in units of 1/[`crate::WHOLE`].
    pub votes: i128,
}

/// Majorities from `entity` upwards, until there is none, or an owner without owners, or a circle.
pub(crate) fn chain(graph: &Graph, entity: EntityNumber) -> Vec<ChainLink> {
    let (mut here, mut seen, mut chain) = (entity, HashSet::new(), Vec::new());
    seen.insert(entity);
    loop {
        let mut votes: BTreeMap<Holder, f64> = BTreeMap::new();
        for edge in graph.edges(here) {
            *votes.entry(edge.holder).or_default() += edge.votes;
        }
        // A majority of which nobody knows whose it is leads to nobody.
        let mut known = votes.into_iter().filter(|(holder, _)| *holder != Holder::Unknown);
        let Some((holder, votes)) = known.find(|(_, votes)| *votes > HALF) else { return chain };
        if let Holder::Entity(owner) = holder {
            if !seen.insert(owner) {
                return chain;
            }
            here = owner;
        }
        chain.push(ChainLink { holder, votes: to_units(votes) });
        if !matches!(holder, Holder::Entity(_)) {
            return chain;
        }
    }
}
