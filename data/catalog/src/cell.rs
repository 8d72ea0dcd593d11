//! One value as text: the same in every format, because there is one place that prints it.

use std::fmt::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::temporal_conversions::date32_to_datetime;
use chrono::{Datelike, NaiveDate};

/// Appends the value at `row` to `out`; appends nothing and returns `false` where it is empty.
///
/// Dates are ISO 8601, decimals have all places of their scale and a point, booleans are `true` and `false`.
pub fn print_cell(array: &dyn Array, row: usize, out: &mut String) -> bool {
    if array.is_null(row) {
        return false;
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::Int64 => print_integer(array.as_primitive::<Int64Type>().value(row), out),
        DataType::Decimal128(_, scale) => {
            print_decimal(array.as_primitive::<Decimal128Type>().value(row), u32::from(scale.unsigned_abs()), out);
        }
        DataType::Date32 => {
            if let Some(moment) = date32_to_datetime(array.as_primitive::<Date32Type>().value(row)) {
                print_date(moment.date(), out);
            }
        }
        DataType::Boolean => out.push_str(if array.as_boolean().value(row) { "true" } else { "false" }),
        _ => unreachable!("Kind::arrow has no other type"),
    }
    true
}

/// Cents as euros: `123450` → `1234.50`.
#[must_use]
pub fn print_money(cents: i128) -> String {
    let mut text = String::new();
    print_decimal(cents, 2, &mut text);
    text
}

fn print_integer(value: i64, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    push_digits(value.unsigned_abs(), 1, out);
}

fn print_date(date: NaiveDate, out: &mut String) {
    let Ok(year @ 0..=9999) = u64::try_from(date.year()) else {
        let _ = write!(out, "{date}");
        return;
    };
    push_digits(year, 4, out);
    out.push('-');
    push_digits(u64::from(date.month()), 2, out);
    out.push('-');
    push_digits(u64::from(date.day()), 2, out);
}

fn print_decimal(value: i128, scale: u32, out: &mut String) {
    if value < 0 {
        out.push('-');
    }
    // 64-bit division is several times faster than 128-bit and every DECIMAL(18) fits.
    if let Ok(small) = u64::try_from(value.unsigned_abs()) {
        let unit = 10_u64.pow(scale);
        push_digits(small / unit, 1, out);
        out.push('.');
        push_digits(small % unit, scale as usize, out);
    } else {
        let unit = 10_u128.pow(scale);
        let all = value.unsigned_abs();
        let _ = write!(out, "{}.{:0width$}", all / unit, all % unit, width = scale as usize);
    }
}

/// Decimal digits with leading zeros up to `width`: millions of cells pass here, and `fmt` would be a tenth of publishing.
fn push_digits(mut value: u64, width: usize, out: &mut String) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while value > 0 || digits.len() - start < width {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend(digits[start..].iter().map(|digit| char::from(*digit)));
}

/// Reads a decimal number (`1234.5`, `1234,50`, `-3`) as an integer of its smallest unit.
/// `None` when it is not a number, or has more places than `scale` that are not zero.
#[must_use]
pub fn unscaled(text: &str, scale: usize) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() || whole.len() > 16 {
        return None;
    }
    let mut value: i128 = 0;
    for byte in whole.bytes() {
        value = value * 10 + i128::from(char::from(byte).to_digit(10)?);
    }
    let part = if part.len() > scale { part.trim_end_matches('0') } else { part };
    if part.len() > scale {
        return None;
    }
    for byte in part.bytes().chain(std::iter::repeat_n(b'0', scale - part.len())) {
        value = value * 10 + i128::from(char::from(byte).to_digit(10)?);
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_printed_without_loss() {
        for (text, cents) in [("1234.5", 123_450), ("0,07", 7), ("-3", -300), ("1.500", 150)] {
            assert_eq!(unscaled(text, 2), Some(cents), "{text}");
        }
        for text in ["", "-", "1.005", "1e3", "1 000", "abc", "1.2.3"] {
            assert_eq!(unscaled(text, 2), None, "{text}");
        }
        let printed = |date: NaiveDate| {
            let mut text = String::new();
            print_date(date, &mut text);
            text
        };
        for text in ["2026-10-31", "0999-01-02", "1970-01-01"] {
            assert_eq!(printed(text.parse().unwrap()), text);
        }
        let mut text = String::new();
        [0, -1, i64::MIN, i64::MAX].into_iter().for_each(|value| print_integer(value, &mut text));
        assert_eq!(text, "0-1-92233720368547758089223372036854775807");
        assert_eq!(print_money(-7), "-0.07");
        assert_eq!(print_money(123_450), "1234.50");
    }
}
