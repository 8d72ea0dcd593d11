//! A hash of what a table holds, so that a step whose inputs are the same need not run again.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use sha2::{Digest, Sha256};

/// Salted SHA-256 of names, kinds and cells of a table, in the order of its rows. It does not depend on how the rows lie in memory.
///
/// # Panics
/// When a column has a type that no [`catalog::Kind`] maps to.
#[must_use]
pub fn content_hash(rows: &RecordBatch, salt: &[u8; 32]) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update((rows.num_rows() as u64).to_le_bytes());
    for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
        hash.update(format!("{} {}\n", field.name(), field.data_type()).as_bytes());
        update(&mut hash, column);
    }
    hex::encode(hash.finalize())
}

fn update(hash: &mut Sha256, column: &ArrayRef) {
    hash.update((column.null_count() as u64).to_le_bytes());
    if column.null_count() > 0 {
        bits(hash, (0..column.len()).map(|row| column.is_valid(row)));
    }
    match column.data_type() {
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            let ends = texts.value_offsets();
            let lengths: Vec<i32> = (0..texts.len()).map(|row| if texts.is_valid(row) { ends[row + 1] - ends[row] } else { 0 }).collect();
            let (first, last) = (ends[0], ends[texts.len()]);
            let all: i64 = lengths.iter().copied().map(i64::from).sum();
            hash.update(ScalarBuffer::from(lengths).inner().as_slice());
            if all == i64::from(last - first) {
                hash.update(&texts.value_data()[first as usize..last as usize]);
            } else {
                // Something lies under an empty cell.
                texts.iter().flatten().for_each(|text| hash.update(text.as_bytes()));
            }
        }
        DataType::Boolean => {
            let flags: &BooleanArray = column.as_boolean();
            bits(hash, flags.iter().map(|flag| flag.unwrap_or_default()));
        }
        DataType::Int64 => {
            let values = column.as_primitive::<Int64Type>();
            match column.null_count() {
                0 => hash.update(values.values().inner().as_slice()),
                _ => numbers(hash, values.iter().map(|value| value.unwrap_or_default().to_le_bytes())),
            }
        }
        DataType::Date32 => {
            let values = column.as_primitive::<Date32Type>();
            match column.null_count() {
                0 => hash.update(values.values().inner().as_slice()),
                _ => numbers(hash, values.iter().map(|value| value.unwrap_or_default().to_le_bytes())),
            }
        }
        DataType::Decimal128(..) => {
            let values = column.as_primitive::<Decimal128Type>();
            match column.null_count() {
                0 => hash.update(values.values().inner().as_slice()),
                _ => numbers(hash, values.iter().map(|value| value.unwrap_or_default().to_le_bytes())),
            }
        }
        other => unreachable!("no kind of the catalog is {other}"),
    }
}

fn bits(hash: &mut Sha256, flags: impl Iterator<Item = bool>) {
    hash.update(flags.map(u8::from).collect::<Vec<_>>());
}

fn numbers<const BYTES: usize>(hash: &mut Sha256, values: impl Iterator<Item = [u8; BYTES]>) {
    hash.update(values.flatten().collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use arrow::array::{Date32Array, Decimal128Array, Int64Array, StringArray};

    fn rows() -> RecordBatch {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("t", Arc::new(StringArray::from(vec![Some("ąž"), None, Some(""), Some("a")]))),
            ("n", Arc::new(Int64Array::from(vec![Some(0), None, Some(-1), Some(2)]))),
            ("s", Arc::new(Decimal128Array::from(vec![Some(1), None, Some(2), Some(0)]))),
            ("d", Arc::new(Date32Array::from(vec![1, 2, 3, 4]))),
            ("b", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
            ("f", Arc::new(StringArray::from(vec!["a", "", "bc", "d"]))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
    }

    /// Another array in the place of one column.
    fn with(place: usize, column: ArrayRef) -> RecordBatch {
        let mut columns = rows().columns().to_vec();
        columns[place] = column;
        RecordBatch::try_new(rows().schema(), columns).unwrap()
    }

    #[test]
    fn any_other_cell_order_name_or_salt_is_another_content() {
        let (salt, all) = ([1; 32], rows());
        let same = content_hash(&all, &salt);
        let others = [
            with(0, Arc::new(StringArray::from(vec![Some("ąž"), Some(""), Some(""), Some("a")]))),
            with(1, Arc::new(Int64Array::from(vec![Some(0), Some(0), Some(-1), Some(2)]))),
            with(2, Arc::new(Decimal128Array::from(vec![Some(1), None, Some(2), Some(1)]))),
            with(3, Arc::new(Date32Array::from(vec![1, 2, 4, 3]))),
            with(4, Arc::new(BooleanArray::from(vec![Some(true), Some(false), Some(false), Some(true)]))),
            with(5, Arc::new(StringArray::from(vec!["a", "b", "c", "d"]))),
            all.slice(0, 3),
            RecordBatch::try_from_iter_with_nullable(
                ["x", "n", "s", "d", "b", "f"].into_iter().zip(all.columns()).map(|(name, column)| (name, column.clone(), true)),
            )
            .unwrap(),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(content_hash(other, &salt), same, "{place}");
        }
        assert_ne!(content_hash(&all, &[2; 32]), same);
    }

    #[test]
    fn how_the_rows_lie_in_memory_does_not_matter() {
        let (salt, all) = ([1; 32], rows());
        let twice = arrow::compute::concat_batches(&all.schema(), [&all, &all]).unwrap();
        assert_eq!(content_hash(&twice.slice(4, 4), &salt), content_hash(&all, &salt));
        // What lies under an empty cell is nobody's business.
        let hidden = Int64Array::new(vec![0, 77, -1, 2].into(), rows().column(1).nulls().cloned());
        assert_eq!(content_hash(&with(1, Arc::new(hidden)), &salt), content_hash(&all, &salt));
    }
}
