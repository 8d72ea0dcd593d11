//! Tests that documents name, as `file::name`: a function of a Rust file, or words of another file.

use crate::country::home;

/// Whether the file has it.
pub(crate) fn is_there(test: &str) -> bool {
    let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("no file in {test}"));
    let text = std::fs::read_to_string(home().join(file)).unwrap_or_default();
    if file.ends_with(".rs") { text.contains(&format!("fn {name}(")) } else { text.contains(name) }
}

/// What stands between backticks in a text.
pub(crate) fn between_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
