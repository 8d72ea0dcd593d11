//! Text in HTML.

use catalog::Text;

use super::choice::{balanced, in_both};

/// Appends text with the characters that mean something in HTML escaped, also inside quoted attributes. A choice between languages stays one.
pub(crate) fn push_escaped(text: &str, out: &mut String) {
    let (mut rest, mut is_choice) = (text, None);
    while let Some(at) = rest.bytes().position(means_something) {
        out.push_str(&rest[..at]);
        if rest.as_bytes()[at] < b' ' {
            if *is_choice.get_or_insert_with(|| balanced(text)) {
                out.push_str(&rest[at..=at]);
            }
            rest = &rest[at + 1..];
            continue;
        }
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Whether a character has a meaning in HTML or in choices; all of them are ASCII, so bytes are enough.
const fn means_something(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'' | 1..=3)
}

/// Appends a defined text as a choice, escaped.
pub(crate) fn push_both(text: &Text, out: &mut String) {
    push_escaped(&in_both(text), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        let mut out = String::new();
        push_escaped("<a href='x'>\"Ž\" & co</a>", &mut out);
        assert_eq!(out, "&lt;a href=&#39;x&#39;&gt;&quot;Ž&quot; &amp; co&lt;/a&gt;");
        out.clear();
        push_escaped("\u{1}a\u{2}<b>\u{3} \u{2}", &mut out);
        assert_eq!(out, "a&lt;b&gt; ", "half a choice is none");
        out.clear();
        push_escaped("\u{1}a\u{2}<b>\u{3}", &mut out);
        assert_eq!(out, "\u{1}a\u{2}&lt;b&gt;\u{3}");
    }
}
