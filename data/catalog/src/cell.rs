//! One value as text: the same in every format, because there is one place that prints it.

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

    /// Appends the cell to the bytes of a file; appends nothing where it is empty.
    pub fn print(&self, row: usize, out: &mut Vec<u8>) {
        self.append(row, out);
    }

    /// Appends the cell to a text; appends nothing where it is empty.
    pub fn push(&self, row: usize, out: &mut String) {
        self.append(row, out);
    }

    fn append(&self, row: usize, out: &mut impl Out) {
        if self.is_null(row) {
            return;
        }
        match &self.values {
            Values::Text(values) => out.text(values.value(row)),
            Values::Integer(values) => print_integer(values[row], out),
            Values::Decimal(values, scale) => print_decimal(values[row], *scale, out),
            Values::Date(values) => {
                if let Some(moment) = date32_to_datetime(values[row]) {
                    print_date(moment.date(), out);
                }
            }
            Values::Boolean(values) => out.text(if values.value(row) { "true" } else { "false" }),
        }
    }
}

/// What cells are appended to.
trait Out {
    fn text(&mut self, text: &str);
    /// Digits, signs and points.
    fn ascii(&mut self, ascii: &[u8]);
}

impl Out for Vec<u8> {
    fn text(&mut self, text: &str) {
        self.extend_from_slice(text.as_bytes());
    }

    fn ascii(&mut self, ascii: &[u8]) {
        self.extend_from_slice(ascii);
    }
}

impl Out for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn ascii(&mut self, ascii: &[u8]) {
        self.push_str(str::from_utf8(ascii).unwrap_or_default());
    }
}

/// Appends the value at `row` to `out`; appends nothing and returns `false` where it is empty.
pub fn print_cell(array: &dyn Array, row: usize, out: &mut String) -> bool {
    let cells = Cells::of(array);
    cells.push(row, out);
    !cells.is_null(row)
}

/// Cents as euros: `123450` → `1234.50`.
#[must_use]
pub fn print_money(cents: i128) -> String {
    let mut text = String::new();
    print_decimal(cents, 2, &mut text);
    text
}

fn print_integer(value: i64, out: &mut impl Out) {
    if value < 0 {
        out.ascii(b"-");
    }
    out.ascii(Digits::of(value.unsigned_abs(), 1).all());
}

fn print_date(date: NaiveDate, out: &mut impl Out) {
    let Ok(year @ 0..=9999) = u64::try_from(date.year()) else {
        return out.text(&date.to_string());
    };
    // All digits as one number, then the hyphens are set.
    let digits = Digits::of(year * 10_000 + u64::from(date.month() * 100 + date.day()), 8);
    let [.., y1, y2, y3, y4, m1, m2, d1, d2] = digits.digits;
    out.ascii(&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]);
}

fn print_decimal(value: i128, scale: usize, out: &mut impl Out) {
    if value < 0 {
        out.ascii(b"-");
    }
    // 64-bit division is several times faster than 128-bit and every DECIMAL(18) fits.
    if let Ok(small) = u64::try_from(value.unsigned_abs()) {
        // All digits at once, then the point is set: no division by a unit that only the run knows.
        let digits = Digits::of(small, scale + 1);
        let (whole, fraction) = digits.split(scale);
        for part in [whole, b".", fraction] {
            out.ascii(part);
        }
    } else {
        let unit = 10_u128.pow(scale as u32);
        let all = value.unsigned_abs();
        out.text(&format!("{}.{:0width$}", all / unit, all % unit, width = scale));
    }
}

/// Decimal digits of a number: millions of cells pass here, and `fmt` would be a tenth of publishing.
struct Digits {
    digits: [u8; 20],
    start: usize,
}

impl Digits {
    /// With zeros before it up to `width`, at most 20.
    fn of(mut value: u64, width: usize) -> Self {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
        while value > 0 || digits.len() - start < width {
            start -= 1;
            digits[start] = b'0' + (value % 10) as u8;
            value /= 10;
        }
        Self { digits, start }
    }

    fn all(&self) -> &[u8] {
        &self.digits[self.start..]
    }

    /// Those before the last `count`, and these.
    fn split(&self, count: usize) -> (&[u8], &[u8]) {
        let all = self.all();
        all.split_at(all.len() - count)
    }
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
            let mut text = String::new();
            print_date(date, &mut text);
            text
        };
        for text in ["2026-10-31", "0999-01-02", "1970-01-01", "+10000-12-31", "-0001-02-03"] {
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
