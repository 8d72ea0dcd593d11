//! Which run is going on, `state/running.json`: one that ends without a word, since it was killed or met a defect, is in the ledger all the same.
//! The file is locked as long as the run goes on; a lock ends with its process, whatever ends that.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ledger::{self, Entry, Outcome};
use super::private_file;

/// Its name in the state folder.
pub(crate) const FILE: &str = "running.json";

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    started: DateTime<Utc>,
}

/// Held until the run ends.
#[derive(Debug)]
pub(crate) struct Running {
    path: PathBuf,
    _locked: File,
}

impl Running {
    /// Says that a run begins; the lock of runs must be held. Of one that never said how it ended, the ledger gets an entry, which is given back.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub(crate) fn begin(state: &Path, started: DateTime<Utc>) -> Result<(Self, Option<Entry>)> {
        let path = state.join(FILE);
        let left = read(&path).map(|line| without_a_word(line.started));
        if let Some(entry) = &left {
            ledger::append(state, entry)?;
        }
        let failed = || format!("cannot write {}", path.display());
        let beside = path.with_added_extension("new");
        let mut file = private_file::create(&beside)?;
        // Locked before it has its name, so that nobody finds it unlocked.
        file.lock().with_context(failed)?;
        serde_json::to_writer(&mut file, &Line { started }).with_context(failed)?;
        file.sync_all().and_then(|()| fs::rename(&beside, &path)).with_context(failed)?;
        Ok((Self { path, _locked: file }, left))
    }

    /// Says how it ended.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub(crate) fn end(self, state: &Path, entry: &Entry) -> Result<()> {
        let noted = ledger::append(state, entry);
        fs::remove_file(&self.path).with_context(|| format!("cannot remove {}", self.path.display()))?;
        noted
    }
}

/// When a run began that ended without a word.
pub(crate) fn ended_without_a_word(state: &Path) -> Option<DateTime<Utc>> {
    let path = state.join(FILE);
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => None,
        _ => read(&path).map(|line| line.started),
    }
}

fn read(path: &Path) -> Option<Line> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn without_a_word(started: DateTime<Utc>) -> Entry {
    Entry {
        started,
        finished: started,
        outcome: Outcome::Failed,
        release: None,
        reason: Some(
            "the run ended without a word: it was killed, met a defect (the log says where), or the machine went down; what it left is cleared up by \
             the next run"
                .to_owned(),
        ),
        sources: Vec::new(),
        stages: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_ends_without_a_word_is_in_the_ledger_once() {
        let folder = tempfile::tempdir().unwrap();
        let (state, now) = (folder.path(), Utc::now());
        let (running, left) = Running::begin(state, now).unwrap();
        assert!(left.is_none() && ended_without_a_word(state).is_none(), "it goes on");
        // As a panic or a kill does.
        drop(running);
        assert_eq!(ended_without_a_word(state), Some(now));
        let (running, left) = Running::begin(state, now).unwrap();
        assert!(left.is_some_and(|entry| entry.reason.unwrap().contains("killed")) && ended_without_a_word(state).is_none());
        running.end(state, &Entry { outcome: Outcome::Published, reason: None, ..without_a_word(now) }).unwrap();
        assert!(ended_without_a_word(state).is_none());
        let (_, left) = Running::begin(state, now).unwrap();
        let outcomes: Vec<Outcome> = ledger::read(state).unwrap().into_iter().map(|run| run.outcome).collect();
        assert!(left.is_none() && outcomes == [Outcome::Failed, Outcome::Published], "{outcomes:?}");
    }
}
