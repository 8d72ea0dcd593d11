//! The chain of releases: rewritten history, releases that are left out or withheld, removals that are lawful.

use std::fs;

use serde_json::json;
use trust::{Back, Chain, ChainEnd, Folder, HowMuch, Note, Refused, Request, Verified, layout, verify};

use super::portal::{Portal, manifest, sha256};

fn back(portal: &Portal, back: Back) -> Result<Verified, Refused> {
    let request = Request { how_much: HowMuch::Manifests, back, at_once: 1 };
    verify(&Folder::new(&portal.root()), &portal.newcomer(), &request, portal.today)
}

#[test]
fn the_chain_is_followed_as_far_as_is_asked_and_to_what_was_seen() {
    let mut portal = Portal::of(3);
    let reader = portal.reader();
    (0..4).for_each(|_| drop(portal.publish()));
    let chain = |releases, end| Chain { releases, end };
    assert_eq!(back(&portal, Back::Seen).unwrap().chain, chain(0, ChainEnd::Asked));
    assert_eq!(back(&portal, Back::Releases(2)).unwrap().chain, chain(2, ChainEnd::Asked));
    assert_eq!(back(&portal, Back::First).unwrap().chain, chain(6, ChainEnd::First));
    assert_eq!(back(&portal, Back::Releases(99)).unwrap().chain, chain(6, ChainEnd::First));
    for (asked, followed) in [(Back::Seen, 4), (Back::Releases(1), 4), (Back::Releases(5), 5)] {
        let request = Request { how_much: HowMuch::Manifests, back: asked, at_once: 1 };
        let verified = verify(&Folder::new(&portal.root()), &reader, &request, portal.today).unwrap();
        assert_eq!(verified.chain, chain(followed, ChainEnd::Asked), "{asked:?}");
    }
}

#[test]
fn rewritten_history_is_refused_though_it_is_signed() {
    let mut portal = Portal::of(2);
    let reader = portal.reader();
    portal.publish();
    let rewritten = portal.releases[1].clone();
    portal.change_manifest(&rewritten, |manifest| manifest["code_version"] = json!("0.1.1"));
    let broken = Refused::ChainBroken { release: portal.releases[2].clone(), previous: rewritten.clone() };
    assert_eq!(portal.refused(&portal.newcomer()), broken);
    // All that follows is made anew, so that the chain is whole, and only who has seen the other one can know.
    portal.change_manifest(&portal.latest(), |manifest| {
        manifest["previous"]["sha256"] = json!(sha256(&portal.get(&layout::manifest(&rewritten))));
    });
    portal.point_to(&portal.latest());
    assert!(portal.verify(&portal.newcomer()).is_ok());
    assert_eq!(portal.refused(&reader), Refused::Forked { release: rewritten });
}

#[test]
fn another_latest_release_of_the_same_name_is_refused() {
    let portal = Portal::of(2);
    let reader = portal.reader();
    portal.change_manifest(&portal.latest(), |manifest| manifest["code_version"] = json!("0.1.1"));
    portal.point_to(&portal.latest());
    assert_eq!(portal.refused(&reader), Refused::Forked { release: portal.latest() });
}

#[test]
fn what_was_lawfully_removed_is_no_fork_and_is_not_shown_again() {
    let portal = Portal::of(2);
    let (reader, before) = (portal.reader(), portal.get_signed(&manifest(&portal)));
    portal.revise(&portal.latest());
    portal.revise(&portal.latest());
    portal.renew();
    let verified = portal.verify(&reader).unwrap();
    assert_ne!(verified.manifest_sha256, sha256(&before[0]));
    // A new pointer to what it was before.
    portal.put_signed(&manifest(&portal), &before);
    portal.point_to(&portal.latest());
    assert_eq!(portal.refused(&verified.known), Refused::EarlierState { release: portal.latest() });
}

#[test]
fn removals_from_earlier_releases_do_not_break_the_chain() {
    let mut portal = Portal::of(3);
    let reader = portal.reader();
    portal.publish();
    portal.revise(&portal.releases[1]);
    portal.withdraw(&portal.releases[2], "klaida");
    for known in [portal.newcomer(), reader.clone()] {
        assert_eq!(portal.verify(&known).unwrap().chain, Chain { releases: 3, end: ChainEnd::First });
    }
    portal.withdraw(&portal.releases[2], "kita klaida");
    assert!(portal.verify(&reader).is_ok(), "withdrawn for a second reason");
}

#[test]
fn what_was_seen_withdrawn_may_be_withdrawn_for_another_reason() {
    let portal = Portal::of(1);
    portal.withdraw(&portal.latest(), "klaida");
    portal.point_to(&portal.latest());
    let reader = portal.reader();
    portal.withdraw(&portal.latest(), "kita klaida");
    portal.point_to(&portal.latest());
    assert_eq!(portal.verify(&reader).unwrap().withdrawn.unwrap().why, "kita klaida");
}

#[test]
fn a_removal_that_nobody_signed_is_refused() {
    let portal = Portal::of(3);
    let path = layout::manifest(&portal.releases[1]);
    let (mut forged, whole) = (portal.read_manifest(&portal.releases[1]), portal.get(&path));
    forged["revised"] = json!([{"date": "2026-11-20", "why": "klaida", "manifest_sha256": sha256(&whole)}]);
    portal.write_manifest(&portal.releases[1], &forged);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::SignatureBroken { path: path.clone() });
    fs::remove_file(portal.path(&layout::signature(&path))).unwrap();
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Unsigned { path });
}

#[test]
fn a_release_that_is_left_out_of_the_chain_is_missed() {
    let mut portal = Portal::of(3);
    let reader = portal.reader();
    let latest = portal.publish();
    let first = portal.releases[0].clone();
    portal.change_manifest(&latest, |manifest| {
        manifest["previous"] = json!({"release": first, "sha256": sha256(&portal.get(&layout::manifest(&first)))});
    });
    portal.point_to(&latest);
    assert!(portal.verify(&portal.newcomer()).is_ok(), "nobody who never read it could know");
    let left_out = Refused::LeftOut { release: latest.clone(), seen: portal.releases[2].clone() };
    assert_eq!(portal.refused(&reader), left_out);
    portal.change_manifest(&latest, |manifest| drop(manifest.as_object_mut().unwrap().remove("previous")));
    portal.point_to(&latest);
    assert_eq!(portal.refused(&reader), left_out, "though it says that it is the first");
    // Nor does it help to say that only the latest is kept, if that has the number of the one that was seen.
    let reader = portal.reader();
    fs::rename(portal.path(&format!("releases/{latest}")), portal.path("releases/000004-2027-01-01")).unwrap();
    portal.releases[3] = "000004-2027-01-01".to_owned();
    portal.oldest = 4;
    portal.change_manifest(&portal.latest(), |manifest| {
        manifest["date"] = json!("2027-01-01");
        manifest["tiers"] = json!({});
        manifest["previous"] = json!({"release": first, "sha256": "0"});
    });
    portal.point_to(&portal.latest());
    assert!(portal.verify(&portal.newcomer()).is_ok());
    assert_eq!(portal.refused(&reader), Refused::LeftOut { release: portal.latest(), seen: latest });
}

#[test]
fn releases_that_are_kept_no_more_end_the_chain_and_those_that_should_be_there_are_missed() {
    let mut portal = Portal::of(2);
    let reader = portal.reader();
    (0..3).for_each(|_| drop(portal.publish()));
    let remove = |release: usize| fs::remove_dir_all(portal.path(&format!("releases/{}", portal.releases[release - 1]))).unwrap();
    remove(3);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::ReleaseMissing { release: portal.releases[2].clone(), oldest: 1 });
    remove(1);
    remove(2);
    portal.oldest = 4;
    portal.renew();
    let kept = Chain { releases: 1, end: ChainEnd::NotKept { release: portal.releases[2].clone() } };
    let verified = portal.verify(&portal.newcomer()).unwrap();
    assert_eq!((verified.chain, verified.notes), (kept.clone(), Vec::new()));
    let verified = portal.verify(&reader).unwrap();
    assert_eq!((verified.chain, verified.notes), (kept, vec![Note::NotLinked { seen: portal.releases[1].clone() }]));
}

#[test]
fn releases_from_before_there_were_signatures_are_known_by_their_hashes() {
    let mut portal = Portal::signing_since(3);
    let before = [portal.write_release(), portal.write_release()];
    assert!(portal.signer().sign_manifest(&portal.get(&layout::manifest(&before[0]))).is_err());
    portal.point_to(&before[1]);
    assert_eq!(portal.verify(&portal.newcomer()).unwrap().sequence, 2, "the pointer that names it is signed");
    portal.put(&layout::manifest(&before[1]), &[portal.get(&layout::manifest(&before[1])), b"\n".to_vec()].concat());
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Unsigned { path: layout::manifest(&before[1]) });
    portal.write_manifest(&before[1], &portal.read_manifest(&before[1]));
    portal.publish();
    portal.publish();
    assert_eq!(portal.verify(&portal.newcomer()).unwrap().chain, Chain { releases: 3, end: ChainEnd::First });
    let path = layout::manifest(&before[1]);
    let whole = portal.get(&path);
    // Whoever has no key says that it stands in the place of what was there.
    let mut forged = portal.read_manifest(&before[1]);
    forged["revised"] = json!([{"date": "2026-11-20", "why": "klaida", "manifest_sha256": sha256(&whole)}]);
    portal.write_manifest(&before[1], &forged);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Unsigned { path: path.clone() });
    // Another release in its place.
    portal.put(&path, &portal.get(&layout::manifest(&before[0])));
    assert_eq!(portal.refused(&portal.newcomer()), Refused::OtherRelease { path: path.clone(), found: before[0].clone() });
    // Whoever has the key of today may remove something from it.
    portal.put(&path, &whole);
    portal.revise(&before[1]);
    assert!(portal.verify(&portal.newcomer()).is_ok());
}

#[test]
fn a_chain_that_leads_forward_or_elsewhere_is_broken() {
    let portal = Portal::of(2);
    for previous in ["000002-2026-11-03", "000009-2026-11-03", "../../elsewhere", "000001-2026-11-2"] {
        portal.change_manifest(&portal.latest(), |manifest| manifest["previous"] = json!({"release": previous, "sha256": "0"}));
        portal.point_to(&portal.latest());
        assert_eq!(portal.refused(&portal.newcomer()), Refused::ChainBroken { release: portal.latest(), previous: previous.to_owned() });
    }
}

#[test]
fn formats_of_later_programs_are_left_to_these() {
    let portal = Portal::of(1);
    portal.change_manifest(&portal.latest(), |manifest| manifest["format"] = json!(3));
    portal.point_to(&portal.latest());
    assert_eq!(portal.refused(&portal.newcomer()), Refused::NewerFormat { path: manifest(&portal), format: 3 });
}
