//! An independent solver: HiGHS, through scipy (`tests/peers/disclosure`), solves every suppressed cell of random systems, as their readers
//! have them, and agrees on each interval. Skipped where it is missing; with `VIRSIS_PEERS_REQUIRED=1` it is installed first, and that it
//! cannot be is a failure.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use protection::{Cell, Interval, System, Unsolved};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::tables::{amount, count, suppress, table, total};

fn python() -> Option<(PathBuf, PathBuf)> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/disclosure");
    let output = Command::new(peers.join("python.sh")).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Some((said(&output.stdout).into(), peers.join("audit.py")));
    }
    let required = std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "no peer: {}", said(&output.stderr));
    eprintln!("SKIPPED: HiGHS cannot run here: {}", said(&output.stderr));
    None
}

/// A cell with its bounds, where it has any.
type Solved = (usize, Option<f64>, Option<f64>);

/// The intervals of all suppressed cells of each system, as HiGHS has them.
fn solved_by_another(systems: &[System]) -> Option<Vec<Vec<(usize, Interval)>>> {
    let (python, script) = python()?;
    let mut process = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let published: Vec<_> = systems.iter().map(System::published).collect();
    process.stdin.take().unwrap().write_all(serde_json::to_string(&published).unwrap().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    let solved: Vec<Vec<Solved>> = serde_json::from_slice(&output.stdout).unwrap();
    let interval = |(cell, least, greatest): Solved| {
        (cell, Interval { least: least.unwrap_or(f64::NEG_INFINITY), greatest: greatest.unwrap_or(f64::INFINITY) })
    };
    Some(solved.into_iter().map(|system| system.into_iter().map(interval).collect()).collect())
}

fn agree(one: f64, other: f64) -> bool {
    one == other || (one - other).abs() <= 1e-5 * one.abs().max(1.0)
}

/// Compares all intervals; returns how many systems our solver gave up on, which it says instead of an interval.
fn given_up(systems: &[System]) -> usize {
    let Some(solved) = solved_by_another(systems) else { return 0 };
    let mut given_up = 0;
    for (number, (system, other)) in systems.iter().zip(solved).enumerate() {
        let own = match system.intervals() {
            Ok(own) => own,
            Err(Unsolved::Solver { .. }) => {
                given_up += 1;
                continue;
            }
            Err(error) => panic!("system {number}: {error}"),
        };
        assert_eq!(own.len(), other.len());
        for ((cell, own), (other_cell, other)) in own.into_iter().zip(other) {
            assert_eq!(cell, other_cell);
            let agreed = agree(own.least, other.least) && agree(own.greatest, other.greatest);
            assert!(agreed, "system {number}, cell {cell}: {own:?}, and HiGHS says {other:?}");
        }
    }
    given_up
}

/// What a release has: counts and amounts in linked tables, averages × numbers, weighted sums, things that are known.
fn random(random: &mut ChaCha8Rng, inner: usize) -> System {
    let mut system = System::default();
    let whole = random.random_bool(0.5);
    let value = |random: &mut ChaCha8Rng| if random.random_bool(0.3) { 0 } else { random.random_range(0..200) };
    let rows =
        (0..inner).map(|_| (0..4).map(|_| if whole { count(value(random)) } else { amount(f64::from(value(random)) * 1.37) }).collect());
    let rows: Vec<Vec<Cell>> = rows.collect();
    let cells = table(&mut system, rows).concat();
    for _ in 0..random.random_range(0..3) {
        let some: Vec<usize> = cells.iter().copied().filter(|_| random.random_bool(0.3)).collect();
        if !some.is_empty() {
            total(&mut system, &some);
        }
    }
    for _ in 0..random.random_range(0..3) {
        weighted(&mut system, &cells, random);
    }
    averages(&mut system, random);
    for cell in 0..system.cells.len() {
        let value = system.cells[cell].value;
        if random.random_bool(0.45) {
            suppress(&mut system, cell);
        }
        system.cells[cell].known = match random.random_range(0..6) {
            0 => (f64::NEG_INFINITY, f64::INFINITY),
            1 => (0.0, value + 10.0),
            2 => ((value - 5.0).max(0.0), f64::INFINITY),
            _ => (0.0, f64::INFINITY),
        };
    }
    system
}

/// An index: some cells with whole factors, whose sum is shown.
fn weighted(system: &mut System, cells: &[usize], random: &mut ChaCha8Rng) {
    let some = cells.iter().filter(|_| random.random_bool(0.2)).copied().collect::<Vec<_>>();
    let terms: Vec<(usize, f64)> = some.into_iter().map(|cell| (cell, f64::from(random.random_range(1..4)))).collect();
    let constant = terms.iter().map(|(cell, factor)| factor * system.cells[*cell].value).sum();
    system.relation(terms, constant);
}

/// A sum that is a shown average times a number.
fn averages(system: &mut System, random: &mut ChaCha8Rng) {
    let (average, number) = (f64::from(random.random_range(100..9_999)) / 100.0, random.random_range(1..40));
    let number = system.cell(count(number));
    let sum = system.cell(amount(average * system.cells[number].value));
    system.relation(vec![(sum, 1.0), (number, -average)], 0.0);
}

#[test]
fn another_solver_agrees_on_every_interval() {
    let mut source = ChaCha8Rng::seed_from_u64(13);
    let systems: Vec<System> = (0..120).map(|number| random(&mut source, 2 + number % 5)).collect();
    // One of them has whole numbers without bounds, whose weighted sum branch and bound does not get to the end of.
    assert!(given_up(&systems) <= 1);
}

#[test]
fn another_solver_agrees_that_protected_systems_are_safe() {
    let mut source = ChaCha8Rng::seed_from_u64(7);
    let mut systems = Vec::new();
    for _ in 0..12 {
        let mut system = System::default();
        let rows = (0..6).map(|_| (0..6).map(|_| count(source.random_range(0..40))).collect()).collect();
        table(&mut system, rows);
        (0..36)
            .filter(|cell| (1.0..4.0).contains(&system.cells[*cell].value))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|cell| suppress(&mut system, cell));
        system.protect().unwrap();
        systems.push(system);
    }
    assert_eq!(given_up(&systems), 0);
    for (system, solved) in systems.iter().zip(solved_by_another(&systems).unwrap_or_default()) {
        assert!(solved.iter().all(|(cell, found)| crate::tables::is_wide(&system.cells[*cell], *found)));
    }
}
