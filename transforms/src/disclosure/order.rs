//! The order of open rows, and their numbers in it: both follow from what the rows show, so that they tell nothing of what is left out.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use catalog::{APIE_ASMENI, ENTITY, Personal, SEQUENCE, Table};

/// Puts rows of the open tier in an order of their own, if rows about persons may be left out of the table and the order of the others follows numbers that the
/// open tier does not show.
pub(super) fn arrange(table: &Table, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let is_numbered = table.columns.iter().any(|used| used.column.name == SEQUENCE || used.column.personal == Personal::RecordNumber);
    if table.column(APIE_ASMENI).is_none() || !is_numbered || rows.num_rows() == 0 {
        return Ok(rows.clone());
    }
    renumber(table, &take_record_batch(rows, &order(table, rows)?)?)
}

/// By entity, then by days, then by the key, then by whatever else there is.
fn order(table: &Table, rows: &RecordBatch) -> Result<UInt32Array, ArrowError> {
    let rank = |name: &str, kind: &DataType| match () {
        () if name == ENTITY => 0,
        () if *kind == DataType::Date32 => 1,
        () if table.key.iter().any(|key| key == name) => 2,
        () => 3,
    };
    let schema = rows.schema();
    let shown = schema.fields().iter().zip(rows.columns()).filter(|(field, _)| field.name() != SEQUENCE);
    let mut columns: Vec<_> = shown.map(|(field, column)| (rank(field.name(), field.data_type()), column.clone())).collect();
    columns.sort_by_key(|(rank, _)| *rank);
    let columns: Vec<ArrayRef> = columns.into_iter().map(|(_, column)| column).collect();
    let converter = RowConverter::new(columns.iter().map(|column| SortField::new(column.data_type().clone())).collect())?;
    let cells = converter.convert_columns(&columns)?;
    let mut places: Vec<u32> = (0..).take(cells.num_rows()).collect();
    places.sort_by(|one, other| cells.row(*one as usize).cmp(&cells.row(*other as usize)));
    Ok(places.into())
}

/// Numbers the rows anew, within the rest of the key.
fn renumber(table: &Table, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
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
    RecordBatch::try_new(rows.schema(), columns)
}

#[cfg(test)]
mod tests {
    use super::super::invented::{column, key, table};
    use super::*;
    use crate::disclose;
    use arrow::array::{AsArray, BooleanArray, StringArray};
    use arrow::datatypes::Int64Type;
    use catalog::{Kind, Tier};
    use proptest::prelude::*;

    fn numbered() -> Table {
        let columns = vec![
            column(SEQUENCE, Kind::Integer, Personal::None),
            column("vip_nr", Kind::Text, Personal::RecordNumber),
            column(ENTITY, Kind::Text, Personal::None),
            column(APIE_ASMENI, Kind::Boolean, Personal::None),
        ];
        Table { key: vec![SEQUENCE.to_owned()], ..table(columns, Vec::new()) }
    }

    /// Rows of (number, VIRS, about a person), in the order of their numbers, as the open tier has them.
    fn open(rows: &[(u32, u8, bool)]) -> RecordBatch {
        let table = numbered();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values((1..).take(rows.len()))),
            Arc::new(rows.iter().map(|row| Some(format!("VIP-{:06}", row.0))).collect::<StringArray>()),
            Arc::new(rows.iter().map(|row| Some(format!("VIRS {}", row.1))).collect::<StringArray>()),
            Arc::new(rows.iter().map(|row| Some(row.2)).collect::<BooleanArray>()),
        ];
        disclose(&table, Tier::Open, &RecordBatch::try_new(table.schema(), columns).unwrap(), &key()).unwrap()
    }

    proptest! {
        #[test]
        fn rows_about_persons_change_neither_order_nor_numbers_of_the_others(
            rows in prop::collection::btree_map(1_u32..999_999, (0_u8..4, any::<bool>()), 0..40),
        ) {
            let all: Vec<(u32, u8, bool)> = rows.into_iter().map(|(number, (virs, about))| (number, virs, about)).collect();
            let left: Vec<_> = all.iter().copied().filter(|row| !row.2).collect();
            let shown = open(&all);
            prop_assert_eq!(&shown, &open(&left));
            let backwards: Vec<_> = left.iter().rev().copied().collect();
            prop_assert_eq!(&shown, &open(&backwards));
            let numbers: Vec<i64> = shown.column(0).as_primitive::<Int64Type>().values().to_vec();
            prop_assert_eq!(numbers, (1..).take(left.len()).collect::<Vec<i64>>());
            prop_assert!(shown.column(1).as_string::<i32>().iter().flatten().all(catalog::is_pseudonym));
        }
    }
}
