//! What readers of the portal have seen, in `state/shown.json`: the number of the newest pointer, and the manifests that every release had; beside it, in
//! `state/keys`, the lists of keys. Should the portal be lost, releases, pointers and lists go on after these, and nothing contradicts what somebody
//! remembers.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use anyhow::{Context, Result};
use publish::LostRelease;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trust::Pointer;
use trust::layout::POINTER;

use super::{portal_file, private_file};
use crate::config::Config;

const FILE: &str = "shown.json";
const MANIFEST: &str = "manifest.json";
/// Folder of the lists of keys, in the portal and in the state folder.
const KEYS: &str = "keys";

/// SHA-256 of the manifests that each release of a side had, the last one last. It has several if rows were removed from it.
type Manifests = BTreeMap<String, Vec<String>>;

/// What was shown so far.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// Number of the newest pointer; none where releases are not signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<u64>,
    /// Of the portal.
    pub(crate) releases: Manifests,
    /// Of the internal tier.
    #[serde(default)]
    pub(crate) internal: Manifests,
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

    /// Records what is shown now.
    pub(crate) fn note(config: &Config) -> Result<()> {
        let (paths, mut shown) = (&config.paths, Self::load(&config.paths.state)?);
        let before = serde_json::to_vec_pretty(&shown)?;
        note_side(&paths.portal, &mut shown.releases)?;
        note_side(&paths.internal, &mut shown.internal)?;
        let pointer = fs::read(paths.portal.join(POINTER)).ok().and_then(|bytes| Pointer::parse(&bytes).ok());
        shown.pointer = shown.pointer.max(pointer.map(|pointer| pointer.number));
        copy_keys(&paths.portal.join(KEYS), &paths.state.join(KEYS))?;
        let after = serde_json::to_vec_pretty(&shown)?;
        if after == before { Ok(()) } else { private_file::replace(&paths.state.join(FILE), &after) }
    }

    /// Records a pointer that somebody has seen, of which nothing was known.
    pub(crate) fn add(state: &Path, seen: &Pointer) -> Result<()> {
        let mut shown = Self::load(state)?;
        shown.pointer = shown.pointer.max(Some(seen.number));
        let manifests = shown.releases.entry(seen.release.clone()).or_default();
        if !manifests.contains(&seen.manifest_sha256) {
            manifests.push(seen.manifest_sha256.clone());
        }
        private_file::replace(&state.join(FILE), &serde_json::to_vec_pretty(&shown)?)
    }

    /// Lists of keys that the portal has lost come back.
    pub(crate) fn put_keys_back(config: &Config) -> Result<()> {
        let (from, portal) = (config.paths.state.join(KEYS), &config.paths.portal);
        if !portal.join(KEYS).is_dir() && !from.is_dir() {
            return Ok(());
        }
        for name in names(&from)? {
            let path = format!("{KEYS}/{name}");
            if !portal.join(&path).exists() {
                portal_file::replace(
                    portal,
                    &path,
                    &fs::read(from.join(&name)).with_context(|| format!("cannot read {}", from.display()))?,
                )?;
            }
        }
        Ok(())
    }

    /// The releases of the portal, then those of the internal tier, as the store of releases asks for them.
    pub(crate) fn seen(&self) -> [Vec<LostRelease>; 2] {
        [&self.releases, &self.internal].map(|manifests| {
            manifests.iter().map(|(name, manifests)| LostRelease { name: name.clone(), manifests: manifests.clone() }).collect()
        })
    }
}

fn note_side(root: &Path, manifests: &mut Manifests) -> Result<()> {
    let releases = root.join("releases");
    for name in names(&releases)? {
        // Something else that lies there is no release.
        let Ok(manifest) = fs::read(releases.join(&name).join(MANIFEST)) else { continue };
        let sha256 = hex::encode(Sha256::digest(&manifest));
        let known = manifests.entry(name).or_default();
        if known.last() != Some(&sha256) {
            known.push(sha256);
        }
    }
    Ok(())
}

/// Copies the lists of keys that are not there yet; none ever changes.
fn copy_keys(from: &Path, to: &Path) -> Result<()> {
    for name in names(from)? {
        if !to.join(&name).exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(to).with_context(|| format!("cannot make {}", to.display()))?;
            private_file::replace(
                &to.join(&name),
                &fs::read(from.join(&name)).with_context(|| format!("cannot read {}", from.display()))?,
            )?;
        }
    }
    Ok(())
}

/// Names in a folder, none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.with_context(|| format!("cannot list {}", folder.display()))?.file_name();
        names.extend(name.to_str().filter(|name| !name.starts_with('.')).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
