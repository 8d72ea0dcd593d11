//! What a release in the store consists of, written beside the releases once one is there: what is known of its content without reading it.
//! An entry counts only while the store's own tag of the object is the one that was noted, so that an index can be old, but never wrong.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::headers::{content_type, followed};
use crate::release::{PRIVATE, RELEASES, Release, sequence};
use crate::store::{Listed, sha256};
use crate::target::Target;

/// Version of the index, and of the headers that objects had when it was written.
const FORMAT: u32 = 1;
const EXTENSION: &str = ".json";

/// The index of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    format: u32,
    /// Every file, by its path in the release.
    pub(crate) files: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) sha256: String,
    bytes: u64,
    /// Its `Content-Type`.
    pub(crate) kind: String,
    /// The store's tag of the object.
    e_tag: Option<String>,
}

impl Entry {
    /// Whether it still tells of the object that is listed.
    pub(crate) fn tells_of(&self, listed: &Listed) -> bool {
        self.bytes == listed.bytes && self.e_tag.is_some() && self.e_tag == listed.e_tag
    }
}

impl Index {
    /// That of a release which was found whole.
    pub(crate) fn of(release: &Release, listed: &BTreeMap<String, Listed>) -> Self {
        let entry = |file: &crate::release::File| {
            let e_tag = listed.get(&file.path).and_then(|listed| listed.e_tag.clone());
            let entry = Entry { sha256: file.sha256.clone(), bytes: file.bytes, kind: content_type(&file.path).to_owned(), e_tag };
            (file.path.clone(), entry)
        };
        Self { format: FORMAT, files: release.files.iter().map(entry).collect() }
    }

    /// That of a release of this name. `None` if it never was there as a whole, or what is there cannot be understood.
    pub(crate) async fn read(to: &Target, release: &str) -> Result<Option<Self>, Error> {
        let address = address(release);
        let Some(object) = to.get(&address).await? else { return Ok(None) };
        let bytes = object.bytes().await.map_err(to.failed("read", &address))?;
        match serde_json::from_slice::<Self>(&bytes) {
            Ok(index) if index.format == FORMAT => Ok(Some(index)),
            _ => {
                tracing::warn!(index = address, "cannot be understood and is made anew");
                Ok(None)
            }
        }
    }

    /// Writes it, unless it is the one that stands.
    pub(crate) async fn write(&self, to: &Target, release: &str, standing: Option<&Self>) -> Result<(), Error> {
        if standing == Some(self) {
            return Ok(());
        }
        let address = address(release);
        let bytes = serde_json::to_vec(self).map_err(|error| Error::Release { release: release.to_owned(), reason: error.to_string() })?;
        let headers = followed(&address, &sha256(&bytes));
        to.put(&address, bytes.into(), headers).await
    }

    /// Files of this one that a release does not have, or has with other content.
    pub(crate) fn differing(&self, release: &Release) -> Vec<String> {
        let wanted: HashMap<&str, &str> = release.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        let other = |(path, entry): &(&String, &Entry)| wanted.get(path.as_str()) != Some(&entry.sha256.as_str());
        self.files.iter().filter(other).map(|(path, _)| path.clone()).collect()
    }
}

/// Where the index of a release lies.
pub(crate) fn address(release: &str) -> String {
    format!("{PRIVATE}/{release}{EXTENSION}")
}

/// Names of the releases that have an index, oldest first.
pub(crate) async fn indexed(to: &Target) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> =
        to.list(PRIVATE).await?.into_keys().filter_map(|name| name.strip_suffix(EXTENSION).map(str::to_owned)).collect();
    names.retain(|name| sequence(name).is_some());
    names.sort_by_key(|name| sequence(name));
    Ok(names)
}

/// Where in the store content lies that can be copied: the newest other release, by SHA-256 and type.
pub(crate) async fn held(to: &Target, release: &str) -> Result<HashMap<(String, String), String>, Error> {
    let Some(newest) = indexed(to).await?.into_iter().rfind(|name| name != release) else { return Ok(HashMap::new()) };
    let Some(index) = Index::read(to, &newest).await? else { return Ok(HashMap::new()) };
    let listed = to.list(&format!("{RELEASES}/{newest}")).await?;
    let is_there = |(path, entry): &(String, Entry)| listed.get(path).is_some_and(|listed| entry.tells_of(listed));
    let held = index.files.into_iter().filter(is_there);
    Ok(held.map(|(path, entry)| ((entry.sha256, entry.kind), format!("{RELEASES}/{newest}/{path}"))).collect())
}
