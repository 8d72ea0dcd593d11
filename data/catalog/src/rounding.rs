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

/// A count rounded to two significant digits, and at least to a multiple of `base`; half goes up. What is rounded already stays as it is.
#[must_use]
pub fn rounded(count: i64, base: i64) -> i64 {
    let digits = count.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
    let step = base.max(10_i64.pow(digits.saturating_sub(2))).max(1);
    (count + step / 2).div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_are_left_and_nothing_below_the_base() {
        for (exact, shown) in [(0, 0), (4, 0), (5, 10), (14, 10), (95, 100), (994, 990), (995, 1_000), (12_345, 12_000), (9_950, 10_000)] {
            assert_eq!(rounded(exact, 10), shown, "{exact}");
        }
    }

    #[test]
    fn rounding_twice_changes_nothing_and_no_count_moves_far() {
        for exact in (0..5_000).chain((0..3_000_000).step_by(977)) {
            let shown = rounded(exact, 10);
            assert_eq!(rounded(shown, 10), shown, "{exact}");
            assert!((shown - exact).abs() <= 5.max(exact / 20 + 1), "{exact} became {shown}");
        }
    }
}
