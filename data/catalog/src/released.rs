//! The gate in front of publication, as a type.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, SchemaRef};
use arrow::row::{RowConverter, SortField};
use foldhash::fast::RandomState;

use crate::{CONFIDENTIAL_MARK, Error, Guard, Layer, MARKS, Personal, Protect, Table, Tier, is_pseudonym, rounded};

/// What the SQL checks said about one table.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// What each check says that found wrong rows.
    pub failed: Vec<String>,
}

/// A table that may be shown to one tier. Publishers take nothing else; there is no other constructor than [`Released::admit`].
#[derive(Clone)]
pub struct Released {
    table: Arc<Table>,
    tier: Tier,
    rows: RecordBatch,
}

/// Its rows are left out: those of the internal tier hold codes.
impl std::fmt::Debug for Released {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Released({} to {}, {} rows)", self.table.name, self.tier, self.rows.num_rows())
    }
}

impl Released {
    /// Lets a table through, or says which rule it breaks.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the table is an `out_` table published in `tier`, its columns are exactly those the definition shows
    /// to that tier, required columns are filled, no cell is shown that its row's mark withholds, no number
    /// of a record is open, counts are rounded where they must be, open rows behind which persons stand are like enough others, the key is unique, the row count is in bounds,
    /// the open tier has no column that marks persons, every row of statistics counts the persons behind it, and every check found nothing.
    pub fn admit(table: Arc<Table>, tier: Tier, rows: RecordBatch, evidence: &Evidence) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Refused { table: table.name.clone(), tier, reason };
        if table.layer != Layer::Out || !table.tiers.contains(&tier) {
            return Err(refuse("its definition does not list this tier".to_owned()));
        }
        if let Some(said) = evidence.failed.first() {
            return Err(refuse(said.clone()));
        }
        if let Some(reason) = RULES.iter().find_map(|rule| rule(&table, tier, &rows)) {
            return Err(refuse(reason));
        }
        let rows = RecordBatch::try_new(table.schema_for(tier), rows.columns().to_vec()).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { table, tier, rows })
    }

    /// The definition.
    #[must_use]
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// Who may see it.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// The rows; the schema is exactly [`Table::schema_for`] the tier.
    #[must_use]
    pub fn rows(&self) -> &RecordBatch {
        &self.rows
    }
}

/// What is asked of rows before a tier may see them: why they may not be seen, or nothing.
type Rule = fn(&Table, Tier, &RecordBatch) -> Option<String>;

/// All rules, in the order in which they are asked; the first fixes the columns that the others go by.
const RULES: [Rule; 11] = [
    other_columns,
    open_marks,
    empty_cells,
    withheld_cells,
    personal_values,
    open_numbers,
    exact_counts,
    shared_by_few,
    uncounted_persons,
    out_of_bounds,
    repeated_key,
];

fn other_columns(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let list = |schema: SchemaRef| -> Vec<String> {
        schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type())).collect()
    };
    let (got, want) = (list(rows.schema()), list(table.schema_for(tier)));
    (got != want).then(|| format!("its columns are [{}], the definition shows [{}]", got.join(", "), want.join(", ")))
}

fn open_marks(_: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let mark = MARKS.iter().find(|mark| tier == Tier::Open && rows.column_by_name(mark).is_some())?;
    Some(format!("column {mark} steers disclosure and may not be open"))
}

fn empty_cells(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let schema = table.schema_for(tier);
    let mut required = schema.fields().iter().zip(rows.columns()).filter(|(field, _)| !field.is_nullable());
    let (field, column) = required.find(|(_, column)| column.null_count() > 0)?;
    Some(format!("required column {} is empty in {} rows", field.name(), column.null_count()))
}

fn withheld_cells(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    table.visible(tier).zip(rows.columns()).find_map(|(shown, array)| {
        let mark = rows.column_by_name(shown.column.personal.withheld_by(tier)?)?.as_boolean();
        let found = (0..rows.num_rows()).filter(|row| array.is_valid(*row) && (mark.is_null(*row) || mark.value(*row))).count();
        (found > 0).then(|| format!("{found} rows show a natural person's {}", shown.column.name))
    })
}

/// In the open tier pseudonyms stand for numbers of records; one that got through would tell by its place in the sequence what is left out.
fn open_numbers(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let numbers = table.visible(tier).zip(rows.columns()).filter(|(shown, _)| shown.column.personal == Personal::RecordNumber);
    numbers.filter(|_| tier == Tier::Open).find_map(|(shown, array)| {
        let found = array.as_string_opt::<i32>()?.iter().flatten().filter(|text| !is_pseudonym(text)).count();
        (found > 0).then(|| format!("{found} rows show the number itself in column {}, not its pseudonym", shown.column.name))
    })
}

/// Counts that are rounded outside the internal tier; an exact one got past disclosure control.
fn exact_counts(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    table.visible(tier).zip(rows.columns()).find_map(|(shown, array)| {
        let (name, counts) = (&shown.column.name, array.as_primitive_opt::<Int64Type>()?);
        let base = table.rounded_to(name, tier)?;
        let found = counts.iter().flatten().filter(|count| rounded(*count, base) != *count).count();
        (found > 0).then(|| format!("{found} rows show an exact count in column {name}, which is rounded to {base}"))
    })
}

/// Open rows behind which persons stand, and that few others are like; by what the tier shows, as whoever reads it would count them.
fn shared_by_few(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let rule = table.k_anonymity.as_ref().filter(|_| tier == Tier::Open)?;
    match rule.shared(table, rows) {
        Ok(shared) if shared.short == 0 => None,
        Ok(shared) => Some(format!("{} combinations of quasi-identifiers belong to fewer than {} individuals", shared.short, rule.k)),
        Err(error) => Some(error.to_string()),
    }
}

fn personal_values(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    if tier == Tier::Internal {
        return None;
    }
    let guard = Guard::over(table.visible(tier).map(|shown| &*shown.column));
    let (place, found) = guard.in_table(rows.columns()).into_iter().next()?;
    Some(format!("{found} rows of column {} hold a personal code or a birth date", rows.schema().field(place).name()))
}

/// Statistics count the persons behind every row, and disclosure control goes by that number. Outside the internal tier the count of a
/// suppressed cell is empty, and the row says so.
fn uncounted_persons(table: &Table, tier: Tier, rows: &RecordBatch) -> Option<String> {
    let marks = rows.column_by_name(CONFIDENTIAL_MARK).and_then(|column| column.as_string_opt::<i32>());
    let marks = marks.filter(|_| tier != Tier::Internal);
    let is_suppressed = |row: usize, persons: &str| {
        let mark = marks.filter(|marks| marks.is_valid(row)).map(|marks| marks.value(row));
        mark.is_some_and(|mark| mark.split(';').any(|name| name == persons))
    };
    table.protect.iter().find_map(|Protect { persons, .. }| {
        let counts = rows.column_by_name(persons).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let is_counted = |row: usize| match counts {
            Some(counts) if counts.is_valid(row) => counts.value(row) >= 0,
            _ => is_suppressed(row, persons),
        };
        let found = (0..rows.num_rows()).filter(|row| !is_counted(*row)).count();
        let model = &table.name;
        (found > 0).then(|| {
            format!(
                "{found} rows do not say in column {persons} how many persons stand behind them, so that they cannot be protected; mend sql/models/{model}.sql"
            )
        })
    })
}

fn out_of_bounds(table: &Table, _: Tier, rows: &RecordBatch) -> Option<String> {
    let count = rows.num_rows() as u64;
    let is_outside = count < table.rows.min || table.rows.max.is_some_and(|max| count > max);
    is_outside.then(|| format!("it has {count} rows, outside its bounds {:?}", table.rows))
}

fn repeated_key(table: &Table, _: Tier, rows: &RecordBatch) -> Option<String> {
    match repeated_keys(rows, &table.key) {
        Ok(0) => None,
        Ok(repeated) => Some(format!("key ({}) repeats in {repeated} rows", table.key.join(", "))),
        Err(error) => Some(error.to_string()),
    }
}

/// How many rows repeat the key of an earlier row.
fn repeated_keys(rows: &RecordBatch, key: &[String]) -> Result<usize, arrow::error::ArrowError> {
    let columns: Vec<_> = key
        .iter()
        .map(|name| {
            rows.column_by_name(name).cloned().ok_or_else(|| arrow::error::ArrowError::SchemaError(format!("key column {name} is missing")))
        })
        .collect::<Result<_, _>>()?;
    if columns.is_empty() {
        return Ok(0);
    }
    let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let converter = RowConverter::new(fields)?;
    let keys = converter.convert_columns(&columns)?;
    let mut seen = HashSet::with_capacity_and_hasher(keys.num_rows(), RandomState::default());
    Ok(keys.iter().filter(|key| !seen.insert(*key)).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bounds, Column, Kind, TableColumn, Text};
    use arrow::array::{ArrayRef, Int64Array, StringArray};

    fn table(personal: Personal, rows: Bounds) -> Arc<Table> {
        let column = |name: &str, personal| TableColumn {
            column: Arc::new(Column {
                name: name.to_owned(),
                kind: Kind::Text,
                title: Text::default(),
                description: None,
                check: None,
                unit: None,
                personal,
                past: false,
            }),
            required: name == "raktas",
        };
        Arc::new(Table {
            name: "out_bandymas".to_owned(),
            layer: Layer::Out,
            title: Text::default(),
            description: Text::default(),
            key: vec!["raktas".to_owned()],
            columns: vec![column("raktas", Personal::None), column("slapta", personal)],
            rows,
            tiers: vec![Tier::Internal, Tier::Public],
            order: Vec::new(),
            require_one: Vec::new(),
            statistic: None,
            protect: Vec::new(),
            round: Vec::new(),
            k_anonymity: None,
            payments: None,
            search: None,
            without_persons: false,
            event: None,
            handed_in: None,
            submitted: false,
            role: None,
            feeds: None,
            sources: Vec::new(),
            mentions: None,
            history: None,
        })
    }

    fn batch(table: &Table, tier: Tier, keys: &[Option<&str>]) -> RecordBatch {
        let schema = Arc::new(arrow::datatypes::Schema::new(
            table.schema_for(tier).fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect::<Vec<_>>(),
        ));
        let column: arrow::array::ArrayRef = Arc::new(StringArray::from(keys.to_vec()));
        RecordBatch::try_new(schema.clone(), vec![column; schema.fields().len()]).unwrap()
    }

    #[test]
    fn statistics_that_do_not_count_the_persons_behind_a_row_are_refused() {
        let column = |name: &str, kind| TableColumn {
            column: Arc::new(Column {
                name: name.to_owned(),
                kind,
                ..table(Personal::None, Bounds::default()).columns[0].column.as_ref().clone()
            }),
            required: false,
        };
        let statistics = Arc::new(Table {
            columns: vec![column("raktas", Kind::Text), column("asmenu", Kind::Integer), column(CONFIDENTIAL_MARK, Kind::Text)],
            tiers: Tier::ALL.to_vec(),
            protect: vec![Protect { values: Vec::new(), persons: "asmenu".to_owned(), ..Protect::default() }],
            ..table(Personal::None, Bounds::default()).as_ref().clone()
        });
        let admit = |tier, persons: Option<i64>, mark: Option<&str>| {
            let columns: Vec<ArrayRef> = vec![
                Arc::new(StringArray::from(vec!["a", "b"])),
                Arc::new(Int64Array::from(vec![Some(0), persons])),
                Arc::new(StringArray::from(vec![None, mark])),
            ];
            let rows = RecordBatch::try_new(statistics.schema_for(tier), columns).unwrap();
            Released::admit(statistics.clone(), tier, rows, &Evidence::default()).map_err(|error| error.to_string())
        };
        for tier in Tier::ALL {
            assert!(admit(tier, Some(0), None).is_ok() && admit(tier, Some(7), None).is_ok());
            for uncounted in [admit(tier, None, None), admit(tier, Some(-1), None), admit(tier, None, Some("suma"))] {
                let reason = uncounted.unwrap_err();
                assert!(reason.contains("1 rows do not say in column asmenu") && reason.contains("out_bandymas.sql"), "{reason}");
            }
            // Disclosure control empties a count outside the internal tier only, and marks the row.
            assert_eq!(admit(tier, None, Some("suma;asmenu")).is_ok(), tier != Tier::Internal);
        }
    }

    #[test]
    fn open_rows_that_few_are_like_are_refused() {
        let rule = crate::KAnonymity {
            individual: "raktas".to_owned(),
            mark: "su_asmenimis".to_owned(),
            steps: vec![vec!["slapta".to_owned()]],
            k: 3,
        };
        let shared = Arc::new(Table {
            tiers: Tier::ALL.to_vec(),
            k_anonymity: Some(rule),
            ..table(Personal::None, Bounds::default()).as_ref().clone()
        });
        let admit = |tier, days: [&str; 4]| {
            let columns: Vec<ArrayRef> =
                vec![Arc::new(StringArray::from(vec!["a", "b", "c", "d"])), Arc::new(StringArray::from(days.to_vec()))];
            let rows = RecordBatch::try_new(shared.schema_for(tier), columns).unwrap();
            Released::admit(shared.clone(), tier, rows, &Evidence::default()).map_err(|error| error.to_string())
        };
        assert!(admit(Tier::Open, ["2025"; 4]).is_ok());
        let few = ["2025", "2025", "2026", "2026"];
        let refused = admit(Tier::Open, few).unwrap_err();
        assert!(refused.contains("2 combinations of quasi-identifiers belong to fewer than 3 individuals"), "{refused}");
        assert!(admit(Tier::Public, few).is_ok(), "the rule is of the open tier");
    }

    #[test]
    fn a_number_given_in_sequence_is_not_open() {
        let numbered = Arc::new(Table { tiers: Tier::ALL.to_vec(), ..table(Personal::RecordNumber, Bounds::default()).as_ref().clone() });
        let admit = |tier, number| {
            let admitted = Released::admit(numbered.clone(), tier, batch(&numbered, tier, &[number]), &Evidence::default());
            admitted.map_err(|error| error.to_string())
        };
        assert!(admit(Tier::Public, Some("VIP-000001")).is_ok());
        for number in ["VIP-000001", "abcdefghijklmno", "abcdefghijklmnoq", "ABCDEFGHIJKLMNOP"] {
            let refused = admit(Tier::Open, Some(number)).unwrap_err();
            assert!(refused.contains("1 rows show the number itself in column slapta"), "{refused}");
        }
        assert!(admit(Tier::Open, Some("abcdefghijklmnop")).is_ok());
    }

    #[test]
    fn the_gate_refuses_each_broken_rule_and_lets_a_right_table_through() {
        let ok = Evidence::default();
        let table_ = table(Personal::Code, Bounds { min: 1, max: Some(2) });
        let admit = |tier, rows, evidence: &Evidence| Released::admit(table_.clone(), tier, rows, evidence);
        let good = batch(&table_, Tier::Public, &[Some("a"), Some("b")]);
        assert_eq!(good.num_columns(), 1, "a personal code is not visible to the public");
        assert!(admit(Tier::Public, good.clone(), &ok).is_ok());
        assert!(admit(Tier::Open, good.clone(), &ok).is_err(), "tier not listed");
        let internal = batch(&table_, Tier::Internal, &[Some("a")]);
        assert!(admit(Tier::Public, internal, &ok).is_err(), "column of another tier");
        assert!(admit(Tier::Public, batch(&table_, Tier::Public, &[Some("a"), Some("a")]), &ok).is_err(), "key repeats");
        assert!(admit(Tier::Public, batch(&table_, Tier::Public, &[Some("a/k 33309240064")]), &ok).is_err(), "a code in a text");
        assert!(admit(Tier::Public, batch(&table_, Tier::Public, &[None]), &ok).is_err(), "required is empty");
        assert!(admit(Tier::Public, batch(&table_, Tier::Public, &[]), &ok).is_err(), "too few rows");
        let failed = Evidence { failed: vec!["check patikra found 1 wrong rows".to_owned()] };
        assert!(admit(Tier::Public, good, &failed).is_err(), "a check failed");
    }
}
