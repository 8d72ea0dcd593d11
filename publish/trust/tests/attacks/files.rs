//! Files and tiers: changed, cut short, missing, of another release, under a path that leads elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::sync::Mutex;

use serde_json::json;
use trust::{Back, Fetch, FetchError, Folder, HowMuch, Refused, Request, Verified, verify};

use super::portal::{Portal, manifest, sha256};

const CSV: &str = "public/data/virs/virs.csv";

impl Portal {
    fn in_latest(&self, path: &str) -> String {
        format!("releases/{}/{path}", self.latest())
    }

    fn reads(&self, how_much: HowMuch) -> (Result<Verified, Refused>, BTreeSet<String>) {
        let fetch = Recorded { folder: Folder::new(&self.root()), paths: Mutex::default() };
        let request = Request { how_much, back: Back::Seen, at_once: 3 };
        let result = verify(&fetch, &self.newcomer(), &request, self.today);
        let below = self.in_latest("");
        let paths = fetch.paths.into_inner().unwrap();
        (result, paths.iter().filter_map(|path| path.strip_prefix(&below)).map(str::to_owned).collect())
    }

    /// Changes the manifest of a tier, and signs what follows from it.
    fn change_tier(&self, tier: &str, change: impl FnOnce(&mut serde_json::Value)) {
        let path = self.in_latest(&format!("{tier}/manifest.json"));
        let mut changed: serde_json::Value = serde_json::from_slice(&self.get(&path)).unwrap();
        change(&mut changed);
        let bytes = serde_json::to_vec(&changed).unwrap();
        self.put(&path, &bytes);
        self.change_manifest(&self.latest(), |manifest| manifest["tiers"][tier] = json!(sha256(&bytes)));
        self.point_to(&self.latest());
    }
}

/// Remembers what is read.
struct Recorded {
    folder: Folder,
    paths: Mutex<BTreeSet<String>>,
}

impl Fetch for Recorded {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        self.paths.lock().unwrap().insert(path.to_owned());
        self.folder.fetch(path, at_most)
    }
}

#[test]
fn a_changed_file_is_refused() {
    let portal = Portal::of(1);
    let path = portal.in_latest(CSV);
    let mut bytes = portal.get(&path);
    bytes[3] ^= 1;
    portal.put(&path, &bytes);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Differs { path: path.clone() });
    portal.put(&path, &bytes[1..]);
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Differs { path: path.clone() }, "or one that was cut short");
    fs::remove_file(portal.path(&path)).unwrap();
    assert_eq!(portal.refused(&portal.newcomer()), Refused::Missing { path: path.clone() });
    fs::create_dir(portal.path(&path)).unwrap();
    assert!(matches!(portal.refused(&portal.newcomer()), Refused::Unreachable { path: found, .. } if found == path));
}

#[test]
fn a_tier_of_another_release_is_refused() {
    let portal = Portal::of(2);
    let earlier = format!("releases/{}/open", portal.releases[0]);
    let path = portal.in_latest("open/manifest.json");
    for file in ["manifest.json", "data/virs/virs.csv", "paieska/š.json"] {
        portal.put(&portal.in_latest(&format!("open/{file}")), &portal.get(&format!("{earlier}/{file}")));
    }
    let other = Refused::OtherTier { path, release: portal.latest() };
    assert_eq!(portal.refused(&portal.newcomer()), other);
    // Though the release's manifest names it, since whoever publishes put them together.
    for (name, value) in [("sequence", json!(1)), ("date", json!("2026-11-02")), ("tier", json!("public"))] {
        let portal = Portal::of(2);
        portal.change_tier("open", |manifest| manifest[name] = value);
        let path = portal.in_latest("open/manifest.json");
        assert_eq!(portal.refused(&portal.newcomer()), Refused::OtherTier { path, release: portal.latest() }, "{name}");
    }
}

#[test]
fn a_path_that_leads_out_of_the_release_is_not_followed() {
    for path in ["/etc/hostname", "../../latest.json", "a/../../b", "a\\b", "a\nb", ""] {
        let portal = Portal::of(1);
        portal.change_manifest(&portal.latest(), |manifest| manifest["files"][0]["path"] = json!(path));
        portal.point_to(&portal.latest());
        let refused = portal.refused(&portal.newcomer());
        assert!(
            matches!(&refused, Refused::BadPath { manifest: found, path: said, .. } if *found == manifest(&portal) && said == path),
            "{path:?}"
        );
        assert!(!refused.to_string().contains(['\n', '\t']), "and what it is called cannot confuse a terminal");
        let (_, read) = portal.reads(HowMuch::Everything);
        assert!(read.iter().all(|path| path.starts_with("manifest.json")), "{read:?}");
    }
    for path in ["open/../public/a", "public/data/virs/virs.csv", "index.html"] {
        let portal = Portal::of(1);
        portal.change_tier("open", |manifest| manifest["files"][0]["path"] = json!(path));
        assert!(matches!(portal.refused(&portal.newcomer()), Refused::BadPath { path: said, .. } if said == path));
    }
    for tier in ["..", "a/b", "", "/"] {
        let portal = Portal::of(1);
        portal.change_manifest(&portal.latest(), |manifest| manifest["tiers"] = json!({tier: "0"}));
        portal.point_to(&portal.latest());
        assert!(matches!(portal.refused(&portal.newcomer()), Refused::BadPath { path: said, .. } if said == tier));
    }
}

#[test]
fn a_file_that_is_listed_twice_is_refused() {
    let portal = Portal::of(1);
    portal.change_tier("open", |manifest| manifest["files"][1]["path"] = manifest["files"][0]["path"].clone());
    assert_eq!(portal.refused(&portal.newcomer()), Refused::ListedTwice { path: portal.in_latest("open/data/virs/virs.csv") });
}

#[test]
fn only_what_is_asked_for_is_read() {
    let portal = Portal::of(1);
    let paths = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>();
    let manifests = ["manifest.json", "manifest.json.minisig"];
    let tiers = ["open/manifest.json", "public/manifest.json"];
    let (verified, read) = portal.reads(HowMuch::Manifests);
    assert_eq!((verified.unwrap().files, read), (0, paths(&[manifests, tiers].concat())));
    let (verified, read) = portal.reads(HowMuch::Tiers(paths(&["open"])));
    let open = ["open/manifest.json", "open/data/virs/virs.csv", "open/paieska/š.json"];
    assert_eq!((verified.unwrap().files, read), (2, paths(&[manifests.as_slice(), &open].concat())));
    let (verified, read) = portal.reads(HowMuch::Everything);
    assert_eq!((verified.unwrap().files, read.len()), (5, 9));
    let (refused, _) = portal.reads(HowMuch::Tiers(paths(&["internal", "open"])));
    assert_eq!(refused, Err(Refused::NoSuchTier { release: portal.latest(), tier: "internal".to_owned() }));
}

#[test]
fn a_release_of_the_first_format_is_read() {
    let portal = Portal::of(1);
    let mut files = Vec::new();
    for tier in ["open", "public"] {
        let listed: serde_json::Value = serde_json::from_slice(&portal.get(&portal.in_latest(&format!("{tier}/manifest.json")))).unwrap();
        files.extend(listed["files"].as_array().unwrap().iter().cloned().map(|mut file| {
            file["tier"] = json!(tier);
            file
        }));
    }
    portal.change_manifest(&portal.latest(), |manifest| {
        manifest["format"] = json!(1);
        manifest.as_object_mut().unwrap().remove("tiers");
        manifest["files"].as_array_mut().unwrap().extend(files);
    });
    portal.point_to(&portal.latest());
    let files = |how_much| portal.reads(how_much).0.map(|verified| verified.files);
    assert_eq!((files(HowMuch::Everything), files(HowMuch::Manifests)), (Ok(5), Ok(0)));
    assert_eq!(files(HowMuch::Tiers(BTreeSet::from(["public".to_owned()]))), Ok(2));
    assert!(matches!(files(HowMuch::Tiers(BTreeSet::from(["internal".to_owned()]))), Err(Refused::NoSuchTier { .. })));
    portal.put(&portal.in_latest(CSV), b"x");
    assert_eq!(files(HowMuch::Everything), Err(Refused::Differs { path: portal.in_latest(CSV) }));
}
