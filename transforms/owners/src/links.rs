//! The holdings above each VIRS, one by one: how its ultimate owners come to own it, and where nobody knows who does.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use foldhash::{HashSet, HashSetExt};

use crate::flow::Flow;
use crate::graph::Graph;
use crate::rounding::to_units;
use crate::{EntityNumber, Holder};

/// Less than this of an entity without a known holder is a matter of rounding.
const NOTHING: f64 = 1e-9;

/// Why nobody knows whose a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyUnknown {
    /// No register has a participant of the VIRS.
    NoParticipants,
    /// What participants hold does not add up to the whole.
    NotAll,
    /// Nobody says of how much it is what participants hold.
    NoWhole,
    /// A participant is recorded without saying who it is.
    NotNamed,
    /// Entities own one another, and nobody outside owns any of them.
    ClosedCycle,
}

/// One holding above a VIRS: those of one holder in one entity together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// The entity that is held: the VIRS itself, or one above it.
    pub held: EntityNumber,
    /// Steps from the VIRS to the holder: 1 for participants of the VIRS itself.
    pub step: u32,
    /// Who holds it.
    pub holder: Holder,
    /// Whether nobody is known to hold the holder in turn: it is an ultimate owner.
    pub is_end: bool,
    /// The share of the held entity, in units of 1/[`crate::WHOLE`]; none for a closed cycle, all of which is counted already, and where nobody
    /// says of how much it is.
    pub share: Option<i128>,
    /// Why the holder is unknown; none where it is known.
    pub because: Option<WhyUnknown>,
}

/// The links above one VIRS, from it upwards; at each entity the greatest share first and what is unknown last.
pub(crate) fn links(graph: &Graph, flow: &Flow<'_>, virs: EntityNumber) -> Vec<Link> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    seen.insert(virs);
    let mut closed_cycles = HashSet::new();
    let mut waiting = VecDeque::from([(virs, 1)]);
    while let Some((held, step)) = waiting.pop_front() {
        let is_end = |holder| !matches!(holder, Holder::Entity(owner) if !graph.is_end(owner));
        let link = |holder, share, because| Link { held, step, holder, is_end: is_end(holder), share, because };
        let edges = graph.edges(held);
        if graph.is_end(held) && held == virs && !graph.is_public(virs) {
            found.push(link(Holder::Unknown, Some(crate::WHOLE), Some(WhyUnknown::NoParticipants)));
        }
        let mut shares: BTreeMap<Holder, f64> = BTreeMap::new();
        for edge in edges.clone() {
            *shares.entry(edge.holder).or_default() += edge.share;
        }
        let not_named = shares.remove(&Holder::Unknown);
        let mut known: Vec<(Holder, f64)> = shares.into_iter().collect();
        known.sort_by(|(one, share), (other, other_share)| {
            Reverse(to_units(*share)).cmp(&Reverse(to_units(*other_share))).then(one.cmp(other))
        });
        let rest = 1.0 - known.iter().map(|(_, share)| share).sum::<f64>() - not_named.unwrap_or_default();
        for (holder, share) in known {
            found.push(link(holder, Some(to_units(share)).filter(|share| *share > 0), None));
            if let Holder::Entity(owner) = holder
                && seen.insert(owner)
            {
                waiting.push_back((owner, step + 1));
            }
        }
        found.extend(not_named.map(|share| link(Holder::Unknown, Some(to_units(share)), Some(WhyUnknown::NotNamed))));
        if !graph.is_end(held) && rest > NOTHING {
            let says_no_whole = edges.clone().any(|edge| edge.share == 0.0);
            let because = if says_no_whole { WhyUnknown::NoWhole } else { WhyUnknown::NotAll };
            found.push(link(Holder::Unknown, Some(to_units(rest)), Some(because)));
        }
        if flow.closed_cycle(held).is_some_and(|cycle| closed_cycles.insert(cycle)) {
            found.push(link(Holder::Unknown, None, Some(WhyUnknown::ClosedCycle)));
        }
    }
    found
}
