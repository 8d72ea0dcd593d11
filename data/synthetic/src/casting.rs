//! Who plays a role (pays, gives, sits on a board): mostly somebody new, sometimes an owner of a VIRS.

use crate::draws::Draws;
use crate::people::{People, PersonId};

/// Of a hundred persons in a role so many are owners of VIRS.
const PERCENT_OWNERS: u32 = 12;

/// Finds persons for one kind of role. Owners are taken in the same order for every role, the first one always: so the first few
/// owners have all roles at once, and many have two.
#[derive(Default)]
pub(crate) struct Casting {
    taken: usize,
}

impl Casting {
    /// The next person; each owner comes once at the most.
    pub(crate) fn person(&mut self, people: &mut People, owners: &[PersonId], draws: &mut Draws) -> PersonId {
        match owners.get(self.taken) {
            Some(&owner) if self.taken == 0 || draws.percent(PERCENT_OWNERS) => {
                self.taken += 1;
                owner
            }
            _ => people.lithuanian(draws),
        }
    }
}
