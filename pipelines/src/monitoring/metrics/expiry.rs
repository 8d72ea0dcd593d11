//! Until when what the installation works with may be used: certificates towards sources, the signed pointer, the list of keys.

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Vilnius;
use connectors::HttpSettings;
use trust::layout::{self, POINTER};
use trust::{KeyList, Pointer};

use super::page::{Family, Page};
use crate::config::{Config, MandatesConfig, SourceConfig};
use crate::signing;

const CERTIFICATE: Family = Family::gauge(
    "virsis_certificate_expiry_timestamp_seconds",
    &["source"],
    "When the first of the certificates ends that the section of a source in the settings names (its authorities, our own).",
);
const POINTER_END: Family = Family::gauge(
    "virsis_pointer_expiry_timestamp_seconds",
    &[],
    "Until when readers believe the signed `latest.json`; every run renews it.",
);
const KEYS_END: Family = Family::gauge(
    "virsis_key_list_expiry_timestamp_seconds",
    &[],
    "Until when the list of signing keys may be used; absent if it has no end.",
);

/// All of them.
#[cfg(test)]
pub(super) const FAMILIES: &[Family] = &[CERTIFICATE, POINTER_END, KEYS_END];

pub(super) fn tell(page: &mut Page, config: &Config) -> Result<()> {
    let sources = config.sources.iter().filter_map(|(name, source)| Some((name.as_str(), SourceConfig::http(source)?)));
    let mandates = config.mandates.iter().filter_map(MandatesConfig::http).map(|http| ("mandates", http));
    for (name, http) in sources.chain(mandates) {
        page.say_when(&CERTIFICATE, &[name], first_end(http))?;
    }
    if config.secrets.signing_key_file.is_some() {
        let portal = &config.paths.portal;
        let pointer = signing::read(portal, POINTER).ok().and_then(|bytes| Pointer::parse(&bytes).ok());
        page.say_when(&POINTER_END, &[], pointer.and_then(|pointer| end_of(pointer.expires)))?;
        let newest = signing::newest_list(portal)?.and_then(|version| signing::read(portal, &layout::key_list(version)).ok());
        let list: Option<KeyList> = newest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        page.say_when(&KEYS_END, &[], list.and_then(|list| list.expires).and_then(end_of))?;
    }
    Ok(())
}

/// When the first certificate ends; files that cannot be read are `virsis doctor`'s to name.
fn first_end(http: &HttpSettings) -> Option<DateTime<Utc>> {
    let terms = http.certificates().into_iter().filter_map(|(_, terms)| terms.ok()).flatten();
    terms.map(|term| term.until).min().map(DateTime::from)
}

/// The end of a day that counts as a whole.
fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    let next = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    next.and_local_timezone(Vilnius).earliest().map(|end| end.with_timezone(&Utc))
}
