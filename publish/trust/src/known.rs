//! What a reader remembers from one time to the next: without it nobody could tell an older state from a newer one.

use serde::{Deserialize, Serialize};

use crate::key_list::KeyList;
use crate::manifest::Manifest;
use crate::public_key::PublicKey;
use crate::refused::Refused;

/// What a reader knows of one portal. Kept as JSON, and replaced by [`crate::Verified::known`] whenever a release was believed.
///
/// There is none without a key: whoever trusts a portal for the first time must have got its key on another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The key that was given at first.
    pub key: PublicKey,
    /// The newest list of keys that was believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<TrustedKeys>,
    /// What was shown then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Seen>,
}

/// A list of keys that is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrustedKeys {
    /// SHA-256 of its file.
    pub(crate) sha256: String,
    pub(crate) list: KeyList,
}

/// What the portal showed when it was believed the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Number of the pointer.
    pub(crate) number: u64,
    pub(crate) pointer_sha256: String,
    /// Whose signature the pointer had.
    pub(crate) signed_by: PublicKey,
    pub(crate) release: String,
    pub(crate) sequence: u64,
    pub(crate) manifest_sha256: String,
    /// In the place of which manifests that one stood.
    #[serde(default)]
    pub(crate) before: Vec<String>,
    #[serde(default)]
    pub(crate) withdrawn: bool,
}

impl Known {
    /// Of a portal that was never read, whose key was got on another way.
    #[must_use]
    pub fn of(key: PublicKey) -> Self {
        Self { key, keys: None, seen: None }
    }

    /// Whether a key is the one that was given at first, or has come to sign lists of keys since.
    #[must_use]
    pub fn trusts(&self, key: &PublicKey) -> bool {
        self.key == *key || self.keys.as_ref().is_some_and(|keys| keys.list.list_keys.contains(key))
    }

    /// Name of the release that was seen last.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.seen.as_ref().map(|seen| seen.release.as_str())
    }
}

impl Seen {
    /// Whether the manifest of the release that was seen is the one that was seen, or was lawfully put in its place.
    pub(crate) fn compare(&self, manifest: &Manifest) -> Result<(), Refused> {
        // Withdrawn for a second reason, it names what stood there before the first.
        let withdrawn_again =
            self.withdrawn && manifest.withdrawn.is_some() && self.before.iter().all(|before| manifest.stands_for(before));
        if manifest.stands_for(&self.manifest_sha256) || withdrawn_again {
            return Ok(());
        }
        let release = self.release.clone();
        match self.before.contains(&manifest.sha256) {
            true => Err(Refused::EarlierState { release }),
            false => Err(Refused::Forked { release }),
        }
    }
}
