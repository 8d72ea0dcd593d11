//! Wrong keys: of others, retired, not yet in use, revoked; and lists of keys that are forged or withheld.

use std::fs;

use trust::{Back, Folder, HowMuch, KeyList, Known, Note, Refused, Request, SecretKey, Signer, layout, sign_key_list, verify};

use super::portal::{Portal, manifest};

fn wrong_key(path: &str) -> Refused {
    Refused::WrongKey { path: path.to_owned() }
}

#[test]
fn a_portal_is_believed_by_whoever_has_its_key() {
    let portal = Portal::of(3);
    let verified = portal.verify(&portal.newcomer()).unwrap();
    assert_eq!((verified.release, verified.sequence, verified.files), (portal.latest(), 3, 5));
    assert_eq!((verified.chain.releases, verified.keys_version, verified.notes), (2, 1, Vec::new()));
    let again = portal.verify(&verified.known).unwrap();
    assert_eq!(again.known, verified.known);
}

#[test]
fn a_portal_that_somebody_else_signed_is_refused() {
    let (portal, other) = (Portal::of(1), Portal::of(1));
    assert_eq!(other.refused(&portal.newcomer()), wrong_key("keys/1.json"));
}

#[test]
fn a_key_that_signs_releases_only_is_no_key_to_begin_with() {
    let portal = Portal::of(1);
    assert_eq!(portal.refused(&Known::of(portal.key("release-1").public_key().clone())), wrong_key("keys/1.json"));
}

#[test]
fn nothing_is_believed_without_a_key() {
    let portal = Portal::of(1);
    let reader = serde_json::to_value(portal.reader()).unwrap();
    assert_eq!(serde_json::from_value::<Known>(reader.clone()).unwrap(), portal.reader(), "kept as JSON");
    let mut without = reader;
    without.as_object_mut().unwrap().remove("key").unwrap();
    assert!(serde_json::from_value::<Known>(without).is_err());
}

#[test]
fn what_others_signed_is_refused_in_each_place() {
    let (portal, thief) = (Portal::of(2), Portal::of(2));
    for path in ["latest.json".to_owned(), manifest(&portal), layout::manifest(&portal.releases[0])] {
        let before = portal.get_signed(&path);
        portal.put_signed(&path, &thief.get_signed(&path));
        assert_eq!(portal.refused(&portal.newcomer()), wrong_key(&path));
        assert_eq!(portal.refused(&portal.reader_before(&path, &before)), wrong_key(&path), "by somebody who has read it before as well");
        portal.put_signed(&path, &before);
    }
}

impl Portal {
    /// What somebody knows who read it before a file was replaced.
    fn reader_before(&self, path: &str, before: &[Vec<u8>; 2]) -> Known {
        let now = self.get_signed(path);
        self.put_signed(path, before);
        let known = self.reader();
        self.put_signed(path, &now);
        known
    }
}

#[test]
fn whoever_trusted_the_first_key_follows_two_rotations_of_both_kinds() {
    let mut portal = Portal::of(2);
    let (newcomer, reader) = (portal.newcomer(), portal.reader());
    for turn in 2..4 {
        portal.rotate_list_key(&format!("list-{turn}"));
        portal.publish();
        portal.rotate_release_key(&format!("release-{turn}"));
        assert!(portal.verify(&reader).is_ok(), "between the new key and its first release");
        portal.publish();
    }
    for known in [&newcomer, &reader] {
        let verified = portal.verify(known).unwrap();
        assert_eq!((verified.keys_version, verified.sequence, verified.chain.releases), (5, 6, 5));
        assert_eq!(verified.signed_by, *portal.key("release-3").public_key());
        assert_eq!(verified.notes, Vec::new());
        assert!(verified.known.trusts(portal.key("list-1").public_key()) && verified.known.trusts(portal.key("list-3").public_key()));
        assert!(!verified.known.trusts(portal.key("list-2").public_key()), "which signs no lists any more");
    }
    for later in ["list-2", "list-3"] {
        assert!(portal.verify(&Known::of(portal.key(later).public_key().clone())).is_ok(), "given {later} only");
    }
}

#[test]
fn a_retired_key_signs_no_later_release() {
    let mut portal = Portal::of(1);
    let old = Signer::new(portal.key("release-1"), &portal.get("keys/1.json")).unwrap();
    portal.rotate_release_key("release-2");
    let release = portal.publish();
    let path = layout::manifest(&release);
    portal.put(&layout::signature(&path), old.sign_manifest(&portal.get(&path)).unwrap().as_bytes());
    let key = portal.key("release-1").public_key().number();
    assert_eq!(portal.refused(&portal.newcomer()), Refused::KeyNotInUse { path, key, release });
}

#[test]
fn a_new_key_signs_no_earlier_release() {
    let mut portal = Portal::of(2);
    portal.rotate_release_key("release-2");
    portal.publish();
    // As if it had been in use from the beginning.
    let path = layout::manifest(&portal.releases[1]);
    let list = KeyList::first(portal.list.list_keys.clone(), portal.key("release-2").public_key().clone(), 1).unwrap();
    let forged = sign_key_list(&list, &portal.key("list-1"), None).unwrap();
    let early = Signer::new(portal.key("release-2"), &forged.bytes).unwrap();
    portal.put(&layout::signature(&path), early.sign_manifest(&portal.get(&path)).unwrap().as_bytes());
    let key = portal.key("release-2").public_key().number();
    assert_eq!(portal.refused(&portal.newcomer()), Refused::KeyNotInUse { path, key, release: portal.releases[1].clone() });
    assert!(portal.signer().sign_manifest(&portal.get(&layout::manifest(&portal.releases[1]))).is_err(), "nor would its owner sign it");
}

#[test]
fn a_new_key_signs_what_is_removed_from_earlier_releases() {
    let mut portal = Portal::of(2);
    let reader = portal.reader();
    portal.rotate_release_key("release-2");
    portal.publish();
    portal.revise(&portal.releases[1]);
    portal.withdraw(&portal.releases[0], "klaida");
    assert_eq!(portal.verify(&reader).unwrap().chain.releases, 2);
}

#[test]
fn a_retired_key_points_nowhere() {
    let mut portal = Portal::of(1);
    let old = Signer::new(portal.key("release-1"), &portal.get("keys/1.json")).unwrap();
    let first = portal.latest();
    portal.rotate_release_key("release-2");
    portal.publish();
    // To its last release, as if nothing had come after.
    let (manifest, after) = (portal.get(&layout::manifest(&first)), portal.pointer());
    let signed = old.point_to(&manifest, after.as_ref(), 1, portal.today, portal.today, None).unwrap();
    portal.put_signed("latest.json", &[signed.bytes, signed.signature.into_bytes()]);
    let key = portal.key("release-1").public_key().number();
    assert_eq!(portal.refused(&portal.newcomer()), Refused::KeyNotInUse { path: "latest.json".to_owned(), key, release: first });
}

#[test]
fn whoever_stole_the_key_of_the_night_names_no_other_keys() {
    let portal = Portal::of(1);
    let (stolen, own, reader) = (portal.key("release-1"), SecretKey::generate().unwrap(), portal.reader());
    let forged = KeyList::first(vec![stolen.public_key().clone()], own.public_key().clone(), 1).unwrap();
    let forged = sign_key_list(&forged.next(), &stolen, Some((&forged, &stolen))).unwrap();
    portal.put("keys/2.json", &forged.bytes);
    portal.put(&layout::key_list_signature(2), forged.signature.as_bytes());
    portal.put(&layout::key_list_previous_signature(2), forged.previous_signature.unwrap().as_bytes());
    assert_eq!(portal.refused(&portal.newcomer()), wrong_key("keys/2.json"));
    assert_eq!(portal.refused(&reader), wrong_key("keys/2.json"));
}

#[test]
fn a_list_whose_own_key_is_not_at_hand_is_refused() {
    let mut portal = Portal::of(1);
    portal.rotate_list_key("list-2");
    let by_the_old_one = portal.get(&layout::key_list_previous_signature(2));
    portal.put(&layout::key_list_signature(2), &by_the_old_one);
    assert_eq!(portal.refused(&portal.newcomer()), wrong_key("keys/2.json"));
}

#[test]
fn a_list_in_the_place_of_the_next_is_refused() {
    let mut portal = Portal::of(1);
    let newcomer = portal.newcomer();
    portal.put_signed("keys/2.json", &portal.get_signed("keys/1.json"));
    portal.put(&layout::key_list_previous_signature(2), &portal.get(&layout::key_list_signature(1)));
    assert!(matches!(portal.refused(&newcomer), Refused::OtherSignature { path, .. } if path == "keys/2.json"));
    for path in ["keys/2.json", "keys/2.json.minisig", "keys/2.json.previous.minisig"] {
        fs::remove_file(portal.path(path)).unwrap();
    }
    portal.rotate_list_key("list-2");
    assert!(portal.verify(&newcomer).is_ok());
}

#[test]
fn a_list_that_is_withheld_is_missed() {
    let mut portal = Portal::of(1);
    let reader = portal.reader();
    portal.rotate_release_key("release-2");
    portal.rotate_list_key("list-2");
    fs::remove_file(portal.path("keys/3.json")).unwrap();
    for known in [portal.newcomer(), reader] {
        assert_eq!(portal.refused(&known), Refused::KeysWithheld { named: 3, found: 2 });
    }
}

#[test]
fn two_lists_of_the_same_version_are_noticed() {
    let mut portal = Portal::of(1);
    let before = portal.copy();
    let first = portal.list.clone();
    portal.rotate_list_key("list-2");
    let pointer = portal.get_signed("latest.json");
    // Whoever has the first key makes another second list, and shows the pointer that others made.
    portal.put_back(&before);
    portal.list = first;
    portal.rotate_list_key_of("list-1", "list-of-a-thief");
    portal.put_signed("latest.json", &pointer);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::KeysForked { version: 2 });
}

impl Portal {
    fn rotate_list_key_of(&self, thief: &str, name: &str) {
        let (own, stolen) = (self.make_key(name), self.key(thief));
        let list = self.list.with_list_keys(vec![own.public_key().clone()]).unwrap();
        let signed = sign_key_list(&list, &own, Some((&self.list, &stolen))).unwrap();
        self.put("keys/2.json", &signed.bytes);
        self.put(&layout::key_list_signature(2), signed.signature.as_bytes());
        self.put(&layout::key_list_previous_signature(2), signed.previous_signature.unwrap().as_bytes());
    }
}

#[test]
fn a_list_is_used_until_its_last_day() {
    let mut portal = Portal::of(1);
    let list = portal.list.next().until(Some(portal.today));
    portal.put_list(list, "list-1");
    portal.renew();
    assert!(portal.verify(&portal.newcomer()).is_ok());
    let tomorrow = portal.today.succ_opt().unwrap();
    let request = Request { how_much: HowMuch::Manifests, back: Back::Seen, at_once: 1 };
    let refused = verify(&Folder::new(&portal.root()), &portal.newcomer(), &request, tomorrow);
    assert_eq!(refused, Err(Refused::KeysExpired { version: 2, expires: portal.today }));
}

#[test]
fn lists_without_end_are_not_followed() {
    let mut portal = Portal::of(1);
    for _ in 0..256 {
        let next = portal.list.next();
        portal.put_list(next, "list-1");
    }
    assert_eq!(portal.refused(&portal.newcomer()), Refused::EndlessKeyLists { most: 256 });
}

#[test]
fn what_a_stolen_key_promised_keeps_nobody_from_what_is_true() {
    let mut portal = Portal::of(2);
    let before = portal.copy();
    // A pointer far ahead, to a release that follows: only its number is from another world.
    let far = trust::Pointer { number: u64::MAX - 1, ..portal.pointer().unwrap() };
    let (thief, manifest) = (portal.signer(), portal.get(&manifest(&portal)));
    let signed = thief.point_to(&manifest, Some(&far), 1, portal.today, portal.today.succ_opt().unwrap(), None).unwrap();
    portal.put_signed("latest.json", &[signed.bytes, signed.signature.into_bytes()]);
    let deceived = portal.reader();
    portal.put_back(&before);
    assert_eq!(portal.refused(&deceived), Refused::OlderPointer { number: 2, seen: u64::MAX });
    portal.revoke_release_key("release-2");
    portal.publish();
    let key = portal.key("release-1").public_key().number();
    let verified = portal.verify(&deceived).unwrap();
    assert_eq!((verified.notes, verified.sequence), (vec![Note::Forgotten { key }], 3));
    assert_eq!(portal.verify(&verified.known).unwrap().notes, Vec::new());
}

#[test]
fn what_a_revoked_key_signs_is_refused() {
    let mut portal = Portal::of(1);
    let stolen = portal.signer();
    portal.revoke_release_key("release-2");
    assert!(portal.verify(&portal.newcomer()).is_ok());
    let path = manifest(&portal);
    portal.put(&layout::signature(&path), stolen.sign_manifest(&portal.get(&path)).unwrap().as_bytes());
    assert_eq!(portal.refused(&portal.newcomer()), wrong_key(&path));
}
