//! Lists of keys, `keys/1.json`, `keys/2.json` and so on: whose signature counts, and from which release to which. A key of one list signs
//! the next, so that whoever trusts a key of any list can follow. Keys that sign lists stand apart from those that sign every night: these
//! lie on the machine that publishes, and whoever steals one cannot name others.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::json::print;
use crate::public_key::PublicKey;

/// Version of the format.
pub(crate) const FORMAT: u32 = 1;
/// More keys than anybody needs: each is tried.
const MOST_KEYS: usize = 64;

/// Which keys sign what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    /// Version of the format.
    pub format: u32,
    /// Number of the list, from 1.
    pub version: u64,
    /// The last day on which it may be used, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
    /// Keys that sign the next list. Kept off the machine that publishes.
    pub list_keys: Vec<PublicKey>,
    /// Keys that sign releases and the pointer.
    pub release_keys: Vec<ReleaseKey>,
}

/// A key that signs releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseKey {
    /// The key.
    pub public_key: PublicKey,
    /// Number of the first release that it signs.
    pub since_release: u64,
    /// Number of the last one; none of a key that is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_release: Option<u64>,
}

impl ReleaseKey {
    /// Whether it may sign this release.
    pub(crate) fn may_sign(&self, sequence: u64) -> bool {
        self.since_release <= sequence && self.until_release.is_none_or(|until| sequence <= until)
    }

    /// Whether it is not retired.
    pub fn is_in_use(&self) -> bool {
        self.until_release.is_none()
    }
}

/// Why a list of keys cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyListProblem {
    /// Nobody could sign the next one.
    #[error("it names no key that signs lists")]
    NoListKey,
    /// Nobody could sign the next release.
    #[error("it names no key that signs releases from now on")]
    NoReleaseKey,
    /// Too many to try.
    #[error("it names more than {MOST_KEYS} keys")]
    TooMany,
    /// A key stands there twice.
    #[error("it names key {number} twice")]
    Twice {
        /// The key's number.
        number: String,
    },
    /// It ends before it begins.
    #[error("key {number} signs releases from {since} to {until}")]
    Span {
        /// The key's number.
        number: String,
        /// The first release.
        since: u64,
        /// The last one.
        until: u64,
    },
    /// There is no such key.
    #[error("it names no key {number}")]
    NoSuchKey {
        /// The key's number.
        number: String,
    },
}

impl KeyList {
    /// The first list: `release_key` signs releases from `since` on, `list_keys` sign the next list. One of these is what readers are
    /// given; a second one, kept elsewhere, is for the day on which the first is lost.
    ///
    /// # Errors
    /// [`KeyListProblem`].
    pub fn first(list_keys: Vec<PublicKey>, release_key: PublicKey, since: u64) -> Result<Self, KeyListProblem> {
        let release_keys = vec![ReleaseKey { public_key: release_key, since_release: since, until_release: None }];
        Self { format: FORMAT, version: 1, expires: None, list_keys, release_keys }.checked()
    }

    /// The next list, in which `key` signs releases from `since` on, and those that did until now end before it. From then on only the new
    /// key signs pointers: the pointer must be signed again at once.
    ///
    /// # Errors
    /// [`KeyListProblem`], for instance when the new key would begin before the one that it replaces.
    pub fn rotated(&self, key: PublicKey, since: u64) -> Result<Self, KeyListProblem> {
        let mut next = self.next();
        for used in next.release_keys.iter_mut().filter(|used| used.is_in_use()) {
            used.until_release = Some(since.saturating_sub(1));
        }
        next.release_keys.push(ReleaseKey { public_key: key, since_release: since, until_release: None });
        next.checked()
    }

    /// The next list, in which other keys sign the list after it.
    ///
    /// # Errors
    /// [`KeyListProblem`].
    pub fn with_list_keys(&self, list_keys: Vec<PublicKey>) -> Result<Self, KeyListProblem> {
        Self { list_keys, ..self.next() }.checked()
    }

    /// The next list, in which a stolen key signs nothing, and `instead` all that it did: every release that it signed must be signed
    /// again.
    ///
    /// # Errors
    /// [`KeyListProblem`].
    pub fn revoked(&self, stolen: &PublicKey, instead: PublicKey) -> Result<Self, KeyListProblem> {
        let mut next = self.next();
        let found = next.release_keys.iter_mut().find(|key| key.public_key == *stolen);
        found.ok_or_else(|| KeyListProblem::NoSuchKey { number: stolen.number() })?.public_key = instead;
        next.checked()
    }

    /// The same list until a later day.
    #[must_use]
    pub fn until(self, expires: Option<NaiveDate>) -> Self {
        Self { expires, ..self }
    }

    /// The same keys in the next list.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }

    /// The bytes of the file.
    pub(crate) fn print(&self) -> Result<Vec<u8>, serde_json::Error> {
        print(self)
    }

    pub(crate) fn checked(self) -> Result<Self, KeyListProblem> {
        let keys = self.release_keys.iter().map(|key| &key.public_key);
        if self.list_keys.is_empty() {
            return Err(KeyListProblem::NoListKey);
        }
        if self.list_keys.len() > MOST_KEYS || self.release_keys.len() > MOST_KEYS {
            return Err(KeyListProblem::TooMany);
        }
        if let Some(twice) = repeated(self.list_keys.iter()).or_else(|| repeated(keys)) {
            return Err(KeyListProblem::Twice { number: twice.number() });
        }
        for key in &self.release_keys {
            if let Some(until) = key.until_release.filter(|until| *until < key.since_release) {
                return Err(KeyListProblem::Span { number: key.public_key.number(), since: key.since_release, until });
            }
        }
        match self.release_keys.iter().any(ReleaseKey::is_in_use) {
            true => Ok(self),
            false => Err(KeyListProblem::NoReleaseKey),
        }
    }

    /// The release key with this text.
    pub(crate) fn release_key(&self, key: &PublicKey) -> Option<&ReleaseKey> {
        self.release_keys.iter().find(|known| known.public_key == *key)
    }

    /// Number of the first release that any of its keys signs: earlier ones were published before there were signatures.
    pub(crate) fn first_signed(&self) -> u64 {
        self.release_keys.iter().map(|key| key.since_release).min().unwrap_or(u64::MAX)
    }
}

fn repeated<'a>(mut keys: impl Iterator<Item = &'a PublicKey>) -> Option<&'a PublicKey> {
    let mut seen = BTreeSet::new();
    keys.find(|key| !seen.insert(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretKey;

    fn key() -> PublicKey {
        SecretKey::generate().unwrap().public_key().clone()
    }

    #[test]
    fn a_rotation_ends_the_old_key_where_the_new_one_begins() {
        let (list, old, new) = (key(), key(), key());
        let first = KeyList::first(vec![list.clone()], old.clone(), 1).unwrap();
        let second = first.rotated(new.clone(), 42).unwrap();
        assert_eq!((second.version, &second.list_keys), (2, &vec![list]));
        let may = |key: &PublicKey, sequence| second.release_key(key).unwrap().may_sign(sequence);
        assert!(may(&old, 41) && !may(&old, 42) && !may(&new, 41) && may(&new, 42));
        assert_eq!(second.first_signed(), 1);
        assert!(matches!(second.rotated(key(), 42), Err(KeyListProblem::Span { since: 42, until: 41, .. })));
        assert!(matches!(second.rotated(new, 50), Err(KeyListProblem::Twice { .. })));
    }

    #[test]
    fn a_stolen_key_is_replaced_in_all_that_it_signed() {
        let (list, old, new) = (key(), key(), key());
        let first = KeyList::first(vec![list], old.clone(), 7).unwrap();
        let second = first.revoked(&old, new.clone()).unwrap();
        assert!(second.release_key(&old).is_none() && second.release_key(&new).unwrap().may_sign(7));
        assert!(matches!(first.revoked(&new, key()), Err(KeyListProblem::NoSuchKey { .. })));
    }

    #[test]
    fn a_list_that_nobody_could_follow_is_refused() {
        let release = key();
        assert_eq!(KeyList::first(Vec::new(), release.clone(), 1), Err(KeyListProblem::NoListKey));
        let list = KeyList::first(vec![key()], release, 1).unwrap();
        let mut ended = list.clone();
        ended.release_keys[0].until_release = Some(5);
        assert_eq!(ended.checked(), Err(KeyListProblem::NoReleaseKey));
        assert_eq!(list.with_list_keys((0..65).map(|_| key()).collect()), Err(KeyListProblem::TooMany));
        let twice = key();
        assert!(matches!(list.with_list_keys(vec![twice.clone(), twice]), Err(KeyListProblem::Twice { .. })));
    }

    #[test]
    fn a_list_is_the_same_bytes_twice() {
        let list = KeyList::first(vec![key()], key(), 1).unwrap().until(NaiveDate::from_ymd_opt(2028, 1, 1));
        let bytes = list.print().unwrap();
        assert_eq!(serde_json::from_slice::<KeyList>(&bytes).unwrap().print().unwrap(), bytes);
        assert!(String::from_utf8(bytes).unwrap().contains("\"expires\": \"2028-01-01\""));
    }
}
