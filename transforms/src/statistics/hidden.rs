//! The hidden part of a family of statistics: the rows about natural persons, which nobody outside sees one by one. What everybody sees
//! of the other rows is known, so all that a published cell can tell of a person is what its hidden rows add to it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use catalog::{APIE_ASMENI, Cells};
use foldhash::fast::RandomState;
use protection::{Contribution, sensitive};

use super::book::{Book, Cell, CellNumber, NOWHERE};
use super::cut::{Amount, Cut, amounts, column};
use super::family::Family;
use super::rules::engine_rules;
use crate::Error;
use crate::disclosure::withheld;

/// A row about natural persons: where it counts, who stands behind it, and what it adds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct HiddenRow {
    /// By cut.
    cells: Box<[CellNumber]>,
    /// By role of the family; [`NOBODY`] where nobody stands in it.
    persons: Box<[u64]>,
    /// By place of the amount in the family.
    pub(super) amounts: Box<[i128]>,
}

/// All hidden rows, in the order of the table.
#[derive(Clone)]
pub(super) struct Hidden {
    pub(super) rows: Vec<Arc<HiddenRow>>,
}

/// Every row that was met, once: tonight and a dozen earlier releases have nearly all of theirs in common.
#[derive(Default)]
pub(super) struct MetRows(HashSet<Arc<HiddenRow>, RandomState>);

impl MetRows {
    fn same(&mut self, row: HiddenRow) -> Arc<HiddenRow> {
        if let Some(met) = self.0.get(&row) {
            return met.clone();
        }
        let row = Arc::new(row);
        self.0.insert(row.clone());
        row
    }
}

/// The rows about persons, or the others.
pub(super) fn rows_about_persons(rows: &RecordBatch, persons: bool) -> Result<RecordBatch, Error> {
    let keep: BooleanArray = withheld(rows, APIE_ASMENI).iter().map(|about| about.map(|about| about == persons)).collect();
    filter_record_batch(rows, &keep).map_err(Error::arrow("rows about persons"))
}

impl Hidden {
    /// Reads rows, all of them about persons.
    pub(super) fn read(rows: &RecordBatch, family: &Family<'_>, book: &mut Book, met: &mut MetRows) -> Result<Self, Error> {
        let cuts = family.cuts.iter().enumerate();
        let cells = cuts.map(|(number, cut)| cut.numbers(number, rows, book)).collect::<Result<Vec<_>, Error>>()?;
        let persons = family.roles.iter().map(|role| persons(rows, role)).collect::<Result<Vec<_>, Error>>()?;
        let amounts = amounts(rows, &family.amounts())?;
        let row = |row: usize| {
            met.same(HiddenRow {
                cells: cells.iter().map(|cells| cells[row]).collect(),
                persons: persons.iter().map(|persons| persons[row]).collect(),
                amounts: amounts.iter().map(|amounts| amounts[row]).collect(),
            })
        };
        Ok(Self { rows: (0..rows.num_rows()).map(row).collect() })
    }

    /// Every cell in which a row counts.
    pub(super) fn cells(&self, book: &Book) -> BTreeSet<Cell> {
        let met: HashSet<CellNumber, RandomState> = self.rows.iter().flat_map(|row| row.cells()).collect();
        met.into_iter().map(|number| book.cell(number).clone()).collect()
    }

    /// Rows that one of two has and the other has not, as often as they differ.
    pub(super) fn difference(&self, other: &Self) -> Vec<Arc<HiddenRow>> {
        let mut counts: HashMap<&Arc<HiddenRow>, i64, RandomState> = HashMap::default();
        self.rows.iter().for_each(|row| *counts.entry(row).or_default() += 1);
        other.rows.iter().for_each(|row| *counts.entry(row).or_default() -= 1);
        let mut differ: Vec<(&Arc<HiddenRow>, i64)> = counts.into_iter().filter(|(_, count)| *count != 0).collect();
        differ.sort_unstable();
        differ.into_iter().flat_map(|(row, count)| std::iter::repeat_n(row.clone(), usize::try_from(count.abs()).unwrap_or(0))).collect()
    }
}

impl Hidden {
    /// Leaves out of every row the cells that do not matter.
    pub(super) fn leave_out(&mut self, matters: impl Fn(CellNumber) -> bool, met: &mut MetRows) {
        for row in &mut self.rows {
            let cells = row.cells.iter().map(|number| if matters(*number) { *number } else { NOWHERE }).collect();
            *row = met.same(HiddenRow { cells, ..HiddenRow::clone(row) });
        }
    }
}

impl HiddenRow {
    /// The numbers of the cells in which it counts.
    pub(super) fn cells(&self) -> impl Iterator<Item = CellNumber> {
        self.cells.iter().copied().filter(|number| *number != NOWHERE)
    }
}

/// The rows of each cell.
pub(super) fn by_cell<'r>(rows: &'r [Arc<HiddenRow>], book: &Book) -> BTreeMap<Cell, Vec<&'r HiddenRow>> {
    let mut cells: Vec<Vec<&HiddenRow>> = vec![Vec::new(); book.len()];
    for row in rows {
        row.cells().for_each(|number| cells[number as usize].push(row));
    }
    cells.into_iter().zip(book.cells()).filter(|(rows, _)| !rows.is_empty()).map(|(rows, cell)| (cell.clone(), rows)).collect()
}

/// Whether what rows add to a group of figures of a cell tells too much of a person.
pub(super) fn tells_too_much(cut: &Cut<'_>, figures: usize, rows: &[&HiddenRow], places: &BTreeMap<Amount, usize>) -> bool {
    let rules = engine_rules(cut.rules);
    let of_figures = cut.measures.iter().filter(|measure| measure.figures == figures);
    let mut by_amount = of_figures.map(|measure| {
        let place = places[&measure.amount];
        let contributions = contributions(cut, rows, |row| row.amounts[place]);
        sensitive(&contributions, total(rows, place), &rules).is_some()
    });
    if by_amount.any(|tells| tells) {
        return true;
    }
    // Of a part, those who are not in it are a group, too.
    let is_part = cut.figures()[figures].part_of.is_some();
    is_part && few_others(cut, figures, rows, places)
}

/// Whether a part leaves out only a few of the persons that the whole counts.
fn few_others(cut: &Cut<'_>, figures: usize, rows: &[&HiddenRow], places: &BTreeMap<Amount, usize>) -> bool {
    let place_of = |column: &str| cut.measures.iter().find(|measure| measure.column == column).map(|measure| places[&measure.amount]);
    let whole = cut.figures()[figures].part_of.as_deref().and_then(place_of);
    let part = cut.measures.iter().find(|measure| measure.figures == figures).map(|measure| places[&measure.amount]);
    let (Some(whole), Some(part)) = (whole, part) else { return true };
    let others = contributions(cut, rows, |row| row.amounts[whole] - row.amounts[part]);
    let persons: BTreeSet<u64> = others.iter().map(|one| one.person).collect();
    !persons.is_empty() && persons.len() < cut.rules.minimum_persons
}

/// What each person adds in each role.
fn contributions(cut: &Cut<'_>, rows: &[&HiddenRow], amount: impl Fn(&HiddenRow) -> i128) -> Vec<Contribution> {
    let mut sums: HashMap<(usize, u64), i128, RandomState> = HashMap::default();
    for row in rows {
        for (role, person) in cut.persons_of(row) {
            *sums.entry((role, person)).or_default() += amount(row).abs();
        }
    }
    let mut added: Vec<_> = sums.into_iter().filter(|(_, amount)| *amount > 0).collect();
    added.sort_unstable();
    added.into_iter().map(|((role, person), amount)| Contribution { person, role, amount: float(amount) }).collect()
}

/// How many persons stand behind rows of a cut: in each role, and in all.
pub(super) fn count_persons(cut: &Cut<'_>, rows: &[&HiddenRow]) -> Vec<usize> {
    let all: BTreeSet<(usize, u64)> = rows.iter().flat_map(|row| cut.persons_of(row)).collect();
    let role = |role: usize| all.iter().filter(|(of, _)| *of == role).count();
    let persons: BTreeSet<u64> = all.iter().map(|(_, person)| *person).collect();
    (0..cut.roles.len()).map(role).chain([persons.len()]).collect()
}

impl Cut<'_> {
    /// Who stands behind a row, and in which role of the cut. Behind a row about persons that names none stands somebody.
    fn persons_of(&self, row: &HiddenRow) -> impl Iterator<Item = (usize, u64)> {
        let persons =
            self.roles.iter().enumerate().map(|(role, place)| (role, row.persons[*place])).filter(|(_, person)| *person != NOBODY);
        let somebody = persons.clone().next().is_none().then_some((0, SOMEBODY));
        persons.chain(somebody)
    }
}

/// The one person who adds to an amount, if there is but one.
pub(super) fn only_contributor(cut: &Cut<'_>, rows: &[&HiddenRow], place: usize) -> Option<u64> {
    let mut persons = rows.iter().filter(|row| row.amounts[place] != 0).flat_map(|row| cut.persons_of(row)).map(|(_, person)| person);
    let first = persons.next()?;
    persons.all(|person| person == first).then_some(first)
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

/// Who stands behind each row in a role.
fn persons(rows: &RecordBatch, role: &str) -> Result<Vec<u64>, Error> {
    let cells = Cells::of(column(rows, role)?);
    Ok((0..rows.num_rows()).map(|row| cells.text(row).map_or(NOBODY, |text| hash(text).max(SOMEBODY + 1))).collect())
}

fn hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = siphasher::sip::SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
