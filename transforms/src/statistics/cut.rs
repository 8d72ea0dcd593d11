//! A statistic as a cut of its rows: to which of its cells a row belongs, what it adds there, and what two cuts of the same rows have in common.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};
use catalog::{Catalog, Cells, Classifier, Dimension, DisclosureRules, Kind, Protect, Statistic, Table};
use chrono::Datelike;
use foldhash::fast::RandomState;

use super::book::{Book, Cell, CellNumber, Key, NOWHERE};
use crate::Error;

/// Between the values of dimensions; no text has it.
const SEPARATOR: u8 = 0x1f;

/// Under which value of a dimension rows count that have none.
const NOT_GIVEN: &str = "nenurodyta";

/// What is added up: a column of the rows, or the rows themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Amount {
    /// How many rows.
    Rows,
    /// The sum of a column.
    Sum(String),
}

/// One figure that adds up over the rows of a cell.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// Which `[[protect]]` of the statistic it belongs to.
    pub(super) figures: usize,
    /// The statistic's column.
    pub(super) column: String,
    /// What it adds up.
    pub(super) amount: Amount,
    /// The column that shows what rows without persons add up to.
    pub(super) open_part: Option<String>,
    /// Whether its cells make together something that everybody knows.
    pub(super) is_whole: bool,
}

/// A statistic and its place among those of the same rows.
pub(super) struct Cut<'a> {
    pub(super) table: &'a Table,
    pub(super) statistic: &'a Statistic,
    pub(super) rules: DisclosureRules,
    pub(super) measures: Vec<Measure>,
    /// Places of the columns that say who stands behind a row, among those of the family.
    pub(super) roles: Vec<usize>,
    /// If it is another cut with categories merged: which.
    pub(super) merged: Option<Merged<'a>>,
}

/// How a cut merges the categories of another one of the same statistic.
#[derive(Clone)]
pub(super) struct Merged<'a> {
    /// The other cut.
    pub(super) from: usize,
    /// Whose place in the key.
    dimension: usize,
    /// Whose groups.
    pub(super) classifier: &'a Classifier,
}

impl Merged<'_> {
    /// The key of the merged cell that a cell of the other cut belongs to; none if its category is in no group.
    pub(super) fn key(&self, key: &Key) -> Option<Key> {
        let group = self.classifier.group_of(&key[self.dimension])?;
        let mut merged = key.clone();
        merged[self.dimension].clone_from(&group.code);
        Some(merged)
    }

    /// Every cell of the other cut that a merged cell may be made of.
    pub(super) fn parts(&self, key: &Key) -> Vec<Key> {
        let codes = self.classifier.group(&key[self.dimension]).map_or(&[][..], |group| &group.of);
        let part = |code: &String| {
            let mut part = key.clone();
            part[self.dimension].clone_from(code);
            part
        };
        codes.iter().map(part).collect()
    }

    /// Whether a key is one of a merged cell.
    pub(super) fn is_key(&self, key: &Key) -> bool {
        self.classifier.group(&key[self.dimension]).is_some()
    }
}

impl<'a> Cut<'a> {
    /// The cut that a table is, if it is a statistic about persons. Columns that name persons are added to those of the family.
    pub(super) fn of(table: &'a Table, rules: DisclosureRules, all_roles: &mut Vec<&'a str>) -> Option<Self> {
        let statistic = table.statistic.as_ref()?;
        let measures = table.protect.iter().enumerate().flat_map(|(figures, of)| measures(figures, of)).collect();
        let mut role = |name: &'a String| {
            all_roles.iter().position(|known| known == name).unwrap_or_else(|| {
                all_roles.push(name);
                all_roles.len() - 1
            })
        };
        let roles = statistic.persons.iter().map(&mut role).collect();
        Some(Self { table, statistic, rules: statistic.rules.unwrap_or(rules), measures, roles, merged: None })
    }

    /// The same with its categories merged, if they may be; `from` is this cut's number.
    pub(super) fn merged(&self, from: usize, catalog: &'a Catalog) -> Result<Option<Self>, Error> {
        let Some(merge) = &self.statistic.merge else { return Ok(None) };
        let dimension = self.statistic.dimensions.iter().position(|dimension| dimension.column == merge.column).unwrap_or_default();
        let merged = Some(Merged { from, dimension, classifier: catalog.classifier(&merge.classifier)? });
        Ok(Some(Self { measures: self.measures.clone(), roles: self.roles.clone(), merged, ..*self }))
    }

    /// What it is about: a sum if it has one, or what it counts; with the figures that it belongs to.
    pub(super) fn main(&self) -> Option<(usize, &Amount)> {
        let main = self.measures.iter().max_by_key(|measure| matches!(measure.amount, Amount::Sum(_)));
        main.map(|measure| (measure.figures, &measure.amount))
    }

    /// The column of the rows whose codes it merges.
    pub(super) fn merged_column(&self) -> Option<&str> {
        self.merged.as_ref().map(|merged| self.statistic.dimensions[merged.dimension].of.as_str())
    }

    /// Its suppressible groups of figures.
    pub(super) fn figures(&self) -> &'a [Protect] {
        &self.table.protect
    }

    /// The cell of each row, by its number in the book.
    pub(super) fn numbers(&self, number: usize, rows: &RecordBatch, book: &mut Book) -> Result<Vec<CellNumber>, Error> {
        let only = self.statistic.only.iter().map(|(name, value)| Ok((Reader::of(rows, name, false)?, value.as_str())));
        let only = only.collect::<Result<Vec<_>, Error>>()?;
        let dimensions = self.statistic.dimensions.iter().map(|dimension| Reader::of(rows, &dimension.of, dimension.is_year));
        let dimensions = dimensions.collect::<Result<Vec<_>, Error>>()?;
        let mut met: HashMap<Vec<u8>, CellNumber, RandomState> = HashMap::default();
        let mut text = Vec::new();
        let mut of_row = |row: usize| {
            let counts = only.iter().all(|(column, value)| column.is(row, value, &mut text));
            if !counts {
                return NOWHERE;
            }
            text.clear();
            for column in &dimensions {
                column.print(row, &mut text);
                text.push(SEPARATOR);
            }
            if let Some(number) = met.get(&text) {
                return *number;
            }
            let key: Key = dimensions.iter().map(|column| column.text(row)).collect();
            let key = match &self.merged {
                Some(merged) => merged.key(&key),
                None => Some(key),
            };
            let number = key.map_or(NOWHERE, |key| book.number(Cell { cut: number, key }));
            met.insert(text.clone(), number);
            number
        };
        Ok((0..rows.num_rows()).map(&mut of_row).collect())
    }

    /// The cells that the table has, in its order.
    pub(super) fn cells(&self, table: &RecordBatch) -> Result<Vec<Key>, Error> {
        let columns = self.table.key.iter().map(|name| Reader::of(table, name, false)).collect::<Result<Vec<_>, Error>>()?;
        let key = |row| columns.iter().map(|column| column.text(row)).collect();
        Ok((0..table.num_rows()).map(key).collect())
    }

    /// Where a fact of the rows stands in a key, or which value it has in all rows that count.
    fn place(&self, of: &str, is_year: bool) -> Option<Place<'_>> {
        let same = |dimension: &Dimension| dimension.of == of && dimension.is_year == is_year;
        let by_key = self.statistic.dimensions.iter().position(same).map(Place::InKey);
        by_key.or_else(|| self.statistic.only.get(of).filter(|_| !is_year).map(|value| Place::Everywhere(value)))
    }

    /// What this cut and another of the same rows have in common; nothing if they share no row, or if neither tells which rows both count.
    pub(super) fn common<'b>(&'b self, other: &'b Cut<'_>) -> Option<Common<'b>> {
        let facts = |cut: &'b Cut<'_>| {
            let dimensions = cut.statistic.dimensions.iter().map(|dimension| (dimension.of.as_str(), dimension.is_year));
            dimensions.chain(cut.statistic.only.keys().map(|name| (name.as_str(), false))).collect::<Vec<_>>()
        };
        // Whichever rows one leaves out must be told from the others in both.
        let told = |one: &Cut<'_>, by: &Cut<'_>| one.statistic.only.keys().all(|name| by.place(name, false).is_some());
        if !told(self, other) || !told(other, self) {
            return None;
        }
        let mut places: Vec<(Place<'b>, Place<'b>)> = Vec::new();
        for (of, is_year) in facts(self) {
            if let (Some(here), Some(there)) = (self.place(of, is_year), other.place(of, is_year)) {
                if let (Place::Everywhere(one), Place::Everywhere(another)) = (&here, &there)
                    && one != another
                {
                    return None;
                }
                places.push((here, there));
            }
        }
        Some(Common { places })
    }
}

fn measures(figures: usize, of: &Protect) -> impl Iterator<Item = Measure> {
    let measure = move |column: &String, amount: Amount| Measure {
        figures,
        column: column.clone(),
        amount,
        open_part: of.open_part.get(column).cloned(),
        is_whole: of.whole.contains(column),
    };
    let counts = of.counts.iter().map(move |column| measure(column, Amount::Rows));
    counts.chain(of.sums.iter().map(move |(column, sum)| measure(column, Amount::Sum(sum.clone()))))
}

/// Where a value stands.
enum Place<'a> {
    /// In the key, at this place.
    InKey(usize),
    /// It is the same in all rows that count.
    Everywhere(&'a str),
}

impl Place<'_> {
    fn value<'k>(&'k self, key: &'k Key) -> &'k str {
        match self {
            Self::InKey(place) => &key[*place],
            Self::Everywhere(value) => value,
        }
    }
}

/// What two cuts have in common: cells of one and cells of the other with the same values of it count the same rows.
pub(super) struct Common<'a> {
    places: Vec<(Place<'a>, Place<'a>)>,
}

impl Common<'_> {
    /// The values that a cell of the first cut has of it; nothing if the second counts none of its rows.
    pub(super) fn of_first(&self, key: &Key) -> Option<Key> {
        self.places.iter().map(|(here, there)| Self::agreed(here.value(key), there)).collect()
    }

    /// The same for a cell of the second.
    pub(super) fn of_second(&self, key: &Key) -> Option<Key> {
        self.places.iter().map(|(here, there)| Self::agreed(there.value(key), here)).collect()
    }

    fn agreed(value: &str, other: &Place<'_>) -> Option<String> {
        match other {
            Place::Everywhere(only) if *only != value => None,
            _ => Some(value.to_owned()),
        }
    }
}

/// What rows add up to, by amount and row, in units of its column (cents, whole things, 10⁻¹² of a share).
pub(super) fn amounts(rows: &RecordBatch, of: &[Amount]) -> Result<Vec<Vec<i128>>, Error> {
    let column = |amount: &Amount| match amount {
        Amount::Rows => Ok(vec![1; rows.num_rows()]),
        Amount::Sum(name) => Ok(numbers(column(rows, name)?)),
    };
    of.iter().map(column).collect()
}

/// Numbers of a column in units of its last place; an empty cell counts nothing.
pub(super) fn numbers(column: &ArrayRef) -> Vec<i128> {
    if let Some(decimals) = column.as_primitive_opt::<Decimal128Type>() {
        return decimals.iter().map(Option::unwrap_or_default).collect();
    }
    match column.as_primitive_opt::<Int64Type>() {
        Some(numbers) => numbers.iter().map(|number| i128::from(number.unwrap_or_default())).collect(),
        None => vec![0; column.len()],
    }
}

/// The amounts that the measures of all cuts add up, each once, and their places.
pub(super) fn all_amounts(cuts: &[Cut<'_>]) -> BTreeMap<Amount, usize> {
    let mut all = BTreeMap::new();
    for measure in cuts.iter().flat_map(|cut| &cut.measures) {
        let next = all.len();
        all.entry(measure.amount.clone()).or_insert(next);
    }
    all
}

/// Whether an amount counts whole things.
pub(super) fn is_count(rows: &Table, amount: &Amount) -> bool {
    match amount {
        Amount::Rows => true,
        Amount::Sum(name) => rows.column(name).is_some_and(|column| column.column.kind == Kind::Integer),
    }
}

pub(super) fn column<'r>(rows: &'r RecordBatch, name: &str) -> Result<&'r ArrayRef, Error> {
    let missing = || arrow::error::ArrowError::SchemaError(format!("column {name} is missing"));
    rows.column_by_name(name).ok_or_else(missing).map_err(Error::arrow(name))
}

/// Reads a column as text, or the year of its dates.
struct Reader<'r> {
    cells: Cells<'r>,
    dates: Option<&'r arrow::array::PrimitiveArray<Date32Type>>,
}

impl<'r> Reader<'r> {
    fn of(rows: &'r RecordBatch, name: &str, is_year: bool) -> Result<Self, Error> {
        let column = column(rows, name)?;
        Ok(Self { cells: Cells::of(column), dates: is_year.then(|| column.as_primitive_opt::<Date32Type>()).flatten() })
    }

    /// Whether the value is this one; an empty text stands for an empty cell.
    fn is(&self, row: usize, value: &str, text: &mut Vec<u8>) -> bool {
        text.clear();
        if !self.cells.is_null(row) {
            self.print(row, text);
        }
        text == value.as_bytes()
    }

    fn print(&self, row: usize, out: &mut Vec<u8>) {
        match self.dates {
            _ if self.cells.is_null(row) => out.extend_from_slice(NOT_GIVEN.as_bytes()),
            Some(dates) => out.extend(dates.value_as_date(row).map(|day| day.year().to_string()).unwrap_or_default().bytes()),
            None => self.cells.print(row, out),
        }
    }

    fn text(&self, row: usize) -> String {
        let mut text = Vec::new();
        self.print(row, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}
