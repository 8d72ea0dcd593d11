//! `[training]`: the environment in which people practise, with invented data alone.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The helper of a training environment; `virsis demo --training` writes the section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Training {
    /// Loopback address and port of the helper: accounts, exercises, practice signatures.
    pub(crate) listen: SocketAddr,
    /// People, practice authority and token, as `virsis demo --training` made them.
    #[serde(default = "folder")]
    pub(crate) folder: PathBuf,
}

fn folder() -> PathBuf {
    "secrets/training".into()
}

impl Training {
    /// Makes the folder relative to the configuration's.
    pub(super) fn anchor(&mut self, folder: &Path) {
        self.folder = folder.join(&self.folder).components().collect();
    }

    /// What is wrong with it.
    pub(super) fn check(&self) -> Option<String> {
        let open = !self.listen.ip().is_loopback();
        open.then(|| "training.listen must be a loopback address: whoever reaches the helper signs as anyone".to_owned())
    }
}
