//! The same municipalities by county and by size: two tables, each of which is safe by itself, that tell a cell together.

use std::collections::{BTreeMap, BTreeSet};

use protection::{Interval, State, System};

use crate::tables::{count, suppress, total};

const MUNICIPALITIES: [(char, u32); 8] = [('A', 2), ('B', 2), ('I', 8), ('J', 8), ('K', 3), ('L', 3), ('M', 3), ('N', 7)];
const BY_COUNTY: [&str; 2] = ["ABI", "JKLMN"];
const BY_SIZE: [&str; 3] = ["ABLM", "KN", "IJ"];

/// Municipalities with at most three, and what else is suppressed, in tables with a total for each group.
fn tables(groups: &[&str], further: &str) -> (System, BTreeMap<char, usize>) {
    let mut system = System::default();
    let cells: BTreeMap<char, usize> = MUNICIPALITIES.iter().map(|(name, value)| (*name, system.cell(count(*value)))).collect();
    for group in groups {
        total(&mut system, &group.chars().map(|name| cells[&name]).collect::<Vec<_>>());
    }
    MUNICIPALITIES.iter().filter(|(_, value)| *value <= 3).for_each(|(name, _)| suppress(&mut system, cells[name]));
    further.chars().for_each(|name| system.cells[cells[&name]].state = State::Secondary);
    (system, cells)
}

#[test]
fn each_table_is_safe_by_itself() {
    assert_eq!(tables(&BY_COUNTY, "").0.audit().unwrap(), []);
    // K would stand alone beside the total of its size.
    assert!(!tables(&BY_SIZE, "").0.audit().unwrap().is_empty());
    assert_eq!(tables(&BY_SIZE, "N").0.audit().unwrap(), []);
}

#[test]
fn together_they_tell_a_cell() {
    // The table by county shows N, and the total of the size of K and N is ten.
    let (system, cells) = tables(&[&BY_COUNTY[..], &BY_SIZE].concat(), "");
    assert_eq!(system.interval(cells[&'K']).unwrap(), Interval { least: 3.0, greatest: 3.0 });
}

#[test]
fn one_further_cell_protects_both() {
    let (mut system, cells) = tables(&[&BY_COUNTY[..], &BY_SIZE].concat(), "");
    assert_eq!(system.protect().unwrap(), BTreeSet::from([cells[&'N']]));
    assert_eq!(system.audit().unwrap(), []);
}
