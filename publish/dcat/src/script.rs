//! Prints JSON so that it can stand in a page.

use std::fmt::Write as _;

use serde_json::Value;

/// The text to put between `<script type="application/ld+json">` and `</script>`: nothing in it can end the element, begin another or end a line of
/// JavaScript. What HTML would read as its own is written as JSON's `\u` escapes, so that the text stays the same JSON.
#[must_use]
pub fn for_script(value: &Value) -> String {
    let printed = value.to_string();
    let mut safe = String::with_capacity(printed.len());
    for letter in printed.chars() {
        match letter {
            // Such letters stand only within strings of JSON. Writing to a string does not fail.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => drop(write!(safe, "\\u{:04x}", u32::from(letter))),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_can_end_the_script() {
        let value = json!({ "name": "</script><!-- & \u{2028}\u{2029} „ąžuolas“ \"\\", "<b>": 1 });
        let text = for_script(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert!(text.contains("\\u003c/script\\u003e") && text.contains("„ąžuolas“"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
