//! News: their page, and what the start page says of them.

use minijinja::{Value, context};

use super::tier_site::TierSite;
use crate::error::Error;
use crate::language::say;

/// Where the page lies in its tier: beside the start page, so that relative links mean the same on both.
pub(crate) const PATH: &str = "naujienos.html";

/// The page.
pub(super) fn render(site: &TierSite<'_>) -> Result<String, Error> {
    site.render("news.html", context! { frame => site.frame(say!("Naujienos"), PATH), news => lines(site) })
}

/// Name, heading, day and text of each.
pub(super) fn lines(site: &TierSite<'_>) -> Vec<Value> {
    let line = |news: &&catalog::News| {
        // Made of Markdown in which no HTML can stand.
        let text = Value::from_safe_string(news.page.html().to_owned());
        context! { name => &news.name, title => news.page.title(), date => news.date.to_string(), text }
    };
    site.context.news.iter().map(line).collect()
}
