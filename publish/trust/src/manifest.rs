//! What a reader needs of manifests: of the release's, formats 1 and 2, and of those of its tiers. All else in them is left alone, so that
//! later programs may say more.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::sha256;

/// The newest format of which this program knows what it means.
pub(crate) const FORMAT: u32 = 2;

/// `manifest.json` of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    pub(crate) sequence: u64,
    pub(crate) date: NaiveDate,
    pub(crate) previous: Option<Previous>,
    pub(crate) withdrawn: Option<Withdrawn>,
    #[serde(default)]
    pub(crate) revised: Vec<Revised>,
    /// SHA-256 of the manifest of each tier.
    #[serde(default)]
    pub(crate) tiers: BTreeMap<String, String>,
    pub(crate) files: Vec<FileEntry>,
    /// SHA-256 of the bytes that were read.
    #[serde(skip)]
    pub(crate) sha256: String,
}

/// The release before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Previous {
    pub(crate) release: String,
    pub(crate) sha256: String,
}

/// That a release was taken out of service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Withdrawn {
    /// On which day.
    pub date: NaiveDate,
    /// Why, in the words of who decided it.
    pub why: String,
    /// SHA-256 of the manifest that stood in its place.
    pub manifest_sha256: String,
}

/// That rows were removed from a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Revised {
    pub(crate) manifest_sha256: String,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) path: String,
    pub(crate) tier: Option<String>,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// `manifest.json` of a tier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct TierManifest {
    pub(crate) tier: String,
    pub(crate) sequence: u64,
    pub(crate) date: NaiveDate,
    pub(crate) files: Vec<FileEntry>,
}

impl Manifest {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(Self { sha256: sha256(bytes), ..serde_json::from_slice(bytes)? })
    }

    /// Name of the release.
    pub(crate) fn name(&self) -> String {
        format!("{:06}-{}", self.sequence, self.date)
    }

    /// SHA-256 of every manifest in whose place it stands.
    pub(crate) fn before(&self) -> Vec<String> {
        let withdrawn = self.withdrawn.iter().map(|withdrawn| &withdrawn.manifest_sha256);
        withdrawn.chain(self.revised.iter().map(|revised| &revised.manifest_sha256)).cloned().collect()
    }

    /// Whether it is the manifest with this SHA-256, or stands in its place.
    pub(crate) fn stands_for(&self, sha256: &str) -> bool {
        self.sha256 == sha256 || self.before().iter().any(|before| before == sha256)
    }

    /// Whether it stands in the place of another.
    pub(crate) fn is_replacement(&self) -> bool {
        self.withdrawn.is_some() || !self.revised.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_stands_for_those_in_whose_place_it_was_put() {
        let text = r#"{"format": 2, "sequence": 3, "date": "2026-11-02", "said_by_later_programs": [1], "files": [],
            "withdrawn": {"date": "2026-11-05", "why": "klaida", "manifest_sha256": "b", "files": 3},
            "revised": [{"date": "2026-11-04", "why": "klaida", "manifest_sha256": "a"}]}"#;
        let manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!((manifest.name().as_str(), manifest.previous.is_none()), ("000003-2026-11-02", true));
        assert!(["a", "b", &manifest.sha256].iter().all(|sha256| manifest.stands_for(sha256)) && !manifest.stands_for("c"));
        assert!(manifest.is_replacement());
    }
}
