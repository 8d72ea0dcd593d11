//! The gate in front of publication, as a type.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::row::{RowConverter, SortField};
use foldhash::fast::RandomState;

use crate::{Error, Guard, Layer, MARKS, Table, Tier};

/// What the SQL checks said about one table.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Check name and how many wrong rows it found.
    pub checks: Vec<(String, u64)>,
}

/// A table that may be shown to one tier. Publishers take nothing else; there is no other constructor than [`Released::admit`].
#[derive(Debug, Clone)]
pub struct Released {
    table: Arc<Table>,
    tier: Tier,
    rows: RecordBatch,
}

impl Released {
    /// Lets a table through, or says which rule it breaks.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the table is an `out_` table published in `tier`, its columns are exactly those the definition shows
    /// to that tier, required columns are filled, no cell is shown that its row's mark withholds, the key is unique, the row count is in bounds,
    /// the open tier has no column that marks persons, and every check found nothing.
    pub fn admit(table: Arc<Table>, tier: Tier, rows: RecordBatch, evidence: &Evidence) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Refused { table: table.name.clone(), tier, reason };
        if table.layer != Layer::Out || !table.tiers.contains(&tier) {
            return Err(refuse("its definition does not list this tier".to_owned()));
        }
        if let Some((check, wrong)) = evidence.checks.iter().find(|(_, wrong)| *wrong > 0) {
            return Err(refuse(format!("check {check} found {wrong} wrong rows; see sql/checks/{check}.sql")));
        }
        let expected = table.schema_for(tier);
        let (got, want) = (rows.schema(), &expected);
        let shape = |schema: &arrow::datatypes::Schema| -> Vec<_> {
            schema.fields().iter().map(|field| (field.name().clone(), field.data_type().clone())).collect()
        };
        if shape(&got) != shape(want) {
            let names = |schema: &arrow::datatypes::Schema| {
                schema.fields().iter().map(|f| format!("{} {}", f.name(), f.data_type())).collect::<Vec<_>>().join(", ")
            };
            return Err(refuse(format!("its columns are [{}], the definition shows [{}]", names(&got), names(want))));
        }
        if let Some(mark) = MARKS.iter().find(|mark| tier == Tier::Open && rows.column_by_name(mark).is_some()) {
            return Err(refuse(format!("column {mark} steers disclosure and may not be open")));
        }
        for (field, column) in want.fields().iter().zip(rows.columns()) {
            if !field.is_nullable() && column.null_count() > 0 {
                return Err(refuse(format!("required column {} is empty in {} rows", field.name(), column.null_count())));
            }
        }
        for (shown, array) in table.visible(tier).zip(rows.columns()) {
            let mark = shown.column.personal.withheld_by(tier).and_then(|mark| rows.column_by_name(mark));
            let Some(mark) = mark.map(|mark| mark.as_boolean()) else { continue };
            let found = (0..rows.num_rows()).filter(|row| array.is_valid(*row) && (mark.is_null(*row) || mark.value(*row))).count();
            if found > 0 {
                return Err(refuse(format!("{found} rows show a natural person's {}", shown.column.name)));
            }
        }
        if tier != Tier::Internal {
            let guard = Guard::over(table.visible(tier).map(|shown| &*shown.column));
            if let Some((place, found)) = guard.in_table(rows.columns()).first() {
                let column = want.field(*place).name();
                return Err(refuse(format!("{found} rows of column {column} hold a personal code or a birth date")));
            }
        }
        let count = rows.num_rows() as u64;
        if count < table.rows.min || table.rows.max.is_some_and(|max| count > max) {
            return Err(refuse(format!("it has {count} rows, outside its bounds {:?}", table.rows)));
        }
        let repeated = repeated_keys(&rows, &table.key).map_err(|error| refuse(error.to_string()))?;
        if repeated > 0 {
            return Err(refuse(format!("key ({}) repeats in {repeated} rows", table.key.join(", "))));
        }
        let rows = RecordBatch::try_new(expected, rows.columns().to_vec()).map_err(|error| refuse(error.to_string()))?;
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
    use crate::{Bounds, Column, Kind, Personal, TableColumn, Text};
    use arrow::array::StringArray;

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
            protect: Vec::new(),
            event: None,
            handed_in: None,
            submitted: false,
            role: None,
            feeds: None,
            mentions: None,
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
        let failed = Evidence { checks: vec![("patikra".to_owned(), 1)] };
        assert!(admit(Tier::Public, good, &failed).is_err(), "a check failed");
    }
}
