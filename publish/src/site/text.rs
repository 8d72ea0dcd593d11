//! Values as text for pages: `1 234,50`, `33,33 %`, `3 eilutės`. In English the decimal sign is a point; thousands
//! stand apart by a space in both languages (ISO 80000-1, 7.3.1).

use std::borrow::Cow;

use catalog::{Kind, print_money};

pub(crate) use crate::language::push_escaped;
use crate::language::{in_each, say};

/// Letters of a name in a list or in a title.
pub(super) const LONGEST_NAME: usize = 120;
/// Letters of a text on a page; downloads have all of it.
pub(super) const LONGEST_TEXT: usize = 500;

const NBSP: char = '\u{a0}';

/// Decimal places of [`catalog::Kind::Share`] left when hundredths of a per cent are cut off: 12 − 4.
const SHARE_UNIT: i128 = 100_000_000;

/// One in units of [`catalog::Kind::Number`].
const NUMBER_UNIT: i128 = 10_000;

/// The beginning of a text with more letters than that, in each language.
pub(super) fn shortened(text: &str, letters: usize) -> Cow<'_, str> {
    if beginning(text, letters).len() == text.len() {
        return Cow::Borrowed(text);
    }
    in_each(text, |text| {
        let begin = beginning(text, letters);
        if begin.len() < text.len() { format!("{begin}…") } else { text.to_owned() }
    })
}

/// As much of a text as has so many letters.
pub(super) fn beginning(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(end, _)| &text[..end])
}

/// Bytes that a name takes where [`push_linked`] writes it.
pub(super) fn written_bytes(name: &str) -> usize {
    let mut written = String::new();
    push_linked(name, None, &mut written);
    written.len()
}

/// Appends a name, as a link where it leads somewhere; a very long one is cut.
pub(super) fn push_linked(text: &str, href: Option<&str>, out: &mut String) {
    if let Some(href) = href {
        out.push_str("<a href=\"");
        push_escaped(href, out);
        out.push_str("\">");
    }
    push_escaped(&shortened(text, LONGEST_NAME), out);
    if href.is_some() {
        out.push_str("</a>");
    }
}

/// The decimal comma, in English a point.
const COMMA: &str = "\u{1},\u{2}.\u{3}";

/// Appends a printed number (`-1234.50`) as people write it (`−1 234,50`). `trim` leaves zeros at the end of the fraction out.
pub(super) fn push_number(printed: &str, trim: bool, out: &mut String) {
    let digits = printed.strip_prefix('-').map_or(printed, |digits| {
        out.push('−');
        digits
    });
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(NBSP);
        }
        out.push(digit);
    }
    let fraction = if trim { fraction.trim_end_matches('0') } else { fraction };
    if !fraction.is_empty() {
        out.push_str(COMMA);
        out.push_str(fraction);
    }
}

/// A count with its thousands apart.
pub(super) fn number(value: u64) -> String {
    let mut out = String::new();
    push_number(&value.to_string(), false, &mut out);
    out
}

/// A share in units of 10⁻¹² as per cent with up to two places. A part that rounds to nothing, or to everything, says so.
pub(super) fn percent(share: i128) -> String {
    let whole = 10_000 * SHARE_UNIT;
    let hundredths = (share.abs() + SHARE_UNIT / 2) / SHARE_UNIT;
    if share > 0 && hundredths == 0 {
        return format!("<{NBSP}0{COMMA}01{NBSP}%");
    }
    if share < whole && hundredths == 10_000 {
        return format!(">{NBSP}99{COMMA}99{NBSP}%");
    }
    let mut out = String::new();
    let sign = if share < 0 { "-" } else { "" };
    push_number(&format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100), true, &mut out);
    out.push(NBSP);
    out.push('%');
    out
}

/// Appends a number in units of its last place, as columns of its kind are shown.
pub(super) fn push_units(units: i128, kind: Kind, out: &mut String) {
    match kind {
        Kind::Share => push_escaped(&percent(units), out),
        Kind::Money => push_number(&print_money(units), false, out),
        Kind::Number => {
            // Nobody reads the fraction of a large number; the files have it.
            let places = if units.abs() < 100 * NUMBER_UNIT { 2 } else { 0 };
            let unit = NUMBER_UNIT / 10_i128.pow(places);
            let rounded = (units.abs() + unit / 2) / unit;
            let (whole, fraction) = (rounded / 10_i128.pow(places), rounded % 10_i128.pow(places));
            let sign = if units < 0 { "-" } else { "" };
            let printed = if places > 0 { format!("{sign}{whole}.{fraction:02}") } else { format!("{sign}{whole}") };
            push_number(&printed, true, out);
        }
        _ => push_number(&units.to_string(), false, out),
    }
}

/// Appends a number in units of its last place, shortened for an axis: `2,5 mln.`, `40 tūkst.`; for round numbers only.
pub(super) fn push_rounded(units: i128, kind: Kind, out: &mut String) {
    let one = match kind {
        Kind::Money => 100,
        Kind::Number => NUMBER_UNIT,
        Kind::Share => return push_units(units, kind, out),
        _ => 1,
    };
    for (size, name) in [(1_000_000, say!("mln.")), (10_000, say!("tūkst."))] {
        if units >= size * one {
            let unit = if size == 10_000 { 1_000 } else { size };
            let hundredths = units * 100 / (unit * one);
            push_number(&format!("{}.{:02}", hundredths / 100, hundredths % 100), true, out);
            out.push(NBSP);
            return out.push_str(name);
        }
    }
    let hundredths = units * 100 / one;
    push_number(&format!("{}.{:02}", hundredths / 100, hundredths % 100), true, out);
}

/// A file size for people.
pub(super) fn size(bytes: u64) -> String {
    let (divisor, unit) = match bytes {
        0..1_000 => return format!("{bytes}{NBSP}B"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = (bytes * 10).div_ceil(divisor);
    let mut out = String::new();
    push_number(&format!("{}.{}", tenths / 10, tenths % 10), true, &mut out);
    out.push(NBSP);
    out.push_str(unit);
    out
}

/// A count with its noun, whose forms stand as `one|few|many` in Lithuanian and `one|many` in English: `1 eilutė`, `2 eilutės`, `10 eilučių`,
/// `21 eilutė`; `1 row`, `21 rows`.
pub(super) fn counted(count: u64, forms: &str) -> String {
    let noun = in_each(forms, |forms| {
        let forms: Vec<&str> = forms.split('|').collect();
        let form = match (forms.len(), count % 10, count % 100) {
            (3, _, 11..=19) | (3, 0, _) => 2,
            (3, 1, _) => 0,
            (3, ..) => 1,
            _ => usize::from(count != 1),
        };
        forms.get(form).copied().unwrap_or_default().to_owned()
    });
    format!("{}{NBSP}{noun}", number(count))
}

pub(super) const ROWS: &str = say!("eilutė|eilutės|eilučių");

/// A text in one line, without what is not seen or turns the direction of writing, cut to so many letters.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let is_unseen = |letter: char| matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let is_plain = || {
        let mut before = ' ';
        let is_kept = |letter: char| {
            let is_kept = !is_unseen(letter) && !letter.is_control() && (!letter.is_whitespace() || letter == ' ' && before != ' ');
            before = letter;
            is_kept
        };
        text.chars().all(is_kept) && before != ' ' && beginning(text, most).len() == text.len()
    };
    // As nearly all are.
    if is_plain() {
        return text.to_owned();
    }
    let plain = |letter: char| if letter.is_whitespace() || letter.is_control() { ' ' } else { letter };
    let line: String = text.chars().filter(|letter| !is_unseen(*letter)).map(plain).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, in_language};

    fn lithuanian(text: &str) -> String {
        in_language(text, Language::Lithuanian).into_owned()
    }

    #[test]
    fn large_numbers_have_no_fraction_and_small_ones_two_places() {
        let print = |units| {
            let mut out = String::new();
            push_units(units, Kind::Number, &mut out);
            lithuanian(&out)
        };
        assert_eq!([2_720_103, 149_198_129, 150_200, 999_949].map(print), ["272", "14\u{a0}920", "15,02", "99,99"]);
        assert_eq!([0, -150_050, 999_999, 5].map(print), ["0", "−15,01", "100", "0"]);
    }

    #[test]
    fn numbers_are_grouped_with_a_comma_and_a_true_minus() {
        let print = |text, trim| {
            let mut out = String::new();
            push_number(text, trim, &mut out);
            lithuanian(&out)
        };
        assert_eq!(print("1234.50", false), "1\u{a0}234,50");
        assert_eq!(print("-1234567.5000", true), "−1\u{a0}234\u{a0}567,5");
        assert_eq!(print("100.0000", true), "100");
        assert_eq!(print("999", false), "999");
        let mut out = String::new();
        push_number("1234.50", false, &mut out);
        assert_eq!(in_language(&out, Language::English), "1\u{a0}234.50");
    }

    #[test]
    fn shares_are_per_cent_and_never_round_to_a_lie() {
        let percent = |share| lithuanian(&percent(share));
        assert_eq!(percent(333_333_333_333), "33,33\u{a0}%");
        assert_eq!(percent(1_000_000_000_000), "100\u{a0}%");
        assert_eq!(percent(125_000_000_000), "12,5\u{a0}%");
        assert_eq!(percent(0), "0\u{a0}%");
        assert_eq!(percent(1), "<\u{a0}0,01\u{a0}%");
        assert_eq!(percent(999_999_999_999), ">\u{a0}99,99\u{a0}%");
    }

    #[test]
    fn numbers_on_an_axis_are_short() {
        let print = |units, kind| {
            let mut out = String::new();
            push_rounded(units, kind, &mut out);
            lithuanian(&out).replace(NBSP, " ")
        };
        assert_eq!(print(125_000_000, Kind::Money), "1,25 mln.");
        assert_eq!(
            [0, 500, 2_500, 12_500, 1_000_000].map(|units| print(units, Kind::Integer)),
            ["0", "500", "2 500", "12,5 tūkst.", "1 mln."]
        );
        assert_eq!(print(25_000_000, Kind::Number), "2 500");
    }

    #[test]
    fn nouns_follow_their_number() {
        let read = |count, language| in_language(&counted(count, ROWS), language).replace(NBSP, " ");
        let rows = |count| read(count, Language::Lithuanian);
        assert_eq!(
            [rows(1), rows(2), rows(10), rows(11), rows(21), rows(0)],
            ["1 eilutė", "2 eilutės", "10 eilučių", "11 eilučių", "21 eilutė", "0 eilučių"]
        );
        assert_eq!([1, 21, 0].map(|count| read(count, Language::English)), ["1 row", "21 rows", "0 rows"]);
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([size(12), size(1_234), size(25_000_000)].map(|text| lithuanian(&text).replace(NBSP, " ")), ["12 B", "1,3 kB", "25 MB"]);
    }

    #[test]
    fn a_shown_name_is_one_short_line_that_cannot_turn_what_stands_beside_it() {
        assert_eq!(one_line("UAB \u{202e}„Rytas\u{202c}“\n\t\u{0} <b>", 120), "UAB „Rytas“ <b>");
        let long = one_line(&"ž ".repeat(1000), 120);
        assert!(long.ends_with('…') && long.chars().count() <= 121);
        assert_eq!(one_line("\u{200b} \u{feff}", 120), "");
    }
}
