//! Empties suppressed figures in the rows of a statistic, and says so in each row.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow::compute::nullif;
use arrow::datatypes::Schema;
use catalog::CONFIDENTIAL_MARK;

use super::book::Cell;
use super::cut::{column, numbers};
use super::family::Family;
use super::pattern::{Figures, Pattern};
use crate::Error;

/// The rows as the public and the open tier see them: primary and secondary suppressions look alike.
pub(super) fn suppress(family: &Family<'_>, statistic: usize, rows: &RecordBatch, pattern: &Pattern) -> Result<RecordBatch, Error> {
    let cut = &family.cuts[statistic];
    let cells = family.cells(statistic, rows)?;
    let mut marks: Vec<Vec<&str>> = vec![Vec::new(); rows.num_rows()];
    let mut columns: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (figures, rule) in cut.figures().iter().enumerate() {
        // How many persons there are goes with the first figures about them; and that there are none is no secret.
        let is_first = cut.figures().iter().position(|other| other.persons == rule.persons) == Some(figures);
        let persons = is_first.then_some(&rule.persons);
        let nobody: Vec<bool> = numbers(column(rows, &rule.persons)?).into_iter().map(|persons| persons == 0).collect();
        for name in rule.values.iter().chain(persons) {
            let empty = columns.entry(name).or_insert_with(|| vec![false; rows.num_rows()]);
            for ((row, cell), mark) in cells.iter().enumerate().zip(&mut marks) {
                let tells_nothing = *name == rule.persons && nobody[row];
                if is_suppressed(pattern, figures, cell) && !empty[row] && !tells_nothing {
                    empty[row] = true;
                    mark.push(name);
                }
            }
        }
    }
    let schema = rows.schema();
    let shown = |(field, column): (&Arc<arrow::datatypes::Field>, &ArrayRef)| -> Result<ArrayRef, Error> {
        if field.name() == CONFIDENTIAL_MARK {
            return Ok(Arc::new(marks.iter().map(|mark| (!mark.is_empty()).then(|| mark.join(";"))).collect::<StringArray>()));
        }
        match columns.get(field.name().as_str()) {
            Some(empty) => nullif(column, &BooleanArray::from(empty.clone())).map_err(Error::arrow(&cut.table.name)),
            None => Ok(column.clone()),
        }
    };
    let columns = schema.fields().iter().zip(rows.columns()).map(shown).collect::<Result<Vec<_>, Error>>()?;
    let nullable: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(nullable)), columns).map_err(Error::arrow(&cut.table.name))
}

fn is_suppressed(pattern: &Pattern, number: usize, cell: &Cell) -> bool {
    pattern.contains_key(&Figures { cell: cell.clone(), number })
}
