//! What travels, where it lies, and what is said of it.

use object_store::{Attribute, ObjectStoreExt};

use super::*;
use crate::Verification;

const FIRST: [(&str, &str); 5] = [
    ("index.html", "<p>pirmas"),
    ("public/data/virs.csv", "kodas\n1\n"),
    ("open/data/virs.csv", "kodas\n1\n"),
    ("open/data/virs.txt", "kodas\n1\n"),
    (".well-known/security.txt", "Contact: mailto:a@example.lt"),
];

fn said(objects: &dyn ObjectStore, address: &str) -> (String, String) {
    let (_, attributes) = object(objects, address).unwrap_or_else(|| panic!("{address} is missing"));
    let get = |attribute| attributes.get(&attribute).unwrap().as_ref().to_owned();
    (get(Attribute::ContentType), get(Attribute::CacheControl))
}

#[test]
fn a_release_lies_at_its_own_addresses_and_the_pointer_leads_there() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let night = release(home.path(), 1, &FIRST);
    let report = go(&target(objects.clone()), &night).unwrap();
    assert!(report.pointed);
    let hash = sha256(&night.1.files[1].1);
    let mut wanted = vec![
        "index.html".to_owned(),
        "keys/000001.json".to_owned(),
        "latest.json".to_owned(),
        "latest.json.minisig".to_owned(),
        "latest/index.html".to_owned(),
        format!("pointers/000001-2026-03-01/{hash}/latest.json.minisig"),
    ];
    wanted.extend(night.0.files.iter().map(|file| format!("releases/000001-2026-03-01/{}", file.path)));
    wanted.sort();
    assert_eq!(addresses(&*objects), wanted);
    assert_eq!(seen(&*objects), Ok(Some("000001-2026-03-01".to_owned())));
}

#[test]
fn releases_are_kept_by_caches_and_pointers_are_asked_for() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    go(&target(objects.clone()), &release(home.path(), 1, &FIRST)).unwrap();
    // The same once more as copies inside the store.
    let mut second = FIRST;
    second[0].1 = "<p>antras";
    let report = go(&target(objects.clone()), &release(home.path(), 2, &second)).unwrap();
    assert!(report.copied > 0);
    for address in addresses(&*objects) {
        let (kind, cache) = said(&*objects, &address);
        let is_immutable = address.starts_with("releases/") || address.starts_with("pointers/");
        assert_eq!(cache, if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" }, "{address}");
        assert_eq!(kind, crate::headers::content_type(&address), "{address}");
    }
    assert_eq!(said(&*objects, "releases/000002-2026-03-02/open/data/virs.csv").0, "text/csv; charset=utf-8");
    assert_eq!(said(&*objects, "releases/000002-2026-03-02/open/data/virs.txt").0, "text/plain; charset=utf-8");
}

#[test]
fn only_what_is_new_travels() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let report = go(&to, &release(home.path(), 1, &FIRST)).unwrap();
    // One of the two CSV files of the same content is a copy of the other; a text file has another type.
    assert_eq!((report.uploaded, report.copied, report.skipped), (5, 1, 0));
    let second = release(home.path(), 2, &[FIRST[0], FIRST[1], ("open/data/moved.csv", "kodas\n1\n"), ("new.txt", "naujas")]);
    let report = go(&to, &second).unwrap();
    assert_eq!((report.uploaded, report.copied, report.skipped), (2, 3, 0), "the manifest and what is new travel");
    assert_eq!(
        report.bytes,
        second.0.files.iter().filter(|file| ["new.txt", "manifest.json"].contains(&file.path.as_str())).map(|file| file.bytes).sum::<u64>()
    );
    assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
}

#[test]
fn publishing_what_is_there_does_nothing() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let night = release(home.path(), 1, &FIRST);
    go(&target(objects.clone()), &night).unwrap();
    let frail = frail::Frail::new(objects.clone(), frail::Death::Never);
    let report = go(&target(Arc::new(frail.clone())), &night).unwrap();
    assert_eq!(report, Report { skipped: 6, ..Report::default() });
    let read_back = 6;
    assert!(frail.operations() <= read_back + 10, "{} operations: files are not looked at one by one", frail.operations());
}

#[test]
fn large_files_travel_in_parts_and_are_whole() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let large: String = (0..2_500_000).map(|number| format!("{number:07}\n")).collect();
    let night = release(home.path(), 1, &[("public/virsis.duckdb", &large), ("public/same.duckdb", &large)]);
    let report = with(&target(objects.clone()), &night, Options { verification: Verification::All, ..Options::default() }).unwrap();
    assert_eq!((report.uploaded, report.copied), (2, 1));
    let (found, _) = object(&*objects, "releases/000001-2026-03-01/public/virsis.duckdb").unwrap();
    assert!(found == large.as_bytes());
    assert_eq!(said(&*objects, "releases/000001-2026-03-01/public/same.duckdb").1, "public, max-age=31536000, immutable");
}

#[test]
fn a_file_that_is_not_the_one_that_is_listed_is_refused_and_nothing_points_there() {
    for large in [false, true] {
        let (home, objects) = (tempfile::tempdir().unwrap(), memory());
        let to = target(objects.clone());
        go(&to, &release(home.path(), 1, &FIRST)).unwrap();
        let text = if large { "x".repeat(9 << 20) } else { "x".to_owned() };
        let night = release(home.path(), 2, &[FIRST[0], ("open/data.csv", &text)]);
        let mut other = text.clone().into_bytes();
        *other.last_mut().unwrap() = b'y';
        std::fs::write(night.0.folder.join("open/data.csv"), other).unwrap();
        let refused = go(&to, &night).unwrap_err();
        assert!(matches!(&refused, Error::File { path, .. } if path == "open/data.csv"), "{refused}");
        assert_eq!(seen(&*objects), Ok(Some("000001-2026-03-01".to_owned())));
        assert!(object(&*objects, "releases/000002-2026-03-02/open/data.csv").is_none());
        std::fs::write(night.0.folder.join("open/data.csv"), text).unwrap();
        go(&to, &night).unwrap();
        assert_eq!(seen(&*objects), Ok(Some("000002-2026-03-02".to_owned())));
    }
}

#[test]
fn what_the_store_spoilt_is_found_and_carried_again() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let night = release(home.path(), 1, &FIRST);
    go(&to, &night).unwrap();
    // The same size, other content, and the headers of the right one: only reading it tells.
    let at = Path::from(format!("{PREFIX}/releases/000001-2026-03-01/open/data/virs.csv"));
    let (_, attributes) = object(&*objects, "releases/000001-2026-03-01/open/data/virs.csv").unwrap();
    run(objects.put_opts(&at, "kodas\n2\n".into(), attributes.into())).unwrap();
    let report = with(&to, &night, Options { verification: Verification::All, ..Options::default() }).unwrap();
    assert_eq!(report.uploaded, 0);
    assert_eq!(seen(&*objects), Ok(Some("000001-2026-03-01".to_owned())));
}

#[test]
fn what_is_missing_or_has_other_headers_is_carried_again() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let to = target(objects.clone());
    let night = release(home.path(), 1, &FIRST);
    go(&to, &night).unwrap();
    let at = |path: &str| Path::from(format!("{PREFIX}/releases/000001-2026-03-01/{path}"));
    run(objects.delete(&at("index.html"))).unwrap();
    run(objects.put(&at("open/data/virs.csv"), "kodas\n1\n".into())).unwrap();
    let report = go(&to, &night).unwrap();
    assert_eq!((report.uploaded, report.copied, report.skipped), (1, 1, 4));
    assert_eq!(said(&*objects, "releases/000001-2026-03-01/open/data/virs.csv").0, "text/csv; charset=utf-8");
    assert_eq!(seen(&*objects), Ok(Some("000001-2026-03-01".to_owned())));
}

#[test]
fn a_folder_is_published_to_like_a_store() {
    let (home, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let url = url::Url::from_directory_path(root.path()).unwrap();
    let to = Target::open(url.as_str(), [], std::time::Duration::from_secs(1)).unwrap();
    let report = go(&to, &release(home.path(), 1, &FIRST)).unwrap();
    assert_eq!((report.uploaded, report.copied), (5, 1));
    let second = release(home.path(), 2, &[FIRST[0], ("new.txt", "naujas")]);
    let report = with(&to, &second, Options { keep: Some(1), ..Options::default() }).unwrap();
    assert_eq!((report.uploaded, report.copied), (2, 1));
    let third = release(home.path(), 3, &[FIRST[0]]);
    let report = with(&to, &third, Options { keep: Some(1), ..Options::default() }).unwrap();
    assert_eq!(report.expired, ["000001-2026-03-01"]);
    assert!(!root.path().join("releases/000001-2026-03-01").exists());
    assert_eq!(std::fs::read(root.path().join("releases/000003-2026-03-03/index.html")).unwrap(), b"<p>pirmas");
    assert_eq!(go(&to, &third).unwrap(), Report { skipped: 2, ..Report::default() });
}

#[test]
fn a_folder_that_has_the_portal_in_it_or_is_in_it_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let night = release(home.path(), 1, &FIRST);
    for folder in [home.path().to_owned(), night.0.folder.join("open")] {
        let url = url::Url::from_directory_path(folder).unwrap();
        let to = Target::open(url.as_str(), [], std::time::Duration::from_secs(1)).unwrap();
        assert!(matches!(go(&to, &night), Err(Error::Target { .. })));
    }
}

#[test]
fn progress_counts_every_file() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let night = release(home.path(), 1, &FIRST);
    let told = std::cell::RefCell::new(Vec::new());
    publish(&target(objects), &night.0, Some(&night.1), &Options::default(), &|progress| told.borrow_mut().push(progress)).unwrap();
    let told = told.into_inner();
    assert_eq!(told.first(), Some(&crate::Progress::Carried { done: 0, of: 6, bytes: 0 }));
    let bytes = night.0.files.iter().map(|file| file.bytes).sum::<u64>() - 8;
    assert!(told.contains(&crate::Progress::Carried { done: 6, of: 6, bytes }), "{told:?}");
    assert_eq!(told[told.len() - 2..], [crate::Progress::Verifying, crate::Progress::Pointing]);
}
