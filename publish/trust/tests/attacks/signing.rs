//! What a publisher is kept from signing.

use trust::{KeyList, SecretKey, SignError, Signer, sign_key_list};

use super::portal::{Portal, manifest};

#[test]
fn the_same_is_signed_with_the_same_bytes() {
    let portal = Portal::of(1);
    let sign = || portal.signer().sign_manifest(&portal.get(&manifest(&portal))).unwrap();
    assert_eq!(sign(), sign());
    let list = || sign_key_list(&portal.list, &portal.key("list-1"), None).unwrap();
    assert_eq!(list(), list());
    assert_eq!(list().bytes, portal.get("keys/1.json"));
}

#[test]
fn a_key_that_is_not_in_use_signs_nothing() {
    let mut portal = Portal::of(1);
    let stranger = SecretKey::generate().unwrap();
    assert!(matches!(Signer::new(stranger, &portal.get("keys/1.json")), Err(SignError::NotInUse { version: 1, .. })));
    portal.rotate_release_key("release-2");
    assert!(matches!(Signer::new(portal.key("release-1"), &portal.get("keys/2.json")), Err(SignError::NotInUse { version: 2, .. })));
    assert!(matches!(Signer::new(portal.key("release-2"), b"{}"), Err(SignError::Json { .. })));
}

#[test]
fn a_list_is_signed_by_its_own_key_and_by_one_of_the_list_before() {
    let portal = Portal::of(1);
    let (list_key, other) = (portal.key("list-1"), portal.make_key("other"));
    let next = portal.list.with_list_keys(vec![other.public_key().clone()]).unwrap();
    let refused = |list: &KeyList, own: &SecretKey, before| sign_key_list(list, own, before).unwrap_err();
    assert!(matches!(refused(&next, &list_key, Some((&portal.list, &list_key))), SignError::NotAListKey { version: 2, .. }));
    assert!(matches!(refused(&next, &other, Some((&portal.list, &other))), SignError::NotAListKey { version: 1, .. }));
    assert!(matches!(refused(&next, &other, None), SignError::Order { version: 2, before: 0 }));
    assert!(matches!(refused(&next.next(), &other, Some((&portal.list, &list_key))), SignError::Order { version: 3, before: 1 }));
    assert!(sign_key_list(&next, &other, Some((&portal.list, &list_key))).unwrap().previous_signature.is_some());
}

#[test]
fn a_pointer_that_readers_would_refuse_is_not_made() {
    let portal = Portal::of(2);
    let (signer, bytes, today) = (portal.signer(), portal.get(&manifest(&portal)), portal.today);
    for oldest in [0, 3] {
        assert!(matches!(signer.point_to(&bytes, None, oldest, today, today, None), Err(SignError::Pointer { .. })));
    }
    assert!(matches!(signer.point_to(&bytes, None, 1, today, today.pred_opt().unwrap(), None), Err(SignError::Pointer { .. })));
    assert!(matches!(signer.point_to(b"{}", None, 1, today, today, None), Err(SignError::Json { .. })));
    let last = trust::Pointer { number: u64::MAX, ..portal.pointer().unwrap() };
    assert!(matches!(signer.point_to(&bytes, Some(&last), 1, today, today.succ_opt().unwrap(), None), Err(SignError::Pointer { .. })));
}
