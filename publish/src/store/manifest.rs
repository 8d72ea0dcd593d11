//! The manifest: what a release holds, from which sources, after which release. Same inputs and code give the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use catalog::Tier;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::entries::print;
pub(crate) use super::entries::{FORMAT, FileEntry, MANIFEST, ReleaseInfo, Revised, SourceEntry, sha256};
use super::tier_manifest::TierManifest;
use crate::error::Error;
use crate::publication::Publication;

/// The manifest's own hash, in the form `sha256sum --check` reads.
pub(crate) const MANIFEST_SUM: &str = "manifest.sha256";

/// The release before, be it one that was taken out of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Folder name.
    pub release: String,
    /// SHA-256 of its manifest.
    pub sha256: String,
}

/// Why a release was withdrawn; never what it was withdrawn for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// The day on which it was taken out of service.
    pub date: NaiveDate,
    /// Why, in the words of who decided it.
    pub why: String,
    /// SHA-256 of the manifest that stood here.
    pub manifest_sha256: String,
    /// How many files it listed; said in the first format only, since a reader of the open tier would learn how many files the public one had. So the next two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Their size together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// How many of its files held what had to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<u64>,
}

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the manifest's format: 2, or 1 of releases that were made before.
    pub format: u32,
    /// Number of the release, from 1.
    pub sequence: u64,
    /// The day whose data it shows.
    pub date: NaiveDate,
    /// Version of the program.
    pub code_version: String,
    /// Hash of the definitions.
    pub definitions: String,
    /// Who publishes it, and on what terms; not in the internal tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
    /// Generation of the ids of persons: a person has another id in a release of another generation. None is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_ids: Option<u64>,
    /// The release before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// Of a release that was taken out of service: when and why. It then has no data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
    /// Every removal of rows from it, the last one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revised: Vec<Revised>,
    /// SHA-256 of the manifest of each tier that the release shows, in the tier's folder. None in the internal tier, and in the first format.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<Tier, String>,
    /// Every source; where tiers have manifests of their own, it stands in these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceEntry>,
    /// Every file that no other manifest lists, by path.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    /// Reads `manifest.json` of a release and its SHA-256.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, [`Error::Manifest`] when it does not parse.
    pub fn read(release: &Path) -> Result<(Self, String), Error> {
        let path = release.join(MANIFEST);
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let manifest: Self =
            serde_json::from_slice(&bytes).map_err(|error| Error::Manifest { path: path.clone(), reason: error.to_string() })?;
        if !(1..=FORMAT).contains(&manifest.format) {
            return Err(Error::Manifest { path, reason: format!("its format is {}, this program reads 1 to {FORMAT}", manifest.format) });
        }
        Ok((manifest, sha256(&bytes)))
    }

    /// Every file of the release at `release`, those that the manifests of its tiers list among them.
    ///
    /// # Errors
    /// [`Error::Io`] when one of these cannot be read, [`Error::Manifest`] when it is not the one that this manifest names.
    pub fn all_files(&self, release: &Path) -> Result<Vec<FileEntry>, Error> {
        let mut files = self.files.clone();
        for (tier, sha256) in &self.tiers {
            files.extend(TierManifest::files(release, *tier, sha256)?);
        }
        Ok(files)
    }

    /// Whether this manifest, or one in whose place it stands, has this SHA-256; `own` is its own.
    pub(crate) fn stands_for(&self, sha256: &str, own: &str) -> bool {
        let before = self.withdrawn.iter().map(|withdrawn| &withdrawn.manifest_sha256);
        let before = before.chain(self.revised.iter().map(|revised| &revised.manifest_sha256));
        sha256 == own || before.into_iter().any(|before| before == sha256)
    }

    /// Folder name of the release.
    #[must_use]
    pub fn name(&self) -> String {
        release_name(self.sequence, self.date)
    }

    /// The bytes of `manifest.json`.
    pub(crate) fn print(&self) -> Result<Vec<u8>, Error> {
        print(self)
    }
}

/// Folder name of a release.
pub(crate) fn release_name(sequence: u64, date: NaiveDate) -> String {
    format!("{sequence:06}-{date}")
}

/// What `manifest.sha256` says of a manifest with this hash.
pub(crate) fn sum_line(sha256: &str) -> String {
    format!("{sha256}  {MANIFEST}\n")
}
