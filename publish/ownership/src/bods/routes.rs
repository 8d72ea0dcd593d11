//! What lies between a VIRS and those at the end of its chains.

use std::collections::{BTreeMap, BTreeSet};

use super::network::{Holder, Network};
use crate::party::Party;

/// A holding: who is held, and who holds.
pub(super) type Edge<'a> = (Party<'a>, Holder<'a>);

/// Holdings and parties by which a share comes about.
#[derive(Debug, Default)]
pub(super) struct Between<'a> {
    pub(super) edges: BTreeSet<Edge<'a>>,
    pub(super) parties: BTreeSet<Party<'a>>,
}

/// The holdings above a VIRS, by both ends.
pub(super) struct Routes<'a> {
    virs: Party<'a>,
    up: BTreeMap<Party<'a>, Vec<Party<'a>>>,
    down: BTreeMap<Party<'a>, Vec<Party<'a>>>,
    /// Whatever is above the VIRS, and itself.
    above: BTreeSet<Party<'a>>,
}

impl<'a> Routes<'a> {
    pub(super) fn of(network: &Network<'a>) -> Self {
        let (mut up, mut down): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = (BTreeMap::new(), BTreeMap::new());
        for (held, holder) in network.holdings.keys() {
            if let Holder::Known(holder) = holder {
                up.entry(*held).or_default().push(*holder);
                down.entry(*holder).or_default().push(*held);
            }
        }
        let above = reached(&up, [network.virs]);
        Self { virs: network.virs, up, down, above }
    }

    /// Whatever leads from the VIRS to these holdings, those at the end of its chains, and the holdings themselves; but for those in the VIRS itself,
    /// which nothing lies between.
    pub(super) fn between(&self, ends: &[Edge<'a>]) -> Between<'a> {
        let ends = || ends.iter().filter(|(held, _)| self.above.contains(held));
        let mut parties = reached(&self.down, ends().map(|(held, _)| *held));
        parties.retain(|party| self.above.contains(party));
        let mut edges: BTreeSet<Edge<'a>> = ends().copied().filter(|(held, _)| *held != self.virs).collect();
        for held in &parties {
            let holders = self.up.get(held).into_iter().flatten().filter(|holder| parties.contains(holder));
            edges.extend(holders.map(|holder| (*held, Holder::Known(*holder))));
        }
        parties.remove(&self.virs);
        Between { edges, parties }
    }
}

/// What can be reached from these, and these.
fn reached<'a>(next: &BTreeMap<Party<'a>, Vec<Party<'a>>>, from: impl IntoIterator<Item = Party<'a>>) -> BTreeSet<Party<'a>> {
    let mut waiting: Vec<Party<'a>> = from.into_iter().collect();
    let mut seen: BTreeSet<Party<'a>> = waiting.iter().copied().collect();
    while let Some(party) = waiting.pop() {
        waiting.extend(next.get(&party).into_iter().flatten().copied().filter(|one| seen.insert(*one)));
    }
    seen
}
