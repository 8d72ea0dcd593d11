//! Effective shares: one whole enters at the VIRS and flows along the holdings until it reaches owners without owners.
//!
//! Components are visited from the VIRS upwards. Inside a cycle the flow through its members solves `x = b + Wᵀx`,
//! where `b` is what enters and `W` the holdings inside: a small dense system, factorised once per cycle.

use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};

use super::components::Components;
use super::graph::Graph;
use super::rounding::to_whole;
use super::{EntityNumber, Holder, Owner};

/// Less than this leaves a cycle: nobody outside owns any of it. Far below one unit of the published share.
const CLOSED: f64 = 1e-14;

/// Reusable state for many VIRS over one graph.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    graph: &'a Graph,
    components: &'a Components,
    /// Factorised cycles; `None` for a cycle that nobody outside owns.
    cycles: HashMap<u32, Option<Factors>>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(graph: &'a Graph, components: &'a Components) -> Self {
        Self { graph, components, cycles: HashMap::new() }
    }

    /// Ultimate owners of `virs`, the greatest share first.
    pub(super) fn owners(&mut self, virs: EntityNumber) -> Vec<Owner> {
        let mut ends: BTreeMap<Holder, f64> = BTreeMap::new();
        let mut inflow: HashMap<EntityNumber, f64> = HashMap::from([(virs, 1.0)]);
        let mut waiting = BinaryHeap::from([self.components.of[virs as usize]]);
        while let Some(component) = waiting.pop() {
            if waiting.peek() == Some(&component) {
                continue;
            }
            let members = &self.components.members[component as usize];
            let entering: Vec<f64> = members.iter().map(|member| inflow.remove(member).unwrap_or(0.0)).collect();
            let Some(through) = self.through(component, &entering) else {
                *ends.entry(Holder::Unknown).or_default() += entering.iter().sum::<f64>();
                continue;
            };
            for (&member, amount) in members.iter().zip(through) {
                let edges = self.graph.edges(member);
                if edges.is_empty() {
                    let end = if member == virs && !self.graph.is_public(member) { Holder::Unknown } else { Holder::Entity(member) };
                    *ends.entry(end).or_default() += amount;
                    continue;
                }
                let mut known = 0.0;
                for edge in edges {
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
    pub(super) fn closed_cycle(&mut self, entity: EntityNumber) -> Option<u32> {
        let component = self.components.of[entity as usize];
        let nothing = vec![0.0; self.components.members[component as usize].len()];
        self.through(component, &nothing).is_none().then_some(component)
    }

    /// What flows through each member of a component, given what enters; `None` where it could never leave.
    fn through(&mut self, component: u32, entering: &[f64]) -> Option<Vec<f64>> {
        let members = &self.components.members[component as usize];
        let inside =
            |edge: &&super::graph::Edge| matches!(edge.holder, Holder::Entity(owner) if self.components.of[owner as usize] == component);
        if members.len() == 1 && !self.graph.edges(members[0]).iter().any(|edge| inside(&edge)) {
            return Some(entering.to_vec());
        }
        let graph = self.graph;
        let factors = self.cycles.entry(component).or_insert_with(|| {
            let mut matrix = vec![vec![0.0; members.len()]; members.len()];
            let mut leaving = 0.0;
            for (column, &member) in members.iter().enumerate() {
                matrix[column][column] += 1.0;
                let mut kept = 0.0;
                for edge in graph.edges(member) {
                    let Holder::Entity(owner) = edge.holder else { continue };
                    if let Ok(row) = members.binary_search(&owner) {
                        matrix[row][column] -= edge.share;
                        kept += edge.share;
                    }
                }
                leaving += 1.0 - kept;
            }
            (leaving > CLOSED).then(|| Factors::new(matrix))
        });
        factors.as_ref().map(|factors| factors.solve(entering))
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
        let mut steps = HashMap::from([(Holder::Entity(virs), 0)]);
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

/// LU factors of a small dense matrix, with partial pivoting.
#[derive(Debug)]
struct Factors {
    rows: Vec<Vec<f64>>,
    order: Vec<usize>,
}

impl Factors {
    fn new(mut rows: Vec<Vec<f64>>) -> Self {
        let size = rows.len();
        let mut order: Vec<usize> = (0..size).collect();
        for pivot in 0..size {
            let best = (pivot..size).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs())).unwrap_or(pivot);
            rows.swap(pivot, best);
            order.swap(pivot, best);
            let (above, below) = rows.split_at_mut(pivot + 1);
            for row in below {
                let factor = row[pivot] / above[pivot][pivot];
                row[pivot] = factor;
                for column in pivot + 1..size {
                    row[column] -= factor * above[pivot][column];
                }
            }
        }
        Self { rows, order }
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> = self.order.iter().map(|&at| right[at]).collect();
        for row in 0..values.len() {
            values[row] -= (0..row).map(|column| self.rows[row][column] * values[column]).sum::<f64>();
        }
        for row in (0..values.len()).rev() {
            let known: f64 = (row + 1..values.len()).map(|column| self.rows[row][column] * values[column]).sum();
            values[row] = (values[row] - known) / self.rows[row][row];
        }
        values
    }
}
