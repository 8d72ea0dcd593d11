//! Attackers who contribute: whoever is alone in a suppressed cell knows its value.

use std::collections::BTreeSet;

use protection::{Cell, Interval, Options, System};

use crate::tables::{count, suppress, total};

/// One entity in region a, two in b and one in c; counts of one are suppressed.
fn regions() -> (System, [usize; 3]) {
    let mut system = System::default();
    let cells = [(1, Some(7)), (2, None), (1, Some(8))].map(|(value, contributor)| system.cell(Cell { contributor, ..count(value) }));
    total(&mut system, &cells);
    [cells[0], cells[2]].into_iter().for_each(|cell| suppress(&mut system, cell));
    (system, cells)
}

#[test]
fn a_further_cell_is_needed_only_against_contributors() {
    let (system, [_, b, _]) = regions();
    let readers = Options { contributors: false, ..Options::default() };
    assert_eq!(system.clone().protect_with(readers).unwrap().further, BTreeSet::new());
    assert_eq!(system.clone().protect().unwrap(), BTreeSet::from([b]));
}

#[test]
fn a_contributor_knows_the_other_of_two() {
    let (mut system, [a, _, c]) = regions();
    assert_eq!(system.audit_of_readers().unwrap(), []);
    let one = Interval { least: 1.0, greatest: 1.0 };
    assert_eq!(system.audit_as(7).unwrap(), [(c, one)]);
    assert_eq!(system.audit_as(8).unwrap(), [(a, one)]);
    assert_eq!(system.audit().unwrap(), [(a, one), (c, one)]);
    system.protect().unwrap();
    assert_eq!((system.audit_as(7).unwrap(), system.audit_as(8).unwrap()), (vec![], vec![]));
}

#[test]
fn a_contributor_of_both_cells_learns_nothing() {
    let (mut system, [a, b, c]) = regions();
    system.cells[c].contributor = system.cells[a].contributor;
    assert_eq!(system.audit().unwrap(), []);
    // With a third suppressed cell, who knows two of them knows the third.
    suppress(&mut system, b);
    assert_eq!(system.audit().unwrap(), [(b, Interval { least: 2.0, greatest: 2.0 })]);
}
