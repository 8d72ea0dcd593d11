//! Whom to ask about next: the entities that were named, then the entities that own them, then those that own these, and so on
//! until only people, foreigners and the unknown are left. Nobody is asked about twice, which also ends circles of owners.

use std::collections::HashSet;

use catalog::SecretCode;
use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code};

use super::Flaw;

/// A walk from owned to owners, level by level. Not to be printed: it holds codes.
pub(super) struct Chain {
    /// Everybody who was asked about or is going to be.
    known: HashSet<SecretCode>,
    /// Who of this level is still to be asked about.
    level: Vec<SecretCode>,
    /// The level above, as far as it was found.
    owners: Vec<SecretCode>,
    climbed: u32,
    depth: u32,
    questions: usize,
    budget: usize,
}

impl Chain {
    /// Begins with `codes`; goes at most `depth` levels up with at most `budget` questions.
    pub(super) fn new(codes: &[SecretCode], depth: u32, budget: usize) -> Self {
        let mut chain = Self { known: HashSet::new(), level: Vec::new(), owners: Vec::new(), climbed: 0, depth, questions: 0, budget };
        codes.iter().for_each(|code| chain.add(code.clone()));
        chain.level = std::mem::take(&mut chain.owners);
        chain
    }

    /// Notes an owner that was found. `false`: this is no code of a Lithuanian legal entity, so nobody can be asked about it.
    pub(super) fn found(&mut self, owner: &str) -> bool {
        let is_code = is_legal_entity_code(owner) || is_old_legal_entity_code(owner);
        if is_code {
            self.add(SecretCode::new(owner));
        }
        is_code
    }

    /// The next questions, at most `at_once` with `batch` codes each; none when there is nobody left.
    /// To be called when those before are answered and their owners noted.
    pub(super) fn next_questions(&mut self, at_once: usize, batch: usize) -> Result<Vec<Vec<SecretCode>>, Flaw> {
        if self.level.is_empty() && !self.owners.is_empty() {
            self.climb()?;
        }
        if self.level.is_empty() {
            return Ok(Vec::new());
        }
        if self.questions == self.budget {
            let codes = self.known.len() - self.level.len() - self.owners.len();
            return Err(Flaw::Budget { questions: self.questions, codes });
        }
        let at_once = at_once.min(self.budget - self.questions);
        let now: Vec<_> = self.level.drain(..self.level.len().min(at_once.saturating_mul(batch))).collect();
        let questions: Vec<_> = now.chunks(batch).map(<[_]>::to_vec).collect();
        self.questions += questions.len();
        Ok(questions)
    }

    fn climb(&mut self) -> Result<(), Flaw> {
        if self.climbed == self.depth {
            let left = self.owners.len();
            return Err(Flaw::Depth { depth: self.depth, codes: self.known.len() - left, left });
        }
        self.climbed += 1;
        self.level = std::mem::take(&mut self.owners);
        Ok(())
    }

    fn add(&mut self, code: SecretCode) {
        if self.known.insert(code.clone()) {
            self.owners.push(code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invented codes with right control digits.
    const CODES: [&str; 5] = ["300000010", "300000028", "300000035", "300000042", "300000053"];

    fn chain(codes: &[&str], depth: u32, budget: usize) -> Chain {
        Chain::new(&codes.iter().copied().map(SecretCode::new).collect::<Vec<_>>(), depth, budget)
    }

    /// The next questions, readable.
    fn next(chain: &mut Chain, at_once: usize, batch: usize) -> Result<Vec<Vec<String>>, Flaw> {
        let readable = |question: Vec<SecretCode>| question.iter().map(|code| code.expose_to_register().to_owned()).collect();
        Ok(chain.next_questions(at_once, batch)?.into_iter().map(readable).collect())
    }

    #[test]
    fn the_invented_codes_are_codes() {
        assert!(CODES.iter().all(|code| is_legal_entity_code(code)), "{CODES:?}");
    }

    #[test]
    fn levels_are_asked_one_after_another_and_nobody_twice() {
        let mut chain = chain(&[CODES[0], CODES[1], CODES[0]], 5, 100);
        assert_eq!(next(&mut chain, 1, 1).unwrap(), [[CODES[0]]]);
        chain.found(CODES[2]);
        chain.found(CODES[1]);
        assert_eq!(next(&mut chain, 9, 9).unwrap(), [[CODES[1]]]);
        chain.found(CODES[3]);
        chain.found(CODES[2]);
        assert_eq!(next(&mut chain, 2, 1).unwrap(), [[CODES[2]], [CODES[3]]]);
        // A circle: the owner is owned by what it owns.
        chain.found(CODES[0]);
        chain.found(CODES[2]);
        assert!(next(&mut chain, 2, 1).unwrap().is_empty());
    }

    #[test]
    fn people_foreigners_and_broken_codes_are_not_followed() {
        let mut chain = chain(&[CODES[0]], 5, 100);
        next(&mut chain, 1, 1).unwrap();
        for stranger in ["", "300000016", "LV40003000000", "39001010006"] {
            assert!(!chain.found(stranger));
        }
        assert!(next(&mut chain, 1, 1).unwrap().is_empty());
    }

    #[test]
    fn the_budget_is_used_up_to_the_last_question_and_then_an_error() {
        let mut chain = chain(&CODES, 5, 2);
        assert_eq!(next(&mut chain, 9, 2).unwrap().len(), 2);
        assert_eq!(next(&mut chain, 9, 2), Err(Flaw::Budget { questions: 2, codes: 4 }));
    }

    #[test]
    fn the_depth_is_a_bound_and_not_a_cut() {
        let mut chain = chain(&[CODES[0]], 1, 100);
        next(&mut chain, 1, 1).unwrap();
        chain.found(CODES[1]);
        assert_eq!(next(&mut chain, 1, 1).unwrap(), [[CODES[1]]]);
        chain.found(CODES[2]);
        chain.found(CODES[3]);
        assert_eq!(next(&mut chain, 1, 1), Err(Flaw::Depth { depth: 1, codes: 2, left: 2 }));
    }
}
