//! `virsis key`: creates the person key, the secret from which persons' surrogate keys are derived, or rotates it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result};
use transforms::{KEY_BYTES, PersonKey};

use crate::config::Config;
use crate::home;
use crate::refusal::Refusal;
use crate::run::lock;

/// Adds a part to the key: from the next run on every person has another id, and nobody can tell from an older key which. The first parts stay in the
/// file, as later ids are made of earlier ones.
pub(crate) fn rotate(config: &Config) -> Result<()> {
    // Behind a link lies the secret itself.
    let path = &config.secrets.person_key_file;
    let path = &path.canonicalize().with_context(|| format!("cannot read {}", path.display()))?;
    let _lock = lock::take(config)?;
    home::person_key(path)?;
    let mut bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    bytes.extend(random()?);
    let generation = PersonKey::new(&bytes).map_err(Refusal::one)?.generation();
    let beside = path.with_added_extension("new");
    // One that an interrupted rotation left was never used.
    let _ = fs::remove_file(&beside);
    write_new(&beside, &bytes)?;
    fs::rename(&beside, path).with_context(|| format!("cannot replace {}", path.display()))?;
    rustix::fs::sync();
    println!(
        "added part {generation} to the person key in {}: from the next run on every person has another surrogate key, also in the histories; releases that \
         stand keep theirs. Replace your copies of the file now: without the new part the next release cannot be made again",
        path.display()
    );
    Ok(())
}

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
    write_new(path, &random()?)
}

fn random() -> Result<[u8; KEY_BYTES]> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("cannot get random bytes from the system: {error}"))?;
    Ok(bytes)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => anyhow::Error::from(Refusal::one(format!(
            "{} already exists; a new person key would give every person another surrogate key. Move the old file away first",
            path.display()
        ))),
        _ => anyhow::Error::from(error).context(format!("cannot write {}", path.display())),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", path.display()))
}
