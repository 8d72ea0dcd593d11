//! One value as text: the same in every format, because there is one place that prints it.

use std::io::Write;

use arrow::array::{Array, AsArray, BooleanArray, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use arrow::temporal_conversions::date32_to_datetime;
use chrono::{Datelike, NaiveDate};

/// Digits that a separator of thousands sets apart.
const THOUSANDS: usize = 3;

/// A column ready for printing: its type is determined once, not for every cell.
///
/// Dates are ISO 8601, decimals have all places of their scale and a point, booleans are `true` and `false`.
#[derive(Debug)]
pub struct Cells<'a> {
    values: Values<'a>,
    nulls: Option<&'a NullBuffer>,
}

#[derive(Debug)]
enum Values<'a> {
    Text(&'a StringArray),
    Integer(&'a [i64]),
    Decimal(&'a [i128], usize),
    Date(&'a [i32]),
    Boolean(&'a BooleanArray),
}

impl<'a> Cells<'a> {
    /// The cells of one column.
    ///
    /// # Panics
    /// When the column has a type that no [`Kind`](crate::Kind) maps to.
    #[must_use]
    pub fn of(array: &'a dyn Array) -> Self {
        let values = match array.data_type() {
            DataType::Utf8 => Values::Text(array.as_string()),
            DataType::Int64 => Values::Integer(array.as_primitive::<Int64Type>().values()),
            DataType::Decimal128(_, scale) => {
                Values::Decimal(array.as_primitive::<Decimal128Type>().values(), usize::from(scale.unsigned_abs()))
            }
            DataType::Date32 => Values::Date(array.as_primitive::<Date32Type>().values()),
            DataType::Boolean => Values::Boolean(array.as_boolean()),
            _ => unreachable!("Kind::arrow has no other type"),
        };
        Self { values, nulls: array.nulls() }
    }

    /// Whether the cell is empty.
    #[must_use]
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.is_some_and(|nulls| nulls.is_null(row))
    }

    /// Whether this is a column of dates, which formats without such a type hold as text.
    #[must_use]
    pub fn is_date(&self) -> bool {
        matches!(self.values, Values::Date(_))
    }

    /// The cell of a text column; `None` where it is empty or not text.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&'a str> {
        match &self.values {
            Values::Text(values) if !self.is_null(row) => Some(values.value(row)),
            _ => None,
        }
    }

    /// Appends the cell; appends nothing where it is empty.
    pub fn print(&self, row: usize, out: &mut Vec<u8>) {
        if self.is_null(row) {
            return;
        }
        match &self.values {
            Values::Text(values) => out.extend_from_slice(values.value(row).as_bytes()),
            Values::Integer(values) => print_integer(values[row], out),
            Values::Decimal(values, scale) => print_decimal(values[row], *scale, out),
            Values::Date(values) => {
                if let Some(moment) = date32_to_datetime(values[row]) {
                    print_date(moment.date(), out);
                }
            }
            Values::Boolean(values) => out.extend_from_slice(if values.value(row) { b"true" } else { b"false" }),
        }
    }
}

/// Appends the value at `row` to `out`; appends nothing and returns `false` where it is empty.
pub fn print_cell(array: &dyn Array, row: usize, out: &mut String) -> bool {
    let cells = Cells::of(array);
    if let Some(text) = cells.text(row) {
        out.push_str(text);
    } else {
        let mut ascii = Vec::new();
        cells.print(row, &mut ascii);
        out.push_str(&String::from_utf8_lossy(&ascii));
    }
    !cells.is_null(row)
}

/// Cents as euros: `123450` → `1234.50`.
#[must_use]
pub fn print_money(cents: i128) -> String {
    let mut text = Vec::new();
    print_decimal(cents, 2, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn print_integer(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    push_digits(value.unsigned_abs(), 1, out);
}

fn print_date(date: NaiveDate, out: &mut Vec<u8>) {
    let Ok(year @ 0..=9999) = u64::try_from(date.year()) else {
        let _ = write!(out, "{date}");
        return;
    };
    push_digits(year, 4, out);
    out.push(b'-');
    push_digits(u64::from(date.month()), 2, out);
    out.push(b'-');
    push_digits(u64::from(date.day()), 2, out);
}

fn print_decimal(value: i128, scale: usize, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    // 64-bit division is several times faster than 128-bit and every DECIMAL(18) fits.
    if let Ok(small) = u64::try_from(value.unsigned_abs()) {
        // All digits at once, then the point is set: no division by a unit that only the run knows.
        push_digits(small, scale + 1, out);
        let point = out.len() - scale;
        out.push(b'0');
        let end = out.len() - 1;
        out.copy_within(point..end, point + 1);
        out[point] = b'.';
    } else {
        let unit = 10_u128.pow(scale as u32);
        let all = value.unsigned_abs();
        let _ = write!(out, "{}.{:0width$}", all / unit, all % unit, width = scale);
    }
}

/// Decimal digits with leading zeros up to `width`: millions of cells pass here, and `fmt` would be a tenth of publishing.
fn push_digits(mut value: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while value > 0 || digits.len() - start < width {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[start..]);
}

/// Reads a decimal number (`1234.5`, `1234,50`, `-3`) as an integer of its smallest unit.
/// `None` when it is not a number, or has more places than `scale` that are not zero.
///
/// `None`, too, where no number has three places and three digits follow the only separator: `1.000` is one euro to some who write it and a
/// thousand to others. A share or an average may have three places, so there `0.125` is what it says.
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
    if part.len() == THOUSANDS && scale < THOUSANDS {
        return None;
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
        for (text, cents) in [("1234.5", 123_450), ("0,07", 7), ("-3", -300), ("1.5000", 150), ("1000", 100_000), ("1000.00", 100_000)] {
            assert_eq!(unscaled(text, 2), Some(cents), "{text}");
        }
        for text in ["", "-", "1.005", "1e3", "1 000", "abc", "1.2.3"] {
            assert_eq!(unscaled(text, 2), None, "{text}");
        }
        for text in
            ["1.000", "10,000", "1.230", "-1,000", "123.450", "0.500", "1.000.000", "1.234,50", "1,234.50", "1 000", "1\u{a0}000", "1'000"]
        {
            assert_eq!(unscaled(text, 2), None, "{text}: thousands or decimals, nobody can tell");
        }
        assert_eq!(
            (unscaled("0.125", 12), unscaled("12,125", 4)),
            (Some(125_000_000_000), Some(121_250)),
            "shares and averages have such places"
        );
        let printed = |date: NaiveDate| {
            let mut text = Vec::new();
            print_date(date, &mut text);
            String::from_utf8(text).unwrap()
        };
        for text in ["2026-10-31", "0999-01-02", "1970-01-01"] {
            assert_eq!(printed(text.parse().unwrap()), text);
        }
        let mut text = Vec::new();
        [0, -1, i64::MIN, i64::MAX].into_iter().for_each(|value| print_integer(value, &mut text));
        assert_eq!(text, b"0-1-92233720368547758089223372036854775807");
        for (value, scale, want) in
            [(-7, 2, "-0.07"), (0, 2, "0.00"), (333_333_333_333, 12, "0.333333333333"), (10_i128.pow(20), 4, "10000000000000000.0000")]
        {
            text.clear();
            print_decimal(value, scale, &mut text);
            assert_eq!(str::from_utf8(&text), Ok(want));
        }
        assert_eq!(print_money(-7), "-0.07");
        assert_eq!(print_money(123_450), "1234.50");
    }
}
