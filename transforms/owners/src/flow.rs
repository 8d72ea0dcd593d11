//! Effective shares: one whole enters at the VIRS and flows along the holdings until it reaches owners without owners.
//!
//! Components are visited from the VIRS upwards.

use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use foldhash::{HashMap, HashMapExt};

use crate::components::Components;
use crate::cycles::{Cycles, Through};
use crate::graph::Graph;
use crate::rounding::to_whole;
use crate::{EntityNumber, Holder, Owner};

/// Follows shares over one graph.
#[derive(Debug)]
pub(crate) struct Flow<'a> {
    graph: &'a Graph,
    components: &'a Components,
    cycles: &'a Cycles,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(graph: &'a Graph, components: &'a Components, cycles: &'a Cycles) -> Self {
        Self { graph, components, cycles }
    }

    /// Ultimate owners of `virs`, the greatest share first.
    pub(crate) fn owners(&self, virs: EntityNumber) -> Vec<Owner> {
        let mut ends: BTreeMap<Holder, f64> = BTreeMap::new();
        let mut inflow: HashMap<EntityNumber, f64> = HashMap::new();
        inflow.insert(virs, 1.0);
        let mut waiting = BinaryHeap::from([self.components.of[virs as usize]]);
        while let Some(component) = waiting.pop() {
            if waiting.peek() == Some(&component) {
                continue;
            }
            let members = self.components.members(component);
            let entering: Vec<f64> = members.iter().map(|member| inflow.remove(member).unwrap_or(0.0)).collect();
            let entered: f64 = entering.iter().sum();
            let Through::Members(through) = self.cycles.through(component, entering) else {
                *ends.entry(Holder::Unknown).or_default() += entered;
                continue;
            };
            for (&member, amount) in members.iter().zip(through) {
                if self.graph.is_end(member) {
                    let end = if member == virs && !self.graph.is_public(member) { Holder::Unknown } else { Holder::Entity(member) };
                    *ends.entry(end).or_default() += amount;
                    continue;
                }
                let mut known = 0.0;
                for edge in self.graph.edges(member).filter(|edge| edge.share > 0.0) {
                    known += edge.share;
                    match edge.holder {
                        Holder::Entity(owner) if self.components.of[owner as usize] == component => {}
                        Holder::Entity(owner) => {
                            *inflow.entry(owner).or_insert_with(|| {
                                waiting.push(self.components.of[owner as usize]);
                                0.0
                            }) += amount * edge.share;
                        }
                        end => *ends.entry(end).or_default() += amount * edge.share,
                    }
                }
                *ends.entry(Holder::Unknown).or_default() += amount * (1.0 - known).max(0.0);
            }
        }
        self.finish(virs, &ends)
    }

    /// The cycle that an entity belongs to, if nobody outside owns any of it.
    pub(crate) fn closed_cycle(&self, entity: EntityNumber) -> Option<u32> {
        let component = self.components.of[entity as usize];
        self.cycles.is_closed(component).then_some(component)
    }

    fn finish(&self, virs: EntityNumber, ends: &BTreeMap<Holder, f64>) -> Vec<Owner> {
        let steps = self.steps(virs);
        let shares = to_whole(&ends.values().copied().collect::<Vec<_>>());
        let mut owners: Vec<Owner> = ends
            .keys()
            .zip(shares)
            .filter(|(_, share)| *share > 0)
            .map(|(&holder, share)| Owner { holder, share, steps: steps.get(&holder).copied().unwrap_or(0), controls: false })
            .collect();
        owners.sort_by_key(|owner| (std::cmp::Reverse(owner.share), owner.holder));
        owners
    }

    /// Fewest steps from the VIRS to everyone above it.
    fn steps(&self, virs: EntityNumber) -> HashMap<Holder, u32> {
        let mut steps = HashMap::new();
        steps.insert(Holder::Entity(virs), 0);
        let mut queue = VecDeque::from([(virs, 0)]);
        while let Some((entity, step)) = queue.pop_front() {
            for edge in self.graph.edges(entity) {
                if let std::collections::hash_map::Entry::Vacant(entry) = steps.entry(edge.holder) {
                    entry.insert(step + 1);
                    if let Holder::Entity(owner) = edge.holder {
                        queue.push_back((owner, step + 1));
                    }
                }
            }
        }
        steps
    }
}
