//! What goes: rows that were removed from releases that stand, withdrawn releases, old ones.

use object_store::Attribute;

use super::frail::{Death, Frail};
use super::*;
use crate::{Held, held};

const NIGHT: [(&str, &str); 3] = [("index.html", "<p>1"), ("a.csv", "Ona Išgalvotoji"), ("asmuo.html", "Ona Išgalvotoji")];
const LEFT: [(&str, &str); 2] = [("index.html", "<p>1"), ("a.csv", "")];

fn revised(home: &FilePath, sequence: u64, files: &[(&str, &str)]) -> (Release, Pointer) {
    let (mut release, _) = release(home, sequence, files);
    release.revised = true;
    let pointer = pointer_to(&release);
    (release, pointer)
}

#[test]
fn a_revised_release_takes_the_place_of_what_stood_there_and_caches_are_told_to_forget_it() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    for number in 1..=2 {
        go(&to, &release(home.path(), number, &NIGHT)).unwrap();
    }
    let (old, _) = revised(home.path(), 1, &LEFT);
    let report = publish(&to, &old, None, &Options::default(), &|_| {}).unwrap();
    let place = "releases/000001-2026-03-01";
    assert_eq!(report.purge, ["a.csv", "asmuo.html", "manifest.json"].map(|path| format!("{place}/{path}")));
    assert_eq!((report.removed, report.skipped, report.pointed), (1, 1, false));
    assert_eq!(whole(&*objects, "000001-2026-03-01", None), Ok(()));
    assert!(object(&*objects, &format!("{place}/asmuo.html")).is_none());
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())), "the pointer stays where it was");
    // The newest one in place, with a pointer to it in other words.
    let newest = revised(home.path(), 2, &LEFT);
    let report = go(&to, &newest).unwrap();
    assert!(report.pointed);
    assert_eq!(report.purge.len(), 3);
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
    let texts = addresses(&*objects).into_iter().map(|address| object(&*objects, &address).unwrap().0);
    assert!(!texts.into_iter().any(|text| String::from_utf8_lossy(&text).contains("Išgalvotoji")));
}

#[test]
fn a_manifest_that_was_signed_again_is_carried_again_and_nothing_else() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let signed_by = |key: &str| {
        let (mut release, pointer) = release(home.path(), 1, &NIGHT);
        add(&mut release, "manifest.json.minisig", key.as_bytes());
        (release, pointer)
    };
    go(&to, &signed_by("by one key")).unwrap();
    let before = held(&to).unwrap();
    let report = publish(&to, &signed_by("by another").0, None, &Options::default(), &|_| {}).unwrap();
    assert_eq!((report.uploaded, report.purge), (1, vec!["releases/000001-2026-03-01/manifest.json.minisig".to_owned()]));
    let after = held(&to).unwrap();
    assert!(after[0].manifest_sha256 == before[0].manifest_sha256 && after[0].signature_sha256 != before[0].signature_sha256);
}

#[test]
fn a_removal_that_is_cut_short_at_any_operation_is_completed_and_forgets_no_address() {
    let home = tempfile::tempdir().unwrap();
    let whole_night = release(home.path(), 1, &NIGHT);
    let stand = || {
        let objects = memory();
        go(&target(objects.clone()), &whole_night).unwrap();
        objects
    };
    // The folder of the first is printed over by the second, so all stores are filled first.
    let stores: Vec<_> = (0..60).map(|_| stand()).collect();
    let night = revised(home.path(), 1, &LEFT);
    let mut ends = 0;
    for (number, objects) in stores.into_iter().enumerate() {
        let (at, after) = (number / 2, number % 2 == 0);
        let death = if after { Death::After(at) } else { Death::Before(at) };
        let first = go(&target(Arc::new(Frail::new(objects.clone(), death))), &night);
        let second = go(&target(objects.clone()), &night).unwrap();
        let purge = first.map_or(second.purge, |first| first.purge);
        // The answer to the very last operation may be lost: the store then knows that all is done.
        if purge.is_empty() {
            assert!(after);
            ends += 1;
        } else {
            assert_eq!(purge.len(), 3, "operation {at}");
        }
        assert_eq!(seen(&*objects), Ok(Some(night.0.name.clone())));
        assert!(object(&*objects, "releases/000001-2026-03-01/asmuo.html").is_none());
    }
    assert_eq!(ends, 1);
}

#[test]
fn of_a_release_that_was_shown_but_never_noted_caches_are_told_what_to_forget() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    go(&to, &release(home.path(), 1, &NIGHT)).unwrap();
    // As if it had been killed after the pointer moved.
    run(to.remove(&[crate::index::address("000001-2026-03-01")])).unwrap();
    assert_eq!(held(&to).unwrap(), []);
    let report = go(&to, &revised(home.path(), 1, &LEFT)).unwrap();
    assert_eq!(report.purge, ["a.csv", "asmuo.html", "manifest.json"].map(|path| format!("releases/000001-2026-03-01/{path}")));
}

#[test]
fn a_release_of_which_nothing_was_removed_does_not_take_the_place_of_another() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    go(&to, &release(home.path(), 1, &NIGHT)).unwrap();
    let before: Vec<_> = addresses(&*objects).iter().map(|address| object(&*objects, address)).collect();
    let refused = go(&to, &release(home.path(), 1, &LEFT)).unwrap_err();
    assert!(matches!(&refused, Error::Immutable { path, .. } if path == "a.csv"), "{refused}");
    assert_eq!(addresses(&*objects).iter().map(|address| object(&*objects, address)).collect::<Vec<_>>(), before);
}

#[test]
fn a_withdrawn_release_is_its_manifest_and_a_page_and_the_pointer_goes_back_before() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let first = release(home.path(), 1, &NIGHT);
    go(&to, &first).unwrap();
    go(&to, &release(home.path(), 2, &NIGHT)).unwrap();
    assert!(matches!(go(&to, &first), Err(Error::Older { .. })));
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
    with(&to, &first, Options { allow_older: true, ..Options::default() }).unwrap();
    assert_eq!(seen(&*objects), Ok(Some("000001-2026-03-01".to_owned())));
    let (withdrawn, _) = revised(home.path(), 2, &[("index.html", "<p>Duomenys atšaukti")]);
    let report = publish(&to, &withdrawn, None, &Options::default(), &|_| {}).unwrap();
    assert_eq!((report.removed, report.uploaded, report.purge.len()), (2, 2, 4));
    let left: Vec<_> = addresses(&*objects).into_iter().filter(|address| address.starts_with("releases/000002")).collect();
    assert_eq!(left, ["releases/000002-2026-03-02/index.html", "releases/000002-2026-03-02/manifest.json"]);
    let held = held(&to).unwrap();
    let manifest = |release: &Release| release.files.last().map(|file| file.sha256.clone());
    let known = |release: &Release| Held { name: release.name.clone(), manifest_sha256: manifest(release), signature_sha256: None };
    assert_eq!(held, [known(&first.0), known(&withdrawn)]);
}

#[test]
fn old_releases_go_but_never_the_two_newest_nor_one_that_readers_are_led_to() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let names = || {
        let mut names: Vec<String> = addresses(&*objects)
            .iter()
            .filter_map(|address| address.strip_prefix("releases/")?.split('-').next().map(str::to_owned))
            .collect();
        names.dedup();
        names
    };
    let kept = |keep| Options { keep, ..Options::default() };
    for number in 1..=4 {
        with(&to, &release(home.path(), number, &NIGHT), kept(None)).unwrap();
    }
    assert_eq!(names(), ["000001", "000002", "000003", "000004"]);
    let report = with(&to, &release(home.path(), 5, &NIGHT), kept(Some(3))).unwrap();
    assert_eq!(report.expired, ["000001-2026-03-01", "000002-2026-03-02"]);
    assert_eq!(names(), ["000003", "000004", "000005"]);
    // Two that nobody is led to yet.
    for number in [6, 7] {
        publish(&to, &release(home.path(), number, &NIGHT).0, None, &kept(None), &|_| {}).unwrap();
    }
    let report = with(&to, &release(home.path(), 8, &NIGHT), kept(Some(0))).unwrap();
    assert_eq!(report.expired, ["000003-2026-03-03", "000004-2026-03-04", "000006-2026-03-06"]);
    assert_eq!(names(), ["000005", "000007", "000008"], "whoever was led to the fifth still reads it");
    let pointers = addresses(&*objects).into_iter().filter(|address| address.starts_with("pointers/")).count();
    assert_eq!(pointers, 2);
    assert_eq!(held(&to).unwrap().len(), 3);
}

#[test]
fn what_is_no_release_is_not_removed() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    run(to.put("releases/skaitykmane/a.txt", "a".into(), Attributes::new())).unwrap();
    run(to.put("kita.txt", "a".into(), Attributes::new())).unwrap();
    for number in 1..=3 {
        with(&to, &release(home.path(), number, &NIGHT), Options { keep: Some(2), ..Options::default() }).unwrap();
    }
    assert!(object(&*objects, "releases/skaitykmane/a.txt").is_some() && object(&*objects, "kita.txt").is_some());
    assert!(object(&*objects, "releases/000001-2026-03-01/a.csv").is_none());
}

#[test]
fn an_index_that_is_no_longer_right_is_not_believed() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    go(&to, &release(home.path(), 1, &NIGHT)).unwrap();
    // Somebody wrote something else, of the same size, where the next release would copy from.
    let (_, headers) = object(&*objects, "releases/000001-2026-03-01/a.csv").unwrap();
    assert!(headers.get(&Attribute::CacheControl).is_some());
    run(to.put("releases/000001-2026-03-01/a.csv", "Ona Išgalvotoja".into(), headers)).unwrap();
    let report = go(&to, &release(home.path(), 2, &NIGHT)).unwrap();
    assert_eq!((report.uploaded, report.copied), (1, 3), "what was overwritten is no source");
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
}
