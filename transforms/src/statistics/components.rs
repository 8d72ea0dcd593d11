//! Cells that hang together: what is decided of one may matter for the others, and for no cell beside them.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Cell, Key};
use super::cut::Cut;
use super::hidden::HiddenRow;

/// A set of cells of two cuts that count the same rows: what both sides add up to is the same.
pub(super) struct Group {
    pub(super) first: Vec<Cell>,
    pub(super) second: Vec<Cell>,
    /// Which cuts.
    pub(super) cuts: (usize, usize),
}

/// All groups of a family: for each pair of cuts, one for each value of what they have in common.
pub(super) fn groups(cuts: &[Cut<'_>], cells: &BTreeSet<Cell>) -> Vec<Group> {
    let mut found = Vec::new();
    let of_cut = |cut: usize| cells.iter().filter(move |cell| cell.cut == cut);
    for one in 0..cuts.len() {
        for other in one + 1..cuts.len() {
            let mut by_value: BTreeMap<Key, Group> = BTreeMap::new();
            let empty = || Group { first: Vec::new(), second: Vec::new(), cuts: (one, other) };
            // Merged cells are tied to what they are merged from, and through it to all others.
            if let Some(merged) = cuts[other].merged.as_ref().filter(|merged| merged.from == one) {
                for cell in of_cut(other) {
                    by_value.entry(cell.key.clone()).or_insert_with(empty).second.push(cell.clone());
                }
                for cell in of_cut(one) {
                    if let Some(group) = merged.key(&cell.key).and_then(|key| by_value.get_mut(&key)) {
                        group.first.push(cell.clone());
                    }
                }
                found.extend(by_value.into_values());
                continue;
            }
            if cuts[one].merged.is_some() || cuts[other].merged.is_some() {
                continue;
            }
            let Some(common) = cuts[one].common(&cuts[other]) else { continue };
            for cell in of_cut(one) {
                if let Some(value) = common.of_first(&cell.key) {
                    by_value.entry(value).or_insert_with(empty).first.push(cell.clone());
                }
            }
            for cell in of_cut(other) {
                if let Some(value) = common.of_second(&cell.key) {
                    by_value.entry(value).or_insert_with(empty).second.push(cell.clone());
                }
            }
            found.extend(by_value.into_values());
        }
    }
    found
}

/// Which component each cell belongs to.
pub(super) struct Components {
    of: BTreeMap<Cell, usize>,
    /// The same by number.
    by_number: Vec<Option<usize>>,
}

impl Components {
    /// Cells hang together through a group, through a row that counts in both, and where all cells of a cut make a known whole.
    pub(super) fn new<'r>(
        cuts: &[Cut<'_>],
        cells: &BTreeSet<Cell>,
        groups: &[Group],
        rows: impl Iterator<Item = &'r HiddenRow>,
        book: &Book,
    ) -> Self {
        let places: BTreeMap<&Cell, usize> = cells.iter().zip(0..).collect();
        let by_number: Vec<Option<usize>> = book.cells().iter().map(|cell| places.get(cell).copied()).collect();
        let mut union = Union((0..cells.len()).collect());
        let mut join_all = |places: &mut dyn Iterator<Item = usize>| {
            if let Some(first) = places.next() {
                places.for_each(|other| union.join(first, other));
            }
        };
        for group in groups {
            join_all(&mut group.first.iter().chain(&group.second).filter_map(|cell| places.get(cell).copied()));
        }
        for (number, _) in cuts.iter().enumerate().filter(|(_, cut)| cut.measures.iter().any(|measure| measure.is_whole)) {
            join_all(&mut places.iter().filter(|(cell, _)| cell.cut == number).map(|(_, place)| *place));
        }
        for row in rows {
            join_all(&mut row.cells().filter_map(|number| by_number[number as usize]));
        }
        let by_number = by_number.into_iter().map(|place| place.map(|place| union.root(place))).collect();
        let of = places.into_iter().map(|(cell, place)| (cell.clone(), union.root(place))).collect();
        Self { of, by_number }
    }

    /// The component of a cell.
    pub(super) fn of(&self, cell: &Cell) -> Option<usize> {
        self.of.get(cell).copied()
    }

    /// The component of a row; none if it counts nowhere.
    pub(super) fn of_row(&self, row: &HiddenRow) -> Option<usize> {
        row.cells().find_map(|number| self.by_number[number as usize])
    }
}

struct Union(Vec<usize>);

impl Union {
    fn root(&mut self, mut one: usize) -> usize {
        while self.0[one] != one {
            self.0[one] = self.0[self.0[one]];
            one = self.0[one];
        }
        one
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
