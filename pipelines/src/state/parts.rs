//! The parts of an installation that are lost and put back each on its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::refusal::Refusal;

/// A part, and where its copy lies in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    /// What is kept between runs.
    State,
    /// The internal tier.
    Internal,
    /// The portal.
    Portal,
    /// The form endpoint's store.
    Store,
}

/// What a command makes in an empty folder before it does anything.
const MADE_BY_COMMANDS: [&str; 4] = ["run.lock", "version.json", ".lock", STAGING];
/// Where a part is put together that is put back: whatever else is in the folder then was moved there by an earlier try.
pub(crate) const STAGING: &str = ".restoring";

impl Part {
    /// In the order in which they are put back: what decides whether the portal may go on first.
    pub(crate) const ALL: [Self; 4] = [Self::State, Self::Internal, Self::Portal, Self::Store];

    /// Its name in a backup: a folder, or a file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Internal => "internal",
            Self::Portal => "portal",
            Self::Store => "forms.sqlite",
        }
    }

    /// What it is, for people.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::State => "the state folder",
            Self::Internal => "the internal tier",
            Self::Portal => "the portal",
            Self::Store => "the form endpoint's store",
        }
    }

    /// Where it lies in this installation.
    pub(crate) fn place(self, config: &Config) -> &Path {
        match self {
            Self::State => &config.paths.state,
            Self::Internal => &config.paths.internal,
            Self::Portal => &config.paths.portal,
            Self::Store => &config.forms.store,
        }
    }

    /// Whether nothing is left of it: there is no folder or file, or none but what commands make in an empty folder. Part of it counts as
    /// there: nothing is ever overwritten.
    pub(crate) fn is_missing(self, config: &Config) -> Result<bool> {
        let place = self.place(config);
        if self == Self::Store {
            return Ok(!place.exists());
        }
        if place.join(STAGING).is_dir() {
            return Ok(true);
        }
        // The store often lies in the state folder, and is a part of its own.
        let store = place.join(config.forms.store.file_name().unwrap_or_default()) == config.forms.store;
        let is_store = |name: &str| store && beside_store(config).iter().any(|path| path.file_name().is_some_and(|file| file == name));
        let entries = match fs::read_dir(place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error).with_context(|| format!("cannot list {}", place.display())),
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", place.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // The store of releases makes its two folders when it is opened.
            let empty = ["objects", "releases"].contains(&name.as_str()) && is_empty(&entry.path())?;
            if !empty && name != "lost+found" && !MADE_BY_COMMANDS.contains(&name.as_str()) && !is_store(&name) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The store and what SQLite keeps beside it.
pub(crate) fn beside_store(config: &Config) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|end| PathBuf::from(format!("{}{end}", config.forms.store.display())))
}

/// Refuses an installation that was put back in part: what would be added to it now, putting it back again would remove.
pub(crate) fn is_whole(config: &Config) -> Result<(), Refusal> {
    let half = Part::ALL.into_iter().find(|part| part.place(config).join(STAGING).is_dir());
    half.map_or(Ok(()), |part| {
        let place = part.place(config).display();
        Err(Refusal::one(format!("{} ({place}) was put back in part only; give the same `virsis restore` command again", part.said())))
    })
}

fn is_empty(folder: &Path) -> Result<bool> {
    Ok(fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?.next().is_none())
}
