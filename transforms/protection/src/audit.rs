//! The audit: whether every suppressed cell is in enough doubt.

use std::collections::BTreeMap;

use crate::doubt::required;
use crate::links::Links;
use crate::proofs::{Attacker, Proofs, demands, seen_by};
use crate::system::slack;
use crate::{Interval, System, Unsolved};

impl System {
    /// The suppressed cells, primary and secondary, of which a reader or a contributor can say too much, and the interval that remains.
    ///
    /// # Errors
    /// The solver gave up, or the relations do not hold for the values of the cells.
    pub fn audit(&self) -> Result<Vec<(usize, Interval)>, Unsolved> {
        self.check()?;
        self.narrow(&mut Proofs::new(self, true))
    }

    /// The same for readers who contribute nothing.
    ///
    /// # Errors
    /// As [`System::audit`].
    pub fn audit_of_readers(&self) -> Result<Vec<(usize, Interval)>, Unsolved> {
        self.check()?;
        self.narrow(&mut Proofs::new(self, false))
    }

    /// What is too narrow, for all that is proved; a proof is sought before an interval, as one proves many.
    pub(crate) fn narrow(&self, proofs: &mut Proofs) -> Result<Vec<(usize, Interval)>, Unsolved> {
        let mut found = BTreeMap::new();
        for cell in self.suppressed() {
            for demand in demands(self, cell) {
                let Err(attacker) = proofs.prove(self, demand) else { continue };
                let interval = self.interval_for(&proofs.links, cell, &seen_by(self, attacker))?;
                if !leaves_doubt(required(&self.cells[cell]), interval) {
                    found.insert(cell, interval);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// What one contributor, who knows the own cells, can say too much of. That a cell is not less than what one contributes is known to
    /// everybody who contributes, whatever is suppressed: only how much it can be at most is asked.
    ///
    /// # Errors
    /// As [`System::audit`].
    pub fn audit_as(&self, contributor: u64) -> Result<Vec<(usize, Interval)>, Unsolved> {
        self.check()?;
        let links = Links::new(self);
        let seen = seen_by(self, Attacker::Contributor(contributor));
        let mut found = Vec::new();
        for cell in self.suppressed().filter(|cell| !seen.contains(cell)) {
            let interval = self.interval_for(&links, cell, &seen)?;
            let required = required(&self.cells[cell]).greatest;
            if interval.greatest < required - slack(required) {
                found.push((cell, interval));
            }
        }
        Ok(found)
    }
}

fn leaves_doubt(required: Interval, found: Interval) -> bool {
    let (below, above) = (slack(required.least), slack(required.greatest));
    found.least <= required.least + below && found.greatest >= required.greatest - above
}
