//! Pages of text: what the portal says of itself, its help.

use catalog::Prose;
use minijinja::{Value, context};

use super::tier_site::{TierSite, prose_title};
use crate::error::Error;
use crate::language::both;
use crate::paths::prose_page;

/// The one below whose text stands who publishes, on what terms, and where mistakes are mended.
const ABOUT: &str = "apie";

/// The page.
pub(super) fn render(site: &TierSite<'_>, name: &str, prose: &Prose) -> Result<String, Error> {
    // Made of Markdown in which no HTML can stand.
    let text = Value::from_safe_string(both(prose.lithuanian.html(), prose.english.html()));
    let title = prose_title(prose);
    let template = if name == ABOUT { "about.html" } else { "prose.html" };
    site.render(template, context! { frame => site.frame(&title, &prose_page(name)), title, text })
}
