//! The pointer: is it today's, and not older than what was seen?

use chrono::NaiveDate;

use crate::fetch::{Fetch, POINTER_AT_MOST, read};
use crate::key_list::ReleaseKey;
use crate::known::{Seen, TrustedKeys};
use crate::layout::{POINTER, pointer_signature, sequence};
use crate::pointer::{FORMAT, Pointer};
use crate::public_key::PublicKey;
use crate::refused::Refused;
use crate::sha256;
use crate::signature::Subject;

use super::signed::{Proof, prove, read_signed};

/// A pointer that is believed.
#[derive(Debug)]
pub(super) struct TrustedPointer {
    pub(super) pointer: Pointer,
    pub(super) sha256: String,
    pub(super) signed_by: PublicKey,
}

/// Reads the pointer, which must be signed by a key in use, be valid today and fit the list of keys.
pub(super) fn read_pointer(fetch: &dyn Fetch, keys: &TrustedKeys, today: NaiveDate) -> Result<TrustedPointer, Refused> {
    let known: Vec<&PublicKey> = keys.list.release_keys.iter().map(|key| &key.public_key).collect();
    let (bytes, proof) = match read_signed(fetch, POINTER, POINTER_AT_MOST, &known) {
        Err(refused @ (Refused::SignatureBroken { .. } | Refused::WrongKey { .. } | Refused::Unsigned { .. })) => {
            read_with_lasting_signature(fetch, &known, refused)?
        }
        other => other?,
    };
    let pointer = parse(&bytes)?;
    proof.expect(POINTER, Subject::Pointer(pointer.number))?;
    // A key that is retired would point to its last release for ever. A new one points to that, too, until it has signed one itself.
    if !keys.list.release_key(proof.by).is_some_and(ReleaseKey::is_in_use) {
        return Err(Refused::KeyNotInUse { path: POINTER.to_owned(), key: proof.by.number(), release: pointer.release });
    }
    let found = keys.list.version;
    if pointer.keys_version > found {
        return Err(Refused::KeysWithheld { named: pointer.keys_version, found });
    }
    if pointer.keys_version == found && pointer.keys_sha256 != keys.sha256 {
        return Err(Refused::KeysForked { version: found });
    }
    if pointer.expires < today {
        return Err(Refused::Expired { expires: pointer.expires, today });
    }
    Ok(TrustedPointer { sha256: sha256(&bytes), signed_by: proof.by.clone(), pointer })
}

/// Where whoever publishes was interrupted between the pointer and the signature beside it, a store has the signature elsewhere, too; without that,
/// `refused` stands.
fn read_with_lasting_signature<'k>(fetch: &dyn Fetch, keys: &[&'k PublicKey], refused: Refused) -> Result<(Vec<u8>, Proof<'k>), Refused> {
    let bytes = read(fetch, POINTER, POINTER_AT_MOST)?;
    // The name is not proven yet, and must not lead elsewhere.
    let Some(release) = Pointer::parse(&bytes).ok().map(|pointer| pointer.release).filter(|name| sequence(name).is_some()) else {
        return Err(refused);
    };
    match prove(fetch, POINTER, &pointer_signature(&release, &sha256(&bytes)), &bytes, keys) {
        Ok(proof) => Ok((bytes, proof)),
        Err(_) => Err(refused),
    }
}

/// That nothing older is shown than what was seen.
pub(super) fn compare(found: &TrustedPointer, seen: &Seen) -> Result<(), Refused> {
    let number = found.pointer.number;
    if number < seen.number {
        return Err(Refused::OlderPointer { number, seen: seen.number });
    }
    match number == seen.number && found.sha256 != seen.pointer_sha256 {
        true => Err(Refused::PointerForked { number }),
        false => Ok(()),
    }
}

fn parse(bytes: &[u8]) -> Result<Pointer, Refused> {
    let unusable = |reason: String| Refused::Unusable { path: POINTER.to_owned(), reason };
    let pointer = Pointer::parse(bytes).map_err(unusable)?;
    match pointer.format > FORMAT {
        true => Err(Refused::NewerFormat { path: POINTER.to_owned(), format: pointer.format }),
        false => Ok(pointer),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{Folder, KeyList, SecretKey, layout};

    #[test]
    fn only_a_signature_of_just_this_pointer_counts_beside_it_or_where_a_store_keeps_it() {
        let (home, key) = (tempfile::tempdir().unwrap(), SecretKey::generate().unwrap());
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let list = KeyList::first(vec![key.public_key().clone()], key.public_key().clone(), 1).unwrap();
        let keys = TrustedKeys { sha256: String::new(), list };
        let pointer = Pointer {
            format: FORMAT,
            number: 7,
            release: "000003-2026-11-02".to_owned(),
            sequence: 3,
            manifest_sha256: String::new(),
            oldest: 1,
            keys_version: 1,
            keys_sha256: String::new(),
            renewed: day,
            expires: day,
            audit_log: None,
        };
        let bytes = pointer.print().unwrap();
        fs::write(home.path().join(POINTER), &bytes).unwrap();
        let read = |subject: Subject<'_>| {
            fs::write(home.path().join(layout::signature(POINTER)), key.sign(&bytes, &subject.to_string())).unwrap();
            read_pointer(&Folder::new(home.path()), &keys, day)
        };
        assert_eq!(read(Subject::Pointer(7)).unwrap().pointer, pointer);
        // A store whose pointer went ahead of the signature beside it.
        let before = key.sign(b"the pointer before", &Subject::Pointer(6).to_string());
        fs::write(home.path().join(layout::signature(POINTER)), before).unwrap();
        let read_now = || read_pointer(&Folder::new(home.path()), &keys, day);
        assert!(matches!(read_now(), Err(Refused::SignatureBroken { .. })));
        let lasting = home.path().join(pointer_signature(&pointer.release, &sha256(&bytes)));
        fs::create_dir_all(lasting.parent().unwrap()).unwrap();
        fs::write(&lasting, SecretKey::generate().unwrap().sign(&bytes, &Subject::Pointer(7).to_string())).unwrap();
        assert!(matches!(read_now(), Err(Refused::SignatureBroken { .. })), "somebody else's proves nothing");
        fs::write(&lasting, key.sign(&bytes, &Subject::Pointer(7).to_string())).unwrap();
        assert_eq!(read_now().unwrap().pointer, pointer);
        for other in [Subject::Pointer(8), Subject::Keys(7), Subject::Manifest("000003-2026-11-02")] {
            assert!(matches!(read(other), Err(Refused::OtherSignature { path, .. }) if path == POINTER), "{other}");
        }
    }
}
