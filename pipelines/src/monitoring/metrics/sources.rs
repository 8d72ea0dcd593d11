//! Metrics of sources, by raw table. The labels are those of the program, never what a file says.

use anyhow::Result;
use chrono::{NaiveTime, Utc};
use chrono_tz::Europe::Vilnius;
use connectors::CONNECTORS;
use connectors::naudotojai::MANDATES;

use super::super::nights::{Nights, is_stale};
use super::page::{Family, Page};

const LABELS: &[&str] = &["source", "table"];

const STALE: Family =
    Family::gauge("virsis_source_stale", LABELS, "1 if the last good extract stands in for the source, 0 if the source is up to date.");
const STALE_SINCE: Family = Family::gauge(
    "virsis_source_stale_since_timestamp_seconds",
    LABELS,
    "When the run began since which the source is stale; absent if it is not.",
);
const MADE: Family =
    Family::gauge("virsis_source_extract_timestamp_seconds", LABELS, "Beginning of the day on which the extract was made that is used.");
const ROWS: Family = Family::gauge("virsis_source_rows", LABELS, "Rows of the extract that is used, those set aside among them.");
const SET_ASIDE: Family =
    Family::gauge("virsis_source_rows_set_aside", LABELS, "Rows of that extract that were refused (`state/quarantine`).");

/// All of them.
#[cfg(test)]
pub(super) const FAMILIES: &[Family] = &[STALE, STALE_SINCE, MADE, ROWS, SET_ASIDE];

pub(super) fn tell(page: &mut Page, nights: &Nights) -> Result<()> {
    let extracts =
        CONNECTORS.iter().chain([&MANDATES]).flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract)));
    for (source, extract) in extracts {
        let Some(line) = nights.sources().iter().find(|line| line.table == extract.table) else { continue };
        let labels = [source, extract.table];
        page.say(&STALE, &labels, f64::from(u8::from(is_stale(line))))?;
        page.say_when(&STALE_SINCE, &labels, nights.stale_since(extract.table))?;
        let made = line.extract_date.and_then(|day| day.and_time(NaiveTime::MIN).and_local_timezone(Vilnius).earliest());
        page.say_when(&MADE, &labels, made.map(|made| made.with_timezone(&Utc)))?;
        page.say(&ROWS, &labels, line.rows as f64)?;
        page.say(&SET_ASIDE, &labels, line.quarantined as f64)?;
    }
    Ok(())
}
