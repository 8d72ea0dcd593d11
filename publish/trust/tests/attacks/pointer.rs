//! Roll-back and freeze: an old pointer, one that points back, two with the same number, one that is no longer renewed; and mix-and-match
//! of signed files.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;

use chrono::Days;
use trust::{Back, Fetch, FetchError, Folder, HowMuch, Note, Refused, Request, layout, verify};

use super::portal::{Portal, manifest};

#[test]
fn an_old_state_is_believed_until_it_expires_and_no_longer() {
    let portal = Portal::of(2);
    let on = |days| {
        let request = Request { how_much: HowMuch::Everything, back: Back::Seen, at_once: 1 };
        verify(&Folder::new(&portal.root()), &portal.newcomer(), &request, portal.today.checked_add_days(Days::new(days)).unwrap())
    };
    assert!(on(3).is_ok());
    let (expires, today) = (portal.today.checked_add_days(Days::new(3)).unwrap(), portal.today.checked_add_days(Days::new(4)).unwrap());
    assert_eq!(on(4), Err(Refused::Expired { expires, today }));
}

#[test]
fn a_pointer_that_is_renewed_is_believed_though_nothing_is_new() {
    let mut portal = Portal::of(2);
    let reader = portal.reader();
    portal.today = portal.today.checked_add_days(Days::new(9)).unwrap();
    assert!(matches!(portal.refused(&reader), Refused::Expired { .. }));
    portal.renew();
    let verified = portal.verify(&reader).unwrap();
    assert_eq!((verified.sequence, verified.renewed), (2, portal.today));
}

#[test]
fn an_earlier_state_of_the_whole_portal_is_refused() {
    let mut portal = Portal::of(2);
    let before = portal.copy();
    portal.publish();
    let reader = portal.reader();
    portal.put_back(&before);
    assert!(portal.verify(&portal.newcomer()).is_ok(), "nobody who never read it could know");
    assert_eq!(portal.refused(&reader), Refused::OlderPointer { number: 2, seen: 3 });
}

#[test]
fn an_earlier_release_is_refused_though_the_pointer_is_new() {
    let portal = Portal::of(3);
    let reader = portal.reader();
    portal.point_to(&portal.releases[1]);
    assert_eq!(portal.refused(&reader), Refused::OlderRelease { release: portal.releases[1].clone(), seen: portal.releases[2].clone() });
    std::fs::remove_dir_all(portal.path(&format!("releases/{}", portal.releases[2]))).unwrap();
    assert!(matches!(portal.refused(&reader), Refused::OlderRelease { .. }), "though it is gone");
}

#[test]
fn an_earlier_release_is_believed_when_the_later_ones_were_withdrawn() {
    let mut portal = Portal::of(4);
    let reader = portal.reader();
    portal.withdraw(&portal.releases[3], "klaida");
    portal.point_to(&portal.releases[1]);
    let older = Refused::OlderRelease { release: portal.releases[1].clone(), seen: portal.releases[3].clone() };
    assert_eq!(portal.refused(&reader), older, "the third still stands");
    portal.withdraw(&portal.releases[2], "klaida");
    let verified = portal.verify(&reader).unwrap();
    assert_eq!((verified.sequence, verified.chain.releases, verified.withdrawn), (2, 1, None));
    portal.publish();
    assert_eq!(portal.verify(&verified.known).unwrap().chain.releases, 4, "and the next one goes on after what was withdrawn");
    assert!(portal.verify(&reader).is_ok());
}

#[test]
fn what_is_withdrawn_must_be_what_was_seen() {
    let portal = Portal::of(2);
    let reader = portal.reader();
    portal.change_manifest(&portal.latest(), |manifest| manifest["code_version"] = serde_json::json!("0.1.1"));
    portal.withdraw(&portal.latest(), "klaida");
    portal.point_to(&portal.releases[0]);
    assert_eq!(portal.refused(&reader), Refused::Forked { release: portal.latest() });
}

#[test]
fn where_nothing_is_left_the_reader_is_told() {
    let portal = Portal::of(1);
    let reader = portal.reader();
    portal.withdraw(&portal.latest(), "klaida");
    portal.point_to(&portal.latest());
    for known in [portal.newcomer(), reader] {
        let verified = portal.verify(&known).unwrap();
        assert_eq!((verified.withdrawn.unwrap().why.as_str(), verified.files), ("klaida", 0));
    }
}

#[test]
fn two_pointers_with_the_same_number_are_noticed() {
    let mut portal = Portal::of(2);
    let (reader, before) = (portal.reader(), Portal::pointer(&portal));
    portal.today = portal.today.succ_opt().unwrap();
    // After the first pointer, as whoever shows different readers different things would.
    let first = trust::Pointer { number: before.unwrap().number - 1, ..portal.pointer().unwrap() };
    let signed = portal.signer().point_to(&portal.get(&manifest(&portal)), Some(&first), 1, portal.today, portal.today, None).unwrap();
    portal.put_signed("latest.json", &[signed.bytes, signed.signature.into_bytes()]);
    assert_eq!(portal.refused(&reader), Refused::PointerForked { number: 2 });
    assert!(portal.verify(&portal.newcomer()).is_ok());
}

#[test]
fn a_pointer_that_says_nothing_new_is_the_same_file() {
    let portal = Portal::of(2);
    let before = portal.get_signed("latest.json");
    portal.renew();
    assert_eq!(portal.get_signed("latest.json"), before);
}

#[test]
fn a_clock_that_is_behind_is_noted() {
    let portal = Portal::of(1);
    let request = Request { how_much: HowMuch::Manifests, back: Back::Seen, at_once: 1 };
    let on = |days| {
        let day = portal.today.checked_sub_days(Days::new(days)).unwrap();
        verify(&Folder::new(&portal.root()), &portal.newcomer(), &request, day).unwrap().notes
    };
    assert_eq!(on(1), Vec::new(), "it may be yesterday elsewhere");
    assert_eq!(on(2), [Note::ClockBehind { renewed: portal.today }]);
}

#[test]
fn a_pointer_and_a_manifest_of_different_states_are_refused() {
    let portal = Portal::of(2);
    let old = portal.get_signed(&manifest(&portal));
    portal.revise(&portal.latest());
    assert!(portal.verify(&portal.newcomer()).is_ok(), "a revised release names the one that the pointer means");
    portal.renew();
    portal.put_signed(&manifest(&portal), &old);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::OtherManifest { release: portal.latest() });
}

#[test]
fn a_signed_file_in_the_place_of_another_is_refused() {
    let portal = Portal::of(2);
    let whole = portal.copy();
    let earlier = layout::manifest(&portal.releases[0]);
    for from in ["latest.json", earlier.as_str()] {
        portal.put_signed(&manifest(&portal), &portal.get_signed(from));
        assert!(matches!(portal.refused(&portal.newcomer()), Refused::OtherSignature { path, .. } if path == manifest(&portal)), "{from}");
        portal.put_back(&whole);
    }
    portal.put_signed("latest.json", &portal.get_signed(&manifest(&portal)));
    assert!(matches!(portal.refused(&portal.newcomer()), Refused::Unusable { path, .. } if path == "latest.json"));
}

/// Serves an old file the first times that it is asked for.
struct Replaced<'a> {
    folder: Folder,
    old: &'a [u8],
    left: Mutex<BTreeMap<&'a str, usize>>,
    waited: Mutex<usize>,
}

impl Fetch for Replaced<'_> {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        match self.left.lock().unwrap().get_mut(path) {
            Some(left) if *left > 0 => {
                *left -= 1;
                Ok(Box::new(self.old))
            }
            _ => self.folder.fetch(path, at_most),
        }
    }

    fn wait(&self) {
        *self.waited.lock().unwrap() += 1;
    }
}

#[test]
fn whoever_reads_while_a_file_and_its_signature_are_replaced_reads_again() {
    let mut portal = Portal::of(1);
    let [old, _] = portal.get_signed("latest.json");
    portal.publish();
    let through = |times| Replaced {
        folder: Folder::new(&portal.root()),
        old: &old,
        left: Mutex::new(BTreeMap::from([("latest.json", times)])),
        waited: Mutex::new(0),
    };
    let twice = through(2);
    assert!(portal.verify_through(&twice, &portal.newcomer()).is_ok());
    assert_eq!(*twice.waited.lock().unwrap(), 2);
    let refused = portal.verify_through(&through(3), &portal.newcomer()).unwrap_err();
    assert_eq!(refused, Refused::SignatureBroken { path: "latest.json".to_owned() });
}
