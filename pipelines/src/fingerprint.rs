//! Fingerprints of what decides a result besides the data: definitions, SQL, the program.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::kept::hexadecimal;

/// What cleaning goes by.
const CLEANING: &[&str] = &["data/columns", "data/tables", "data/classifiers"];
/// What everything after it goes by as well.
const THE_REST: &[&str] = &["data/datasets", "data/law"];
const SQL: &[&str] = &["sql/models", "sql/checks"];

/// Everything under `data/` that decides the result; each statement under `sql/` decides for itself alone.
pub(crate) fn of_data(home: &Path) -> Result<String> {
    of_folders(home, CLEANING.iter().chain(THE_REST))
}

/// Everything under `data/` and `sql/` that decides the result.
pub(crate) fn of_definitions(home: &Path) -> Result<String> {
    of_folders(home, CLEANING.iter().chain(THE_REST).chain(SQL))
}

/// What decides how an extract is cleaned.
pub(crate) fn of_cleaning(home: &Path) -> Result<String> {
    Ok(format!("{} {}", of_folders(home, CLEANING)?, of_program()))
}

/// This very program: a rebuilt one may decide otherwise under the same version.
pub(crate) fn of_program() -> String {
    let file = std::env::current_exe().and_then(fs::metadata);
    let built = file.map(|data| (data.len(), data.modified().ok())).ok();
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
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
    Ok(hexadecimal(&hash.finalize()))
}
