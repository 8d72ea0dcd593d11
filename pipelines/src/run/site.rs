//! What the pages of a release say besides its tables.

use anyhow::Result;
use catalog::{Audience, Catalog, Content, News, Tier};
use chrono::NaiveDate;

use crate::config::Config;
use crate::sources::unknown_files;

const SYNTHETIC_NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";

/// The published table of sources, which says of them what the manifest says.
const SOURCES: &str = "out_saltinis";

/// The line on top of every page.
pub(super) fn notice(config: &Config) -> Option<&'static str> {
    config.paths.extracts.join(unknown_files::SYNTHETIC_MARK).exists().then_some(SYNTHETIC_NOTICE)
}

/// The news to show, by the day of the data like everything in a release.
pub(super) fn news(content: &Content, day: NaiveDate) -> Vec<&News> {
    content.news.iter().filter(|news| news.is_shown(Audience::Portal, day)).collect()
}

/// To what counts of rows that sources gave are rounded outside the internal tier.
pub(super) fn rounded_to(catalog: &Catalog) -> Result<Option<i64>> {
    Ok(catalog.table(SOURCES)?.rounded_to("eiluciu", Tier::Public))
}
