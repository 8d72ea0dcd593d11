//! Retention: extracts in the drop folder go when they have been used. Codes of persons live for the run, not longer.

use std::fs;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use catalog::{Catalog, Personal};
use connectors::{CONNECTORS, Files};
use serde::Deserialize;

use crate::config::Config;
use crate::source::{Sources, Verdict};

/// What stays in the drop folder after a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Retention {
    /// Remove extracts with personal data as soon as a run has used them.
    pub(crate) remove_personal: bool,
    /// Remove refused extracts with personal data, which wait for an operator's word, after so many days.
    pub(crate) refused_days: u64,
    /// Remove extracts without personal data after so many days; 0 keeps them.
    pub(crate) other_days: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { remove_personal: true, refused_days: 7, other_days: 0 }
    }
}

/// Tidies the drop folder after a run that ended well.
///
/// # Errors
/// A file cannot be removed: then somebody must, since it may hold codes of persons.
pub(crate) fn tidy(config: &Config, catalog: &Catalog, sources: &Sources, now: SystemTime) -> Result<()> {
    for extract in CONNECTORS.iter().flat_map(|connector| connector.extracts) {
        let Some(source) = sources.get(extract.table) else { continue };
        let rules = &config.retention;
        let personal = catalog.table(extract.table)?.columns.iter().any(|column| column.column.personal != Personal::None);
        let current = Files::names(extract).map(|name| (name, rules.other_days));
        // History without personal data is read every night: no age takes it away.
        let history = Files::history_names(extract).map(|name| (name, 0));
        for (name, other_days) in current.chain(history) {
            let path = config.paths.extracts.join(&name);
            let Ok(data) = fs::metadata(&path) else { continue };
            let age = data.modified().ok().and_then(|written| now.duration_since(written).ok()).unwrap_or_default();
            let older = |days: u64| age > Duration::from_secs(days * 24 * 60 * 60);
            let remove = match (personal, source.verdict) {
                (true, Verdict::Stale) => rules.remove_personal && older(rules.refused_days),
                (true, _) => rules.remove_personal,
                (false, _) => other_days > 0 && older(other_days),
            };
            if remove {
                fs::remove_file(&path)
                    .with_context(|| format!("cannot remove {}, which may hold personal data; remove it by hand", path.display()))?;
                tracing::info!(file = %name.display(), "extract removed after use");
            }
        }
    }
    Ok(())
}
