//! What manifests are made of: the entries of sources and files, and how a manifest is printed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use catalog::Tier;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::publication::Publication;

/// Version of the manifest's format. The first listed the files of all tiers of the portal, and counts of rows, in one file.
pub(crate) const FORMAT: u32 = 2;
pub(crate) const MANIFEST: &str = "manifest.json";

/// What the run knows of a release before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseInfo {
    /// The day whose data the release shows; never the wall clock.
    pub date: NaiveDate,
    /// Version of the program.
    pub code_version: String,
    /// Hash of everything under `data/` and `sql/` that decides the result.
    pub definitions: String,
    /// Every source, in the order in which it is listed.
    pub sources: Vec<SourceEntry>,
    /// To what their counts of rows are rounded outside the internal tier, see [`catalog::rounded`]; exact where nothing is said.
    pub rounded_to: Option<i64>,
    /// Who publishes it, and on what terms. Releases made before there was such a thing say nothing.
    pub publication: Option<Publication>,
    /// Generation of the ids of persons, one more for each rotation of the person key; none is the first.
    pub person_ids: Option<u64>,
}

impl ReleaseInfo {
    /// Whether the pages that everybody reads are there in English, too.
    pub(crate) fn is_in_english(&self) -> bool {
        self.publication.as_ref().is_none_or(|publication| publication.english)
    }

    /// The sources as a tier may see them.
    pub(crate) fn sources_for(&self, tier: Tier) -> Vec<SourceEntry> {
        self.sources.iter().map(|source| self.source_for(tier, source)).collect()
    }

    pub(crate) fn source_for(&self, tier: Tier, source: &SourceEntry) -> SourceEntry {
        SourceEntry { rows: self.count_for(tier, source.rows), quarantined: self.count_for(tier, source.quarantined), ..source.clone() }
    }

    /// A count of rows as a tier may see it.
    pub(crate) fn count_for(&self, tier: Tier, count: u64) -> u64 {
        let Some(base) = self.rounded_to.filter(|_| tier != Tier::Internal) else { return count };
        i64::try_from(count).map_or(count, |count| catalog::rounded(count, base).unsigned_abs())
    }
}

/// How current a source is in this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceState {
    /// Read in this run.
    Fresh,
    /// Carried over from an earlier release.
    Stale,
    /// Neither read nor carried over: its facts are missing.
    Failed,
}

impl SourceState {
    /// The state's code in the manifest and in classifier `saltinio_busenos`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Failed => "failed",
        }
    }
}

/// One table of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    /// Code in classifier `saltiniai`.
    pub source: String,
    /// The `raw_` table it fills.
    pub table: String,
    /// The day the source made the extract.
    pub extract_date: Option<NaiveDate>,
    /// How current it is.
    pub state: SourceState,
    /// Since when it is not fresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<NaiveDate>,
    /// Rows received.
    pub rows: u64,
    /// Rows of these set aside.
    pub quarantined: u64,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path inside the release, with `/`.
    pub path: String,
    /// The tier it belongs to; none for the page that leads to both tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Of data files: how many rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Of data files: the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Of data files: hash of column names, kinds and which are required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_sha256: Option<String>,
}

/// That rows were removed from a release that stands: when and why, never which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revised {
    /// The day on which they were removed.
    pub date: NaiveDate,
    /// Why, in the words of who decided it.
    pub why: String,
    /// SHA-256 of the manifest that stood here.
    pub manifest_sha256: String,
    /// How many rows of which table went, rounded outside the internal tier. The manifest that leads to both tiers of the portal does not say it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, u64>,
}

/// A manifest as a file.
pub(super) fn print(manifest: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut bytes =
        serde_json::to_vec_pretty(manifest).map_err(|error| Error::Manifest { path: MANIFEST.into(), reason: error.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// SHA-256 as lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Of a file, which is never in memory as a whole: it may be larger than all that a run holds otherwise.
pub(crate) fn file_sha256(path: &Path) -> io::Result<String> {
    read_sha256(File::open(path)?)
}

/// Of all that is still to be read.
pub(crate) fn read_sha256(mut from: impl Read) -> io::Result<String> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(&buffer[..read]),
        }
    }
}
