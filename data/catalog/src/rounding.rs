//! Counts that are published rounded: an exact one, together with the rows that are shown, would tell how many are not.

use serde::Deserialize;

/// Columns of whole numbers that only the internal tier sees exactly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// Their names.
    pub columns: Vec<String>,
    /// The least step: 10 rounds to tens.
    pub base: i64,
}

/// First digits of the counts that are shown, by tenths, as near to equal steps in proportion as two digits allow (preferred numbers R10, ISO 3).
/// A reader knows an exact count that is shown as one of them no more closely than from a number to 1.22 times as much, which is ± 10 %.
const STEPS: [i64; 10] = [10, 13, 16, 20, 25, 32, 40, 50, 64, 80];

/// The same of counts below ten times the base, which are multiples of it.
const FIRST_STEPS: [i64; 8] = [0, 1, 2, 3, 4, 5, 6, 8];

/// A count as the nearest of few numbers, none of which is less than a tenth beside what it may stand for; half goes up. What is rounded already
/// stays as it is, and zero stands for less than half of `base`.
#[must_use]
pub fn rounded(count: i64, base: i64) -> i64 {
    let base = base.max(1);
    let mut shown = 0;
    for next in steps(base) {
        // Twice the middle between both is their sum.
        if count.saturating_mul(2) < shown + next {
            break;
        }
        shown = next;
    }
    shown
}

/// All numbers that are shown, in their order.
fn steps(base: i64) -> impl Iterator<Item = i64> {
    let decades = std::iter::successors(Some(base), |decade| decade.checked_mul(10)).take_while(|decade| decade.checked_mul(160).is_some());
    FIRST_STEPS.into_iter().map(move |step| step * base).chain(decades.flat_map(|decade| STEPS.map(|step| step * decade)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_are_shown() {
        let expected =
            [(0, 0), (4, 0), (5, 10), (14, 10), (95, 100), (114, 100), (115, 130), (994, 1_000), (12_345, 13_000), (900_000, 1_000_000)];
        for (exact, shown) in expected {
            assert_eq!(rounded(exact, 10), shown, "{exact}");
        }
    }

    #[test]
    fn rounding_twice_changes_nothing() {
        for exact in (0..5_000).chain((0..3_000_000).step_by(977)) {
            let shown = rounded(exact, 10);
            assert_eq!(rounded(shown, 10), shown, "{exact}");
        }
    }

    /// An attacker knows of a hidden part of the count no more than of the whole: no part is known more closely than ± 10 %.
    #[test]
    fn what_a_number_stands_for_is_a_tenth_to_both_sides() {
        let shown: Vec<i64> = steps(10).take_while(|step| *step < 100_000_000).collect();
        for neighbours in shown.windows(3) {
            // Bounds of the exact count, twice.
            let (least, over) = (neighbours[0] + neighbours[1], neighbours[1] + neighbours[2]);
            assert!(9 * over >= 11 * least, "{} stands for {} to {}", neighbours[1], least / 2, over / 2);
        }
    }
}
