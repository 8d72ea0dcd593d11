//! The hidden part of a family of statistics: the rows about natural persons, which nobody outside sees one by one. What everybody sees
//! of the other rows is known, so all that a published cell can tell of a person is what its hidden rows add to it.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use catalog::{APIE_ASMENI, Cells};
use protection::{Contribution, sensitive};

use super::cut::{Amount, Cut, Key, amounts, column};
use super::rules::engine_rules;
use crate::Error;

/// A cell: which cut of the family, and which of its cells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) cut: usize,
    pub(super) key: Key,
}

/// A row about natural persons: where it counts, who stands behind it, and what it adds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HiddenRow {
    /// By cut; none where the row does not count.
    pub(super) cells: Vec<Option<Key>>,
    /// By cut and role; 0 where nobody stands in it.
    persons: Vec<Vec<u64>>,
    /// By place of the amount in the family.
    pub(super) amounts: Vec<i128>,
}

/// All hidden rows, in the order of the table.
#[derive(Clone)]
pub(super) struct Hidden {
    pub(super) rows: Vec<HiddenRow>,
}

/// Whether each row is about a person: an empty mark counts as one.
pub(super) fn about_persons(rows: &RecordBatch) -> Result<BooleanArray, Error> {
    let marks = column(rows, APIE_ASMENI)?.as_boolean();
    Ok((0..marks.len()).map(|row| Some(marks.is_null(row) || marks.value(row))).collect())
}

/// The rows about persons, or the others.
pub(super) fn rows_about_persons(rows: &RecordBatch, persons: bool) -> Result<RecordBatch, Error> {
    let about = about_persons(rows)?;
    let keep: BooleanArray = about.iter().map(|about| about.map(|about| about == persons)).collect();
    filter_record_batch(rows, &keep).map_err(Error::arrow("rows about persons"))
}

impl Hidden {
    /// Reads the rows of a batch that are about persons, all of it being so.
    pub(super) fn read(rows: &RecordBatch, cuts: &[Cut<'_>], of: &[Amount]) -> Result<Self, Error> {
        let keys = cuts.iter().map(|cut| cut.keys(rows)).collect::<Result<Vec<_>, Error>>()?;
        let persons = cuts.iter().map(|cut| persons(rows, &cut.statistic.persons)).collect::<Result<Vec<_>, Error>>()?;
        let amounts = amounts(rows, of)?;
        let row = |(place, amounts): (usize, Vec<i128>)| HiddenRow {
            cells: keys.iter().map(|keys| keys[place].clone()).collect(),
            persons: persons.iter().map(|persons| persons[place].clone()).collect(),
            amounts,
        };
        Ok(Self { rows: amounts.into_iter().enumerate().map(row).collect() })
    }

    /// Every cell in which a row counts.
    pub(super) fn cells(&self) -> BTreeSet<Cell> {
        self.rows.iter().flat_map(HiddenRow::cells).collect()
    }

    /// The rows of each cell.
    pub(super) fn by_cell(&self) -> BTreeMap<Cell, Vec<&HiddenRow>> {
        by_cell(&self.rows)
    }

    /// Rows that one of two has and the other has not, as often as they differ.
    pub(super) fn difference(&self, other: &Self) -> Vec<HiddenRow> {
        let mut counts: BTreeMap<&HiddenRow, i64> = BTreeMap::new();
        self.rows.iter().for_each(|row| *counts.entry(row).or_default() += 1);
        other.rows.iter().for_each(|row| *counts.entry(row).or_default() -= 1);
        counts.into_iter().flat_map(|(row, count)| std::iter::repeat_n(row.clone(), usize::try_from(count.abs()).unwrap_or(0))).collect()
    }
}

impl HiddenRow {
    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> {
        self.cells.iter().enumerate().filter_map(|(cut, key)| Some(Cell { cut, key: key.clone()? }))
    }
}

pub(super) fn by_cell(rows: &[HiddenRow]) -> BTreeMap<Cell, Vec<&HiddenRow>> {
    let mut cells: BTreeMap<Cell, Vec<&HiddenRow>> = BTreeMap::new();
    for row in rows {
        row.cells().for_each(|cell| cells.entry(cell).or_default().push(row));
    }
    cells
}

/// Whether what rows add to a group of figures of a cell tells too much of a person.
pub(super) fn tells_too_much(cut: &Cut<'_>, number: usize, figures: usize, rows: &[&HiddenRow], places: &BTreeMap<Amount, usize>) -> bool {
    let rules = engine_rules(cut.rules);
    let of_figures = cut.measures.iter().filter(|measure| measure.figures == figures);
    let mut by_amount = of_figures.map(|measure| {
        let place = places[&measure.amount];
        let contributions = contributions(number, rows, |row| row.amounts[place]);
        sensitive(&contributions, total(rows, place), &rules).is_some()
    });
    if by_amount.any(|tells| tells) {
        return true;
    }
    // Of a part, those who are not in it are a group, too.
    let is_part = cut.figures()[figures].part_of.is_some();
    is_part && few_others(cut, number, figures, rows, places)
}

/// Whether a part leaves out only a few of the persons that the whole counts.
fn few_others(cut: &Cut<'_>, number: usize, figures: usize, rows: &[&HiddenRow], places: &BTreeMap<Amount, usize>) -> bool {
    let place_of = |column: &str| cut.measures.iter().find(|measure| measure.column == column).map(|measure| places[&measure.amount]);
    let whole = cut.figures()[figures].part_of.as_deref().and_then(place_of);
    let part = cut.measures.iter().find(|measure| measure.figures == figures).map(|measure| places[&measure.amount]);
    let (Some(whole), Some(part)) = (whole, part) else { return true };
    let others = contributions(number, rows, |row| row.amounts[whole] - row.amounts[part]);
    let persons: BTreeSet<u64> = others.iter().map(|one| one.person).collect();
    !persons.is_empty() && persons.len() < cut.rules.minimum_persons
}

/// What each person adds in each role.
fn contributions(cut: usize, rows: &[&HiddenRow], amount: impl Fn(&HiddenRow) -> i128) -> Vec<Contribution> {
    let mut sums: BTreeMap<(usize, u64), i128> = BTreeMap::new();
    for row in rows {
        for (role, person) in row.persons[cut].iter().enumerate().filter(|(_, person)| **person != NOBODY) {
            *sums.entry((role, *person)).or_default() += amount(row).abs();
        }
    }
    let added = sums.into_iter().filter(|(_, amount)| *amount > 0);
    added.map(|((role, person), amount)| Contribution { person, role, amount: float(amount) }).collect()
}

/// How many persons stand behind rows of a cut: in each role, and in all.
pub(super) fn count_persons(cut: &Cut<'_>, number: usize, rows: &[&HiddenRow]) -> Vec<usize> {
    let count = |persons: &mut dyn Iterator<Item = u64>| persons.filter(|person| *person != NOBODY).collect::<BTreeSet<u64>>().len();
    let role = |role: usize| count(&mut rows.iter().map(|row| row.persons[number][role]));
    let roles = (0..cut.statistic.persons.len()).map(role);
    roles.chain([count(&mut rows.iter().flat_map(|row| row.persons[number].iter().copied()))]).collect()
}

/// The one person who adds to an amount, if there is but one.
pub(super) fn only_contributor(cut: usize, rows: &[&HiddenRow], place: usize) -> Option<u64> {
    let persons: BTreeSet<u64> = contributions(cut, rows, |row| row.amounts[place]).iter().map(|one| one.person).collect();
    persons.first().copied().filter(|_| persons.len() == 1)
}

fn total(rows: &[&HiddenRow], place: usize) -> f64 {
    float(rows.iter().map(|row| row.amounts[place].abs()).sum())
}

/// Amounts are whole numbers far below 2⁵³, but for shares, of which the last of twelve places does not matter.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(super) fn float(amount: i128) -> f64 {
    amount as f64
}

const NOBODY: u64 = 0;

/// Who stands behind a row of which no column says it.
const SOMEBODY: u64 = 1;

/// The persons of each row, by role. A row about persons that names none is somebody's.
fn persons(rows: &RecordBatch, roles: &[String]) -> Result<Vec<Vec<u64>>, Error> {
    let columns = roles.iter().map(|role| Ok(Cells::of(column(rows, role)?))).collect::<Result<Vec<_>, Error>>()?;
    let id = |cells: &Cells<'_>, row| cells.text(row).map_or(NOBODY, |text| hash(text).max(SOMEBODY + 1));
    let of_row = |row| {
        let mut persons: Vec<u64> = columns.iter().map(|cells| id(cells, row)).collect();
        if let Some(first) = persons.first_mut().filter(|_| columns.iter().all(|cells| cells.text(row).is_none())) {
            *first = SOMEBODY;
        }
        persons
    };
    Ok((0..rows.num_rows()).map(of_row).collect())
}

fn hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = siphasher::sip::SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
