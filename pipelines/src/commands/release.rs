//! `virsis release list`: what has been published.

use anyhow::Result;

use crate::config::Config;

pub(crate) fn list(config: &Config) -> Result<()> {
    if !config.paths.portal.join("releases").is_dir() {
        println!("no release yet; `virsis run` publishes the first one");
        return Ok(());
    }
    println!("{:<20} {:<11} {:>7} {:>14}", "release", "as of", "files", "bytes");
    for release in publish::list(&config.paths.portal)? {
        let withdrawn = match (release.withdrawn, release.revised) {
            (true, _) => "  withdrawn",
            (false, true) => "  revised",
            (false, false) => "",
        };
        let latest = if release.is_latest { "  latest" } else { "" };
        println!("{:<20} {:<11} {:>7} {:>14}{withdrawn}{latest}", release.name, release.date, release.files, release.bytes);
    }
    Ok(())
}
