//! How much must be left in doubt about a suppressed cell.

use crate::{Cell, Interval};

/// The values that readers must hold for possible, at least: the value of the cell with its doubt on both sides. In a count, each side is
/// rounded up to whole numbers and more than two whole numbers remain. Nobody is left in doubt about what is known anyway.
pub(crate) fn required(cell: &Cell) -> Interval {
    let value = cell.value;
    if cell.doubt == (0.0, 0.0) {
        return Interval { least: value, greatest: value };
    }
    let (below, above) = cell.doubt;
    let (least_known, greatest_known) = cell.bounds();
    if !cell.whole {
        return Interval { least: (value - below).max(least_known), greatest: (value + above).min(greatest_known) };
    }
    let whole = |doubt: f64| doubt.ceil().max(1.0);
    let least = (value - whole(below)).max(least_known);
    let greatest = (value + whole(above)).max(least + 2.0).min(greatest_known);
    let least = least.min(greatest - 2.0).max(least_known);
    Interval { least, greatest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(value: f64, known: (f64, f64), doubt: f64) -> Interval {
        required(&Cell { whole: true, known, doubt: (doubt, doubt), ..Cell::shown(value) })
    }

    #[test]
    fn an_amount_is_in_doubt_by_its_percentage_but_for_what_is_known() {
        let amount = Cell { doubt: (10.0, 10.0), ..Cell::shown(100.0) };
        assert_eq!(required(&amount), Interval { least: 90.0, greatest: 110.0 });
        let bounded = Cell { known: (95.0, 102.0), ..amount };
        assert_eq!(required(&bounded), Interval { least: 95.0, greatest: 102.0 });
    }

    #[test]
    fn a_count_has_more_than_two_whole_numbers_in_doubt() {
        let anything = (0.0, f64::INFINITY);
        assert_eq!(count(5.0, anything, 0.5), Interval { least: 4.0, greatest: 6.0 });
        assert_eq!(count(25.0, anything, 2.5), Interval { least: 22.0, greatest: 28.0 });
        assert_eq!(count(0.0, anything, 0.1), Interval { least: 0.0, greatest: 2.0 });
        assert_eq!(count(7.0, (0.0, 7.0), 0.7), Interval { least: 5.0, greatest: 7.0 });
        assert_eq!(count(1.0, (0.0, 1.0), 0.1), Interval { least: 0.0, greatest: 1.0 });
    }

    #[test]
    fn nothing_is_promised_without_a_doubt() {
        assert_eq!(count(5.0, (0.0, 9.0), 0.0), Interval { least: 5.0, greatest: 5.0 });
    }
}
