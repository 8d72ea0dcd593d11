//! Publications that die at any operation: readers see a whole release, and the next publication completes.

use proptest::prelude::*;

use super::frail::{Death, Frail};
use super::*;
use crate::folder::Folder;

const FIRST: [(&str, &str); 4] = [("index.html", "<p>1"), ("a.csv", "1"), ("open/b.csv", "1"), ("open/manifest.json", "{}")];
const SECOND: [(&str, &str); 4] = [("index.html", "<p>2"), ("a.csv", "1"), ("open/c.csv", "2"), ("open/manifest.json", "{ }")];

/// Publishes three nights, of which two stay, and dies at every operation in turn (or at each `step`-th), before and after it took effect.
fn at_operations(step: usize, store: impl Fn() -> Arc<dyn ObjectStore>, keeps_headers: bool) {
    let home = tempfile::tempdir().unwrap();
    let nights = [release(home.path(), 1, &FIRST), release(home.path(), 2, &SECOND), release(home.path(), 3, &FIRST)];
    let options = Options { keep: Some(2), concurrency: 3, ..Options::default() };
    let to = |objects: Arc<dyn ObjectStore>| Target::over(objects, PREFIX, keeps_headers);

    let undisturbed = store();
    for night in &nights {
        with(&to(undisturbed.clone()), night, options).unwrap();
    }
    for (number, night) in nights.iter().enumerate() {
        for death in [Death::Before, Death::After] {
            let before = number.checked_sub(1).map(|before| nights[before].0.name.clone());
            let mut moved = false;
            for at in (0..).step_by(step) {
                let objects = store();
                for night in &nights[..number] {
                    with(&to(objects.clone()), night, options).unwrap();
                }
                let result = with(&to(Arc::new(Frail::new(objects.clone(), death(at)))), night, options);
                let seen_now = seen(&*objects).unwrap_or_else(|fault| panic!("night {number}, operation {at}: {fault}"));
                assert!(seen_now == before || seen_now.as_ref() == Some(&night.0.name), "{seen_now:?}");
                complete(&*objects);
                // From some operation on the pointer has moved, and from none after that it has not.
                assert!(!moved || seen_now != before, "operation {at}");
                moved |= seen_now != before;
                let is_done = result.is_ok();
                with(&to(objects.clone()), night, options).unwrap();
                assert_eq!(seen(&*objects), Ok(Some(night.0.name.clone())));
                if number + 1 == nights.len() {
                    assert_eq!(addresses(&*objects), addresses(&*undisturbed), "operation {at}");
                }
                if is_done {
                    assert!(at > 20, "{at}");
                    break;
                }
                assert!(matches!(result, Err(Error::Store { .. })), "{result:?}");
            }
        }
    }
}

/// Whatever has a manifest is there as a whole, be it on its way in or out.
fn complete(objects: &dyn ObjectStore) {
    for address in addresses(objects) {
        if let Some(name) = address.strip_prefix("releases/").and_then(|rest| rest.strip_suffix("/manifest.json")) {
            if !name.contains('/') {
                assert_eq!(whole(objects, name, None), Ok(()));
            }
        }
    }
}

#[test]
fn a_store_that_dies_at_any_operation_shows_a_whole_release() {
    at_operations(1, || memory(), true);
}

#[test]
fn a_folder_that_dies_at_some_operation_shows_a_whole_release() {
    let homes = std::sync::Mutex::new(Vec::new());
    at_operations(
        4,
        || {
            let root = tempfile::tempdir().unwrap();
            let folder = Folder::open(root.path()).unwrap();
            homes.lock().unwrap().push(root);
            Arc::new(folder)
        },
        false,
    );
}

#[test]
fn the_second_publication_carries_only_what_the_first_did_not() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let files: Vec<(String, String)> = (0..40).map(|number| (format!("{number}.csv"), format!("{number}"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let night = release(home.path(), 1, &files);
    go(&target(Arc::new(Frail::new(objects.clone(), Death::Before(30)))), &night).unwrap_err();
    let there = addresses(&*objects).len();
    assert!((20..=30).contains(&there), "{there}");
    let report = go(&target(objects.clone()), &night).unwrap();
    assert_eq!((report.skipped, report.uploaded), (there, 41 - there));
}

#[test]
fn what_went_wrong_is_said_with_the_address() {
    let (home, objects) = (tempfile::tempdir().unwrap(), memory());
    let night = release(home.path(), 1, &FIRST);
    let said = go(&target(Arc::new(Frail::new(objects, Death::Before(0)))), &night).unwrap_err().to_string();
    assert_eq!(
        said,
        "cannot read memory/latest.json: Generic frail error: the plug was pulled; what readers see is a whole release. \
         Publish again when that is mended: it goes on where it stopped"
    );
}

/// Files of a release: some of a few paths, each with one of a few contents.
fn files() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    const PATHS: [&str; 7] = ["index.html", "a.csv", "b.csv", "a.json", "open/a.csv", "open/manifest.json", "public/x/y.parquet"];
    let contents = proptest::collection::vec(proptest::option::of(proptest::sample::select(vec!["", "1", "2", "trys"])), PATHS.len());
    contents.prop_map(|contents| PATHS.into_iter().zip(contents).filter_map(|(path, text)| Some((path, text?))).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_published_and_wherever_it_dies_readers_see_whole_releases(
        nights in proptest::collection::vec((files(), proptest::collection::vec((0usize..45, any::<bool>()), 0..3), any::<bool>()), 1..5),
        keep in proptest::option::of(0usize..4),
        concurrency in 1usize..5,
    ) {
        let (home, objects) = (tempfile::tempdir().unwrap(), memory());
        let options = Options { keep, concurrency, ..Options::default() };
        let mut shown = None;
        for (number, (files, deaths, completes)) in nights.iter().enumerate() {
            let night = release(home.path(), number as u64 + 1, files);
            for (at, after) in deaths {
                let death = if *after { Death::After(*at) } else { Death::Before(*at) };
                let _ = with(&target(Arc::new(Frail::new(objects.clone(), death))), &night, options);
                let seen = seen(&*objects).map_err(TestCaseError::fail)?;
                prop_assert!(seen == shown || seen.as_ref() == Some(&night.0.name));
                shown = seen;
            }
            // A night that is never completed is passed over by the next.
            if *completes {
                with(&target(objects.clone()), &night, options).map_err(|error| TestCaseError::fail(error.to_string()))?;
                shown = Some(night.0.name.clone());
                prop_assert_eq!(seen(&*objects), Ok(shown.clone()));
                let place = format!("releases/{}/", night.0.name);
                let found: Vec<String> = addresses(&*objects).into_iter().filter_map(|address| address.strip_prefix(&place).map(str::to_owned)).collect();
                let mut wanted: Vec<String> = night.0.files.iter().map(|file| file.path.clone()).collect();
                wanted.sort();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
