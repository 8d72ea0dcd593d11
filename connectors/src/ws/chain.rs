//! Whom to ask about next: the entities that were named, then the entities that own them, then those that own these, and so on
//! until only people, foreigners and the unknown are left. Nobody is asked about twice, which also ends circles of owners.

use std::collections::HashSet;

use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};

use super::Flaw;

/// A walk from owned to owners, level by level.
#[derive(Debug)]
pub(super) struct Chain {
    /// Everybody who was asked about or is going to be.
    known: HashSet<String>,
    /// This level: who is still to be asked about, the last one first.
    level: Vec<String>,
    /// The level above, as it was found.
    owners: Vec<String>,
    climbed: u32,
    depth: u32,
    questions: u64,
    budget: u64,
}

impl Chain {
    /// Begins with `wanted`; goes `depth` levels up with at most `budget` questions.
    pub(super) fn new(wanted: &[String], depth: u32, budget: u64) -> Result<Self, Flaw> {
        let is_code = |code: &&String| is_legal_entity_code(code) || is_old_legal_entity_code(code) || is_personal_code(code);
        let count = wanted.iter().filter(|code| !is_code(code)).count();
        if count > 0 {
            return Err(Flaw::NotCodes { count });
        }
        let mut chain = Self { known: HashSet::new(), level: Vec::new(), owners: Vec::new(), climbed: 0, depth, questions: 0, budget };
        wanted.iter().for_each(|code| chain.add(code));
        chain.level = std::mem::take(&mut chain.owners);
        chain.level.reverse();
        Ok(chain)
    }

    /// Notes an owner that was found, unless it is known or no Lithuanian legal entity.
    pub(super) fn found(&mut self, owner: &str) {
        if is_legal_entity_code(owner) || is_old_legal_entity_code(owner) {
            self.add(owner);
        }
    }

    /// The codes of the next question; none when there is nobody left.
    pub(super) fn next_question(&mut self, batch: usize) -> Result<Option<Vec<String>>, Flaw> {
        if self.level.is_empty() {
            return Ok(None);
        }
        let open = self.level.len() + self.owners.len();
        if self.questions == self.budget {
            return Err(Flaw::Budget { questions: self.questions, codes: self.known.len() - open, budget: self.budget });
        }
        self.questions += 1;
        let rest = self.level.len().saturating_sub(batch);
        let mut codes = self.level.split_off(rest);
        codes.reverse();
        Ok(Some(codes))
    }

    /// Goes up one level. To be called when this one is answered.
    pub(super) fn climb(&mut self) -> Result<(), Flaw> {
        if self.owners.is_empty() {
            return Ok(());
        }
        if self.climbed == self.depth {
            let left = self.owners.len();
            return Err(Flaw::Depth { depth: self.depth, asked: self.known.len() - left, left });
        }
        self.climbed += 1;
        self.level = std::mem::take(&mut self.owners);
        self.level.reverse();
        Ok(())
    }

    fn add(&mut self, code: &str) {
        if self.known.insert(code.to_owned()) {
            self.owners.push(code.to_owned());
        }
    }
}
