//! The holdings in force on a day, as compressed sparse rows: for each entity, who holds what share of it.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::holding::{Holding, Unit, co_owners, ratio};
use crate::{EntityNumber, Holder};

/// A share of one entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    pub(crate) holder: Holder,
    /// What the holder owns; co-owners have equal parts.
    pub(crate) share: f64,
    /// What the holder votes; the authorised co-owner votes for all.
    pub(crate) votes: f64,
}

/// Holdings in force on one day, in columns: an edge is a place in them.
#[derive(Debug, Default)]
pub struct Graph {
    /// Where the edges of each entity begin, and at last where those of the last one end.
    offsets: Vec<usize>,
    kinds: Vec<Kind>,
    numbers: Vec<u32>,
    shares: Vec<f64>,
    /// Votes of the few edges that have others than their share, by place.
    votes: Vec<(usize, f64)>,
    public: Vec<bool>,
}

/// Which kind of holder a number is of.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Kind {
    Person,
    Foreign,
    Entity,
    Unknown,
}

impl Graph {
    /// The graph of `entities` entities on `day`. `public` marks state and municipal entities: ownership ends there.
    ///
    /// Only holdings in force that day count. Where an entity's holdings add up to more than the whole, they are scaled down to it; where to less, or where nobody says what the whole is, the rest is unknown.
    #[must_use]
    pub fn new(entities: usize, holdings: &[Holding], public: Vec<bool>, day: i32) -> Self {
        let mut sorted: Vec<&Holding> = holdings.iter().collect();
        sorted.sort_by_key(|holding| holding.entity);
        let mut builder = Builder::new(entities, public, day);
        sorted.into_iter().for_each(|holding| builder.add(holding));
        builder.finish()
    }

    /// What is held of an entity, in the order of joint holdings and holders.
    pub(crate) fn edges(&self, entity: EntityNumber) -> impl ExactSizeIterator<Item = Edge> + Clone + '_ {
        self.places(entity).map(|place| self.edge(place))
    }

    /// The edge of an entity that comes after so many others.
    pub(crate) fn edge_at(&self, entity: EntityNumber, number: usize) -> Option<Edge> {
        self.places(entity).nth(number).map(|place| self.edge(place))
    }

    /// Whether nothing is held of an entity, as far as anybody follows it.
    pub(crate) fn is_end(&self, entity: EntityNumber) -> bool {
        self.places(entity).is_empty()
    }

    pub(crate) fn is_public(&self, entity: EntityNumber) -> bool {
        self.public[entity as usize]
    }

    pub(crate) fn entities(&self) -> usize {
        self.public.len()
    }

    fn places(&self, entity: EntityNumber) -> Range<usize> {
        let entity = entity as usize;
        if self.public[entity] { 0..0 } else { self.offsets[entity]..self.offsets[entity + 1] }
    }

    fn edge(&self, place: usize) -> Edge {
        let (number, share) = (self.numbers[place], self.shares[place]);
        let holder = match self.kinds[place] {
            Kind::Person => Holder::Person(number),
            Kind::Foreign => Holder::Foreign(number),
            Kind::Entity => Holder::Entity(number),
            Kind::Unknown => Holder::Unknown,
        };
        let votes = self.votes.binary_search_by_key(&place, |(place, _)| *place).map_or(share, |at| self.votes[at].1);
        Edge { holder, share, votes }
    }

    fn push(&mut self, edge: Edge) {
        let (kind, number) = match edge.holder {
            Holder::Person(number) => (Kind::Person, number),
            Holder::Foreign(number) => (Kind::Foreign, number),
            Holder::Entity(number) => (Kind::Entity, number),
            Holder::Unknown => (Kind::Unknown, 0),
        };
        if edge.votes.to_bits() != edge.share.to_bits() {
            self.votes.push((self.shares.len(), edge.votes));
        }
        self.kinds.push(kind);
        self.numbers.push(number);
        self.shares.push(edge.share);
    }
}

/// Makes a graph of holdings that come in the order of the entities that are held; it keeps those of one entity at a time.
#[derive(Debug)]
pub struct Builder {
    graph: Graph,
    day: i32,
    entities: usize,
    /// Holdings in the entity that comes next.
    own: Vec<Holding>,
}

impl Builder {
    /// As [`Graph::new`].
    #[must_use]
    pub fn new(entities: usize, public: Vec<bool>, day: i32) -> Self {
        let graph = Graph { offsets: Vec::with_capacity(entities + 1), public, ..Graph::default() };
        Self { graph, day, entities, own: Vec::new() }
    }

    /// Takes the next holding.
    ///
    /// # Panics
    /// If it is of an entity before that of the holding before it, whose edges are laid down already.
    pub fn add(&mut self, holding: &Holding) {
        if !holding.is_in_force(self.day) {
            return;
        }
        let next = self.own.first().map_or(self.graph.offsets.len(), |own| own.entity as usize);
        assert!(holding.entity as usize >= next, "holdings come in the order of entities");
        if holding.entity as usize > next {
            self.lay_down();
        }
        self.own.push(*holding);
    }

    /// The graph of all that was taken.
    #[must_use]
    pub fn finish(mut self) -> Graph {
        self.lay_down();
        self.graph.offsets.resize(self.entities + 1, self.graph.shares.len());
        self.graph
    }

    /// Turns the holdings in one entity into its edges.
    fn lay_down(&mut self) {
        let mut own = std::mem::take(&mut self.own);
        let Some(entity) = own.first().map(|holding| holding.entity as usize) else { return };
        own.sort_by_key(|holding| (holding.joint, holding.holder));
        // Of the entities between, nothing is held.
        self.graph.offsets.resize(entity + 1, self.graph.shares.len());
        edges(&own, &mut self.graph);
        own.clear();
        self.own = own;
    }
}

fn edges(own: &[Holding], graph: &mut Graph) {
    let groups = co_owners(own.iter());
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
        graph.push(Edge { holder: holding.holder, share, votes });
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
    fn of(own: &[Holding]) -> Self {
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
