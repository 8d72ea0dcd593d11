//! What the publisher of a portal does: signing lists of keys, manifests and pointers. Nothing is signed that readers would refuse.

use chrono::NaiveDate;

use crate::key_list::{KeyList, KeyListProblem, ReleaseKey};
use crate::manifest::Manifest;
use crate::pointer::{self, Pointer};
use crate::public_key::PublicKey;
use crate::secret_key::SecretKey;
use crate::sha256;
use crate::signature::Subject;

/// A signed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The file.
    pub bytes: Vec<u8>,
    /// What lies beside it, see [`crate::layout::signature`].
    pub signature: String,
}

/// A signed list of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedKeyList {
    /// The file, see [`crate::layout::key_list`].
    pub bytes: Vec<u8>,
    /// By a key of its own, see [`crate::layout::key_list_signature`].
    pub signature: String,
    /// By a key of the list before, see [`crate::layout::key_list_previous_signature`]; none of the first list.
    pub previous_signature: Option<String>,
}

/// Why something is not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key may not sign releases.
    #[error(
        "key {number} signs no releases any more, or never did; sign with one that list {version} of keys has in use, or add it by a new \
         list"
    )]
    NotInUse {
        /// The key's number.
        number: String,
        /// Version of the list.
        version: u64,
    },
    /// The key may sign releases, but not this one.
    #[error("key {number} signs releases from {since} on, release {release} is an earlier one; sign it with the key that was in use then")]
    TooEarly {
        /// The key's number.
        number: String,
        /// The first release that it signs.
        since: u64,
        /// The release.
        release: String,
    },
    /// The key may not sign lists.
    #[error("key {number} signs no lists: list {version} does not name it among list_keys; sign with a key that it names")]
    NotAListKey {
        /// The key's number.
        number: String,
        /// Version of the list.
        version: u64,
    },
    /// A list does not follow the one that it is signed after.
    #[error("list {version} of keys does not follow list {before}; make it from the newest list that is published")]
    Order {
        /// Version of the list.
        version: u64,
        /// Version of the one before, 0 if there is none.
        before: u64,
    },
    /// A list of keys that cannot be used.
    #[error("the list of keys cannot be used: {0}")]
    KeyList(#[from] KeyListProblem),
    /// The pointer would say what readers refuse.
    #[error("no pointer to release {release} can be made: {reason}")]
    Pointer {
        /// The release.
        release: String,
        /// What is wrong.
        reason: String,
    },
    /// A file is not what it should be.
    #[error("this is no {what}: {source}")]
    Json {
        /// What was expected.
        what: &'static str,
        /// The parser's reason.
        source: serde_json::Error,
    },
}

/// Signs a list of keys: with one of its own, and with one of the list before.
///
/// # Errors
/// [`SignError::NotAListKey`], [`SignError::Order`], [`SignError::KeyList`].
pub fn sign_key_list(list: &KeyList, own: &SecretKey, before: Option<(&KeyList, &SecretKey)>) -> Result<SignedKeyList, SignError> {
    let list = list.clone().checked()?;
    let version = before.map_or(0, |(before, _)| before.version);
    if list.version != version + 1 {
        return Err(SignError::Order { version: list.version, before: version });
    }
    let bytes = list.print().map_err(|source| SignError::Json { what: "list of keys", source })?;
    let sign = |key: &SecretKey, named_by: &KeyList| match named_by.list_keys.contains(key.public_key()) {
        true => Ok(key.sign(&bytes, &Subject::Keys(list.version).to_string())),
        false => Err(SignError::NotAListKey { number: key.public_key().number(), version: named_by.version }),
    };
    let signature = sign(own, &list)?;
    let previous_signature = before.map(|(before, key)| sign(key, before)).transpose()?;
    Ok(SignedKeyList { bytes, signature, previous_signature })
}

/// Signs the releases of a portal.
#[derive(Debug)]
pub struct Signer {
    key: SecretKey,
    keys_version: u64,
    keys_sha256: String,
    since: u64,
    in_use: ReleaseKey,
}

impl Signer {
    /// With a key that the newest list of keys, whose file this is, has in use.
    ///
    /// # Errors
    /// [`SignError::NotInUse`]; [`SignError::Json`] and [`SignError::KeyList`] for what is no list.
    pub fn new(key: SecretKey, key_list: &[u8]) -> Result<Self, SignError> {
        let list: KeyList = serde_json::from_slice(key_list).map_err(|source| SignError::Json { what: "list of keys", source })?;
        let list = list.checked()?;
        let in_use = list.release_key(key.public_key()).filter(|key| key.is_in_use()).cloned();
        let in_use = in_use.ok_or_else(|| SignError::NotInUse { number: key.public_key().number(), version: list.version })?;
        Ok(Self { key, keys_version: list.version, keys_sha256: sha256(key_list), since: list.first_signed(), in_use })
    }

    /// What its signatures are checked with.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    /// Number of the first release that readers expect to be signed.
    #[must_use]
    pub fn first_signed(&self) -> u64 {
        self.since
    }

    /// The signature of a release's manifest, whose file this is.
    ///
    /// # Errors
    /// [`SignError::TooEarly`], unless it stands in the place of another; [`SignError::Json`] for what is no manifest.
    pub fn sign_manifest(&self, manifest: &[u8]) -> Result<String, SignError> {
        let parsed = parse(manifest)?;
        if !self.in_use.may_sign_manifest(&parsed) {
            return Err(SignError::TooEarly {
                number: self.public_key().number(),
                since: self.in_use.since_release,
                release: parsed.name(),
            });
        }
        Ok(self.key.sign(manifest, &Subject::Manifest(&parsed.name()).to_string()))
    }

    /// The pointer to the release with this manifest, after the one that stands there now. `oldest` is the number of the oldest release
    /// that the portal keeps, `audit_log` what stands for the end of the publisher's audit log. One that says nothing new keeps its number, and so is
    /// the same file.
    ///
    /// # Errors
    /// [`SignError::Pointer`], [`SignError::Json`].
    pub fn point_to(
        &self,
        manifest: &[u8],
        after: Option<&Pointer>,
        oldest: u64,
        renewed: NaiveDate,
        expires: NaiveDate,
        audit_log: Option<String>,
    ) -> Result<Signed, SignError> {
        let parsed = parse(manifest)?;
        let mut pointer = Pointer {
            format: pointer::FORMAT,
            number: after.map_or(1, |after| after.number),
            release: parsed.name(),
            sequence: parsed.sequence,
            manifest_sha256: parsed.sha256,
            oldest,
            keys_version: self.keys_version,
            keys_sha256: self.keys_sha256.clone(),
            renewed,
            expires,
            audit_log,
        };
        let wrong = |reason: &str| SignError::Pointer { release: pointer.release.clone(), reason: reason.to_owned() };
        if after.is_some_and(|after| *after != pointer) {
            pointer.number = pointer.number.checked_add(1).ok_or_else(|| wrong("there is no greater number for it"))?;
        }
        let bytes = pointer.print().map_err(|source| SignError::Json { what: "pointer", source })?;
        Pointer::parse(&bytes).map_err(|reason| SignError::Pointer { release: pointer.release.clone(), reason })?;
        let signature = self.key.sign(&bytes, &Subject::Pointer(pointer.number).to_string());
        Ok(Signed { bytes, signature })
    }
}

impl ReleaseKey {
    /// Whether it may sign this manifest. What is removed from a release is removed by whoever publishes today: a key in use signs what
    /// stands in the place of an earlier manifest, which names that one.
    pub(crate) fn may_sign_manifest(&self, manifest: &Manifest) -> bool {
        self.may_sign(manifest.sequence) || (manifest.is_replacement() && self.is_in_use())
    }
}

fn parse(manifest: &[u8]) -> Result<Manifest, SignError> {
    Manifest::parse(manifest).map_err(|source| SignError::Json { what: "manifest of a release", source })
}
