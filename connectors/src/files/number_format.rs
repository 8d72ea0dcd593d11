//! Number formats of a workbook: what whoever sees the sheet sees of a code that is kept as a number.

/// How a format shows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// With the digits it has.
    Plain,
    /// With zeros before them, up to so many digits.
    Padded(usize),
    /// With letters, signs or other digits of the format's own.
    Otherwise,
}

impl Shown {
    /// How the format of this code (ECMA-376, 18.8.31) shows whole numbers that are not negative.
    pub(super) fn by(code: &str) -> Self {
        if code.is_empty() || code.eq_ignore_ascii_case("general") || code == "@" {
            return Self::Plain;
        }
        // Digits that are always shown, from the first zero to the point.
        let (mut width, mut is_grouped, mut has_point) = (0, false, false);
        let mut letters = code.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                ';' => break,
                // Room for a letter, none is shown.
                '_' => drop(letters.next()),
                '[' => {
                    let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                    let is_color_or_language = inside.starts_with("$-") || inside.chars().all(|letter| letter.is_ascii_alphabetic());
                    if !is_color_or_language {
                        return Self::Otherwise;
                    }
                }
                '.' => has_point = true,
                '0' if !has_point => width += 1,
                '#' | '?' if !has_point && width > 0 => width += 1,
                '0' | '#' | '?' => {}
                // Between digits it sets thousands apart, after them it divides by a thousand.
                ',' if letters.peek().is_some_and(|next| matches!(next, '0' | '#' | '?')) => is_grouped = true,
                _ => return Self::Otherwise,
            }
        }
        match width {
            0 | 1 => Self::Plain,
            width if !is_grouped && !has_point => Self::Padded(width),
            _ => Self::Otherwise,
        }
    }

    /// The digits of a code that is kept as a number; `None` where nobody can tell which code it is.
    pub(super) fn code(self, digits: String) -> Option<String> {
        match self {
            Self::Plain => Some(digits),
            Self::Padded(width) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("{digits:0>width$}")),
            Self::Padded(_) | Self::Otherwise => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_a_format_are_told_from_its_other_signs() {
        for plain in ["General", "@", "0", "#", "#,##0", "0.00", "#,##0.00", "0_ ;-0\\ ", "[Red]0", "[$-427]0", "#0"] {
            assert_eq!(Shown::by(plain), Shown::Plain, "{plain}");
        }
        for (format, width) in
            [("00000000", 8), ("000", 3), ("#000", 3), ("0###", 4), ("00000000;@", 8), ("[$-427]00000", 5), ("0000_)", 4)]
        {
            assert_eq!(Shown::by(format), Shown::Padded(width), "{format}");
        }
        for odd in [
            "000-00-000",
            "\"LT\"0",
            "LT000",
            "0,",
            "0000,",
            "0,000",
            "00.00",
            "0%",
            "0.00E+00",
            "[<10]000",
            "[$€-427]0",
            "0\\-00",
            "# ?/?",
        ] {
            assert_eq!(Shown::by(odd), Shown::Otherwise, "{odd}");
        }
        assert_eq!(Shown::Padded(8).code("9361466".into()).as_deref(), Some("09361466"));
        assert_eq!(Shown::Padded(3).code("9361466".into()).as_deref(), Some("9361466"));
        assert_eq!(
            (Shown::Padded(3).code("-1".into()), Shown::Padded(3).code("0.5".into()), Shown::Otherwise.code("1".into())),
            (None, None, None)
        );
    }
}
