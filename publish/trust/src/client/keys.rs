//! From a key that is trusted to the newest list of keys: each list is signed by a key of the one before.

use crate::fetch::{Fetch, KEYS_AT_MOST, read};
use crate::key_list::{FORMAT, KeyList};
use crate::known::{Known, TrustedKeys};
use crate::layout;
use crate::public_key::PublicKey;
use crate::refused::Refused;
use crate::sha256;
use crate::signature::Subject;

use super::signed::prove;

/// Lists that are followed at most: a new one every year for longer than anybody remembers.
pub(super) const MOST_LISTS: u64 = 256;

/// The newest list of keys that the trusted ones lead to.
pub(super) fn newest(fetch: &dyn Fetch, known: &Known) -> Result<TrustedKeys, Refused> {
    let mut trusted = match &known.keys {
        Some(keys) => keys.clone(),
        None => first(fetch, &known.key)?,
    };
    for _ in 0..MOST_LISTS {
        match after(fetch, &trusted)? {
            Some(next) => trusted = next,
            None => return Ok(trusted),
        }
    }
    Err(Refused::EndlessKeyLists { most: MOST_LISTS })
}

/// The earliest list that a key signed, be it as one of the list itself or of the list before.
fn first(fetch: &dyn Fetch, key: &PublicKey) -> Result<TrustedKeys, Refused> {
    for version in 1..=MOST_LISTS {
        let path = layout::key_list(version);
        let bytes = match read(fetch, &path, KEYS_AT_MOST) {
            Err(Refused::Missing { .. }) if version > 1 => break,
            result => result?,
        };
        let keys = checked(fetch, &bytes, version)?;
        let mut signatures = vec![layout::key_list_signature(version)];
        signatures.extend((version > 1).then(|| layout::key_list_previous_signature(version)));
        for signature in signatures {
            match prove(fetch, &path, &signature, &bytes, &[key]) {
                Ok(proof) => return proof.expect(&path, Subject::Keys(version)).map(|()| keys),
                // By others, of whom nothing is known.
                Err(Refused::WrongKey { .. }) => {}
                Err(refused) => return Err(refused),
            }
        }
    }
    Err(Refused::WrongKey { path: layout::key_list(1) })
}

/// The list after a trusted one, if there is one.
fn after(fetch: &dyn Fetch, trusted: &TrustedKeys) -> Result<Option<TrustedKeys>, Refused> {
    let Some(version) = trusted.list.version.checked_add(1) else { return Ok(None) };
    let path = layout::key_list(version);
    let bytes = match read(fetch, &path, KEYS_AT_MOST) {
        Err(Refused::Missing { .. }) => return Ok(None),
        result => result?,
    };
    let keys: Vec<&PublicKey> = trusted.list.list_keys.iter().collect();
    prove(fetch, &path, &layout::key_list_previous_signature(version), &bytes, &keys)?.expect(&path, Subject::Keys(version))?;
    checked(fetch, &bytes, version).map(Some)
}

/// A list that can be used, whether or not it is trusted: it has this number, and is signed by a key of its own, which is known to be at
/// hand then.
fn checked(fetch: &dyn Fetch, bytes: &[u8], version: u64) -> Result<TrustedKeys, Refused> {
    let path = layout::key_list(version);
    let unusable = |reason: String| Refused::Unusable { path: path.clone(), reason };
    let list: KeyList = serde_json::from_slice(bytes).map_err(|error| unusable(error.to_string()))?;
    if list.format > FORMAT {
        return Err(Refused::NewerFormat { path, format: list.format });
    }
    if list.version != version {
        return Err(unusable(format!("it is list {}", list.version)));
    }
    let list = list.checked().map_err(|problem| Refused::KeyList { version, problem })?;
    let keys: Vec<&PublicKey> = list.list_keys.iter().collect();
    prove(fetch, &path, &layout::key_list_signature(version), bytes, &keys)?.expect(&path, Subject::Keys(version))?;
    Ok(TrustedKeys { sha256: sha256(bytes), list })
}
