//! Primary suppression: whether a number that natural persons stand behind tells too much of one of them by itself.

use std::collections::{BTreeMap, BTreeSet};

/// What one natural person contributes to a number in one role, such as who pays or who receives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The person; the same number wherever it is the same person.
    pub person: u64,
    /// The role; what persons contribute in different roles is not added up.
    pub role: usize,
    /// How much; not negative. What contributes in one role may be the same money as in another.
    pub amount: f64,
}

/// When a number tells too much (Handbook on Statistical Disclosure Control, chapter 4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Threshold rule: at least so many distinct persons, or none.
    pub threshold: usize,
    /// (n, k) dominance rule: the largest n persons of a role contribute no more than this part of the total.
    pub dominance: (usize, f64),
    /// p % rule: no person can estimate another's contribution to within this part of it.
    pub p: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { threshold: 3, dominance: (1, 0.75), p: 0.1 }
    }
}

/// The rule by which a number tells too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There are fewer persons than the threshold.
    Few,
    /// The largest persons of a role dominate.
    Dominated,
    /// A person can estimate the largest contribution.
    Estimated,
}

/// Why a number must be suppressed for what it tells of persons; nothing if it may be shown. `total` is the number itself: what others than
/// natural persons contribute is in it, not in `contributions`. A number without persons tells of none.
pub fn sensitive(contributions: &[Contribution], total: f64, rules: &Rules) -> Option<Why> {
    let persons: BTreeSet<u64> = contributions.iter().map(|one| one.person).collect();
    if persons.is_empty() {
        return None;
    }
    if persons.len() < rules.threshold {
        return Some(Why::Few);
    }
    let largest = largest_first(contributions);
    if is_dominated(&largest, total, rules.dominance) {
        return Some(Why::Dominated);
    }
    is_estimated(&largest, total, rules.p).then_some(Why::Estimated)
}

/// What each person contributes in each role.
fn largest_first(contributions: &[Contribution]) -> Vec<Contribution> {
    let mut sums = BTreeMap::new();
    for one in contributions {
        *sums.entry((one.role, one.person)).or_insert(0.0) += one.amount;
    }
    let mut sums: Vec<_> = sums.into_iter().map(|((role, person), amount)| Contribution { person, role, amount }).collect();
    sums.sort_by(|one, other| other.amount.total_cmp(&one.amount));
    sums
}

fn is_dominated(largest: &[Contribution], total: f64, (persons, part): (usize, f64)) -> bool {
    let roles: BTreeSet<usize> = largest.iter().map(|one| one.role).collect();
    roles.into_iter().any(|role| {
        let of_role = largest.iter().filter(|one| one.role == role).map(|one| one.amount);
        let sum: f64 = of_role.take(persons).sum();
        sum > 0.0 && sum > part * total
    })
}

/// Whether whoever contributes most beside the largest, or anybody if that is nobody, knows the largest by subtracting what is known.
fn is_estimated(largest: &[Contribution], total: f64, p: f64) -> bool {
    let Some(first) = largest.first().filter(|first| first.amount > 0.0) else { return false };
    let second = largest.iter().find(|one| one.person != first.person).map_or(0.0, |one| one.amount);
    total - first.amount - second < p * first.amount
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAYS: usize = 0;
    const RECEIVES: usize = 1;

    fn role(role: usize, first: u64, amounts: &[f64]) -> Vec<Contribution> {
        amounts.iter().zip(first..).map(|(amount, person)| Contribution { person, role, amount: *amount }).collect()
    }

    fn why(contributions: &[Contribution], total: f64) -> Option<Why> {
        sensitive(contributions, total, &Rules::default())
    }

    #[test]
    fn a_number_without_persons_tells_of_none() {
        assert_eq!(why(&[], 1_000.0), None);
        assert_eq!(why(&[], 0.0), None);
    }

    #[test]
    fn one_person_or_two_are_few_whatever_others_add() {
        assert_eq!(why(&role(PAYS, 1, &[10.0]), 1_000_000.0), Some(Why::Few));
        assert_eq!(why(&role(PAYS, 1, &[10.0, 10.0]), 1_000_000.0), Some(Why::Few));
        // The same person in both roles, and twice in one, is one.
        let same = [role(PAYS, 1, &[10.0, 10.0]), role(RECEIVES, 1, &[10.0]), role(PAYS, 2, &[5.0])].concat();
        assert_eq!(why(&same, 1_000_000.0), Some(Why::Few));
        assert_eq!(why(&role(PAYS, 1, &[0.0, 0.0, 0.0]), 0.0), None);
    }

    #[test]
    fn roles_are_protected_apart() {
        let payers = role(PAYS, 1, &[15_000.0; 56]);
        let small = role(RECEIVES, 100, &[900.0, 1_100.0]);
        assert_eq!(why(&[payers.clone(), small].concat(), 1_000_000.0), None);
        let all = role(RECEIVES, 100, &[840_000.0]);
        assert_eq!(why(&[payers, all].concat(), 840_000.0), Some(Why::Dominated));
    }

    #[test]
    fn the_largest_may_have_three_quarters_and_no_more() {
        assert_eq!(why(&role(PAYS, 1, &[75.0, 5.0, 5.0]), 100.0), None);
        assert_eq!(why(&role(PAYS, 1, &[76.0, 5.0, 5.0]), 100.0), Some(Why::Dominated));
        // Two bills of one person are one contribution.
        assert_eq!(why(&[role(PAYS, 1, &[40.0, 5.0, 5.0]), role(PAYS, 1, &[36.0])].concat(), 100.0), Some(Why::Dominated));
        let two = Rules { dominance: (2, 0.75), ..Rules::default() };
        assert_eq!(sensitive(&role(PAYS, 1, &[40.0, 36.0, 12.0, 12.0]), 100.0, &two), Some(Why::Dominated));
        assert_eq!(sensitive(&role(PAYS, 1, &[40.0, 35.0, 13.0, 12.0]), 100.0, &two), None);
    }

    #[test]
    fn the_second_largest_cannot_estimate_the_largest() {
        // 100 - 50 - 46 = 4 is less than a tenth of 50.
        assert_eq!(why(&role(PAYS, 1, &[50.0, 46.0, 4.0]), 100.0), Some(Why::Estimated));
        assert_eq!(why(&role(PAYS, 1, &[50.0, 45.0, 5.0]), 100.0), None);
        // What firms add is noise that protects.
        assert_eq!(why(&role(PAYS, 1, &[50.0, 46.0, 4.0]), 200.0), None);
        // Own money in another role is no help against oneself; somebody else's is.
        let both = [role(PAYS, 1, &[60.0, 10.0, 10.0]), role(RECEIVES, 1, &[60.0])].concat();
        assert_eq!(why(&both, 100.0), None);
        assert_eq!(why(&[both, role(RECEIVES, 9, &[36.0])].concat(), 100.0), Some(Why::Estimated));
    }
}
