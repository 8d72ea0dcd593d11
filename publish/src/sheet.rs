//! Cells of a worksheet: numbers as numbers and days as days, which the reader's program writes as its language does.

use arrow::datatypes::DataType;
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

/// UTF-16 code units of a cell.
pub const LONGEST_CELL: usize = 32_767;
/// Digits of a number.
const MOST_DIGITS: usize = 15;
/// Characters of a sheet's name.
const LONGEST_NAME: usize = 31;

/// A title as the name of a sheet, which has at most 31 characters and none of `[]:*?/\`.
#[must_use]
pub fn sheet_name(title: &str) -> String {
    title.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).take(LONGEST_NAME).collect()
}

/// How cells of a workbook look. Made once for each: a workbook compares every cell's looks with those it has.
#[derive(Debug)]
pub struct CellFormats {
    money: Format,
    day: Format,
}

impl Default for CellFormats {
    fn default() -> Self {
        Self { money: Format::new().set_num_format("#,##0.00"), day: Format::new().set_num_format("yyyy-mm-dd") }
    }
}

/// Writes one cell, printed as [`catalog::print_cell`] or Arrow print it, by its type. A number with more digits than a cell has room for, and a text
/// that only looks like one (a code with zeros before it), stay text.
///
/// # Errors
/// Outside of a sheet, or longer than [`LONGEST_CELL`].
pub fn write_cell(
    sheet: &mut Worksheet,
    formats: &CellFormats,
    (row, column): (u32, u16),
    kind: &DataType,
    text: &str,
) -> Result<(), XlsxError> {
    let is_kept = kind.is_numeric() && is_json_number(text) && (kind.is_floating() || fits_a_cell(text));
    let number = text.parse::<f64>().ok().filter(|_| is_kept);
    let day = (*kind == DataType::Date32).then(|| ExcelDateTime::parse_from_str(text).ok()).flatten();
    match (number, day) {
        (Some(number), _) if matches!(kind, DataType::Decimal128(_, 2)) => sheet.write_with_format(row, column, number, &formats.money)?,
        (Some(number), _) => sheet.write(row, column, number)?,
        (None, Some(day)) => sheet.write_with_format(row, column, &day, &formats.day)?,
        (None, None) => sheet.write_string(row, column, text)?,
    };
    Ok(())
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
    fn a_sheets_name_is_short_and_has_none_of_the_signs_that_mean_something() {
        assert_eq!(sheet_name("Kas [tai]: a/b*c?\\d"), "Kas tai abcd");
        assert_eq!(sheet_name(&"ž".repeat(40)).chars().count(), 31);
    }
}
