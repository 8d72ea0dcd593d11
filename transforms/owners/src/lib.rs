//! Who owns each VIRS, resolved through any chain, cycle and joint holding down to owners that have no owners of their own.
//!
//! Entities are small numbers, holdings a compressed sparse matrix, cycles strongly connected components whose shares are the
//! exact fixed point (A that owns half of itself through B), and whatever is not known (of how much a holding is, too) is an explicit remainder,
//! so that the shares of every VIRS add up to 1. Cost grows with the holdings that lie above VIRS; the graph takes 13 bytes for each holding and 9 for each
//! entity (`tests/bench/owners.sh`).

mod components;
mod control;
mod cycles;
mod flow;
mod graph;
mod holding;
mod links;
mod rounding;

#[cfg(test)]
mod tests;

pub use control::ChainLink;
pub use graph::{Builder, Graph};
pub use holding::{Holding, Unit, co_owners, stated_share};
pub use links::{Link, WhyUnknown};
pub use rounding::{WHOLE, to_units, to_whole};

use components::Components;
use cycles::Cycles;
use flow::Flow;
use rayon::prelude::*;

/// A natural person's number within this run.
pub type PersonNumber = u32;
/// An entity's number within this run.
pub type EntityNumber = u32;
/// A foreign entity's number within this run.
pub type ForeignNumber = u32;

/// Who stands behind a holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// A natural person.
    Person(PersonNumber),
    /// A foreign entity; its own owners are in its own state's register.
    Foreign(ForeignNumber),
    /// A Lithuanian entity. As an *ultimate* owner: one that is public, or whose participants are not known.
    Entity(EntityNumber),
    /// Nobody knows: holdings that do not add up to the whole, a VIRS without participants, a cycle without an outside owner.
    Unknown,
}

/// One ultimate owner of one VIRS.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Owner {
    /// Who.
    pub holder: Holder,
    /// Effective share in units of 1/[`WHOLE`]; the owners of a VIRS add up to exactly [`WHOLE`].
    pub share: i128,
    /// Fewest steps from the VIRS; 0 for the unknown remainder and for a public VIRS itself.
    pub steps: u32,
    /// Whether a chain of majorities leads from the VIRS to this owner.
    pub controls: bool,
}

/// Everything resolved about one VIRS.
#[derive(Debug, Clone, PartialEq)]
pub struct Ownership {
    /// The VIRS.
    pub entity: EntityNumber,
    /// Its ultimate owners, the greatest share first.
    pub owners: Vec<Owner>,
    /// The chain of majorities that starts at it.
    pub chain: Vec<ChainLink>,
    /// Every holding above it.
    pub links: Vec<Link>,
}

/// Resolves VIRS over one graph: what they have in common is worked out once, so that each can be asked for by itself, by any thread.
#[derive(Debug)]
pub struct Resolver<'a> {
    graph: &'a Graph,
    components: Components,
    cycles: Cycles,
}

impl<'a> Resolver<'a> {
    /// Finds the cycles above these VIRS.
    #[must_use]
    pub fn new(graph: &'a Graph, virs: &[EntityNumber]) -> Self {
        let components = components::find(graph, virs);
        let cycles = Cycles::of(graph, &components);
        Self { graph, components, cycles }
    }

    /// The owners of one of those VIRS.
    #[must_use]
    pub fn owners(&self, entity: EntityNumber) -> Ownership {
        let (graph, flow) = (self.graph, Flow::new(self.graph, &self.components, &self.cycles));
        let chain = control::chain(graph, entity);
        let controlling = chain.last().map(|step| step.holder);
        let owners = flow.owners(entity).into_iter().map(|owner| Owner { controls: controlling == Some(owner.holder), ..owner }).collect();
        Ownership { entity, owners, chain, links: links::links(graph, &flow, entity) }
    }
}

/// Resolves the owners of every entity of `virs`, in that order.
#[must_use]
pub fn resolve(graph: &Graph, virs: &[EntityNumber]) -> Vec<Ownership> {
    let resolver = Resolver::new(graph, virs);
    virs.par_iter().map(|&entity| resolver.owners(entity)).collect()
}
