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
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' => xml.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => push_code(letter, xml),
            '_' if looks_escaped(&text.as_bytes()[at..]) => push_code('_', xml),
            _ => xml.push(letter),
        }
    }
}

fn push_code(letter: char, xml: &mut String) {
    use std::fmt::Write;
    let _ = write!(xml, "_x{:04X}_", u32::from(letter));
}

/// Whether a reader would take the beginning for a letter's code.
fn looks_escaped(bytes: &[u8]) -> bool {
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}
