//! Random tables: whatever is suppressed, nobody recovers it once they are protected.

use std::collections::BTreeSet;

use proptest::prelude::*;
use protection::{Cell, Options, System, WithoutRoom};

use crate::tables::{amount, count, is_wide, suppress, table, total};

/// Suppresses small cells, gives some of the inner ones a contributor, protects, and solves every suppressed cell anew.
fn nobody_recovers_a_cell(mut system: System, inner: usize, few: f64) -> Result<(), TestCaseError> {
    for cell in (0..system.cells.len()).filter(|cell| (0.5..=few).contains(&system.cells[*cell].value)).collect::<Vec<_>>() {
        suppress(&mut system, cell);
        system.cells[cell].contributor = (cell < inner && cell % 3 == 0).then_some(cell as u64 / 2);
    }
    // Where anything may be suppressed there is always room against readers. Somebody alone in a table knows all of it.
    prop_assert_eq!(protected(system.clone(), false)?, BTreeSet::new());
    protected(system, true)?;
    Ok(())
}

/// Protects a system; the cells that it names as narrow all the same.
fn protected(mut system: System, contributors: bool) -> Result<BTreeSet<usize>, TestCaseError> {
    let options = Options { contributors, without_room: WithoutRoom::SuppressAround };
    let before: BTreeSet<usize> = system.suppressed().collect();
    let again = system.clone().protect_with(options);
    let protected = system.protect_with(options);
    prop_assert_eq!(&again, &protected, "the same system has the same result");
    let protected = protected.unwrap();
    let expected: BTreeSet<usize> = before.union(&protected.further).copied().collect();
    prop_assert_eq!(system.suppressed().collect::<BTreeSet<_>>(), expected);
    let narrow: BTreeSet<usize> = protected.narrow.iter().map(|(cell, _)| *cell).collect();
    for (cell, found) in system.intervals().unwrap() {
        let told = narrow.contains(&cell) || is_wide(&system.cells[cell], found);
        prop_assert!(told, "cell {} of {} is known to be in {:?}", cell, system.cells[cell].value, found);
    }
    let attackers: BTreeSet<u64> = before.iter().filter_map(|cell| system.cells[*cell].contributor).filter(|_| contributors).collect();
    for contributor in attackers {
        let found = system.audit_as(contributor).unwrap();
        prop_assert!(found.iter().all(|(cell, _)| narrow.contains(cell)), "{} knows {:?}", contributor, found);
    }
    Ok(narrow)
}

fn cells(values: &[u32], whole: bool) -> Vec<Cell> {
    values.iter().map(|value| if whole { count(*value) } else { amount(f64::from(*value) * 1.01) }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_two_dimensions(values in prop::collection::vec(0u32..60, 20), few in 1u32..8, whole: bool) {
        let mut system = System::default();
        table(&mut system, values.chunks(5).map(|row| cells(row, whole)).collect());
        nobody_recovers_a_cell(system, 20, f64::from(few))?;
    }

    /// Three dimensions with all totals of lines and planes: here linear optima need not be whole.
    #[test]
    fn of_three_dimensions(values in prop::collection::vec(0u32..20, 27), few in 1u32..5, whole: bool) {
        let mut system = System::default();
        let inner: Vec<usize> = cells(&values, whole).into_iter().map(|cell| system.cell(cell)).collect();
        for step in [1, 3, 9] {
            for first in (0..27).filter(|cell| cell / step % 3 == 0) {
                total(&mut system, &[inner[first], inner[first + step], inner[first + 2 * step]]);
            }
            let plane: Vec<usize> = inner.iter().copied().filter(|cell| cell / step % 3 == 0).collect();
            total(&mut system, &plane);
        }
        nobody_recovers_a_cell(system, 27, f64::from(few))?;
    }

    /// Groups of groups, and the same cells by another grouping.
    #[test]
    fn of_linked_hierarchies(values in prop::collection::vec(0u32..90, 24), few in 1u32..9, whole: bool, turn in 1usize..24) {
        let mut system = System::default();
        let inner: Vec<usize> = cells(&values, whole).into_iter().map(|cell| system.cell(cell)).collect();
        let turned: Vec<usize> = (0..24).map(|place| inner[(place * 7 + turn) % 24]).collect();
        let groups: Vec<usize> = inner.chunks(4).map(|group| total(&mut system, group)).collect();
        let halves: Vec<usize> = groups.chunks(3).map(|half| total(&mut system, half)).collect();
        let all = total(&mut system, &halves);
        let others: Vec<usize> = turned.chunks(6).map(|group| total(&mut system, group)).collect();
        system.sum(all, &others);
        nobody_recovers_a_cell(system, 24, f64::from(few))?;
    }
}
