//! Fingerprints of what decides a result besides the data: definitions, SQL, the program.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// What decides how extracts are cleaned.
const CLEANING: &[&str] = &["data/columns", "data/tables", "data/classifiers"];
/// What decides everything after it, too.
const THE_REST: &[&str] = &["data/datasets", "data/law", "data/pages", "data/guides"];
const SQL: &[&str] = &["sql/models", "sql/checks"];

/// This very program: its version, and a hash of its sources.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PROGRAM_SOURCES"));

/// Fingerprints of the definitions of a home folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fingerprints {
    /// Everything under `data/` and `sql/` that decides the result.
    pub(crate) definitions: String,
    /// Everything under `data/`; each statement under `sql/` decides for itself alone.
    pub(crate) data: String,
    /// What decides how an extract is cleaned.
    pub(crate) cleaning: String,
}

impl Fingerprints {
    /// Reads all definitions.
    pub(crate) fn take(home: &Path) -> Result<Self> {
        Ok(Self {
            definitions: of_folders(home, CLEANING.iter().chain(THE_REST).chain(SQL))?,
            data: of_folders(home, CLEANING.iter().chain(THE_REST))?,
            cleaning: format!("{} {PROGRAM}", of_folders(home, CLEANING)?),
        })
    }
}

fn of_folders<'a>(home: &Path, folders: impl IntoIterator<Item = &'a &'a str>) -> Result<String> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(home.join(folder)).with_context(|| format!("cannot list {folder}"))? {
            let entry = entry?;
            files.push((format!("{folder}/{}", entry.file_name().to_string_lossy()), entry.path()));
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    for (name, path) in files {
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(&content));
    }
    Ok(hex::encode(hash.finalize()))
}
