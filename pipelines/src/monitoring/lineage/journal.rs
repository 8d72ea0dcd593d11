//! Where events go: a file for each run, for as long as the settings say, and the address that they name.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDateTime, Utc};
use uuid::Uuid;

use super::super::post::Post;
use super::event::Event;
use crate::config::Config;

const FOLDER: &str = "lineage";
/// How the name of a file begins: when its run began.
const BEGAN: &str = "%Y%m%dT%H%M%S";
const BEGAN_LETTERS: usize = 15;
/// For so long the events of one moment are posted at most.
const POSTING: Duration = Duration::from_secs(120);

/// The file of one run.
pub(super) struct Journal<'a> {
    config: &'a Config,
    path: PathBuf,
    /// Whether the address did not take an event: the others are not sent there tonight.
    silent: Cell<bool>,
}

impl<'a> Journal<'a> {
    /// Makes the folder, and removes the files whose days are over.
    pub(super) fn open(config: &'a Config, started: DateTime<Utc>, run: Uuid) -> Self {
        let folder = config.paths.state.join(FOLDER);
        let days = Days::new(config.lineage.keep_days.into());
        if let Err(error) = fs::create_dir_all(&folder).map_err(anyhow::Error::from).and_then(|()| tidy(&folder, started, days)) {
            tracing::warn!(error = format!("{error:#}"), "old events of runs could not be removed from state/lineage");
        }
        Self { config, path: folder.join(format!("{}-{run}.jsonl", started.format(BEGAN))), silent: Cell::new(false) }
    }

    /// Writes events, then posts them.
    pub(super) fn tell(&self, events: &[Event]) {
        if let Err(error) = self.write(events) {
            tracing::error!(error = format!("{error:#}"), "events of the run could not be written to state/lineage");
        }
        if let (Some(address), false) = (&self.config.lineage.url, self.silent.get())
            && let Err(error) = self.post(address, events)
        {
            self.silent.set(true);
            tracing::error!(error = format!("{error:#}"), "events of the run could not be posted; its file in state/lineage has them");
        }
    }

    fn write(&self, events: &[Event]) -> Result<()> {
        let lines: String = events.iter().map(|event| format!("{}\n", event.0)).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        file.write_all(lines.as_bytes()).with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn post(&self, address: &str, events: &[Event]) -> Result<()> {
        let post = Post::new("lineage.url", address, self.config.lineage.authorities_file.as_deref())?;
        // A run holds its lock no longer for a receiver that is slow with each event.
        let until = Instant::now() + POSTING;
        events.iter().try_for_each(|event| {
            anyhow::ensure!(Instant::now() < until, "lineage.url took too long for all events of a run");
            post.json(&event.0)
        })
    }
}

/// Removes the files of all runs.
pub(super) fn remove_all(state: &Path) {
    let folder = state.join(FOLDER);
    if folder.is_dir()
        && let Err(error) = tidy(&folder, DateTime::<Utc>::MAX_UTC, Days::new(0))
    {
        tracing::warn!(error = format!("{error:#}"), "old events of runs could not be removed from state/lineage");
    }
}

/// Removes the files of runs that began more than so many days before.
fn tidy(folder: &Path, now: DateTime<Utc>, days: Days) -> Result<()> {
    let Some(first) = now.checked_sub_days(days) else { return Ok(()) };
    for file in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = file?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let began = name.get(..BEGAN_LETTERS).and_then(|began| NaiveDateTime::parse_from_str(began, BEGAN).ok());
        if began.is_some_and(|began| began.and_utc() < first) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_runs_go_when_their_days_are_over_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["20261001T003000-a.jsonl", "20261029T003000-b.jsonl", "20261130T003000-c.jsonl", "notes.txt"];
        names.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        tidy(folder.path(), "2026-11-28T00:30:00Z".parse().unwrap(), Days::new(30)).unwrap();
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, names[1..]);
        tidy(folder.path(), DateTime::<Utc>::MAX_UTC, Days::new(0)).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "without days all go");
    }
}
