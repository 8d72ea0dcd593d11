//! Unknown files in the drop folder: those that no source reads.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use connectors::{CONNECTORS, Files};

use crate::config::Config;

/// File in the drop folder of a synthetic country: every page then says that the data is invented.
pub(crate) const SYNTHETIC_MARK: &str = "truth.json";

/// Where the mark of a synthetic country is, if this is one.
pub(crate) fn synthetic_mark(config: &Config) -> PathBuf {
    config.paths.extracts.join(SYNTHETIC_MARK)
}

/// Lists the unknown files in the drop folder.
pub(crate) fn list(config: &Config) -> Result<Vec<PathBuf>> {
    let mut unknown = Files::new(&config.paths.extracts).unknown_files().context("cannot list the drop folder")?;
    unknown.retain(|name| name != Path::new(SYNTHETIC_MARK));
    Ok(unknown)
}

/// Warns of unknown files in the drop folder, and if others may write to it.
pub(crate) fn warn(config: &Config) -> Result<()> {
    let unknown = list(config)?;
    if !unknown.is_empty() {
        let files = told_without_names(&unknown);
        tracing::warn!(
            files,
            "unknown files in the drop folder, which are neither read nor removed; docs/extract-format.md lists the expected names"
        );
    }
    if let Err(open) = Files::new(&config.paths.extracts).closed() {
        tracing::warn!("{open}");
    }
    Ok(())
}

/// How many files there are, and which extracts' names they resemble. Their own names are not told: one may contain a personal code or name.
pub(crate) fn told_without_names(files: &[PathBuf]) -> String {
    let stem = |file: &'static str| file.split('.').next().unwrap_or(file);
    let known = CONNECTORS.iter().flat_map(|connector| connector.extracts).map(|extract| stem(extract.file));
    let names: Vec<String> = files.iter().map(|file| file.file_name().unwrap_or_default().to_string_lossy().to_lowercase()).collect();
    let like: Vec<&str> = known.filter(|stem| names.iter().any(|name| name.starts_with(&stem.to_lowercase()))).collect();
    match like.as_slice() {
        [] => files.len().to_string(),
        like => format!("{}, some named like {}", files.len(), like.join(", ")),
    }
}
