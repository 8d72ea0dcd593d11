//! What the portal says of itself: what it is and by which law, who publishes it on what terms, how to cite it, what to do about a mistake.

use minijinja::{Value, context};

use super::tier_site::TierSite;
use crate::error::Error;

/// Where the page lies in its tier: beside the start page, so that relative links mean the same on both.
pub(super) const PATH: &str = "apie.html";

/// The page; none where nobody has written it.
pub(super) fn render(site: &TierSite<'_>) -> Result<Option<String>, Error> {
    let Some(page) = site.about() else { return Ok(None) };
    // Made of Markdown in which no HTML can stand.
    let text = Value::from_safe_string(page.html().to_owned());
    site.render("about.html", context! { frame => site.frame(page.title(), PATH), title => page.title(), text }).map(Some)
}
