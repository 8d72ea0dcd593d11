//! k-anonymity of open rows by local suppression: where too few individuals share what a row shows of its quasi-identifiers, cells are emptied, step
//! by step, the cheapest first, until enough share the rest. The rule is the table's ([`catalog::KAnonymity`]).
//!
//! Rows whose last quasi-identifier fell may still be too few to be lost among each other. Then as many others are emptied as are wanting, drawn by a
//! keyed hash of the individual: the same ones from night to night, and nobody without the key can tell which those are. If there are not enough
//! others, the rows are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::{filter_record_batch, nullif};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use catalog::{CONFIDENTIAL_MARK, KAnonymity, Table};
use hmac::Mac;

use crate::PersonKey;

/// Empties or leaves out what the table's rule asks for, in rows as the open tier has them.
pub(super) fn anonymise(table: &Table, open: RecordBatch, key: &PersonKey) -> Result<RecordBatch, ArrowError> {
    let Some(rule) = &table.k_anonymity else { return Ok(open) };
    let mut rows = Suspected::of(rule, table, &open)?;
    for step in 0..rule.steps.len() {
        rows.empty_where_few(step);
    }
    rows.fill(key);
    rows.apply(&open)
}

/// How far a row's quasi-identifiers are emptied, and what it still shows of them.
type Combination<'a> = (usize, &'a [u8]);

/// Rows behind which persons may stand.
struct Suspected<'a> {
    rule: &'a KAnonymity,
    /// Their places in the table.
    places: Vec<usize>,
    individuals: Vec<String>,
    /// By the number of steps that are emptied: what each row shows of the others.
    shown: Vec<Vec<Vec<u8>>>,
    /// How many steps are emptied in each row.
    emptied: Vec<usize>,
    /// Whether the most emptied rows are left out.
    left_out: bool,
}

impl<'a> Suspected<'a> {
    fn of(rule: &'a KAnonymity, table: &Table, open: &RecordBatch) -> Result<Self, ArrowError> {
        let places = rule.suspected(table, open);
        let individuals = column(open, &rule.individual)?;
        let individuals = individuals.as_string::<i32>();
        let shown = |step: usize| -> Result<Vec<Vec<u8>>, ArrowError> {
            let columns = rule.steps[step..].iter().flatten().map(|name| column(open, name).cloned()).collect::<Result<Vec<_>, _>>()?;
            if columns.is_empty() {
                return Ok(vec![Vec::new(); places.len()]);
            }
            let converter = RowConverter::new(columns.iter().map(|column| SortField::new(column.data_type().clone())).collect())?;
            let cells = converter.convert_columns(&columns)?;
            Ok(places.iter().map(|place| cells.row(*place).as_ref().to_vec()).collect())
        };
        Ok(Self {
            rule,
            individuals: places.iter().map(|place| individuals.value(*place).to_owned()).collect(),
            shown: (0..=rule.steps.len()).map(shown).collect::<Result<_, _>>()?,
            emptied: vec![0; places.len()],
            left_out: false,
            places,
        })
    }

    /// Who shares each combination.
    fn sharing(&self) -> BTreeMap<Combination<'_>, BTreeSet<&str>> {
        let mut sharing: BTreeMap<Combination<'_>, BTreeSet<&str>> = BTreeMap::new();
        for (row, emptied) in self.emptied.iter().enumerate() {
            sharing.entry((*emptied, &self.shown[*emptied][row])).or_default().insert(&self.individuals[row]);
        }
        sharing
    }

    /// Empties a step in rows that lost all steps before, where too few share the rest.
    fn empty_where_few(&mut self, step: usize) {
        let sharing = self.sharing();
        let is_short = |row: &usize| self.emptied[*row] == step && sharing[&(step, &*self.shown[step][*row])].len() < self.rule.k;
        let short: Vec<usize> = (0..self.emptied.len()).filter(is_short).collect();
        short.into_iter().for_each(|row| self.emptied[row] = step + 1);
    }

    /// Sees to it that rows which show nothing of their quasi-identifiers are enough.
    fn fill(&mut self, key: &PersonKey) {
        let all = self.rule.steps.len();
        loop {
            let sharing = self.sharing();
            let lost = sharing.get(&(all, &[])).cloned().unwrap_or_default();
            if lost.is_empty() || lost.len() >= self.rule.k {
                return;
            }
            let Some((combination, drawn)) = draw(&sharing, &lost, self.rule.k, all, key) else {
                self.left_out = true;
                return;
            };
            let is_drawn = |row: &usize| {
                let emptied = self.emptied[*row];
                (emptied, &*self.shown[emptied][*row]) == combination && drawn.contains(&*self.individuals[*row])
            };
            let rows: Vec<usize> = (0..self.emptied.len()).filter(is_drawn).collect();
            rows.into_iter().for_each(|row| self.emptied[row] = all);
        }
    }

    /// The rows of the table, with what is emptied.
    fn apply(self, open: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let mut emptied = vec![0; open.num_rows()];
        self.places.iter().zip(&self.emptied).for_each(|(place, steps)| emptied[*place] = *steps);
        let mut columns: Vec<ArrayRef> = open.columns().to_vec();
        for (step, names) in self.rule.steps.iter().enumerate() {
            let is_empty: BooleanArray = emptied.iter().map(|steps| Some(*steps > step)).collect();
            for name in names {
                let place = open.schema().index_of(name)?;
                columns[place] = nullif(&columns[place], &is_empty)?;
            }
        }
        let said = |steps: &usize| -> Option<String> {
            let names: Vec<&str> = self.rule.steps[..*steps].iter().flatten().map(String::as_str).collect();
            (!names.is_empty()).then(|| names.join(";"))
        };
        columns[open.schema().index_of(CONFIDENTIAL_MARK)?] = Arc::new(emptied.iter().map(said).collect::<StringArray>());
        let rows = RecordBatch::try_new(open.schema(), columns)?;
        let all = self.rule.steps.len();
        let stays: BooleanArray = emptied.iter().map(|steps| Some(!(self.left_out && *steps == all))).collect();
        filter_record_batch(&rows, &stays)
    }
}

/// Whom to empty, too: as many as are wanting, from a combination that can spare them, of those that show least the one that most share; else
/// everybody of one that few share.
fn draw<'s>(
    sharing: &BTreeMap<Combination<'s>, BTreeSet<&'s str>>,
    lost: &BTreeSet<&'s str>,
    k: usize,
    all: usize,
    key: &PersonKey,
) -> Option<(Combination<'s>, BTreeSet<&'s str>)> {
    let wanting = k - lost.len();
    let others = || sharing.iter().filter(|((emptied, _), _)| *emptied < all);
    let new = |sharing: &BTreeSet<&'s str>| sharing.difference(lost).copied().collect::<Vec<&'s str>>();
    let spares = |sharing: &BTreeSet<&str>| new_count(sharing, lost) >= wanting && sharing.len() - wanting >= k;
    let rich = others().filter(|(_, sharing)| spares(sharing)).max_by_key(|((emptied, _), sharing)| (*emptied, sharing.len()));
    if let Some((combination, sharing)) = rich {
        let mut drawn = new(sharing);
        drawn.sort_by_cached_key(|individual| rank(key, individual));
        return Some((*combination, drawn.into_iter().take(wanting).collect()));
    }
    let least = others().min_by_key(|((emptied, _), sharing)| (std::cmp::Reverse(*emptied), sharing.len()));
    least.map(|(combination, sharing)| (*combination, sharing.clone()))
}

fn new_count(sharing: &BTreeSet<&str>, lost: &BTreeSet<&str>) -> usize {
    sharing.difference(lost).count()
}

/// The place of an individual in the order in which some are drawn.
fn rank(key: &PersonKey, individual: &str) -> [u8; 32] {
    let mut mac = key.derived("k-anonymity");
    mac.update(individual.as_bytes());
    mac.finalize().into_bytes().into()
}

fn column<'a>(rows: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, ArrowError> {
    rows.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::invented::{column, key, table};
    use super::*;
    use crate::{RowLeak, disclose};
    use arrow::array::{Array, Date32Array, Decimal128Array, Int64Array};
    use catalog::{ENTITY, Kind, Personal, SU_ASMENIMIS, Tier};
    use proptest::prelude::*;

    fn anonymous() -> Table {
        let columns = vec![
            column(ENTITY, Kind::Text, Personal::None),
            column("nuo", Kind::Date, Personal::None),
            column("metai", Kind::Integer, Personal::None),
            column("dalis", Kind::Share, Personal::Share),
            column(SU_ASMENIMIS, Kind::Boolean, Personal::None),
            column(catalog::APIE_ASMENI, Kind::Boolean, Personal::None),
            column(CONFIDENTIAL_MARK, Kind::Text, Personal::None),
        ];
        let steps = vec![vec!["nuo".to_owned()], vec!["metai".to_owned()]];
        let rule = KAnonymity { individual: ENTITY.to_owned(), mark: SU_ASMENIMIS.to_owned(), steps, k: 3 };
        Table { k_anonymity: Some(rule), ..table(columns, Vec::new()) }
    }

    /// A row: entity, day (of a year of ten days), whether persons stand behind it.
    type Row = (u8, i32, bool);

    fn rows(rows: &[Row]) -> RecordBatch {
        let of = |text: fn(&Row) -> Option<String>| Arc::new(rows.iter().map(text).collect::<StringArray>()) as ArrayRef;
        let shares = Decimal128Array::from(vec![1; rows.len()]).with_data_type(Kind::Share.arrow());
        let columns: Vec<ArrayRef> = vec![
            of(|row| Some(format!("VIRS {}", row.0))),
            Arc::new(rows.iter().map(|row| Some(row.1)).collect::<Date32Array>()),
            Arc::new(rows.iter().map(|row| Some(i64::from(row.1) / 10)).collect::<Int64Array>()),
            Arc::new(shares),
            Arc::new(rows.iter().map(|row| Some(row.2)).collect::<BooleanArray>()),
            Arc::new(BooleanArray::from(vec![false; rows.len()])),
            of(|_| None),
        ];
        RecordBatch::try_new(anonymous().schema(), columns).unwrap()
    }

    fn open(of: &[Row]) -> RecordBatch {
        disclose(&anonymous(), Tier::Open, &rows(of), &key()).unwrap()
    }

    /// What is said to be emptied, how often.
    fn said(open: &RecordBatch) -> BTreeMap<Option<String>, usize> {
        let marks = open.column_by_name(CONFIDENTIAL_MARK).unwrap().as_string::<i32>();
        let mut counts = BTreeMap::new();
        marks.iter().for_each(|mark| *counts.entry(mark.map(str::to_owned)).or_default() += 1);
        counts
    }

    fn some(mark: &str, count: usize) -> (Option<String>, usize) {
        (Some(mark.to_owned()), count)
    }

    #[test]
    fn days_fall_first_then_years_and_only_where_few_share_them() {
        // Three share a day; three a year; two have a year of their own, for whose sake one more falls of the five of another.
        let day = [(1, 11, true), (2, 11, true), (3, 11, true)];
        let year = [(4, 21, true), (5, 22, true), (6, 23, true), (7, 24, true), (8, 25, true)];
        let few = [(9, 31, true), (10, 45, true)];
        let shown = open(&[&day[..], &year, &few, &[(11, 77, false)]].concat());
        assert_eq!(said(&shown), BTreeMap::from([(None, 4), some("nuo", 4), some("nuo;metai", 3)]));
        assert_eq!((shown.column(1).null_count(), shown.column(2).null_count()), (7, 3));
        let rule = anonymous().k_anonymity.unwrap();
        assert_eq!(rule.shared(&anonymous(), &shown).unwrap().fewest, Some(3));
    }

    #[test]
    fn one_entity_in_many_rows_is_one_and_too_few_of_all_are_left_out() {
        let shown = open(&[(1, 11, true), (1, 11, true), (1, 11, true), (2, 11, true), (3, 50, false)]);
        assert_eq!((shown.num_rows(), said(&shown)), (1, BTreeMap::from([(None, 1)])));
    }

    #[test]
    fn a_planted_row_is_found_by_the_attack_and_refused_by_the_gate() {
        let table = anonymous();
        let shown = open(&[(1, 11, true), (2, 11, true), (3, 11, true), (4, 12, true), (5, 13, true), (6, 14, true)]);
        let admit = |rows: RecordBatch| {
            let table = Table { key: Vec::new(), ..anonymous() };
            catalog::Released::admit(Arc::new(table), Tier::Open, rows, &catalog::Evidence::default()).map_err(|error| error.to_string())
        };
        assert!(admit(shown.clone()).is_ok());
        let mut columns = shown.columns().to_vec();
        let mut days: Vec<Option<i32>> = columns[1].as_primitive::<arrow::datatypes::Date32Type>().iter().collect();
        days[0] = Some(99);
        columns[1] = Arc::new(Date32Array::from(days));
        let planted = RecordBatch::try_new(shown.schema(), columns).unwrap();
        let refused = admit(planted.clone()).unwrap_err();
        assert!(refused.contains("2 combinations of quasi-identifiers belong to fewer than 3 individuals"), "{refused}");
        let found = |rows: &RecordBatch| super::super::attack::lacking_k(&table, rows).map(|finding| (finding.leak, finding.cases));
        assert_eq!((found(&shown), found(&planted)), (None, Some((RowLeak::TooFewAlike, 2))));
    }

    proptest! {
        #[test]
        fn every_combination_that_is_shown_belongs_to_enough(
            of in prop::collection::vec((0_u8..12, 0_i32..60, prop::bool::weighted(0.8)), 0..60),
        ) {
            let shown = open(&of);
            let shared = anonymous().k_anonymity.unwrap().shared(&anonymous(), &shown).unwrap();
            prop_assert_eq!(shared.short, 0);
            // Rows behind which nobody stands stay whole, and the others do unless all of them are too few.
            let marks = said(&shown);
            prop_assert!(marks.get(&None).copied().unwrap_or(0) >= of.iter().filter(|row| !row.2).count());
            let entities = of.iter().filter(|row| row.2).map(|row| row.0).collect::<BTreeSet<_>>().len();
            prop_assert!(shown.num_rows() == of.len() || entities < 3);
            // The order in which rows come changes nothing.
            let backwards: Vec<Row> = of.iter().rev().copied().collect();
            prop_assert_eq!(said(&open(&backwards)), marks);
        }
    }
}
