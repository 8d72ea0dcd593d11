//! Which links of a release were followed, so that the next one follows only those of pages that are others.

use std::collections::BTreeSet;

use catalog::text_hash;
use serde::{Deserialize, Serialize};

/// That every link of a release led somewhere, and what the next night must know to leave pages unread that are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckedLinks {
    /// The path of the portal's web address: links from the root of the host begin with it.
    pub(crate) site: String,
    /// Of the portal and of the internal side, if their links were followed.
    pub(crate) led_to: [Option<LedTo>; 2],
}

/// Where the pages of one side lead, as keyed hashes; perhaps also where none leads any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LedTo {
    /// Folders of files.
    folders: BTreeSet<u64>,
    /// Files in which other pages lead to a place.
    files: BTreeSet<u64>,
}

impl LedTo {
    /// Notes a folder with a file that pages lead to.
    pub(crate) fn note_folder(&mut self, folder: &str, salt: &[u8; 32]) {
        self.folders.insert(text_hash(folder, salt));
    }

    /// Notes a file in which pages lead to a place.
    pub(crate) fn note_file(&mut self, path: &str, salt: &[u8; 32]) {
        self.files.insert(text_hash(path, salt));
    }

    /// Whether pages may lead to a file.
    pub(crate) fn may_be_file(&self, path: &str, salt: &[u8; 32]) -> bool {
        self.folders.contains(&text_hash(folder(path), salt))
    }

    /// Whether pages may lead to a place in a file.
    pub(crate) fn may_be_place_in(&self, path: &str, salt: &[u8; 32]) -> bool {
        self.files.contains(&text_hash(path, salt))
    }
}

/// The folder of a path.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
