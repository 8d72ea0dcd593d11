//! The holdings in force on a day, as compressed sparse rows: for each entity, who holds what share of it.

use std::collections::HashMap;

use super::{EntityNumber, Holder};

/// One holding as a register records it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// The entity that is held.
    pub entity: EntityNumber,
    /// Who holds it.
    pub holder: Holder,
    /// Shares, or cents of contribution.
    pub size: i128,
    /// All shares, or cents of the whole capital, when the register says so.
    pub whole: Option<i128>,
    /// Co-owners of one holding carry the same group; the holding counts once.
    pub joint: Option<u32>,
    /// Whether this co-owner represents the others.
    pub authorised: bool,
    /// Days since 1970 from which it holds.
    pub from: i32,
    /// The day on which it ceased, if it did.
    pub until: Option<i32>,
}

/// A share of one entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) holder: Holder,
    /// What the holder owns; co-owners have equal parts.
    pub(super) share: f64,
    /// What the holder votes; the authorised co-owner votes for all.
    pub(super) votes: f64,
}

/// Holdings in force on one day.
#[derive(Debug)]
pub struct Graph {
    offsets: Vec<usize>,
    edges: Vec<Edge>,
    public: Vec<bool>,
}

impl Graph {
    /// The graph of `entities` entities on `day`. `public` marks state and municipal entities: ownership ends there.
    ///
    /// A holding in force began on or before the day and has not ceased by it. Where an entity's holdings add up to more than the
    /// whole, they are scaled down to it; where to less, the rest is unknown.
    #[must_use]
    pub fn new(entities: usize, holdings: &[Holding], public: Vec<bool>, day: i32) -> Self {
        let in_force = |holding: &&Holding| holding.from <= day && holding.until.is_none_or(|until| until > day);
        let mut current: Vec<&Holding> = holdings.iter().filter(in_force).collect();
        current.sort_by_key(|holding| (holding.entity, holding.joint, holding.holder));
        let (mut offsets, mut edges) = (Vec::with_capacity(entities + 1), Vec::with_capacity(current.len()));
        let mut rest = current.as_slice();
        for entity in 0..entities {
            offsets.push(edges.len());
            let count = rest.iter().take_while(|holding| holding.entity as usize == entity).count();
            let (own, later) = rest.split_at(count);
            rest = later;
            push_edges(own, &mut edges);
        }
        offsets.push(edges.len());
        Self { offsets, edges, public }
    }

    pub(super) fn edges(&self, entity: EntityNumber) -> &[Edge] {
        let entity = entity as usize;
        if self.public[entity] { &[] } else { &self.edges[self.offsets[entity]..self.offsets[entity + 1]] }
    }

    pub(super) fn is_public(&self, entity: EntityNumber) -> bool {
        self.public[entity as usize]
    }

    pub(super) fn entities(&self) -> usize {
        self.public.len()
    }

    /// The share of `entity` that `holder` owns directly, for the table of direct participants.
    #[must_use]
    pub fn direct_share(holding: &Holding, co_owners: usize, counted: i128) -> f64 {
        let whole = holding.whole.unwrap_or(counted).max(counted).max(1);
        ratio(holding.size, whole) / co_owners.max(1) as f64
    }
}

/// Sizes of an entity's holdings together, each jointly owned one counted once.
pub(crate) fn counted_size<'a>(holdings: impl Iterator<Item = &'a Holding>) -> (i128, HashMap<u32, usize>) {
    let mut groups: HashMap<u32, usize> = HashMap::new();
    let mut sum = 0;
    for holding in holdings {
        let repeated = holding.joint.is_some_and(|group| {
            let members = groups.entry(group).or_default();
            *members += 1;
            *members > 1
        });
        if !repeated {
            sum += holding.size;
        }
    }
    (sum, groups)
}

fn push_edges(own: &[&Holding], edges: &mut Vec<Edge>) {
    let (counted, groups) = counted_size(own.iter().copied());
    let authorised = |group| own.iter().filter(|holding| holding.joint == Some(group) && holding.authorised).count();
    for holding in own {
        let members = holding.joint.map_or(1, |group| groups[&group]);
        let share = Graph::direct_share(holding, members, counted);
        let votes = match holding.joint {
            Some(group) if authorised(group) == 1 => {
                if holding.authorised {
                    share * members as f64
                } else {
                    0.0
                }
            }
            _ => share,
        };
        edges.push(Edge { holder: holding.holder, share, votes });
    }
}

fn ratio(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}
