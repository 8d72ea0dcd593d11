//! Manifests of releases, each signed by a key that was in use.

use crate::fetch::{Fetch, MANIFEST_AT_MOST, read};
use crate::key_list::KeyList;
use crate::layout;
use crate::manifest::{FORMAT, Manifest};
use crate::public_key::PublicKey;
use crate::refused::Refused;
use crate::signature::Subject;

use super::signed::read_signed;

/// A portal whose keys and pointer are believed.
#[derive(Clone, Copy)]
pub(super) struct Portal<'a> {
    pub(super) fetch: &'a dyn Fetch,
    pub(super) keys: &'a KeyList,
    /// Number of the oldest release that it says it keeps.
    pub(super) oldest: u64,
}

impl Portal<'_> {
    /// The manifest of a release, signed by a key that may sign it.
    pub(super) fn manifest(self, release: &str) -> Result<Manifest, Refused> {
        let keys: Vec<&PublicKey> = self.keys.release_keys.iter().map(|key| &key.public_key).collect();
        let path = layout::manifest(release);
        let (bytes, proof) = read_signed(self.fetch, &path, MANIFEST_AT_MOST, &keys)?;
        proof.expect(&path, Subject::Manifest(release))?;
        let manifest = parse(&path, release, &bytes)?;
        match self.keys.release_key(proof.by).is_some_and(|key| key.may_sign_manifest(&manifest)) {
            true => Ok(manifest),
            false => Err(Refused::KeyNotInUse { path, key: proof.by.number(), release: release.to_owned() }),
        }
    }

    /// The manifest of a release that is named, together with its hash, by something that is proven. It may have been published before
    /// there were signatures: then the hash alone says that it is the one.
    pub(super) fn named_manifest(self, release: &str, sequence: u64, sha256: &str) -> Result<Manifest, Refused> {
        if sequence < self.keys.first_signed() {
            let path = layout::manifest(release);
            let manifest = parse(&path, release, &read(self.fetch, &path, MANIFEST_AT_MOST)?)?;
            if manifest.sha256 == sha256 {
                return Ok(manifest);
            }
        }
        self.manifest(release)
    }
}

fn parse(path: &str, release: &str, bytes: &[u8]) -> Result<Manifest, Refused> {
    let path = || path.to_owned();
    let manifest = Manifest::parse(bytes).map_err(|error| Refused::Unusable { path: path(), reason: error.to_string() })?;
    if manifest.format > FORMAT {
        return Err(Refused::NewerFormat { path: path(), format: manifest.format });
    }
    match manifest.name() == release {
        true => Ok(manifest),
        false => Err(Refused::OtherRelease { path: path(), found: manifest.name() }),
    }
}
