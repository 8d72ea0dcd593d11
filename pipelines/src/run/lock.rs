//! Prevents concurrent runs: a lock on a file in the state folder, which the system releases even when a run is killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use anyhow::{Context, Result};

use crate::config::Config;
use crate::refusal::Refusal;
use crate::state::{parts, version};

/// Held until the run ends.
#[derive(Debug)]
pub(crate) struct RunLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

/// Takes it, unless the installation was put back in part only.
pub(crate) fn take(config: &Config) -> Result<RunLock> {
    parts::is_whole(config)?;
    take_half(&config.paths.state)
}

/// Takes it for putting the rest back.
pub(crate) fn take_half(state: &Path) -> Result<RunLock> {
    std::fs::create_dir_all(state).with_context(|| format!("cannot make the state folder {}", state.display()))?;
    let path = state.join("run.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            // A program that has served since before an update meets what the new one wrote.
            version::check(state)?;
            version::note(state)?;
            Ok(RunLock(file))
        }
        Err(TryLockError::WouldBlock) => Err(Refusal::one("another run is in progress; wait until it has ended").into()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}
