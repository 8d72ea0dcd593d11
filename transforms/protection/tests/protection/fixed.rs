//! Cells that may not be suppressed, and what happens where there is no room.

use std::collections::BTreeSet;

use protection::{Cell, Interval, Options, State, System, Unsolved, WithoutRoom};

use crate::tables::{amount, suppress, total};

/// Three parts and their total; the first part is suppressed.
fn parts(fixed: [bool; 4]) -> System {
    let mut system = System::default();
    let cells = [20.0, 30.0, 50.0].map(|value| system.cell(amount(value)));
    total(&mut system, &cells);
    system.cells.iter_mut().zip(fixed).for_each(|(cell, fixed)| cell.fixed = fixed);
    suppress(&mut system, 0);
    system
}

#[test]
fn the_cheapest_cell_that_is_not_fixed_is_suppressed() {
    assert_eq!(parts([false; 4]).protect().unwrap(), BTreeSet::from([1]));
    assert_eq!(parts([false, true, false, false]).protect().unwrap(), BTreeSet::from([2]));
    assert_eq!(parts([false, true, true, false]).protect().unwrap(), BTreeSet::from([3]));
}

#[test]
fn without_room_protection_fails_and_changes_nothing() {
    let mut system = parts([false, true, true, true]);
    let before = system.clone();
    assert_eq!(system.protect(), Err(Unsolved::NoRoom(0)));
    assert_eq!(system, before);
}

#[test]
fn without_room_what_is_around_can_be_suppressed_and_the_cell_is_named() {
    // The only other part that may be suppressed can move by one, and two are in doubt.
    let mut system = parts([false, false, true, true]);
    system.cells[1].known = (29.0, 31.0);
    assert_eq!(system.clone().protect(), Err(Unsolved::NoRoom(0)));
    let options = Options { without_room: WithoutRoom::SuppressAround, ..Options::default() };
    let protected = system.protect_with(options).unwrap();
    assert_eq!(protected.further, BTreeSet::from([1]));
    let [(0, Interval { least, greatest }), ..] = protected.narrow[..] else { panic!("{protected:?}") };
    assert!((least - 19.0).abs() < 1e-6 && (greatest - 21.0).abs() < 1e-6, "{protected:?}");
}

#[test]
fn what_was_suppressed_before_stays_so() {
    let mut system = parts([false; 4]);
    system.cells[1].state = State::Secondary;
    system.cells[2].state = State::Secondary;
    assert_eq!(system.protect().unwrap(), BTreeSet::new());
    assert_eq!(system.cells.iter().filter(|cell| cell.is_suppressed()).count(), 3);
}

#[test]
fn a_cell_without_relations_is_as_wide_as_what_is_known() {
    let mut system = System::default();
    let alone = system.cell(Cell { known: (0.4, 9.6), whole: true, state: State::Primary, ..amount(4.0) });
    assert_eq!(system.interval(alone).unwrap(), Interval { least: 1.0, greatest: 9.0 });
    assert_eq!(system.audit().unwrap(), []);
}

#[test]
fn what_cannot_be_is_refused() {
    let mut system = parts([false; 4]);
    system.cells[3].value += 1.0;
    assert_eq!(system.audit(), Err(Unsolved::Broken(0)));
    assert_eq!(system.protect(), Err(Unsolved::Broken(0)));
    system.cells[1].value = -30.0;
    assert_eq!(system.audit(), Err(Unsolved::Impossible(1)));
    // Seen from outside, nothing fits: two parts show more than the total.
    let mut outside = parts([false; 4]);
    (outside.cells[0].value, outside.cells[3].value) = (f64::NAN, 70.0);
    assert_eq!(outside.interval(0), Err(Unsolved::Contradiction(0)));
}

#[test]
fn free_cells_are_known_exactly_or_not_at_all() {
    let mut system = System::default();
    let free = Cell { known: (f64::NEG_INFINITY, f64::INFINITY), state: State::Primary, ..amount(5.0) };
    let [one, two, three] = [free.clone(), free.clone(), free].map(|cell| system.cell(cell));
    let shown = system.cell(amount(10.0));
    system.sum(shown, &[one, two]);
    system.relation(vec![(three, 2.0)], 10.0);
    let endless = Interval { least: f64::NEG_INFINITY, greatest: f64::INFINITY };
    assert_eq!(system.interval(one).unwrap(), endless);
    assert_eq!(system.interval(three).unwrap(), Interval { least: 5.0, greatest: 5.0 });
}
