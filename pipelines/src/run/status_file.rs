//! `status.json` beside `latest`: when each source was last asked and how it went, written also if no new release was made.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::sources::source::Sources;
use crate::state::portal_file;

/// Where it lies in the portal.
pub(crate) const STATUS: &str = "status.json";

/// What the public may know of the last run: dates and fixed words, no operators' messages.
#[derive(Debug, Serialize)]
pub(crate) struct StatusFile<'a> {
    checked: String,
    release: &'a str,
    sources: Vec<SourceStatus<'a>>,
}

#[derive(Debug, Serialize)]
struct SourceStatus<'a> {
    source: &'a str,
    table: &'a str,
    /// `fresh` (new data), `unchanged` (asked, nothing new) or `stale` (an older extract stands in).
    result: &'a str,
    extract_date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stale_since: Option<NaiveDate>,
    /// Why it is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl StatusFile<'_> {
    /// Replaces the file by one rename.
    pub(crate) fn write(portal: &Path, release: &str, sources: &Sources) -> Result<()> {
        let now: DateTime<Utc> = Utc::now();
        let sources = sources.iter().map(|(table, source)| SourceStatus {
            source: source.source,
            table,
            result: source.verdict.name(),
            extract_date: source.entry.profile.extract_date,
            stale_since: source.entry.stale_since,
            reason: source.trouble.as_ref().map(|trouble| trouble.rule),
        });
        let status = StatusFile { checked: now.to_rfc3339_opts(SecondsFormat::Secs, true), release, sources: sources.collect() };
        let mut text = serde_json::to_vec_pretty(&status)?;
        text.push(b'\n');
        portal_file::replace(portal, STATUS, &text)
    }
}
