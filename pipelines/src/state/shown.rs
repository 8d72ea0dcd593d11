//! What readers of the portal have seen, in `state/shown.json`: the number of the newest pointer, and the manifests that every release had. Should
//! the portal be lost, releases and pointers go on after these, and nothing contradicts what somebody remembers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trust::Pointer;
use trust::layout::POINTER;

use super::private_file;
use crate::config::Config;

const FILE: &str = "shown.json";
const MANIFEST: &str = "manifest.json";

/// What was shown so far.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Number of the newest pointer; none where releases are not signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<u64>,
    /// By release: SHA-256 of its manifests, the last one last. It has several if rows were removed from it.
    pub(crate) releases: BTreeMap<String, Vec<String>>,
}

impl Shown {
    pub(crate) fn load(state: &Path) -> Result<Self> {
        let path = state.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged; restore it from a copy", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Records what the portal shows now.
    pub(crate) fn note(config: &Config) -> Result<()> {
        let (portal, mut shown) = (&config.paths.portal, Self::load(&config.paths.state)?);
        let before = serde_json::to_vec_pretty(&shown)?;
        let releases = portal.join("releases");
        for entry in fs::read_dir(&releases).with_context(|| format!("cannot list {}", releases.display()))? {
            let folder = entry.with_context(|| format!("cannot list {}", releases.display()))?.path();
            // Something else that lies there is no release.
            let (Ok(manifest), Some(name)) = (fs::read(folder.join(MANIFEST)), folder.file_name()) else { continue };
            let (sha256, name) = (hex::encode(Sha256::digest(&manifest)), name.to_string_lossy().into_owned());
            let manifests = shown.releases.entry(name).or_default();
            if manifests.last() != Some(&sha256) {
                manifests.push(sha256);
            }
        }
        let pointer = fs::read(portal.join(POINTER)).ok().and_then(|bytes| Pointer::parse(&bytes).ok());
        shown.pointer = shown.pointer.max(pointer.map(|pointer| pointer.number));
        let after = serde_json::to_vec_pretty(&shown)?;
        if after == before { Ok(()) } else { private_file::replace(&config.paths.state.join(FILE), &after) }
    }
}
