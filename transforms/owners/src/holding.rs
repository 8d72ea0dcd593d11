//! Holdings as registers record them.

use std::collections::HashMap;

use crate::{EntityNumber, Holder};

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
    pub fn is_in_force(&self, day: i32) -> bool {
        self.from <= day && self.until.is_none_or(|until| until > day)
    }

    /// The whole that it is a part of, where somebody says it; a whole of nothing is none.
    pub fn stated_whole(&self) -> Option<i128> {
        self.whole.filter(|whole| *whole > 0)
    }
}

/// How many have each joint holding together.
#[must_use]
pub fn co_owners<'a>(holdings: impl Iterator<Item = &'a Holding>) -> HashMap<u32, usize> {
    let mut groups: HashMap<u32, usize> = HashMap::new();
    holdings.filter_map(|holding| holding.joint).for_each(|group| *groups.entry(group).or_default() += 1);
    groups
}

/// The share of its entity that a holding is by itself, one of `members` co-owners' part of it; `None` where nobody says of how much it is.
#[must_use]
pub fn stated_share(holding: &Holding, members: usize) -> Option<f64> {
    let whole = holding.stated_whole()?;
    // More than the whole is the whole.
    Some(ratio(holding.size.min(whole), whole) / members.max(1) as f64)
}

/// What part of the whole it is.
pub(crate) fn ratio(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}
