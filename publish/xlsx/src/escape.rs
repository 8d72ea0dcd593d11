//! Texts in XML.

/// Appends an address to an attribute.
pub(crate) fn push_markup_escaped(text: &str, xml: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => xml.push(letter),
        }
    }
}

/// Appends a text to the content of an element or to an attribute. What XML cannot hold stands as `_x0007_` (ECMA-376, `ST_Xstring`), and so does what only looks like it.
pub(crate) fn push_escaped(text: &str, xml: &mut String) {
    let mut begin = 0;
    for (at, byte) in text.bytes().enumerate() {
        // What stands for itself is copied as a whole. U+FFFE and U+FFFF begin with 0xEF.
        if !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'_' | 0xEF | 0..=0x1f) {
            continue;
        }
        let Some(letter) = text[at..].chars().next() else { continue };
        let escaped = match letter {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "",
            '_' if looks_escaped(&text.as_bytes()[at..]) => "",
            _ => continue,
        };
        xml.push_str(&text[begin..at]);
        begin = at + letter.len_utf8();
        if escaped.is_empty() { push_code(letter, xml) } else { xml.push_str(escaped) }
    }
    xml.push_str(&text[begin..]);
}

fn push_code(letter: char, xml: &mut String) {
    use std::fmt::Write;
    let _ = write!(xml, "_x{:04X}_", u32::from(letter));
}

/// Whether a reader would take the beginning for a letter's code.
fn looks_escaped(bytes: &[u8]) -> bool {
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}
