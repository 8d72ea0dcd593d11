//! Keyed hashes of rows, to find out cheaply which rows of a table differ from those of an earlier night.

use std::hash::Hasher;

use arrow::array::ArrayRef;
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use siphasher::sip::SipHasher13;

/// Rows converted at a time.
const CHUNK: usize = 16 * 1024;

/// A hasher under the first half of a secret of this installation.
#[must_use]
pub fn keyed_hasher(salt: &[u8; 32]) -> SipHasher13 {
    SipHasher13::new_with_key(&std::array::from_fn(|place| salt[place]))
}

/// Hash of one text.
#[must_use]
pub fn text_hash(text: &str, salt: &[u8; 32]) -> u64 {
    let mut hasher = keyed_hasher(salt);
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Hands a keyed hash of every row of these columns to `take`, in order.
///
/// # Errors
/// A column has a type that cannot be compared; no [`Kind`](crate::Kind) has one.
pub fn for_each_row_hash(columns: &[ArrayRef], salt: &[u8; 32], mut take: impl FnMut(usize, u64)) -> Result<(), ArrowError> {
    let count = columns.first().map_or(0, |column| column.len());
    let converter = RowConverter::new(columns.iter().map(|column| SortField::new(column.data_type().clone())).collect())?;
    for first in (0..count).step_by(CHUNK) {
        let chunk: Vec<ArrayRef> = columns.iter().map(|column| column.slice(first, CHUNK.min(count - first))).collect();
        for (row, bytes) in converter.convert_columns(&chunk)?.iter().enumerate() {
            let mut hasher = keyed_hasher(salt);
            hasher.write(bytes.as_ref());
            take(first + row, hasher.finish());
        }
    }
    Ok(())
}
