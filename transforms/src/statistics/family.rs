//! All statistics of the same rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::{Catalog, Layer, Table};

use super::cut::{Amount, Cut, all_amounts, amounts, numbers};
use super::hidden::{Cell, Hidden};
use crate::Error;

/// A table of rows and the statistics that count them.
pub(super) struct Family<'a> {
    pub(super) rows: &'a Table,
    pub(super) cuts: Vec<Cut<'a>>,
    /// What the cuts add up, with its place in rows.
    pub(super) places: BTreeMap<Amount, usize>,
}

impl<'a> Family<'a> {
    /// Every family of the definitions, by the name of its rows.
    pub(super) fn all(catalog: &'a Catalog) -> Result<Vec<Self>, Error> {
        let rules = catalog.law().disclosure();
        let mut cuts: BTreeMap<&str, Vec<Cut<'a>>> = BTreeMap::new();
        for cut in catalog.tables(Layer::Out).map(Arc::as_ref).filter_map(|table| Cut::of(table, rules)) {
            cuts.entry(cut.statistic.rows.as_str()).or_default().push(cut);
        }
        let family = |(rows, cuts): (&str, Vec<Cut<'a>>)| -> Result<Self, Error> {
            Ok(Self { rows: catalog.table(rows)?, places: all_amounts(&cuts), cuts })
        };
        cuts.into_iter().map(family).collect()
    }

    /// The amounts in the order of their places.
    fn amounts(&self) -> Vec<Amount> {
        let mut ordered: Vec<(&Amount, usize)> = self.places.iter().map(|(amount, place)| (amount, *place)).collect();
        ordered.sort_by_key(|(_, place)| *place);
        ordered.into_iter().map(|(amount, _)| amount.clone()).collect()
    }

    /// Reads rows that are about persons.
    pub(super) fn hidden(&self, rows: &RecordBatch) -> Result<Hidden, Error> {
        Hidden::read(rows, &self.cuts, &self.amounts())
    }

    /// What all rows add up to in each cell, by place of the amount.
    pub(super) fn totals(&self, rows: &RecordBatch) -> Result<BTreeMap<Cell, Vec<i128>>, Error> {
        let amounts = amounts(rows, &self.amounts())?;
        let mut totals: BTreeMap<Cell, Vec<i128>> = BTreeMap::new();
        for (number, cut) in self.cuts.iter().enumerate() {
            for (row, key) in cut.keys(rows)?.into_iter().enumerate().filter_map(|(row, key)| Some((row, key?))) {
                let sums = totals.entry(Cell { cut: number, key }).or_insert_with(|| vec![0; self.places.len()]);
                sums.iter_mut().zip(&amounts[row]).for_each(|(sum, amount)| *sum += amount);
            }
        }
        Ok(totals)
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
                return Err(Error::Untraced { table: cut.table.name.clone(), column: measure.column.clone(), rows: self.rows.name.clone(), cells: wrong });
            }
        }
        Ok(())
    }
}
