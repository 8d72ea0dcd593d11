//! Until when what the installation works with may be used: certificates towards sources, the signed pointer, the list of keys.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::page::{Family, Page};
use crate::config::Config;
use crate::expiry;

const CERTIFICATE: Family = Family::gauge(
    "virsis_certificate_expiry_timestamp_seconds",
    &["source"],
    "When the first certificate ends that a section of the settings names (a source's, of `mandates`, `forms`, `viisp`, `alerts`, `lineage`): its authorities, its own, ours.",
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

pub(super) fn tell(page: &mut Page, config: &Config, now: DateTime<Utc>) -> Result<()> {
    let mut sections: BTreeMap<String, Option<DateTime<Utc>>> = BTreeMap::new();
    for file in expiry::certificate_files(config) {
        // A file that cannot be read is `virsis doctor`'s to name.
        let (end, first) = (file.next_end(now), sections.entry(file.section).or_default());
        *first = [*first, end].into_iter().flatten().min();
    }
    for (section, end) in &sections {
        page.say_when(&CERTIFICATE, &[section], *end)?;
    }
    if config.secrets.signing_key_file.is_some() {
        page.say_when(&POINTER_END, &[], expiry::pointer_end(config))?;
        page.say_when(&KEYS_END, &[], expiry::key_list_end(config)?.map(|(_, end)| end))?;
    }
    Ok(())
}
