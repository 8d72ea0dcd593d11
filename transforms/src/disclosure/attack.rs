//! The attacker on rows: what somebody who reads the open tables, alone or beside the public ones, can tell of what they leave out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Decimal128Type;
use catalog::{APIE_ASMENI, Catalog, ENTITY, Kind, Layer, Personal, SEQUENCE, Table, Tier};
use sha2::{Digest, Sha256};

use crate::statistics::PublishedTables;

/// What an attacker found in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowLeak {
    /// Numbers given in sequence have gaps.
    Gaps,
    /// What open rows show of a whole tells what one person holds.
    Remainder,
    /// Fewer individuals than the table's rule says share what a row shows of its quasi-identifiers.
    TooFewAlike,
    /// A pseudonym is the plain hash of something that can be guessed.
    Guessed,
}

impl RowLeak {
    /// In words.
    #[must_use]
    pub fn said(self) -> &'static str {
        match self {
            Self::Gaps => "gaps in numbers tell how many rows are left out, and where",
            Self::Remainder => "one minus the shares that are shown is what one person holds",
            Self::TooFewAlike => "combinations of quasi-identifiers belong to fewer individuals than the rule says",
            Self::Guessed => "pseudonyms are plain hashes of numbers that can be guessed",
        }
    }
}

/// In how many cases a column of a table leaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowFinding {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// How.
    pub leak: RowLeak,
    /// How often.
    pub cases: usize,
}

/// So many of the numbers from the first to the last are there at least, where numbers are given in sequence.
const DENSE: f64 = 0.5;

/// Tables with fewer rows than this show no sequence.
const FEW_ROWS: usize = 20;

/// Plain numbers that are tried, beside all that the public tier shows.
const TRIED: u32 = 200_000;

/// The whole, in units of a share's last place.
const WHOLE: i128 = 1_000_000_000_000;

/// How far sums of rounded shares may be beside the whole.
const ROUNDED: i128 = 100;

/// Attacks the rows of the open tier, with the public tier beside it.
#[must_use]
pub fn attack_rows(catalog: &Catalog, open: &PublishedTables, public: &PublishedTables) -> Vec<RowFinding> {
    let mut found = Vec::new();
    for table in catalog.tables(Layer::Out).filter(|table| table.column(APIE_ASMENI).is_some()) {
        found.extend(open.get(&table.name).and_then(|rows| lacking_k(table, rows)));
        let (Some(open), Some(public)) = (open.get(&table.name), public.get(&table.name)) else { continue };
        for used in table.visible(Tier::Open) {
            let (name, class) = (&used.column.name, used.column.personal);
            let mut note = |leak, cases| {
                if cases > 0 {
                    found.push(RowFinding { table: table.name.clone(), column: name.clone(), leak, cases });
                }
            };
            if table.key.contains(name) && name != SEQUENCE {
                note(RowLeak::Gaps, gaps(open, name));
            }
            if class == Personal::Share && used.column.kind == Kind::Share {
                note(RowLeak::Remainder, remainders(open, public, name));
            }
            if class == Personal::RecordNumber {
                note(RowLeak::Guessed, guessed(open, public, name));
            }
        }
    }
    found
}

/// Whether rows behind which persons may stand can be singled out by their quasi-identifiers: counted in what the open tier shows, and nothing else.
pub(super) fn lacking_k(table: &Table, open: &RecordBatch) -> Option<RowFinding> {
    let rule = table.k_anonymity.as_ref()?;
    // A table of other columns was not made by this rule, and is none that the caller reads.
    let cases = rule.shared(table, open).ok()?.short;
    let column = rule.quasi_identifiers().collect::<Vec<_>>().join("+");
    (cases > 0).then(|| RowFinding { table: table.name.clone(), column, leak: RowLeak::TooFewAlike, cases })
}

/// Numbers that are missing between the first and the last of a column of numbers given in sequence.
fn gaps(rows: &RecordBatch, name: &str) -> usize {
    let Some(texts) = rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>()) else { return 0 };
    let mut series: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for text in texts.iter().flatten() {
        let digits = text.len() - text.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let (prefix, number) = text.split_at(text.len() - digits);
        if let Ok(number) = number.parse() {
            series.entry(prefix).or_default().insert(number);
        }
    }
    let missing = |numbers: &BTreeSet<u64>| -> usize {
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return 0 };
        let span = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        let is_dense = numbers.len() >= FEW_ROWS && ratio(numbers.len(), span) >= DENSE;
        if is_dense { span - numbers.len() } else { 0 }
    };
    series.values().map(missing).sum()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2⁵³")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Entities of which one person holds exactly what the open rows leave of the whole.
fn remainders(open: &RecordBatch, public: &RecordBatch, name: &str) -> usize {
    let shown = shares(open, name, |_| true);
    let persons = shares(public, name, |row| {
        let mark = public.column_by_name(APIE_ASMENI).map(|mark| mark.as_boolean());
        mark.is_none_or(|mark| mark.is_null(row) || mark.value(row))
    });
    let is_told = |(entity, open): &(&String, &Vec<Option<i128>>)| {
        let held = persons.get(*entity).map(|held| held.iter().flatten().collect::<Vec<_>>());
        let rest = open.iter().copied().collect::<Option<Vec<i128>>>().map(|open| WHOLE - open.iter().sum::<i128>());
        matches!((held.as_deref(), rest), (Some([held]), Some(rest)) if rest > ROUNDED && (**held - rest).abs() <= ROUNDED)
    };
    shown.iter().filter(is_told).count()
}

/// The shares of each entity's rows that count; none where it is not shown.
fn shares(rows: &RecordBatch, name: &str, counts: impl Fn(usize) -> bool) -> BTreeMap<String, Vec<Option<i128>>> {
    let mut shares: BTreeMap<String, Vec<Option<i128>>> = BTreeMap::new();
    let entities = rows.column_by_name(ENTITY).and_then(|column| column.as_string_opt::<i32>());
    let values = rows.column_by_name(name).and_then(|column| column.as_primitive_opt::<Decimal128Type>());
    let (Some(entities), Some(values)) = (entities, values) else { return shares };
    for row in (0..rows.num_rows()).filter(|row| entities.is_valid(*row) && counts(*row)) {
        shares.entry(entities.value(row).to_owned()).or_default().push(values.is_valid(row).then(|| values.value(row)));
    }
    shares
}

/// Values of the open column that are hashes, or beginnings of hashes, of values of the public one or of plain numbers.
fn guessed(open: &RecordBatch, public: &RecordBatch, name: &str) -> usize {
    let texts = |rows: &RecordBatch| -> Vec<String> {
        let column = rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        column.into_iter().flat_map(|column| column.iter().flatten()).map(str::to_owned).collect()
    };
    let shown: HashSet<String> = texts(open).into_iter().collect();
    let Some(length) = shown.iter().map(String::len).max() else { return 0 };
    let tried = texts(public).into_iter().chain((0..TRIED).map(|number| number.to_string())).collect::<BTreeSet<_>>();
    let hits = |text: &String| {
        let hash = hex::encode(Sha256::digest(text.as_bytes()));
        let letters: String = hash.chars().filter_map(|digit| char::from_u32(u32::from('a') + digit.to_digit(16)?)).collect();
        [text.clone(), hash.chars().take(length).collect(), letters.chars().take(length).collect()]
            .iter()
            .any(|guess| shown.contains(guess))
    };
    tried.iter().filter(|text| hits(text)).count()
}

/// Whether a table has the columns by which it is attacked; those of an older program may not.
#[must_use]
pub fn has_columns(table: &Table, tier: Tier, rows: &RecordBatch) -> bool {
    let names: Vec<&str> = table.visible(tier).map(|used| used.column.name.as_str()).collect();
    let schema = rows.schema();
    let types = table.visible(tier).zip(schema.fields()).all(|(used, field)| used.column.kind.arrow() == *field.data_type());
    types && schema.fields().iter().map(|field| field.name().as_str()).eq(names)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, StringArray};

    use super::*;

    fn numbers(of: impl Iterator<Item = String>) -> RecordBatch {
        RecordBatch::try_from_iter([("nr", Arc::new(StringArray::from_iter_values(of)) as ArrayRef)]).unwrap()
    }

    #[test]
    fn gaps_in_a_sequence_are_counted_and_numbers_that_are_none_are_not() {
        let with_gaps = numbers((1..=100).filter(|number| number % 10 != 0).map(|number| format!("VIP-{number:05}")));
        assert_eq!(gaps(&with_gaps, "nr"), 9);
        assert_eq!(gaps(&numbers((1..=100).map(|number| number.to_string())), "nr"), 0);
        assert_eq!(gaps(&numbers((1..=100).map(|number| (number * 7919 % 100_003).to_string())), "nr"), 0);
    }

    #[test]
    fn what_one_person_holds_is_found_in_what_the_open_rows_leave() {
        let rows = |entities: &[&str], shares: &[Option<i128>], persons: &[bool]| {
            let shares = Decimal128Array::from(shares.to_vec()).with_data_type(Kind::Share.arrow());
            RecordBatch::try_from_iter([
                (ENTITY, Arc::new(StringArray::from(entities.to_vec())) as ArrayRef),
                ("dalis", Arc::new(shares) as ArrayRef),
                (APIE_ASMENI, Arc::new(BooleanArray::from(persons.to_vec())) as ArrayRef),
            ])
            .unwrap()
        };
        let share = |percent: i128| Some(percent * WHOLE / 100);
        let public = rows(
            &["1", "1", "2", "2", "2", "3", "3"],
            &[60, 40, 50, 30, 20, 60, 40].map(share),
            &[false, true, false, true, true, false, true],
        );
        let open = rows(&["1", "2", "3"], &[share(60), share(50), None], &[false; 3]);
        assert_eq!(remainders(&open, &public, "dalis"), 1);
    }

    #[test]
    fn plain_hashes_of_numbers_are_guessed() {
        let hash = |number: u32| hex::encode(Sha256::digest(number.to_string().as_bytes()));
        let open = numbers((1..=3).map(|number| hash(number)[..16].to_owned()).chain(["abcdefghijklmnop".to_owned()]));
        assert_eq!(guessed(&open, &numbers(std::iter::empty()), "nr"), 3);
    }
}
