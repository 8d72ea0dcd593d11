//! Which run is going on, `state/running.json`: one that ends without a word, since it was killed or met a defect, is in the ledger all the same.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ledger::{self, Entry, Outcome};
use super::private_file;

const FILE: &str = "running.json";

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    started: DateTime<Utc>,
    /// The process that it belongs to.
    process: u32,
}

/// Held until the run ends; where it is dropped before, a defect stopped the run.
#[derive(Debug)]
pub(crate) struct Running {
    state: PathBuf,
    started: DateTime<Utc>,
    ended: bool,
}

impl Running {
    /// Says that a run begins. Of one that never said how it ended, the ledger gets an entry, which is given back.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub(crate) fn begin(state: &Path, started: DateTime<Utc>) -> Result<(Self, Option<Entry>)> {
        let left = read(state).map(|line| without_a_word(line.started, "it was killed, or the machine went down"));
        if let Some(entry) = &left {
            ledger::append(state, entry)?;
        }
        private_file::replace(&state.join(FILE), &serde_json::to_vec(&Line { started, process: std::process::id() })?)?;
        Ok((Self { state: state.to_owned(), started, ended: false }, left))
    }

    /// Says how it ended.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub(crate) fn end(mut self, entry: &Entry) -> Result<()> {
        self.ended = true;
        let noted = ledger::append(&self.state, entry);
        let path = self.state.join(FILE);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        noted
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // Of what goes wrong here nobody can be told any more than that.
        let _ = ledger::append(&self.state, &without_a_word(self.started, "a defect stopped it; the log says where"));
        let _ = fs::remove_file(self.state.join(FILE));
    }
}

/// When a run began that ended without a word, whose process is no more.
pub(crate) fn ended_without_a_word(state: &Path) -> Option<DateTime<Utc>> {
    let is_alive = |line: &Line| Path::new("/proc").join(line.process.to_string()).exists();
    read(state).filter(|line| !is_alive(line)).map(|line| line.started)
}

fn read(state: &Path) -> Option<Line> {
    serde_json::from_slice(&fs::read(state.join(FILE)).ok()?).ok()
}

fn without_a_word(started: DateTime<Utc>, why: &str) -> Entry {
    Entry {
        started,
        finished: started,
        outcome: Outcome::Failed,
        release: None,
        reason: Some(format!("the run ended without a word: {why}; what it left is cleared up by the next run")),
        sources: Vec::new(),
        stages: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(state: &Path) -> Vec<(Outcome, String)> {
        ledger::read(state).unwrap().into_iter().map(|run| (run.outcome, run.reason.unwrap_or_default())).collect()
    }

    #[test]
    fn a_run_that_ends_without_a_word_is_in_the_ledger_once() {
        let folder = tempfile::tempdir().unwrap();
        let (state, now) = (folder.path(), Utc::now());
        let (running, left) = Running::begin(state, now).unwrap();
        assert!(left.is_none() && ended_without_a_word(state).is_none(), "this process is alive");
        std::mem::forget(running);
        // As if it had been another's, which was killed. No process has this number.
        fs::write(state.join(FILE), serde_json::to_vec(&Line { started: now, process: u32::MAX }).unwrap()).unwrap();
        assert_eq!(ended_without_a_word(state), Some(now));
        let (running, left) = Running::begin(state, now).unwrap();
        assert!(left.is_some_and(|entry| entry.reason.unwrap().contains("killed")));
        drop(running);
        assert!(ended_without_a_word(state).is_none());
        let (running, left) = Running::begin(state, now).unwrap();
        assert!(left.is_none());
        running.end(&Entry { outcome: Outcome::Published, reason: None, ..without_a_word(now, "") }).unwrap();
        let found = outcomes(state);
        assert!(found.len() == 3 && found[0].1.contains("killed") && found[1].1.contains("defect"), "{found:?}");
        assert_eq!(found[2].0, Outcome::Published);
    }
}
