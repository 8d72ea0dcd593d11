//! What the portal says of itself: what it is and by which law, who publishes it on what terms, how to cite it, what to do about a mistake.

use catalog::{Page, Tier};
use minijinja::{Value, context};

use super::tier_site::TierSite;
use crate::error::Error;

/// Where the page lies in its tier: beside the start page, so that relative links mean the same on both.
pub(super) const PATH: &str = "apie.html";

impl TierSite<'_> {
    /// The text, in the tiers that everybody reads.
    pub(super) fn about(&self) -> Option<&Page> {
        self.catalog.about().filter(|_| self.tier != Tier::Internal)
    }
}

/// The page; none where nobody has written it.
pub(super) fn render(site: &TierSite<'_>) -> Result<Option<String>, Error> {
    let Some(page) = site.about() else { return Ok(None) };
    // Made of Markdown in which no HTML can stand.
    let text = Value::from_safe_string(page.html().to_owned());
    site.render("about.html", context! { frame => site.frame(page.title(), PATH), title => page.title(), text }).map(Some)
}
