//! One value as text: the same in every format, because there is one place that prints it.

use std::fmt::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::temporal_conversions::date32_to_datetime;

/// Appends the value at `row` to `out`; appends nothing and returns `false` where it is empty.
///
/// Dates are ISO 8601, decimals have all places of their scale and a point, booleans are `true` and `false`.
pub fn print_cell(array: &dyn Array, row: usize, out: &mut String) -> bool {
    if array.is_null(row) {
        return false;
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::Int64 => drop(write!(out, "{}", array.as_primitive::<Int64Type>().value(row))),
        DataType::Decimal128(_, scale) => {
            print_decimal(array.as_primitive::<Decimal128Type>().value(row), u32::from(scale.unsigned_abs()), out);
        }
        DataType::Date32 => {
            if let Some(moment) = date32_to_datetime(array.as_primitive::<Date32Type>().value(row)) {
                let _ = write!(out, "{}", moment.date());
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

fn print_decimal(value: i128, scale: u32, out: &mut String) {
    let sign = if value < 0 { "-" } else { "" };
    // 64-bit division is several times faster than 128-bit and every DECIMAL(18) fits.
    if let Ok(small) = u64::try_from(value.unsigned_abs()) {
        let unit = 10_u64.pow(scale);
        let _ = write!(out, "{sign}{}.{:0width$}", small / unit, small % unit, width = scale as usize);
    } else {
        let unit = 10_u128.pow(scale);
        let all = value.unsigned_abs();
        let _ = write!(out, "{sign}{}.{:0width$}", all / unit, all % unit, width = scale as usize);
    }
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
        assert_eq!(print_money(-7), "-0.07");
        assert_eq!(print_money(123_450), "1234.50");
    }
}
