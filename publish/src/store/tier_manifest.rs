//! The manifest of one tier of the portal, in the tier's own folder: who reads the open tier learns nothing from it of files and counts of
//! the public one. The release's manifest beside both folders has only its SHA-256.

use std::fs;
use std::path::Path;

use catalog::Tier;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::entries::{FORMAT, FileEntry, MANIFEST, ReleaseInfo, Revised, SourceEntry, print, sha256};
use crate::error::Error;
pub(crate) use crate::paths::PORTAL_TIERS;
use crate::paths::path_in_release;
use crate::publication::Publication;

/// `public/manifest.json` or `open/manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TierManifest {
    format: u32,
    tier: Tier,
    sequence: u64,
    date: NaiveDate,
    /// Who publishes it, and on what terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    publication: Option<Publication>,
    /// Every removal of rows from the tier, the last one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    revised: Vec<Revised>,
    /// Every source, as the tier may see it.
    pub(crate) sources: Vec<SourceEntry>,
    /// Every file of the tier, by path.
    files: Vec<FileEntry>,
}

impl TierManifest {
    /// That of a release's tier, with its files out of all those of the release.
    pub(crate) fn of(tier: Tier, sequence: u64, release: &ReleaseInfo, files: &[FileEntry]) -> Self {
        let files = files.iter().filter(|file| file.tier == Some(tier)).cloned().collect();
        Self {
            format: FORMAT,
            tier,
            sequence,
            date: release.date,
            publication: release.publication.clone(),
            revised: Vec::new(),
            sources: release.sources_for(tier),
            files,
        }
    }

    /// The same with the files that are left, if they are others.
    pub(crate) fn revise(&mut self, files: &[FileEntry], revised: Revised) {
        let left: Vec<FileEntry> = files.iter().filter(|file| file.tier == Some(self.tier)).cloned().collect();
        if left != self.files {
            self.files = left;
            self.revised.push(revised);
        }
    }

    /// The bytes of the file.
    pub(crate) fn print(&self) -> Result<Vec<u8>, Error> {
        print(self)
    }

    /// The files that the manifest of a tier lists.
    ///
    /// # Errors
    /// As [`TierManifest::read`].
    pub(crate) fn files(release: &Path, tier: Tier, named: &str) -> Result<Vec<FileEntry>, Error> {
        Ok(Self::read(release, tier, named)?.files)
    }

    /// The manifest of a tier, if it is the one that the release's manifest names.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read; [`Error::Manifest`] when it is another, or lists what is not the tier's.
    pub(crate) fn read(release: &Path, tier: Tier, named: &str) -> Result<Self, Error> {
        let path = release.join(path_in_release(tier, MANIFEST));
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let wrong = |reason: String| Error::Manifest { path: path.clone(), reason };
        if sha256(&bytes) != named {
            return Err(wrong(format!("its SHA-256 is not the one that {MANIFEST} of the release names")));
        }
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        let folder = path_in_release(tier, "");
        match manifest.files.iter().find(|file| file.tier != Some(tier) || !file.path.starts_with(&folder)) {
            Some(file) => Err(wrong(format!("{} is not a file of its tier", file.path))),
            None => Ok(manifest),
        }
    }
}
