//! Whether the person key is the newest that was used: with a copy of before a rotation persons would get ids again that were replaced.

use std::fs;

use anyhow::{Context, Result};
use publish::Manifest;
use transforms::PersonKey;

use crate::config::Config;
use crate::refusal::Refusal;

/// Refuses a key of which a release has been made with more parts, whichever release that is.
pub(crate) fn is_newest(key: &PersonKey, config: &Config) -> Result<()> {
    let mut made_with = 1;
    for folder in [&config.paths.portal, &config.paths.internal].map(|side| side.join("releases")) {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let release = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
            let generation = Manifest::read(&release).ok().and_then(|(manifest, _)| manifest.person_ids);
            made_with = made_with.max(generation.unwrap_or(1));
        }
    }
    if made_with > key.generation() as u64 {
        return Err(Refusal::one(format!(
            "a release was made with a person key of {made_with} parts, and the file of secrets.person_key_file has {}: put back a copy from after the last \
             `virsis key rotate`",
            key.generation()
        ))
        .into());
    }
    Ok(())
}
