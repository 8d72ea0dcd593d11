//! The list of releases.

use std::path::Path;

use chrono::NaiveDate;

use super::manifest::Manifest;
use super::sides::{Side, names};
use crate::error::Error;

/// One release in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Folder name, `<sequence>-<date>`.
    pub name: String,
    /// Number of the release, from 1.
    pub sequence: u64,
    /// The day whose data it shows.
    pub date: NaiveDate,
    /// How many files it has.
    pub files: usize,
    /// Their size together.
    pub bytes: u64,
    /// Whether `latest` shows it.
    pub is_latest: bool,
    /// Whether it was taken out of service.
    pub withdrawn: bool,
    /// Whether rows were removed from it.
    pub revised: bool,
}

/// The releases of a portal (or of the internal folder), oldest first.
///
/// # Errors
/// [`Error::Manifest`] for a release folder without a readable manifest; [`Error::Io`].
pub fn list(root: &Path) -> Result<Vec<ReleaseSummary>, Error> {
    let side = Side { root: root.to_owned(), internal: false, signer: None };
    let latest = side.latest_name();
    let summary = |name: String| {
        let folder = side.release(&name);
        let (manifest, _) = Manifest::read(&folder)?;
        let files = manifest.all_files(&folder)?;
        Ok(ReleaseSummary {
            sequence: manifest.sequence,
            date: manifest.date,
            files: files.len(),
            bytes: files.iter().map(|file| file.bytes).sum(),
            is_latest: latest.as_ref() == Some(&name),
            withdrawn: manifest.withdrawn.is_some(),
            revised: !manifest.revised.is_empty(),
            name,
        })
    };
    names(&side.releases())?.into_iter().map(summary).collect()
}
