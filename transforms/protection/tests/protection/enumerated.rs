//! Small tables of whole numbers, whose every possible content is tried: intervals are exactly what this finds.

use proptest::prelude::*;
use protection::{Cell, Interval, System};

use crate::tables::{count, suppress, table};

const GREATEST: u32 = 4;

/// A table of three by three with some suppressed cells and odd relations.
fn system(values: [[u32; 3]; 3], suppressed: &[usize], odd: &[(Vec<usize>, Vec<i8>)]) -> System {
    let mut system = System::default();
    let bounded = |value| Cell { known: (0.0, f64::from(GREATEST)), ..count(value) };
    table(&mut system, values.iter().map(|row| row.iter().map(|value| bounded(*value)).collect()).collect());
    suppressed.iter().for_each(|cell| suppress(&mut system, *cell));
    for (cells, factors) in odd {
        let terms: Vec<(usize, f64)> = cells.iter().copied().zip(factors.iter().copied().map(f64::from)).collect();
        let constant = terms.iter().map(|(cell, factor)| factor * system.cells[*cell].value).sum();
        system.relation(terms, constant);
    }
    system
}

/// The interval of each suppressed cell, by trying all values of the nine inner cells.
fn enumerate(system: &System) -> Vec<(usize, Interval)> {
    let unknown: Vec<usize> = (0..9).filter(|cell| system.cells[*cell].is_suppressed()).collect();
    let mut found: Vec<Option<Interval>> = vec![None; system.cells.len()];
    for number in 0..(GREATEST as usize + 1).pow(unknown.len() as u32) {
        let mut values: Vec<f64> = system.cells.iter().map(|cell| cell.value).collect();
        let mut rest = number;
        for cell in &unknown {
            values[*cell] = (rest % (GREATEST as usize + 1)) as f64;
            rest /= GREATEST as usize + 1;
        }
        // Cells are in the order in which their totals are made: a suppressed total is whatever its parts add up to.
        for relation in &system.relations[..7] {
            let (total, _) = relation.terms.iter().find(|(_, factor)| *factor < 0.0).unwrap();
            if system.cells[*total].is_suppressed() {
                values[*total] = relation.terms.iter().filter(|(_, factor)| *factor > 0.0).map(|(cell, _)| values[*cell]).sum();
            }
        }
        let holds = |terms: &[(usize, f64)]| terms.iter().map(|(cell, factor)| factor * values[*cell]).sum::<f64>();
        if system.relations.iter().all(|relation| holds(&relation.terms) == relation.constant) {
            for (place, value) in found.iter_mut().zip(&values) {
                let before = place.unwrap_or(Interval { least: *value, greatest: *value });
                *place = Some(Interval { least: before.least.min(*value), greatest: before.greatest.max(*value) });
            }
        }
    }
    system.suppressed().map(|cell| (cell, found[cell].unwrap())).collect()
}

fn odd_relations() -> impl Strategy<Value = Vec<(Vec<usize>, Vec<i8>)>> {
    let cells = prop::sample::subsequence((0..9).collect::<Vec<usize>>(), 2..5);
    let factors = prop::collection::vec(prop::sample::select(vec![-1i8, 1, 2, 3]), 5);
    prop::collection::vec((cells, factors), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn intervals_are_what_trying_everything_finds(
        values in prop::array::uniform3(prop::array::uniform3(0..=GREATEST)),
        inner in prop::sample::subsequence((0..9).collect::<Vec<usize>>(), 1..6),
        totals in prop::sample::subsequence((9..16).collect::<Vec<usize>>(), 0..4),
        odd in odd_relations(),
    ) {
        let system = system(values, &[inner, totals].concat(), &odd);
        prop_assert_eq!(system.intervals().unwrap(), enumerate(&system));
    }
}
