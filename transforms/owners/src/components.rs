//! Strongly connected components of the entities above VIRS: the cycles of ownership.

use crate::graph::Graph;
use crate::{EntityNumber, Holder};

/// Which component each entity belongs to. Owners' components have smaller numbers than those of what they own.
#[derive(Debug)]
pub(crate) struct Components {
    /// Component of each entity; `u32::MAX` for entities that are above no VIRS.
    pub(crate) of: Vec<u32>,
    /// Entities, component by component.
    members: Vec<EntityNumber>,
    /// Where those of each component end.
    ends: Vec<u32>,
}

impl Components {
    /// How many there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(UNSEEN)
    }

    /// Entities of a component, in order.
    pub(crate) fn members(&self, component: u32) -> &[EntityNumber] {
        let begin = component.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.members[begin as usize..self.ends[component as usize] as usize]
    }
}

const UNSEEN: u32 = u32::MAX;

/// Tarjan's algorithm from every VIRS, with a stack of its own: chains may be as deep as they like.
///
/// Where nothing is known to be held, nothing flows: such a holding makes no cycle, which would have a part that nobody outside owns anything of. Whoever is above
/// a VIRS through such holdings alone is looked at by itself.
pub(crate) fn find(graph: &Graph, virs: &[EntityNumber]) -> Components {
    let count = graph.entities();
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut found = Components { of: vec![UNSEEN; count], members: Vec::new(), ends: Vec::new() };
    let (mut stack, mut next) = (Vec::new(), 0);
    let mut roots: Vec<EntityNumber> = virs.iter().rev().copied().collect();
    while let Some(root) = roots.pop() {
        if index[root as usize] != UNSEEN {
            continue;
        }
        let mut walk: Vec<(EntityNumber, usize)> = vec![(root, 0)];
        while let Some((entity, edge)) = walk.last_mut() {
            let here = *entity as usize;
            if *edge == 0 && index[here] == UNSEEN {
                (index[here], low[here]) = (next, next);
                next += 1;
                stack.push(*entity);
                on_stack[here] = true;
            }
            if let Some(edge_up) = graph.edge_at(*entity, *edge) {
                *edge += 1;
                match edge_up.holder {
                    Holder::Entity(owner) if edge_up.share == 0.0 => roots.push(owner),
                    Holder::Entity(owner) if index[owner as usize] == UNSEEN => walk.push((owner, 0)),
                    Holder::Entity(owner) if on_stack[owner as usize] => low[here] = low[here].min(index[owner as usize]),
                    _ => {}
                }
                continue;
            }
            walk.pop();
            if let Some((below, _)) = walk.last() {
                low[*below as usize] = low[*below as usize].min(low[here]);
            }
            if low[here] == index[here] {
                let (number, begin) = (found.count(), found.members.len());
                while let Some(member) = stack.pop() {
                    on_stack[member as usize] = false;
                    found.of[member as usize] = number;
                    found.members.push(member);
                    if member as usize == here {
                        break;
                    }
                }
                found.members[begin..].sort_unstable();
                found.ends.push(u32::try_from(found.members.len()).unwrap_or(UNSEEN));
            }
        }
    }
    found
}
