//! Disclosure control, in one place: what each tier gets of a table.
//!
//! Columns go by their class; cells of some classes are emptied in rows that are marked (`docs/disclosure.md`); the open tier loses every
//! row about a person. Cells of statistics are protected before (`statistics/`).

#[cfg(test)]
mod invented;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::{filter_record_batch, nullif};
use arrow::error::ArrowError;
use catalog::{APIE_ASMENI, SEQUENCE, Table, TableColumn, Tier};

use crate::Error;

/// Rows and columns of `rows` that `tier` may see; statistics about persons have been protected before ([`crate::protect`]).
///
/// # Errors
/// The rows have not the columns of the definition.
pub fn disclose(table: &Table, tier: Tier, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let failed = Error::arrow(&table.name);
    let mut rows = rows.clone();
    if tier == Tier::Open {
        if let Some(about) = rows.column_by_name(APIE_ASMENI) {
            let about = about.as_boolean();
            // An empty mark counts as a person: when in doubt, leave out.
            let keep: BooleanArray = (0..about.len()).map(|row| Some(about.is_valid(row) && !about.value(row))).collect();
            rows = renumber(table, &filter_record_batch(&rows, &keep).map_err(&failed)?)?;
        }
    }
    let schema = table.schema_for(tier);
    let shown = |used: &TableColumn| {
        let name = &used.column.name;
        let column = rows.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))?;
        match used.column.personal.withheld_by(tier) {
            Some(mark) => nullif(column, &withheld(&rows, mark)),
            None => Ok(column.clone()),
        }
    };
    let columns = table.visible(tier).map(shown).collect::<Result<Vec<_>, _>>().map_err(&failed)?;
    let nullable: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(nullable)), columns).map_err(&failed)
}

/// Rows in which this mark withholds what its tier sees in others. An empty mark, or none at all, withholds: when in doubt, leave out.
fn withheld(rows: &RecordBatch, mark: &str) -> BooleanArray {
    let mark = rows.column_by_name(mark).map(|mark| mark.as_boolean());
    (0..rows.num_rows()).map(|row| Some(mark.is_none_or(|mark| mark.is_null(row) || mark.value(row)))).collect()
}

/// Numbers the rows that are left anew, within the rest of the key: gaps would tell how many rows were left out, and where.
fn renumber(table: &Table, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let Ok(place) = rows.schema().index_of(SEQUENCE) else { return Ok(rows.clone()) };
    let others: Vec<&ArrayRef> = table.key.iter().filter(|name| *name != SEQUENCE).filter_map(|name| rows.column_by_name(name)).collect();
    let mut last: HashMap<String, i64> = HashMap::new();
    let numbers = (0..rows.num_rows()).map(|row| {
        let mut group = String::new();
        for column in &others {
            catalog::print_cell(column, row, &mut group);
            group.push('\u{1f}');
        }
        let number = last.entry(group).or_default();
        *number += 1;
        *number
    });
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    columns[place] = Arc::new(Int64Array::from_iter_values(numbers));
    RecordBatch::try_new(rows.schema(), columns).map_err(Error::arrow(&table.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringArray;
    use catalog::{ASMENVARDIS, Kind, Personal, SAVA_IMONE};
    use invented::{column, table};

    #[test]
    fn rows_about_persons_and_personal_columns_stay_out_of_the_open_tier() {
        let table = table(
            vec![
                column("vardas", Kind::Text, Personal::Name),
                column("kodas", Kind::Text, Personal::Code),
                column("forma", Kind::Text, Personal::None),
                column(APIE_ASMENI, Kind::Boolean, Personal::None),
            ],
            Vec::new(),
        );
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let about: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![texts.clone(), texts.clone(), texts, about]).unwrap();
        let columns = |tier| {
            let seen = disclose(&table, tier, &rows).unwrap();
            (seen.num_columns(), seen.num_rows())
        };
        assert_eq!(columns(Tier::Internal), (4, 3));
        assert_eq!(columns(Tier::Public), (3, 3));
        assert_eq!(columns(Tier::Open), (1, 1));
    }

    #[test]
    fn contacts_of_natural_persons_undertakings_are_internal_and_no_contact_is_open() {
        let table = table(
            vec![
                column("forma", Kind::Text, Personal::None),
                column("el_pastas", Kind::Text, Personal::Contact),
                column(SAVA_IMONE, Kind::Boolean, Personal::None),
            ],
            Vec::new(),
        );
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let marks: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![texts.clone(), texts.clone(), marks]).unwrap();
        let contacts = |tier| -> Option<Vec<Option<String>>> {
            let seen = disclose(&table, tier, &rows).unwrap();
            assert_eq!(seen.num_rows(), 3, "the rows themselves stay");
            let shown = seen.column_by_name("el_pastas")?.as_string::<i32>().iter();
            Some(shown.map(|text| text.map(str::to_owned)).collect())
        };
        assert_eq!(contacts(Tier::Internal).unwrap(), ["a", "b", "c"].map(|text| Some(text.to_owned())));
        assert_eq!(contacts(Tier::Public).unwrap(), [None, Some("b".to_owned()), None]);
        assert_eq!(contacts(Tier::Open), None);
        // The gate looks again.
        let public = disclose(&table, Tier::Public, &rows).unwrap();
        let admit = |rows| catalog::Released::admit(Arc::new(table.clone()), Tier::Public, rows, &catalog::Evidence::default());
        assert!(admit(public.clone()).is_ok());
        let mut columns = public.columns().to_vec();
        columns[1] = texts;
        let refused = admit(RecordBatch::try_new(public.schema(), columns).unwrap()).unwrap_err().to_string();
        assert!(refused.contains("2 rows show a natural person's el_pastas"), "{refused}");
    }

    #[test]
    fn an_outlets_name_with_a_persons_name_in_it_is_empty_in_the_open_tier_only() {
        let table = table(
            vec![column("vip_pavadinimas", Kind::Text, Personal::Title), column(ASMENVARDIS, Kind::Boolean, Personal::None)],
            Vec::new(),
        );
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let marks: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![names.clone(), marks]).unwrap();
        let open = disclose(&table, Tier::Open, &rows).unwrap();
        assert_eq!(open.num_columns(), 1, "the mark itself is not open");
        assert_eq!(open.column(0).as_string::<i32>().iter().collect::<Vec<_>>(), [None, Some("b"), None]);
        assert_eq!(disclose(&table, Tier::Public, &rows).unwrap().column(0), &names);
    }
}
