//! The cells of a family, numbered: rows are many, cells are few.

use std::collections::HashMap;

/// Which cell of a cut: the values of its dimensions, as they are printed.
pub(super) type Key = Vec<String>;

/// A cell: which cut of the family, and which of its cells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    pub(super) cut: usize,
    pub(super) key: Key,
}

/// The number of a cell in the book.
pub(super) type CellNumber = u32;

/// Where a row does not count.
pub(super) const NOWHERE: CellNumber = CellNumber::MAX;

/// Every cell that rows count in, in the order in which they were met.
#[derive(Default)]
pub(super) struct Book {
    numbers: HashMap<Cell, CellNumber>,
    cells: Vec<Cell>,
}

impl Book {
    /// The number of a cell, a new one if it was not met before.
    pub(super) fn number(&mut self, cell: Cell) -> CellNumber {
        if let Some(number) = self.numbers.get(&cell) {
            return *number;
        }
        let number = CellNumber::try_from(self.cells.len()).unwrap_or(NOWHERE);
        self.numbers.insert(cell.clone(), number);
        self.cells.push(cell);
        number
    }

    /// The cell with a number.
    pub(super) fn cell(&self, number: CellNumber) -> &Cell {
        &self.cells[number as usize]
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// All of them, by number.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }
}
