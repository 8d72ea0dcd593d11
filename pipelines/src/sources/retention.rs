//! Retention: extracts are removed from the drop folder when they have been used, so that personal codes live no longer than the run.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use catalog::Catalog;
use connectors::{CONNECTORS, Files};

use crate::config::Config;
use crate::sources::source::{Sources, Verdict};

/// Cleans up the drop folder after a run that began at `started`; `sources` are those it used, if it got so far.
///
/// # Errors
/// A file cannot be removed: somebody must do so, since it may contain personal codes. All others are removed all the same.
pub(crate) fn tidy(config: &Config, sources: Option<&Sources>, started: SystemTime) -> Result<()> {
    // Without definitions it is not known what is personal; the run has reported that.
    let Ok(catalog) = Catalog::load(&config.home) else { return Ok(()) };
    let mut stuck = Vec::new();
    for extract in CONNECTORS.iter().flat_map(|connector| connector.extracts) {
        let rules = &config.retention;
        let Ok(table) = catalog.table(extract.table) else { continue };
        let personal = table.columns.iter().any(|column| column.column.personal.is_about_persons());
        let verdict = sources.and_then(|sources| sources.get(extract.table)).map_or(Verdict::Stale, |source| source.verdict);
        let history: Vec<PathBuf> = Files::history_names(extract).map(|name| config.paths.extracts.join(name)).collect();
        // History without personal data is read in every run, and only beside a current file: neither is removed by age.
        let other_days = if history.iter().any(|path| path.exists()) { 0 } else { rules.other_days };
        for path in Files::names(extract).map(|name| config.paths.extracts.join(name)).chain(history) {
            let Some(there) = fs::symlink_metadata(&path).ok().and_then(|data| since(&data)) else { continue };
            // It arrived during the run, and may not have been read yet.
            if there > started {
                continue;
            }
            let older = |days: u64| started.duration_since(there).unwrap_or_default() > Duration::from_secs(days * 24 * 60 * 60);
            let remove = match (personal, verdict) {
                (true, Verdict::Stale) => rules.remove_personal && older(rules.refused_days),
                (true, _) => rules.remove_personal,
                (false, _) => other_days > 0 && older(other_days),
            };
            if remove {
                match fs::remove_file(&path) {
                    Ok(()) => tracing::info!(file = %path.display(), "extract removed after use"),
                    Err(error) => stuck.push(format!("{} ({error})", path.display())),
                }
            }
        }
    }
    anyhow::ensure!(stuck.is_empty(), "cannot remove {}, which may contain personal data; remove it by hand", stuck.join(", "));
    Ok(())
}

/// Since when a file has been here: its modification time is set by whoever made it, its change time by this system.
fn since(data: &fs::Metadata) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(u64::try_from(data.ctime()).ok()?, u32::try_from(data.ctime_nsec()).ok()?))
}
