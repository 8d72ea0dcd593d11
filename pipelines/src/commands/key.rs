//! `virsis key`: creates the person key, the secret from which persons' surrogate keys are derived.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result};
use transforms::KEY_BYTES;

use crate::config::Config;
use crate::refusal::Refusal;

pub(crate) fn run(config: &Config) -> Result<()> {
    let path = &config.secrets.person_key_file;
    make(path)?;
    println!(
        "wrote a new person key to {}; keep a copy in a safe place: with another person key every person gets another surrogate key",
        path.display()
    );
    Ok(())
}

/// Writes a new key, readable by its owner alone. An existing key is never overwritten.
pub(crate) fn make(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("cannot get random bytes from the system: {error}"))?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow::Error::from(Refusal::one(format!(
            "{} already exists; a new person key would give every person another surrogate key. Move the old file away first",
            path.display()
        ))),
        _ => anyhow::Error::from(error).context(format!("cannot write {}", path.display())),
    })?;
    file.write_all(&key).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", path.display()))
}
