//! The holdings in force on a day, as compressed sparse rows: for each entity, who holds what share of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{EntityNumber, Holder};

/// What the size of a holding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Shares.
    Shares,
    /// Cents of the capital.
    Capital,
}

/// One holding as a register records it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    /// The entity that is held.
    pub entity: EntityNumber,
    /// Who holds it.
    pub holder: Holder,
    /// Shares, or cents of contribution.
    pub size: i128,
    /// Which of the two.
    pub unit: Unit,
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

impl Holding {
    /// Whether it has begun on or before the day and has not ceased by it.
    pub(crate) fn is_in_force(&self, day: i32) -> bool {
        self.from <= day && self.until.is_none_or(|until| until > day)
    }

    /// The whole that it is a part of, where somebody says it; a whole of nothing is none.
    pub(crate) fn stated_whole(&self) -> Option<i128> {
        self.whole.filter(|whole| *whole > 0)
    }
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
    /// Only holdings in force that day count. Where an entity's holdings add up to more than the whole, they are scaled down to it; where to less, or where nobody says what the whole is, the rest is unknown.
    #[must_use]
    pub fn new(entities: usize, holdings: &[Holding], public: Vec<bool>, day: i32) -> Self {
        let mut current: Vec<&Holding> = holdings.iter().filter(|holding| holding.is_in_force(day)).collect();
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
}

/// How many have each joint holding together.
pub(crate) fn co_owners<'a>(holdings: impl Iterator<Item = &'a Holding>) -> HashMap<u32, usize> {
    let mut groups: HashMap<u32, usize> = HashMap::new();
    holdings.filter_map(|holding| holding.joint).for_each(|group| *groups.entry(group).or_default() += 1);
    groups
}

/// The share of its entity that a holding is by itself, one of `members` co-owners' part of it; `None` where nobody says of how much it is.
pub(crate) fn stated_share(holding: &Holding, members: usize) -> Option<f64> {
    let whole = holding.stated_whole()?;
    // More than the whole is the whole.
    Some(ratio(holding.size.min(whole), whole) / members.max(1) as f64)
}

fn push_edges(own: &[&Holding], edges: &mut Vec<Edge>) {
    let groups = co_owners(own.iter().copied());
    let measures = Measures::of(own);
    let authorised = |group| own.iter().filter(|holding| holding.joint == Some(group) && holding.authorised).count();
    for holding in own {
        let members = holding.joint.map_or(1, |group| groups[&group]);
        let share = measures.share(holding) / members as f64;
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

/// What the holdings in one entity are measured by.
struct Measures {
    /// Sizes together by unit and whole, each jointly owned holding counted once.
    held: BTreeMap<(Unit, i128), i128>,
    /// How often the whole is held, all of them together.
    times: f64,
}

impl Measures {
    fn of(own: &[&Holding]) -> Self {
        let mut held: BTreeMap<(Unit, i128), i128> = BTreeMap::new();
        let mut seen = HashSet::new();
        for holding in own.iter().filter(|holding| holding.joint.is_none_or(|group| seen.insert(group))) {
            if let Some(whole) = holding.stated_whole() {
                *held.entry((holding.unit, whole)).or_default() += holding.size;
            }
        }
        let times = held.iter().map(|((_, whole), held)| ratio(*held, *whole)).sum();
        Self { held, times }
    }

    /// The share of a holding, with all of its co-owners. One of which nobody says of how much it is, is no known share of anything: it
    /// stays part of what is unknown.
    fn share(&self, holding: &Holding) -> f64 {
        match (holding.stated_whole(), self.held.first_key_value()) {
            (None, _) | (_, None) => 0.0,
            // In whole numbers, so that exactly one half is exactly that.
            (Some(whole), Some((_, held))) if self.held.len() == 1 => ratio(holding.size, whole.max(*held)),
            (Some(whole), _) => ratio(holding.size, whole) / self.times.max(1.0),
        }
    }
}

fn ratio(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}
