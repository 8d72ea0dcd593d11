//! All statistics of the same rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::{Catalog, Layer, Table};

use super::book::{Book, Cell, Key, NOWHERE};
use super::cut::{Amount, Cut, Merged, all_amounts, amounts, numbers};
use crate::Error;

/// A table of rows and the statistics that count them.
pub(super) struct Family<'a> {
    pub(super) rows: &'a Table,
    pub(super) cuts: Vec<Cut<'a>>,
    /// Columns of the rows that say who stands behind them.
    pub(super) roles: Vec<&'a str>,
    /// What the cuts add up, with its place in rows.
    pub(super) places: BTreeMap<Amount, usize>,
}

impl<'a> Family<'a> {
    /// Every family of the definitions, by the name of its rows.
    pub(super) fn all(catalog: &'a Catalog) -> Result<Vec<Self>, Error> {
        let rules = catalog.law().disclosure();
        let mut found: BTreeMap<&str, (Vec<Cut<'a>>, Vec<&'a str>)> = BTreeMap::new();
        for table in catalog.tables(Layer::Out).map(Arc::as_ref) {
            let Some(statistic) = &table.statistic else { continue };
            let (cuts, roles) = found.entry(statistic.rows.as_str()).or_default();
            let cut = Cut::of(table, rules, roles);
            let merged = cut.as_ref().map(|cut| cut.merged(cuts.len(), catalog)).transpose()?.flatten();
            cuts.extend(cut.into_iter().chain(merged));
        }
        let family = |(rows, (cuts, roles)): (&str, (Vec<Cut<'a>>, Vec<&'a str>))| -> Result<Self, Error> {
            Ok(Self { rows: catalog.table(rows)?, places: all_amounts(&cuts), cuts, roles })
        };
        found.into_iter().map(family).collect()
    }

    /// The statistics: their cuts without merged categories, with their numbers.
    pub(super) fn statistics(&self) -> impl Iterator<Item = (usize, &Cut<'a>)> {
        self.cuts.iter().enumerate().filter(|(_, cut)| cut.merged.is_none())
    }

    /// The statistic with this name.
    pub(super) fn statistic(&self, table: &str) -> Option<usize> {
        self.statistics().find(|(_, cut)| cut.table.name == table).map(|(number, _)| number)
    }

    /// The statistic that a cut belongs to.
    pub(super) fn statistic_of(&self, cut: usize) -> usize {
        self.cuts[cut].merged.as_ref().map_or(cut, |merged| merged.from)
    }

    /// The cut of a statistic with its categories merged, if they may be.
    pub(super) fn merging(&self, statistic: usize) -> Option<(usize, &Merged<'a>)> {
        let merged = self.cuts.get(statistic + 1)?.merged.as_ref()?;
        Some((statistic + 1, merged))
    }

    /// The cell of a statistic that has a key, of merged categories or not.
    pub(super) fn cell(&self, statistic: usize, key: Key) -> Cell {
        let cut = self.merging(statistic).filter(|(_, merged)| merged.is_key(&key)).map_or(statistic, |(cut, _)| cut);
        Cell { cut, key }
    }

    /// The cells of a statistic's rows, in their order.
    pub(super) fn cells(&self, statistic: usize, table: &RecordBatch) -> Result<Vec<Cell>, Error> {
        Ok(self.cuts[statistic].cells(table)?.into_iter().map(|key| self.cell(statistic, key)).collect())
    }

    /// The cell into which the category of a cell may be merged.
    pub(super) fn whole(&self, cell: &Cell) -> Option<Cell> {
        let (cut, merged) = self.merging(cell.cut)?;
        Some(Cell { cut, key: merged.key(&cell.key)? })
    }

    /// Whether a statistic has a row for a cell, where these cells are merged.
    pub(super) fn has_row(&self, cell: &Cell, merged: &BTreeSet<Cell>) -> bool {
        match self.cuts[cell.cut].merged {
            Some(_) => merged.contains(cell),
            None => !self.whole(cell).is_some_and(|whole| merged.contains(&whole)),
        }
    }

    /// The amounts in the order of their places.
    pub(super) fn amounts(&self) -> Vec<Amount> {
        let mut ordered: Vec<(&Amount, usize)> = self.places.iter().map(|(amount, place)| (amount, *place)).collect();
        ordered.sort_by_key(|(_, place)| *place);
        ordered.into_iter().map(|(amount, _)| amount.clone()).collect()
    }

    /// What all rows add up to in each cell, by place of the amount.
    pub(super) fn totals(&self, rows: &RecordBatch, book: &mut Book) -> Result<BTreeMap<Cell, Vec<i128>>, Error> {
        let amounts = amounts(rows, &self.amounts())?;
        let mut sums: Vec<Vec<i128>> = Vec::new();
        for (number, cut) in self.cuts.iter().enumerate() {
            let cells = cut.numbers(number, rows, book)?;
            sums.resize_with(book.len(), || vec![0; amounts.len()]);
            for (place, amounts) in amounts.iter().enumerate() {
                let counted = cells.iter().zip(amounts).filter(|(cell, _)| **cell != NOWHERE);
                counted.for_each(|(cell, amount)| sums[*cell as usize][place] += amount);
            }
        }
        Ok(book.cells().iter().cloned().zip(sums).collect())
    }

    /// Sees that the figures of a statistic are what its declared rows add up to: otherwise cells could not be traced to persons.
    ///
    /// # Errors
    /// [`Error::Untraced`].
    pub(super) fn check(&self, number: usize, table: &RecordBatch, totals: &BTreeMap<Cell, Vec<i128>>) -> Result<(), Error> {
        let cut = &self.cuts[number];
        let keys = cut.cells(table)?;
        for measure in cut.measures.iter().filter(|measure| !measure.is_whole) {
            let place = self.places[&measure.amount];
            let Some(column) = table.column_by_name(&measure.column) else { continue };
            let wrong = keys.iter().zip(numbers(column)).filter(|(key, value)| {
                let cell = Cell { cut: number, key: (*key).clone() };
                totals.get(&cell).map(|sums| sums[place]) != Some(*value)
            });
            let wrong = wrong.count();
            if wrong > 0 {
                return Err(Error::Untraced {
                    table: cut.table.name.clone(),
                    column: measure.column.clone(),
                    rows: self.rows.name.clone(),
                    cells: wrong,
                });
            }
        }
        Ok(())
    }
}
