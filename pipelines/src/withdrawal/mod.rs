//! Finds a text that must go outside releases: last good extracts with it are deleted, all other places are reported.

pub(crate) mod persons;
pub(crate) mod withheld;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use publish::Sought;

use crate::config::Config;
use crate::state::last_good::LastGoodExtracts;

/// Files of the state folder that later runs write again.
const REWRITTEN: &[&str] = &["steps.json", "entities.sqlite", "entities.sqlite-wal", "entities.sqlite-shm", "sql_history"];
/// A folder of such files, too.
const QUARANTINE: &str = "quarantine";
/// What earlier statistics were made of.
const PUBLISHED: &str = "published";
/// The folder of last good extracts, which are looked through table by table.
const KEPT: &str = "kept";

/// Where the text was found.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Raw tables whose last good extract contains it.
    pub(crate) kept: Vec<String>,
    /// Other files of the state folder, which later runs write again.
    pub(crate) rewritten: Vec<PathBuf>,
    /// What earlier statistics were made of, which is not written again.
    pub(crate) published: Vec<PathBuf>,
    /// Files that are not deleted: the store of submissions, the drop folder, anything else.
    pub(crate) stay: Vec<PathBuf>,
}

impl Places {
    /// Searches the state folder, the drop folder and the form endpoint's store.
    pub(crate) fn find(config: &Config, last_good: &LastGoodExtracts, sought: &Sought) -> Result<Self> {
        let mut places = Self::default();
        for table in last_good.tables() {
            if holds_any(&last_good.files(&table)?, sought)? {
                places.kept.push(table);
            }
        }
        for entry in entries(&config.paths.state)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == KEPT {
                continue;
            }
            let list = match name.as_str() {
                PUBLISHED => &mut places.published,
                name if name == QUARANTINE || REWRITTEN.contains(&name) => &mut places.rewritten,
                _ => &mut places.stay,
            };
            list.extend(holding(&entry, sought)?);
        }
        let store = &config.forms.store;
        let beside = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", store.display())));
        for path in [store.clone()].into_iter().chain(beside).chain(entries(&config.paths.extracts)?) {
            if !places.stay.contains(&path) {
                places.stay.extend(holding(&path, sought)?);
            }
        }
        // Attachments are compressed inside the store.
        if config.forms.enabled && store.exists() && !places.stay.contains(store) {
            let look = |bytes: &[u8]| forms::document_text(bytes).is_some_and(|text| sought.is_in(&text));
            if forms::Store::open(store)?.read(|connection| forms::store::any_attachment(connection, look))? {
                places.stay.push(store.clone());
            }
        }
        Ok(places)
    }

    /// Deletes what may be deleted. Every source whose last good extract contained the text is read again.
    pub(crate) fn clear(&self, config: &Config, last_good: &mut LastGoodExtracts) -> Result<()> {
        last_good.forget(&self.kept)?;
        // What the last run recorded belongs to a release that may be gone.
        let steps = config.paths.state.join(REWRITTEN[0]);
        self.rewritten.iter().chain([&steps]).try_for_each(|path| remove(path))
    }

    /// Deletes what earlier statistics were made of where the text stands in it: nobody compares with a withdrawn release.
    pub(crate) fn clear_published(&self) -> Result<()> {
        self.published.iter().try_for_each(|path| remove(path))
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn holds_any(paths: &[PathBuf], sought: &Sought) -> Result<bool> {
    for path in paths {
        if sought.is_in_file(path)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files at or below `path` that contain the text; anything but regular files is skipped.
fn holding(path: &Path, sought: &Sought) -> Result<Vec<PathBuf>> {
    let Ok(data) = fs::symlink_metadata(path) else { return Ok(Vec::new()) };
    if data.is_dir() {
        let below = entries(path)?.iter().map(|entry| holding(entry, sought)).collect::<Result<Vec<_>>>()?;
        return Ok(below.into_iter().flatten().collect());
    }
    Ok(if data.is_file() && sought.is_in_file(path)? { vec![path.to_owned()] } else { Vec::new() })
}

/// The entries of a folder, in order; none if it does not exist.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = match fs::read_dir(folder) {
        Ok(list) => list,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut found = list.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}
