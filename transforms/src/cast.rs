//! Casting: a column of text becomes one of its kind; rows whose cell is not of that kind, or breaks the column's check, are marked.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringArray};
use catalog::{Check, Column, Kind, MONEY_SCALE, NUMBER_SCALE, SHARE_SCALE, numbers};
use chrono::{Datelike, NaiveDate};

/// Days from 0001-01-01 to 1970-01-01, the zero of Arrow's dates.
const EPOCH_DAYS: i32 = 719_163;

/// A number of so many cents (or other smallest units) is no sum that anyone paid; sums of many smaller ones stay within 64 bits.
const LARGEST: i128 = 10_i128.pow(14);

/// The first broken rule of each row of a batch, by the column's place.
pub(crate) type Faults = Vec<Option<(Option<usize>, &'static str)>>;

/// Casts one column and marks the rows whose value has not the column's type or breaks its check.
pub(crate) fn typed(column: &Column, text: &StringArray, place: usize, faults: &mut Faults) -> ArrayRef {
    match column.kind {
        Kind::Text => {
            if let Some(check) = &column.check {
                mark(faults, place, check.rule(), |row| text.is_valid(row) && !check.accepts(text.value(row)));
            }
            match &column.check {
                Some(Check::Numeris) => Arc::new(text.iter().map(|cell| cell.and_then(numbers::standard_number)).collect::<StringArray>()),
                _ => Arc::new(text.clone()),
            }
        }
        Kind::Integer => {
            let mut builder = Int64Builder::with_capacity(text.len());
            // Nothing that is counted one by one is more, and sums of many stay within 64 bits.
            let parse = |value: &str| value.parse::<i64>().ok().filter(|number| i128::from(*number).abs() < LARGEST);
            text.iter().for_each(|value| builder.append_option(value.and_then(parse)));
            let array = builder.finish();
            mark_unparsed(text, &array, place, "integer", faults);
            check_sign(column, place, faults, |row| array.is_valid(row) && array.value(row) < 0);
            Arc::new(array)
        }
        Kind::Money | Kind::Share | Kind::Number => {
            let scale = match column.kind {
                Kind::Money => MONEY_SCALE,
                Kind::Share => SHARE_SCALE,
                _ => NUMBER_SCALE,
            };
            let parse = |value| catalog::unscaled(value, usize::from(scale.unsigned_abs())).filter(|units| units.abs() < LARGEST);
            let values = text.iter().map(|value| value.and_then(parse));
            let mut builder = Decimal128Builder::with_capacity(text.len()).with_data_type(column.kind.arrow());
            values.for_each(|value| builder.append_option(value));
            let array = builder.finish();
            mark_unparsed(text, &array, place, "money", faults);
            check_sign(column, place, faults, |row| array.is_valid(row) && array.value(row) < 0);
            Arc::new(array)
        }
        Kind::Date => {
            let mut builder = Date32Builder::with_capacity(text.len());
            text.iter().for_each(|value| builder.append_option(value.and_then(day_number)));
            let array = builder.finish();
            mark_unparsed(text, &array, place, "date", faults);
            Arc::new(array)
        }
        Kind::Boolean => {
            let mut builder = BooleanBuilder::with_capacity(text.len());
            text.iter().for_each(|value| {
                builder.append_option(match value {
                    Some("1" | "true") => Some(true),
                    Some("0" | "false") => Some(false),
                    _ => None,
                });
            });
            let array = builder.finish();
            mark_unparsed(text, &array, place, "boolean", faults);
            Arc::new(array)
        }
    }
}

fn mark_unparsed(text: &StringArray, parsed: &dyn Array, place: usize, rule: &'static str, faults: &mut Faults) {
    if parsed.null_count() > text.null_count() {
        mark(faults, place, rule, |row| text.is_valid(row) && parsed.is_null(row));
    }
}

fn check_sign(column: &Column, place: usize, faults: &mut Faults, negative: impl Fn(usize) -> bool) {
    if column.check == Some(Check::NotNegative) {
        mark(faults, place, "not_negative", negative);
    }
}

/// An ISO 8601 date as days since 1970-01-01.
fn day_number(text: &str) -> Option<i32> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0_u32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    let date = NaiveDate::from_ymd_opt(i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?)?;
    Some(date.num_days_from_ce() - EPOCH_DAYS)
}

pub(crate) fn fault_rows(faults: &mut Faults, place: Option<usize>, rule: &'static str, broken: impl Fn(usize) -> bool) {
    for (row, fault) in faults.iter_mut().enumerate() {
        if fault.is_none() && broken(row) {
            *fault = Some((place, rule));
        }
    }
}

pub(crate) fn mark(faults: &mut Faults, place: usize, rule: &'static str, broken: impl Fn(usize) -> bool) {
    fault_rows(faults, Some(place), rule, broken);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_since_1970() {
        assert_eq!(day_number("1970-01-01"), Some(0));
        assert_eq!(day_number("2026-10-31"), Some(20_757));
        for bad in ["2026-13-01", "2026-1-01", "26-01-0001", "2026/01/01", "+026-01-01"] {
            assert_eq!(day_number(bad), None, "{bad}");
        }
    }
}
