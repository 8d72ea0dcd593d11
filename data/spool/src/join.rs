//! Batches as one table, column by column: at no time is more than one column there twice.

use arrow::array::{ArrayRef, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

/// Joins batches of one schema and lets each column of theirs go as soon as it is joined.
///
/// # Errors
/// A column of text gets longer than 2 GiB.
pub fn join(schema: &SchemaRef, batches: Vec<RecordBatch>) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<Vec<ArrayRef>> = (0..schema.fields().len()).map(|_| Vec::with_capacity(batches.len())).collect();
    for batch in batches {
        let (_, arrays, _) = batch.into_parts();
        columns.iter_mut().zip(arrays).for_each(|(column, array)| column.push(array));
    }
    let joined = columns.into_iter().zip(schema.fields()).map(|(mut parts, field)| match parts.len() {
        0 => Ok(new_empty_array(field.data_type())),
        1 => Ok(parts.swap_remove(0)),
        _ => concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>()),
    });
    RecordBatch::try_new(schema.clone(), joined.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, Int64Array};
    use arrow::datatypes::{DataType, Field, Int64Type, Schema};

    use super::*;

    #[test]
    fn rows_keep_their_order_and_no_batch_is_an_empty_table() {
        let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let batch = |range: std::ops::Range<i64>| {
            let column: ArrayRef = Arc::new(Int64Array::from_iter_values(range));
            RecordBatch::try_new(schema.clone(), vec![column]).unwrap()
        };
        let joined = join(&schema, vec![batch(0..3), batch(3..3), batch(3..7)]).unwrap();
        assert_eq!(joined.column(0).as_primitive::<Int64Type>().values(), &[0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(join(&schema, vec![]).unwrap().num_rows(), 0);
    }
}
