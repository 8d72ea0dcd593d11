//! Which categories are merged: where most of what a group of categories adds up to would be suppressed, it is shown as one, if the whole tells
//! of nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow::compute::{SortColumn, concat_batches, filter_record_batch, lexsort_to_indices, take_record_batch};
use catalog::Cells;

use super::book::{Book, Cell};
use super::cut::column;
use super::family::Family;
use super::hidden::{Hidden, MetRows, float, tells_too_much};
use super::pattern::{Figures, Narrow, Pattern, Puzzle, Settled};
use crate::Error;

/// The part of a group's value that is lost at least where its categories are merged.
const MOST: f64 = 0.5;

/// What is merged and what is suppressed.
pub(super) struct Merging {
    pub(super) pattern: Pattern,
    pub(super) merged: BTreeSet<Cell>,
    /// Suppressed figures of which too much can be told all the same.
    pub(super) narrow: Vec<Narrow>,
}

/// Chooses what is merged and suppressed. What the last release merged stays so as long as any of its categories would be suppressed.
pub(super) fn merge(puzzle: &Puzzle<'_>, settled: &Settled, last: Option<&BTreeSet<Cell>>) -> Result<Merging, Error> {
    let with = |merged: BTreeSet<Cell>| puzzle.solve(settled, &merged).map(|(pattern, narrow)| Merging { pattern, merged, narrow });
    let plain = with(settled.merged.clone())?;
    let parts = parts(puzzle);
    let mut wanted: BTreeSet<Cell> = parts
        .iter()
        .filter(|(whole, parts)| is_worth_it(puzzle, settled, &plain, (whole, parts), last))
        .map(|(whole, _)| whole.clone())
        .collect();
    wanted.extend(settled.merged.iter().cloned());
    while wanted.len() > plain.merged.len() {
        let tried = with(wanted.clone())?;
        let count = wanted.len();
        wanted.retain(|cell| settled.merged.contains(cell) || !is_suppressed(puzzle.family, &tried.pattern, cell));
        if wanted.len() == count {
            let is_better = tried.narrow.is_empty() && lost(puzzle, &tried) < lost(puzzle, &plain);
            return Ok(if is_better { tried } else { plain });
        }
    }
    Ok(plain)
}

/// What each merged cell to which persons add something is made of; only those of two categories at least.
fn parts(puzzle: &Puzzle<'_>) -> BTreeMap<Cell, Vec<Cell>> {
    let mut parts: BTreeMap<Cell, Vec<Cell>> = BTreeMap::new();
    for cell in puzzle.totals.keys() {
        if let Some(whole) = puzzle.family.whole(cell).filter(|whole| puzzle.cells.contains_key(whole)) {
            parts.entry(whole).or_default().push(cell.clone());
        }
    }
    parts.retain(|_, parts| parts.len() > 1);
    parts
}

fn is_worth_it(
    puzzle: &Puzzle<'_>,
    settled: &Settled,
    plain: &Merging,
    (whole, parts): (&Cell, &[Cell]),
    last: Option<&BTreeSet<Cell>>,
) -> bool {
    let cut = &puzzle.family.cuts[whole.cut];
    let rows = &puzzle.cells[whole];
    // Its other figures may be suppressed, as those of every cell: whether it was merged before must not change with them.
    let main = Figures { cell: whole.clone(), number: main_figures(puzzle.family, whole) };
    let may_be_shown = !settled.suppressed.contains(&main) && !tells_too_much(cut, main.number, rows, &puzzle.family.places);
    let of = |parts: &mut dyn Iterator<Item = &Cell>| parts.map(|part| value(puzzle, part)).sum::<f64>();
    let lost = of(&mut parts.iter().filter(|part| is_suppressed(puzzle.family, &plain.pattern, part)));
    let was_merged = last.is_some_and(|last| last.contains(whole));
    may_be_shown && lost > if was_merged { 0.0 } else { MOST * of(&mut parts.iter()) }
}

/// What readers do not get to know: the value of suppressed cells, unless it is in a merged one.
fn lost(puzzle: &Puzzle<'_>, merging: &Merging) -> f64 {
    let is_lost = |cell: &&Cell| puzzle.family.has_row(cell, &merging.merged) && is_suppressed(puzzle.family, &merging.pattern, cell);
    puzzle.cells.keys().filter(is_lost).map(|cell| value(puzzle, cell)).sum()
}

/// Whether the main figures of a cell are suppressed.
fn is_suppressed(family: &Family<'_>, pattern: &Pattern, cell: &Cell) -> bool {
    pattern.contains_key(&Figures { cell: cell.clone(), number: main_figures(family, cell) })
}

fn main_figures(family: &Family<'_>, cell: &Cell) -> usize {
    family.cuts[cell.cut].main().map_or(0, |(figures, _)| figures)
}

fn value(puzzle: &Puzzle<'_>, cell: &Cell) -> f64 {
    let amount = puzzle.family.cuts[cell.cut].main().map(|(_, amount)| puzzle.family.places[amount]);
    amount.and_then(|place| Some(float(puzzle.totals.get(cell)?[place]))).unwrap_or(0.0)
}

/// Leaves out merged cells that nobody would think of: none of their categories tells too much tonight, and no earlier release had them.
pub(super) fn leave_out_the_rest(family: &Family<'_>, tonight: &mut Hidden, pasts: &mut [super::Past], book: &Book) {
    let mut matters: BTreeSet<Cell> = pasts.iter().flat_map(|past| past.merged.iter().cloned()).collect();
    for (cell, rows) in super::hidden::by_cell(&tonight.rows, book) {
        let cut = &family.cuts[cell.cut];
        let tells = || (0..cut.figures().len()).any(|figures| tells_too_much(cut, figures, &rows, &family.places));
        matters.extend(family.whole(&cell).filter(|_| tells()));
    }
    let stays = |cell: &Cell| family.cuts[cell.cut].merged.is_none() || matters.contains(cell);
    let stays: Vec<bool> = book.cells().iter().map(stays).collect();
    let is_left = |number: u32| stays.get(number as usize).is_some_and(|stays| *stays);
    let mut met = MetRows::default();
    tonight.leave_out(is_left, &mut met);
    pasts.iter_mut().for_each(|past| past.hidden.leave_out(is_left, &mut met));
}

/// The rows that count in merged cells of a statistic, each with the code of its group, so that the SQL of the statistic counts them together;
/// none if it has no such cells.
pub(super) fn recoded(
    family: &Family<'_>,
    statistic: usize,
    merged: &BTreeSet<Cell>,
    rows: &RecordBatch,
) -> Result<Option<RecordBatch>, Error> {
    let Some((cut, merging)) = family.merging(statistic).filter(|(cut, _)| merged.iter().any(|cell| cell.cut == *cut)) else {
        return Ok(None);
    };
    let Some(name) = family.cuts[cut].merged_column() else { return Ok(None) };
    let mut book = Book::default();
    let numbers = family.cuts[cut].numbers(cut, rows, &mut book)?;
    let is_merged: Vec<bool> = book.cells().iter().map(|cell| merged.contains(cell)).collect();
    let counts: BooleanArray = numbers.iter().map(|number| is_merged.get(*number as usize).copied()).collect();
    let failed = Error::arrow(&family.rows.name);
    let rows = filter_record_batch(rows, &counts).map_err(&failed)?;
    let old = column(&rows, name)?;
    let cells = Cells::of(old);
    let code = |row: usize| cells.text(row).and_then(|code| merging.classifier.group_of(code)).map(|group| group.code.clone());
    let codes: ArrayRef = Arc::new((0..rows.num_rows()).map(code).collect::<StringArray>());
    let codes = arrow::compute::cast(&codes, old.data_type()).map_err(&failed)?;
    replaced(&rows, name, codes).map(Some).map_err(failed)
}

/// The rows of a statistic with those of merged cells in the place of what these are made of, in the order of the key.
pub(super) fn replace_parts(
    family: &Family<'_>,
    statistic: usize,
    merged: &BTreeSet<Cell>,
    rows: &RecordBatch,
    wholes: &RecordBatch,
) -> Result<RecordBatch, Error> {
    let table = family.cuts[statistic].table;
    let failed = Error::arrow(&table.name);
    let stays: BooleanArray = family.cells(statistic, rows)?.iter().map(|cell| Some(family.has_row(cell, merged))).collect();
    let stay = filter_record_batch(rows, &stays).map_err(&failed)?;
    let all = concat_batches(&rows.schema(), [&stay, wholes]).map_err(&failed)?;
    let key = table.key.iter().map(|name| Ok(SortColumn { values: column(&all, name)?.clone(), options: None }));
    let order = lexsort_to_indices(&key.collect::<Result<Vec<_>, Error>>()?, None).map_err(&failed)?;
    take_record_batch(&all, &order).map_err(failed)
}

/// The rows of a statistic with the titles of merged categories.
pub(super) fn titled(family: &Family<'_>, statistic: usize, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let (Some((_, merging)), Some(merge)) = (family.merging(statistic), &family.cuts[statistic].statistic.merge) else {
        return Ok(rows.clone());
    };
    let (codes, old) = (Cells::of(column(rows, &merge.column)?), column(rows, &merge.title)?);
    let titles = Cells::of(old);
    let title = |row: usize| {
        let group = codes.text(row).and_then(|code| Some(merging.classifier.group(code)?.title.lt.clone()));
        group.or_else(|| titles.text(row).map(str::to_owned))
    };
    let all: ArrayRef = Arc::new((0..rows.num_rows()).map(title).collect::<StringArray>());
    let failed = Error::arrow(&family.cuts[statistic].table.name);
    let all = arrow::compute::cast(&all, old.data_type()).map_err(&failed)?;
    replaced(rows, &merge.title, all).map_err(failed)
}

fn replaced(rows: &RecordBatch, name: &str, column: ArrayRef) -> Result<RecordBatch, arrow::error::ArrowError> {
    let columns = rows
        .schema()
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, old)| if field.name() == name { column.clone() } else { old.clone() })
        .collect();
    RecordBatch::try_new(rows.schema(), columns)
}
