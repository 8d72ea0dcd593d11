//! Parts of a whole, in units of a share, as percentages; and days as text.

use arrow::datatypes::Date32Type;

/// One in units of a share: twelve places, as the tables have them.
pub(crate) const WHOLE: i128 = 1_000_000_000_000;
/// One hundredth of it.
const PERCENT: i128 = WHOLE / 100;

/// A percentage as a number of JSON: whole ones without a point, others with as many places as they have.
pub(crate) fn percentage(units: i128) -> serde_json::Number {
    let units = units.clamp(0, WHOLE);
    match i64::try_from(units / PERCENT) {
        Ok(whole) if units % PERCENT == 0 => whole.into(),
        // Below 10^14, hence exact; the quotient is the double nearest to the decimal, and is printed as that decimal.
        _ => serde_json::Number::from_f64(units as f64 / PERCENT as f64).unwrap_or_else(|| 0.into()),
    }
}

/// A day as ISO 8601 writes it.
pub(crate) fn day_text(day: i32) -> String {
    Date32Type::to_naive_date_opt(day).map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_the_places_that_the_tables_have() {
        let text = |units| percentage(units).to_string();
        assert_eq!(text(WHOLE), "100");
        assert_eq!(text(WHOLE / 2), "50");
        assert_eq!(text(137_200_000_000), "13.72");
        assert_eq!(text(333_333_333_333), "33.3333333333");
        assert_eq!(text(1), "1e-10");
        assert_eq!(text(-5), "0", "less than nothing is nothing");
        assert_eq!(text(2 * WHOLE), "100", "more than the whole is the whole");
    }

    #[test]
    fn days_are_written_as_iso_8601_writes_them() {
        assert_eq!(day_text(0), "1970-01-01");
        assert_eq!(day_text(20_759), "2026-11-02");
    }
}
