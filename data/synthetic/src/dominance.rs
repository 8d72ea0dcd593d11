//! Dominance: in some cells of a statistic one contributor stands behind four fifths of the money.

use crate::draws::Draws;

/// Of a hundred cells so many get a dominant contributor, the first one always.
const PERCENT_OF_CELLS: u32 = 25;
/// A dominant contributor pays so many times what all others pay: four fifths of the whole.
const TIMES_THE_REST: i64 = 4;

/// One sum in a cell of a statistic.
pub(crate) struct Sum<Cell, Contributor> {
    /// The cell.
    pub(crate) cell: Cell,
    /// Whose sum it is.
    pub(crate) contributor: Contributor,
    /// How much, in cents.
    pub(crate) cents: i64,
    /// Where it stands among all facts.
    pub(crate) place: usize,
    /// Whether it must stay as it is.
    pub(crate) fixed: bool,
}

/// In some of the cells with several contributors, which sum to raise, and by how many cents, for its contributor to have exactly four
/// fifths of the cell.
pub(crate) fn raises<Cell: Ord, Contributor: Ord>(mut sums: Vec<Sum<Cell, Contributor>>, draws: &mut Draws) -> Vec<(usize, i64)> {
    sums.sort_by(|one, other| one.cell.cmp(&other.cell));
    let mut raises = Vec::new();
    for cell in sums.chunk_by(|one, other| one.cell == other.cell) {
        let Some(largest) = cell.iter().filter(|sum| !sum.fixed).max_by_key(|sum| sum.cents) else {
            continue;
        };
        let (own, rest) = cell.iter().fold((0, 0), |(own, rest), sum| {
            if sum.contributor == largest.contributor { (own + sum.cents, rest) } else { (own, rest + sum.cents) }
        });
        let more = TIMES_THE_REST * rest - own;
        if more > 0 && (raises.is_empty() || draws.percent(PERCENT_OF_CELLS)) {
            raises.push((largest.place, more));
        }
    }
    raises
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sum_that_may_change_comes_to_four_fifths_of_its_cell() {
        let sum = |cell, contributor, cents, place, fixed| Sum { cell, contributor, cents, place, fixed };
        let alone = sum(1, 'a', 500, 0, false);
        let sums = vec![alone, sum(2, 'a', 100, 1, false), sum(2, 'b', 70, 2, false), sum(2, 'b', 40, 3, false), sum(2, 'c', 300, 4, true)];
        assert_eq!(raises(sums, &mut Draws::of(1, "test")), [(1, 4 * 410 - 100)]);
    }
}
