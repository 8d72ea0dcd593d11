//! What protection cost, and what it left in doubt, of one statistic.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use serde::{Deserialize, Serialize};

use super::book::Cell;
use super::family::Family;
use super::hidden::float;
use super::hold::Decision;
use super::pattern::{Doubt, Figures, Reason};

/// Figures about the figures: nothing in it is about a single cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The statistic.
    pub table: String,
    /// Cells of the statistic.
    pub cells: usize,
    /// Those behind which natural persons stand.
    pub about_persons: usize,
    /// Cells with figures that tell too much by themselves.
    pub primary: usize,
    /// Further cells with suppressed figures.
    pub secondary: usize,
    /// Cells in which categories were merged.
    pub merged: usize,
    /// The part of the main figure's sum that the suppressed cells make up.
    pub value_lost: f64,
    /// The part of it in cells about persons.
    pub value_about_persons: f64,
    /// Of all suppressed figures, the least room that a reader is left with: the width of what is possible beside what persons add.
    pub narrowest: Option<f64>,
}

impl Summary {
    pub(super) fn of(
        family: &Family<'_>,
        number: usize,
        decision: &Decision,
        about: &BTreeSet<Cell>,
        doubts: &[Doubt],
        totals: &BTreeMap<Cell, Vec<i128>>,
        shown: &RecordBatch,
    ) -> Self {
        let cut = &family.cuts[number];
        let is_of_it = |cell: &Cell| family.statistic_of(cell.cut) == number;
        let has_figures = |figures: &Figures| {
            is_of_it(&figures.cell) && cut.figures()[figures.number].part_of.is_none() && family.has_row(&figures.cell, &decision.merged)
        };
        let mut cells: BTreeMap<&Cell, Reason> = BTreeMap::new();
        for (figures, reason) in decision.pattern.iter().filter(|(figures, _)| has_figures(figures)) {
            let least = cells.entry(&figures.cell).or_insert(*reason);
            *least = (*least).min(*reason);
        }
        let main = cut.main();
        let value = |cell: &Cell| main.and_then(|(_, amount)| Some(float(totals.get(cell)?[family.places[amount]]))).unwrap_or(0.0);
        let all: f64 = totals.keys().filter(|cell| cell.cut == number).map(value).sum();
        let part = |some: f64| if all > 0.0 && some > 0.0 { some / all } else { 0.0 };
        let room = doubts.iter().filter(|doubt| family.statistic_of(doubt.cut) == number && doubt.value > 0.0);
        Self {
            table: cut.table.name.clone(),
            cells: shown.num_rows(),
            about_persons: about.iter().filter(|cell| cell.cut == number).count(),
            primary: cells.values().filter(|reason| **reason == Reason::Primary).count(),
            secondary: cells.values().filter(|reason| **reason == Reason::Secondary).count(),
            merged: decision.merged.iter().filter(|cell| is_of_it(cell)).count(),
            value_lost: part(cells.keys().copied().map(value).sum()),
            value_about_persons: part(about.iter().filter(|cell| cell.cut == number).map(value).sum()),
            narrowest: room
                .map(|doubt| (doubt.interval.greatest - doubt.interval.least) / doubt.value)
                .filter(|room| room.is_finite())
                .reduce(f64::min),
        }
    }
}
