//! Pages of text: what the portal says of itself, its help.

use catalog::Prose;
use minijinja::{Value, context};

use super::tier_site::TierSite;
use crate::error::Error;
use crate::language::both;

/// The one below whose text stands who publishes, on what terms, and where mistakes are mended.
const ABOUT: &str = "apie";

/// Where the page of this name lies in its tier: beside the start page, so that relative links mean the same on both.
pub(super) fn prose_path(name: &str) -> String {
    format!("{name}.html")
}

pub(super) fn prose_title(prose: &Prose) -> String {
    both(prose.lithuanian.title(), prose.english.title())
}

/// The page.
pub(super) fn render(site: &TierSite<'_>, name: &str, prose: &Prose) -> Result<String, Error> {
    // Made of Markdown in which no HTML can stand.
    let text = Value::from_safe_string(both(prose.lithuanian.html(), prose.english.html()));
    let title = prose_title(prose);
    let template = if name == ABOUT { "about.html" } else { "prose.html" };
    site.render(template, context! { frame => site.frame(&title, &prose_path(name)), title, text })
}
