//! `virsis signing`: makes the keys that sign releases, and publishes the list that names them. What each key is for: docs/trust.md.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use chrono::{NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;
use trust::layout::{key_list, key_list_previous_signature, key_list_signature};
use trust::{KeyList, SecretKey, SignedKeyList, sign_key_list};

use crate::config::Config;
use crate::plural::counted;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::signing::{Signing, newest_list, read};
use crate::state::portal_file;

pub(crate) fn begin(config: &Config, list_key: &Path) -> Result<()> {
    let Some(release_key) = &config.secrets.signing_key_file else {
        return Err(Refusal::one("set signing_key_file in [secrets] of virsis.toml first, such as \"secrets/signing.key\"").into());
    };
    if let Some(version) = newest_list(&config.paths.portal)? {
        return Err(Refusal::one(format!("the portal has list {version} of keys already; `virsis signing rotate` changes keys")).into());
    }
    outside(config, list_key)?;
    let (list_key, release_key) = (read_or_make(list_key)?, read_or_make(release_key)?);
    let list = KeyList::first(vec![list_key.public_key().clone()], release_key.public_key().clone(), next_release(config)?);
    let signed = sign_key_list(&list.map_err(Refusal::one)?, &list_key, None).map_err(Refusal::one)?;
    publish(config, 1, &signed)?;
    println!("published list 1 of keys. Give readers this key, by a way that does not lead over the portal:\n{}", list_key.public_key());
    println!("The next run signs. Move the key that signs lists off this machine now; `virsis signing rotate` needs it");
    Ok(())
}

pub(crate) fn rotate(config: &Config, list_key: &Path, new_key: &Path) -> Result<()> {
    outside(config, new_key)?;
    let _lock = lock::take(config)?;
    let (before, _) = newest(config)?;
    let list_key = SecretKey::read(list_key).map_err(Refusal::one)?;
    let made = read_or_make(new_key)?;
    let list = before.rotated(made.public_key().clone(), next_release(config)?).map_err(Refusal::one)?;
    let signed = sign_key_list(&list, &list_key, Some((&before, &list_key))).map_err(Refusal::one)?;
    publish(config, list.version, &signed)?;
    // Readers refuse a pointer by a key that is in use no more.
    let store = publish::Store::open(&config.paths.portal, &config.paths.internal)?;
    Signing::with(made, &signed.bytes)?.renew_pointer(config, &store)?;
    println!(
        "published list {} of keys. Set signing_key_file = {new_key:?} in [secrets] of virsis.toml: the next run signs with it",
        list.version
    );
    Ok(())
}

/// Publishes the next list with the same keys for releases: with another end, or signed by another key from then on.
pub(crate) fn renew(config: &Config, list_key: &Path, new_list_key: Option<&Path>, until: Option<NaiveDate>) -> Result<()> {
    let today = Utc::now().with_timezone(&Vilnius).date_naive();
    if let Some(day) = until.filter(|day| *day <= today) {
        return Err(Refusal::one(format!("--until {day} is over already; name a later day")).into());
    }
    if let Some(file) = new_list_key {
        outside(config, file)?;
    }
    let _lock = lock::take(config)?;
    let (before, _) = newest(config)?;
    if config.secrets.signing_key_file.is_none() {
        return Err(Refusal::one("secrets.signing_key_file is not set; the pointer has to be signed anew, so set it first").into());
    }
    let old = SecretKey::read(list_key).map_err(Refusal::one)?;
    let new = new_list_key.map(read_or_make).transpose()?;
    let list = match &new {
        // One that was put aside for the day on which the other is lost stays.
        Some(new) => {
            let others = before.list_keys.iter().filter(|key| *key != old.public_key()).cloned();
            before.with_list_keys(others.chain([new.public_key().clone()]).collect()).map_err(Refusal::one)?
        }
        None => before.next(),
    };
    let list = match until {
        Some(_) => list.until(until),
        None => list,
    };
    let signed = sign_key_list(&list, new.as_ref().unwrap_or(&old), Some((&before, &old))).map_err(Refusal::one)?;
    publish(config, list.version, &signed)?;
    if let Some(signing) = Signing::load(config)? {
        signing.renew_pointer(config, &publish::Store::open(&config.paths.portal, &config.paths.internal)?)?;
    }
    let end = list.expires.map_or_else(|| "has no end".to_owned(), |day| format!("may be used until {day}"));
    println!("published list {} of keys, which {end}", list.version);
    if let Some(new) = new {
        println!(
            "Whoever knows an earlier list follows. Newcomers are given this key from now on, by a way that does not lead over the portal:\n{}\n\
             Keep the old one: an early list is proven by it",
            new.public_key()
        );
    }
    Ok(())
}

/// Asked again after it was interrupted, it goes on: what no key of the list has signed is signed by the new one.
pub(crate) fn revoke(config: &Config, list_key: &Path, new_key: &Path) -> Result<()> {
    outside(config, new_key)?;
    let _lock = lock::take(config)?;
    let (mut list, mut bytes) = newest(config)?;
    let made = read_or_make(new_key)?;
    let in_use = list.release_keys.iter().find(|key| key.is_in_use()).map(|key| key.public_key.clone());
    let Some(stolen) = in_use else { return Err(Refusal::one("the list of keys has no key in use that could have been stolen").into()) };
    if stolen == *made.public_key() {
        // Interrupted after it published the list, or by mistake?
        let replaced = match list.version.checked_sub(1).filter(|version| *version > 0) {
            Some(version) => gone(&read_list(config, version)?.0, &list),
            None => None,
        };
        let Some(number) = replaced else {
            let reason = format!(
                "{} holds the key that is in use, so nothing was revoked; name a file that is not there, and a new key is made",
                new_key.display()
            );
            return Err(Refusal::one(reason).into());
        };
        println!("list {} of keys has revoked key {number} already; going on", list.version);
    } else {
        let list_key = SecretKey::read(list_key).map_err(Refusal::one)?;
        let next = list.revoked(&stolen, made.public_key().clone()).map_err(Refusal::one)?;
        let signed = sign_key_list(&next, &list_key, Some((&list, &list_key))).map_err(Refusal::one)?;
        publish(config, next.version, &signed)?;
        println!("published list {} of keys, without key {}", next.version, stolen.number());
        (list, bytes) = (next, signed.bytes);
    }
    let signing = Arc::new(Signing::with(made, &bytes)?);
    let store = publish::Store::open(&config.paths.portal, &config.paths.internal)?.signed_by(Some(signing.clone()));
    let is_by_none = |manifest: &[u8], signature: &[u8]| !list.release_keys.iter().any(|key| key.public_key.signed(manifest, signature));
    // Even if one cannot be signed, readers are led by the new key to those that are.
    let signed = store.sign_again(&is_by_none);
    signing.renew_pointer(config, &store)?;
    println!(
        "{} signed again. Set signing_key_file = {new_key:?} in [secrets] of virsis.toml. Tell readers on another way that lists of keys before list {} \
         count no more",
        counted(signed?.len(), "release", "releases"),
        list.version
    );
    Ok(())
}

/// The number of a key that signed releases by one list and is not in the next.
fn gone(before: &KeyList, list: &KeyList) -> Option<String> {
    let is_left = |key: &&trust::ReleaseKey| list.release_keys.iter().all(|other| other.public_key != key.public_key);
    before.release_keys.iter().find(is_left).map(|key| key.public_key.number())
}

/// The newest list of keys, and its bytes.
fn newest(config: &Config) -> Result<(KeyList, Vec<u8>)> {
    let Some(version) = newest_list(&config.paths.portal)? else {
        return Err(Refusal::one("the portal has no list of keys; make the first with `virsis signing begin`").into());
    };
    read_list(config, version)
}

fn read_list(config: &Config, version: u64) -> Result<(KeyList, Vec<u8>)> {
    let bytes = read(&config.paths.portal, &key_list(version))?;
    let list = serde_json::from_slice(&bytes).map_err(|error| Refusal::one(format!("list {version} of keys is damaged: {error}")))?;
    Ok((list, bytes))
}

/// Writes the list last: what is listed must be signed.
fn publish(config: &Config, version: u64, signed: &SignedKeyList) -> Result<()> {
    let portal = &config.paths.portal;
    if let Some(previous) = &signed.previous_signature {
        portal_file::replace(portal, &key_list_previous_signature(version), previous.as_bytes())?;
    }
    portal_file::replace(portal, &key_list_signature(version), signed.signature.as_bytes())?;
    portal_file::replace(portal, &key_list(version), &signed.bytes)
}

fn read_or_make(path: &Path) -> Result<SecretKey> {
    if path.exists() {
        return Ok(SecretKey::read(path).map_err(Refusal::one)?);
    }
    let key = SecretKey::generate().map_err(Refusal::one)?;
    key.write(path).map_err(Refusal::one)?;
    println!("wrote a new key to {}; keep a copy in a safe place", path.display());
    Ok(key)
}

/// No key lies where it would be published or copied.
fn outside(config: &Config, key: &Path) -> Result<()> {
    let full = std::path::absolute(key)?;
    match config.data_folders().into_iter().find(|folder| full.starts_with(folder)) {
        Some(folder) => Err(Refusal::one(format!("{} lies inside {}; a key belongs elsewhere", key.display(), folder.display())).into()),
        None => Ok(()),
    }
}

/// The number of the next release.
fn next_release(config: &Config) -> Result<u64> {
    let store = publish::Store::open(&config.paths.portal, &config.paths.internal)?;
    Ok(store.release_numbers()?.last().map_or(1, |newest| newest + 1))
}
