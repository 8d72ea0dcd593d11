//! Stakes: who holds how much of an entity.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::people::PersonId;

/// Shares (or cents of capital) of an entity in which a case is planted.
pub(crate) const WHOLE_OF_PLANTED: i64 = 10_000;
/// Who holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A person.
    Person(PersonId),
    /// An entity of the register, by its place among all.
    Entity(usize),
    /// A company abroad, by its place among those.
    Foreign(usize),
    /// An entity known by its old code, by its place among those.
    Old(usize),
}

/// A holding that several persons have together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joint {
    /// Number of the group.
    pub(crate) group: usize,
    /// Whether this co-owner acts for all.
    pub(crate) authorised: bool,
}

/// What one holder has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding {
    /// Its number in the file that it is in, which no other one ever has; 0 until it is given.
    pub(crate) number: usize,
    /// Who.
    pub(crate) holder: Holder,
    /// Shares, or cents of the contribution.
    pub(crate) part: i64,
    /// With whom.
    pub(crate) joint: Option<Joint>,
    /// Since when.
    pub(crate) from: NaiveDate,
    /// Until when, if it has ended.
    pub(crate) until: Option<NaiveDate>,
}

/// All holdings in one entity.
pub(crate) struct Stake {
    /// The entity, by its place among all.
    pub(crate) owned: usize,
    /// Whether it is divided into shares.
    pub(crate) in_shares: bool,
    /// All its shares, or cents of its capital.
    pub(crate) whole: i64,
    /// Who holds them.
    pub(crate) holdings: Vec<Holding>,
}

/// Gives holdings the numbers of the two files that they are written to.
#[derive(Default)]
pub(crate) struct Numbers {
    /// Given in the register's file.
    pub(crate) registered: usize,
    /// Given in the file that VIRS hand in.
    pub(crate) handed_in: usize,
}

impl Numbers {
    /// Numbers all holdings of a stake.
    pub(crate) fn give(&mut self, in_register: bool, stake: &mut Stake) {
        let given = if in_register { &mut self.registered } else { &mut self.handed_in };
        for holding in &mut stake.holdings {
            *given += 1;
            holding.number = *given;
        }
    }
}

impl Stake {
    /// Whether somebody unknown holds a part of it today.
    pub(crate) fn has_unknown_remainder(&self) -> bool {
        let mut groups = BTreeSet::new();
        let current = self.holdings.iter().filter(|holding| holding.until.is_none());
        let known: i64 =
            current.filter(|holding| holding.joint.is_none_or(|joint| groups.insert(joint.group))).map(|holding| holding.part).sum();
        known < self.whole
    }
}
