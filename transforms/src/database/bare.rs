//! Rows with nothing below empty cells: a value that a tier may not see can still stand there, and DuckDB writes it.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::error::ArrowError;

/// The same rows. Columns in which nothing lies below empty cells, which are most, are not copied.
pub(super) fn bare(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = rows.columns().iter().map(bare_column).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(rows.schema(), columns)
}

fn bare_column(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if column.null_count() == 0 {
        return Ok(column.clone());
    }
    Ok(match column.data_type() {
        DataType::Utf8 => bare_texts(column),
        DataType::Int64 => bare_numbers::<Int64Type>(column),
        DataType::Date32 => bare_numbers::<Date32Type>(column),
        DataType::Decimal128(..) => bare_numbers::<Decimal128Type>(column),
        DataType::Boolean => Arc::new(column.as_boolean().iter().collect::<BooleanArray>()),
        kind => return Err(ArrowError::NotYetImplemented(format!("a database column of type {kind}"))),
    })
}

fn bare_texts(column: &ArrayRef) -> ArrayRef {
    let texts = column.as_string::<i32>();
    match (0..texts.len()).all(|row| texts.is_valid(row) || texts.value_length(row) == 0) {
        true => column.clone(),
        false => Arc::new(texts.iter().collect::<StringArray>()),
    }
}

fn bare_numbers<T: ArrowPrimitiveType>(column: &ArrayRef) -> ArrayRef {
    let numbers = column.as_primitive::<T>();
    match (0..numbers.len()).all(|row| numbers.is_valid(row) || numbers.value(row) == T::Native::default()) {
        true => column.clone(),
        false => Arc::new(numbers.iter().collect::<PrimitiveArray<T>>().with_data_type(column.data_type().clone())),
    }
}
