//! Texts of `data/content` on a page: the one place where HTML is shown as it is.

use catalog::Page;
use minijinja::Value;

/// The text of a page. [`Page`] is only made of Markdown in which no HTML stood.
pub(super) fn text(page: &Page) -> Value {
    Value::from_safe_string(page.html().to_owned())
}
