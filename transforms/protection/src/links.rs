//! What hangs together: the relations of each cell, and what a cell can reach through them.

use std::collections::{BTreeSet, VecDeque};

use crate::System;

/// The relations of each cell.
pub(crate) struct Links(Vec<Vec<usize>>);

/// Cells that hang together, and every relation that has one of them; in the order of their numbers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) cells: Vec<usize>,
    pub(crate) relations: Vec<usize>,
}

impl Links {
    pub(crate) fn new(system: &System) -> Self {
        let mut relations = vec![Vec::new(); system.cells.len()];
        for (number, relation) in system.relations.iter().enumerate() {
            for (cell, _) in relation.terms.iter().filter(|(_, factor)| *factor != 0.0) {
                relations[*cell].push(number);
            }
        }
        Self(relations)
    }

    /// What a cell reaches through cells that may move; the nearest ones if these are more than `most`.
    pub(crate) fn part(&self, system: &System, cell: usize, most: usize, may_move: impl Fn(usize) -> bool) -> Part {
        let (mut cells, mut relations) = (BTreeSet::from([cell]), BTreeSet::new());
        let mut waiting = VecDeque::from([cell]);
        while let Some(cell) = waiting.pop_front() {
            for relation in self.0[cell].iter().filter(|relation| relations.insert(**relation)) {
                for (next, _) in &system.relations[*relation].terms {
                    if cells.len() < most && may_move(*next) && cells.insert(*next) {
                        waiting.push_back(*next);
                    }
                }
            }
        }
        Part { cells: cells.into_iter().collect(), relations: relations.into_iter().collect() }
    }
}
