//! The table of four by four whose attack is known: a reader finds one suppressed cell exactly, and one further cell prevents it.

use protection::{Interval, State, System};

use crate::tables::{amount, suppress, table};

const VALUES: [[f64; 4]; 4] = [[30.0, 47.0, 64.0, 89.0], [90.0, 124.0, 5.0, 31.0], [92.0, 100.0, 59.0, 85.0], [800.0, 991.0, 651.0, 685.0]];

/// Rows w, x, y, z and columns a, b, c, d.
const PRIMARY: [&str; 9] = ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"];

fn reference() -> (System, impl Fn(&str) -> usize) {
    let mut system = System::default();
    let cells = table(&mut system, VALUES.iter().map(|row| row.iter().map(|value| amount(*value)).collect()).collect());
    // A tenth of wc is more than can be had with one further cell: it is known to be 69 at most.
    system.cells.iter_mut().for_each(|cell| cell.doubt = (3.0, 3.0));
    let number = move |name: &str| {
        let mut letters = name.chars();
        cells["wxyz".find(letters.next().unwrap()).unwrap()]["abcd".find(letters.next().unwrap()).unwrap()]
    };
    PRIMARY.iter().for_each(|name| suppress(&mut system, number(name)));
    (system, number)
}

#[test]
fn a_reader_finds_one_cell_exactly_and_not_with_one_further_cell() {
    let (mut system, number) = reference();
    assert_eq!(system.interval(number("wb")).unwrap(), Interval { least: 47.0, greatest: 47.0 });
    assert!(system.audit().unwrap().contains(&(number("wb"), Interval { least: 47.0, greatest: 47.0 })));
    system.cells[number("xd")].state = State::Secondary;
    let found = system.interval(number("wb")).unwrap();
    assert!(found.least.abs() < 1e-6 && (found.greatest - 78.0).abs() < 1e-6, "{found:?}");
}

#[test]
fn an_attacker_needs_no_value_of_a_suppressed_cell() {
    let (mut system, number) = reference();
    system.cells[number("xd")].state = State::Secondary;
    let known = system.intervals().unwrap();
    let suppressed: Vec<usize> = system.suppressed().collect();
    suppressed.iter().for_each(|cell| system.cells[*cell].value = f64::NAN);
    let unknown = system.intervals().unwrap();
    assert_eq!(known.len(), PRIMARY.len() + 1);
    for ((cell, one), (_, other)) in known.into_iter().zip(unknown) {
        assert!((one.least - other.least).abs() < 1e-4 && (one.greatest - other.greatest).abs() < 1e-4, "{cell}: {one:?} {other:?}");
    }
}

#[test]
fn one_further_cell_is_enough() {
    let (mut system, number) = reference();
    let further = system.protect().unwrap();
    assert_eq!(further.len(), 1, "{further:?}");
    assert!(further.contains(&number("xd")), "{further:?}");
    assert_eq!(system.cells[number("xd")].state, State::Secondary);
    assert!(system.audit().unwrap().is_empty());
}
