//! Numbers and dates of programs that keep them as such, written as extract format 1 writes them.

/// From here on, not every whole number has a floating-point number of its own: 2 to the power of 53.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;
/// Digits of a number, and its exponent, at most: as many as the widest decimal type has, with room for a long fraction.
const MOST_DIGITS: i64 = 100;
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

/// A decimal number by its value, however it is written: `50.0000000000` and `5e1` are `50`, `1.230` is `1.23`. `None` for what is no such number, or
/// has more digits than any column holds.
pub(crate) fn plain(written: &str) -> Option<String> {
    let (sign, rest) = written.strip_prefix('-').map_or(("", written), |rest| ("-", rest));
    let (digits, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let exponent: i64 = exponent.parse().ok().filter(|exponent: &i64| exponent.abs() <= MOST_DIGITS)?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mut all = format!("{whole}{part}");
    if whole.is_empty() || all.len() as i64 > MOST_DIGITS || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut point = whole.len() as i64 + exponent;
    while point <= 0 {
        all.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).ok()?;
    while all.len() < point {
        all.push('0');
    }
    let (whole, part) = (all[..point].trim_start_matches('0'), all[point..].trim_end_matches('0'));
    Some(match (whole, part) {
        ("", "") => "0".to_owned(),
        (whole, "") => format!("{sign}{whole}"),
        ("", part) => format!("{sign}0.{part}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    })
}

/// A point in time without its midnight.
pub(super) fn date(text: &str) -> &str {
    let whole = text.strip_suffix(".000").unwrap_or(text);
    whole.strip_suffix(MIDNIGHT).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_read_by_their_value() {
        for (written, value) in [
            ("50.0000000000", "50"),
            ("50.5000", "50.5"),
            ("1.000", "1"),
            ("1e3", "1000"),
            ("-1.5E+3", "-1500"),
            ("12e-1", "1.2"),
            ("5e-3", "0.005"),
            ("-0.0", "0"),
            ("0.10", "0.1"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(plain(written).as_deref(), Some(value), "{written}");
        }
        for odd in ["", "-", ".5", "e3", "1e", "1e1000", "1.2.3", "0x10", "NaN", &"1".repeat(101)] {
            assert_eq!(plain(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn another_spelling_is_the_same_number(whole in 0_u32.., part in 0_u32..1_000_000, zeros in 0_usize..8, shift in 0_usize..8) {
            let written = format!("{whole}.{part:06}");
            let value = plain(&written).unwrap();
            prop_assert_eq!(plain(&format!("{written}{}", "0".repeat(zeros))).unwrap(), &*value);
            let digits = format!("{whole}{part:06}");
            prop_assert_eq!(plain(&format!("{digits}{}e-{}", "0".repeat(shift), 6 + shift)).unwrap(), &*value);
            prop_assert_eq!(value.parse::<f64>().unwrap(), written.parse::<f64>().unwrap());
        }
    }

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
