//! Metrics for Prometheus. They are read from the ledger, the portal and the endpoint's store when they are asked for: a run that another process
//! made is there, too.

mod endpoint;
mod expiry;
mod page;
mod runs;
mod sources;

use anyhow::Result;
use chrono::{DateTime, Utc};
use forms::App;
use forms::store::SignIns;

use self::page::{Family, Page};
use super::nights::Nights;
use crate::config::Config;

const BUILD: Family =
    Family::gauge("virsis_build_info", &["version", "sources"], "Always 1; the program's version and the hash of its sources.");

/// What is on the page, part by part, in the order of the documentation.
#[cfg(test)]
const FAMILIES: [&[Family]; 5] = [&[BUILD], runs::FAMILIES, sources::FAMILIES, endpoint::FAMILIES, expiry::FAMILIES];

/// The page; `sign_ins` are those counted so far.
pub(super) fn page(config: &Config, endpoint: Option<&App>, sign_ins: &mut SignIns, now: DateTime<Utc>) -> Result<String> {
    let mut page = Page::default();
    page.say(&BUILD, &[env!("CARGO_PKG_VERSION"), env!("PROGRAM_SOURCES")], 1.0)?;
    let nights = Nights::read(config)?;
    runs::tell(&mut page, config, &nights)?;
    sources::tell(&mut page, &nights)?;
    if let Some(endpoint) = endpoint {
        endpoint::tell(&mut page, config, endpoint, sign_ins, now)?;
    }
    expiry::tell(&mut page, config, now)?;
    page.text()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::page::Kind;
    use super::*;

    /// The table of docs/operations.md.
    fn table() -> String {
        let row = |family: &Family| {
            let labels: Vec<String> = family.labels.iter().map(|label| format!("`{label}`")).collect();
            let kind = if family.kind == Kind::Counter { "counter" } else { "gauge" };
            format!("| `{}` | {kind} | {} | {} |\n", family.name, labels.join(", "), family.help)
        };
        let heading = "| metric | kind | labels | what it says |\n|---|---|---|---|\n".to_owned();
        heading + &FAMILIES.iter().copied().flatten().map(row).collect::<String>()
    }

    #[test]
    fn the_documentation_has_every_metric_as_the_program_says_it() {
        let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md")).unwrap();
        assert!(docs.contains(&table()), "docs/operations.md should have this table:\n{}", table());
    }

    #[test]
    fn names_follow_the_conventions_of_prometheus_and_stand_once() {
        let all: Vec<&Family> = FAMILIES.iter().copied().flatten().collect();
        for family in &all {
            assert!(family.name.starts_with("virsis_") && family.help.ends_with('.'), "{}", family.name);
            assert_eq!(family.name.ends_with("_total"), family.kind == Kind::Counter, "{}", family.name);
            assert_eq!(all.iter().filter(|other| other.name == family.name).count(), 1, "{}", family.name);
        }
    }
}
