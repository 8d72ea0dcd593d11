//! Cells of columns, one at a time.

use arrow::array::{Array, StringArray};
use chrono::NaiveDate;

/// The text of a cell; `None` where it, or the whole column, is missing.
pub(crate) fn cell<'a>(array: impl Into<Option<&'a StringArray>>, row: usize) -> Option<&'a str> {
    array.into().filter(|array| array.is_valid(row)).map(|array| array.value(row))
}

/// Days since 1970 as a date.
pub(crate) fn day(days: i32) -> NaiveDate {
    arrow::temporal_conversions::date32_to_datetime(days).map(|moment| moment.date()).unwrap_or_default()
}
