//! Tables as systems of cells.

use protection::{Cell, Interval, State, System};

/// How wide intervals must be, as a part of the value.
pub(crate) const PART: f64 = 0.1;

/// A count with a tenth of it in doubt.
pub(crate) fn count(value: u32) -> Cell {
    Cell { whole: true, ..amount(f64::from(value)) }
}

/// An amount with a tenth of it in doubt, a little of it if it is nothing.
pub(crate) fn amount(value: f64) -> Cell {
    let doubt = (PART * value).max(0.5);
    Cell { doubt: (doubt, doubt), ..Cell::shown(value) }
}

/// Suppresses a cell for its own sake.
pub(crate) fn suppress(system: &mut System, cell: usize) {
    system.cells[cell].state = State::Primary;
}

/// A total of cells, of their kind.
pub(crate) fn total(system: &mut System, parts: &[usize]) -> usize {
    let value: f64 = parts.iter().map(|part| system.cells[*part].value).sum();
    let whole = system.cells[parts[0]].whole;
    let total = system.cell(Cell { whole, ..amount(value) });
    system.sum(total, parts);
    total
}

/// A table with totals of rows and columns and of all; the numbers of its inner cells.
pub(crate) fn table(system: &mut System, rows: Vec<Vec<Cell>>) -> Vec<Vec<usize>> {
    let cells: Vec<Vec<usize>> = rows.into_iter().map(|row| row.into_iter().map(|cell| system.cell(cell)).collect()).collect();
    let rows: Vec<usize> = cells.iter().map(|row| total(system, row)).collect();
    let columns: Vec<usize> =
        (0..cells[0].len()).map(|column| total(system, &cells.iter().map(|row| row[column]).collect::<Vec<_>>())).collect();
    let all = total(system, &rows);
    system.sum(all, &columns);
    cells
}

/// Whether an interval leaves as much doubt about a cell as these tests ask for, told apart from how the library says it.
pub(crate) fn is_wide(cell: &Cell, found: Interval) -> bool {
    let (least_known, greatest_known) = cell.known;
    let doubt = (PART * cell.value).max(0.5) * (1.0 - 1e-5);
    let sides =
        found.least <= (cell.value - doubt).max(least_known) + 1e-5 && found.greatest >= (cell.value + doubt).min(greatest_known) - 1e-5;
    let numbers = (found.greatest - found.least).round();
    sides && (!cell.whole || numbers >= 2.0 || numbers >= greatest_known - least_known)
}
