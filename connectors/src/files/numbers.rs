//! Numbers and dates of programs that keep them as such, written as extract format 1 writes them.

/// From here on, not every whole number has a floating-point number of its own: 2 to the power of 53.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// A midnight that was added to a date.
const MIDNIGHT: &str = "T00:00:00";

/// A number as Excel shows it: whole ones without a point, others to 15 significant digits. `None` where digits may be lost already.
pub(super) fn number(number: f64) -> Option<String> {
    if !number.is_finite() || number.abs() >= EXACT {
        return None;
    }
    if number.fract() == 0.0 {
        return Some((number as i64).to_string());
    }
    // 0.1 + 0.2 is 0.3 to whoever sees the sheet.
    format!("{number:.14e}").parse::<f64>().ok().map(|shown| shown.to_string())
}

/// A point in time without its midnight.
pub(super) fn date(text: &str) -> &str {
    let whole = text.strip_suffix(".000").unwrap_or(text);
    whole.strip_suffix(MIDNIGHT).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_shown_or_not_at_all() {
        for (value, text) in
            [(124_110_246.0, "124110246"), (0.1 + 0.2, "0.3"), (-0.5, "-0.5"), (1234.56, "1234.56"), (0.0, "0"), (1e-7, "0.0000001")]
        {
            assert_eq!(number(value).as_deref(), Some(text));
        }
        for lost in [EXACT, -EXACT, 1e20, f64::NAN, f64::INFINITY] {
            assert_eq!(number(lost), None);
        }
        assert_eq!((date("2026-10-31T00:00:00.000"), date("2026-10-31T08:00:00")), ("2026-10-31", "2026-10-31T08:00:00"));
    }
}
