//! Cells of a worksheet: numbers as numbers and days as days, which the reader's program writes as its language does.

use arrow::datatypes::DataType;
use chrono::NaiveDate;
use xlsx::{Sheet, Style};

/// Digits of a number.
const MOST_DIGITS: usize = 15;
/// Days from that on which spreadsheets count from to the first that all of them count alike, 1 March 1900.
const FIRST_DAY: i64 = 61;

/// Writes the next cell of a row, printed as [`catalog::print_cell`] or Arrow print it, by its type. A number with more digits than a cell has room for, a day before
/// March 1900, and a text that only looks like a number (a code with zeros before it), stay text.
pub fn write_cell(sheet: &mut Sheet, kind: &DataType, text: &str) {
    let is_kept = kind.is_numeric() && is_json_number(text) && (kind.is_floating() || fits_a_cell(text));
    let style = if matches!(kind, DataType::Decimal128(_, 2)) { Style::Money } else { Style::Plain };
    let day = if *kind == DataType::Date32 { day(text) } else { None };
    match day {
        Some(day) => sheet.number(Style::Day, &day.to_string()),
        None if is_kept => sheet.number(style, text),
        None => sheet.text(Style::Plain, text),
    }
}

/// The number of days by which a sheet knows a day.
fn day(text: &str) -> Option<i64> {
    let date: NaiveDate = text.parse().ok()?;
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (days >= FIRST_DAY && text.len() == "2000-01-01".len()).then_some(days)
}

/// Whether a text is a number in JSON, which infinity is not.
#[must_use]
pub fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit()) && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

/// Whether a cell can hold all digits of a number.
fn fits_a_cell(text: &str) -> bool {
    text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_workbook_would_round_are_text_there() {
        for (number, fits) in [
            ("1.20", true),
            ("-0.000000000001", true),
            ("123456789012345", true),
            ("1234567890123456", false),
            ("1234567890123.456", false),
        ] {
            assert_eq!(fits_a_cell(number), fits, "{number}");
        }
    }

    #[test]
    fn days_are_counted_as_spreadsheets_count_them() {
        for (text, days) in [
            ("1900-03-01", Some(61)),
            ("2026-11-28", Some(46_354)),
            ("9999-12-31", Some(2_958_465)),
            ("1900-02-28", None),
            ("1800-01-01", None),
            ("+10000-01-01", None),
            ("", None),
        ] {
            assert_eq!(day(text), days, "{text}");
        }
    }
}
