//! A small portal in a folder, with real signatures, and readers of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use trust::{
    Back, Fetch, Folder, HowMuch, KeyList, Known, Pointer, Refused, Request, SecretKey, Signer, Verified, layout, sign_key_list, verify,
};

pub(crate) const TIERS: [&str; 2] = ["public", "open"];

/// Of a portal that keeps what it publishes below `root`, and its keys elsewhere.
pub(crate) struct Portal {
    home: TempDir,
    pub(crate) list: KeyList,
    list_key: String,
    release_key: String,
    pub(crate) releases: Vec<String>,
    pub(crate) oldest: u64,
    pub(crate) today: NaiveDate,
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Portal {
    /// With a list of keys and nothing else: `list-1` signs lists, `release-1` releases.
    pub(crate) fn empty() -> Self {
        Self::signing_since(1)
    }

    /// The same, whose releases are signed from a number on.
    pub(crate) fn signing_since(since: u64) -> Self {
        let home = tempfile::tempdir().unwrap();
        for folder in ["secrets", "portal", "portal/keys", "portal/releases"] {
            fs::create_dir(home.path().join(folder)).unwrap();
        }
        let key = |name: &str| {
            let key = SecretKey::generate().unwrap();
            key.write(&home.path().join("secrets").join(name)).unwrap();
            key
        };
        let (list_key, release_key) = (key("list-1"), key("release-1"));
        let list = KeyList::first(vec![list_key.public_key().clone()], release_key.public_key().clone(), since).unwrap();
        let signed = sign_key_list(&list, &list_key, None).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let portal =
            Self { list, list_key: "list-1".into(), release_key: "release-1".into(), releases: Vec::new(), oldest: 1, today, home };
        portal.put(&layout::key_list(1), &signed.bytes);
        portal.put(&layout::key_list_signature(1), signed.signature.as_bytes());
        portal
    }

    /// With so many releases, one a day.
    pub(crate) fn of(releases: usize) -> Self {
        let mut portal = Self::empty();
        (0..releases).for_each(|_| drop(portal.publish()));
        portal
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.home.path().join("portal")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    /// A signed file and its signature.
    pub(crate) fn get_signed(&self, path: &str) -> [Vec<u8>; 2] {
        [self.get(path), self.get(&layout::signature(path))]
    }

    pub(crate) fn put_signed(&self, path: &str, [bytes, signature]: &[Vec<u8>; 2]) {
        self.put(path, bytes);
        self.put(&layout::signature(path), signature);
    }

    /// Makes a key and keeps it under a name.
    pub(crate) fn make_key(&self, name: &str) -> SecretKey {
        let key = SecretKey::generate().unwrap();
        key.write(&self.home.path().join("secrets").join(name)).unwrap();
        key
    }

    pub(crate) fn key(&self, name: &str) -> SecretKey {
        SecretKey::read(&self.home.path().join("secrets").join(name)).unwrap()
    }

    pub(crate) fn signer(&self) -> Signer {
        Signer::new(self.key(&self.release_key), &self.get(&layout::key_list(self.list.version))).unwrap()
    }

    /// The day of a release.
    fn day(sequence: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap().checked_add_days(Days::new(sequence)).unwrap()
    }

    pub(crate) fn next_sequence(&self) -> u64 {
        self.releases.len() as u64 + 1
    }

    /// Name of the latest release.
    pub(crate) fn latest(&self) -> String {
        self.releases.last().unwrap().clone()
    }

    /// Publishes the next release and points to it.
    pub(crate) fn publish(&mut self) -> String {
        let name = self.write_release();
        self.sign_release(&name);
        self.point_to(&name);
        name
    }

    /// Writes the files and manifests of the next release.
    pub(crate) fn write_release(&mut self) -> String {
        let sequence = self.next_sequence();
        let (date, mut tiers) = (Self::day(sequence), BTreeMap::new());
        let name = format!("{sequence:06}-{date}");
        let entry = |path: &str, content: &str| {
            self.put(&format!("releases/{name}/{path}"), content.as_bytes());
            json!({"path": path, "sha256": sha256(content.as_bytes()), "bytes": content.len()})
        };
        let page = entry("index.html", &format!("<p>{sequence}</p>"));
        for tier in TIERS {
            let paths = [format!("{tier}/data/virs/virs.csv"), format!("{tier}/paieska/š.json")];
            let files: Vec<Value> = paths.iter().map(|path| entry(path, &format!("{path} of release {sequence}\n"))).collect();
            let manifest = json!({"format": 2, "tier": tier, "sequence": sequence, "date": date, "sources": [], "files": files});
            let bytes = serde_json::to_vec_pretty(&manifest).unwrap();
            tiers.insert(tier, sha256(&bytes));
            self.put(&format!("releases/{name}/{tier}/manifest.json"), &bytes);
        }
        let previous =
            self.releases.last().map(|release| json!({"release": release, "sha256": sha256(&self.get(&layout::manifest(release)))}));
        let mut manifest = json!({"format": 2, "sequence": sequence, "date": date, "code_version": "0.1.0", "definitions": "d",
            "tiers": tiers, "files": [page]});
        if let Some(previous) = previous {
            manifest["previous"] = previous;
        }
        self.write_manifest(&name, &manifest);
        self.today = date;
        self.releases.push(name.clone());
        name
    }

    pub(crate) fn read_manifest(&self, release: &str) -> Value {
        serde_json::from_slice(&self.get(&layout::manifest(release))).unwrap()
    }

    pub(crate) fn write_manifest(&self, release: &str, manifest: &Value) {
        self.put(&layout::manifest(release), &serde_json::to_vec_pretty(manifest).unwrap());
    }

    pub(crate) fn sign_release(&self, release: &str) {
        let path = layout::manifest(release);
        let signature = self.signer().sign_manifest(&self.get(&path)).unwrap();
        self.put(&layout::signature(&path), signature.as_bytes());
    }

    /// Changes a manifest, and signs it as the publisher would: whoever does so has the key.
    pub(crate) fn change_manifest(&self, release: &str, change: impl FnOnce(&mut Value)) {
        let mut manifest = self.read_manifest(release);
        change(&mut manifest);
        self.write_manifest(release, &manifest);
        self.sign_release(release);
    }

    /// Removes something from a release: in its place stands one that names it.
    pub(crate) fn revise(&self, release: &str) {
        let replaced = sha256(&self.get(&layout::manifest(release)));
        self.change_manifest(release, |manifest| {
            let mut revised = manifest["revised"].as_array().cloned().unwrap_or_default();
            revised.push(json!({"date": "2026-11-20", "why": "klaida", "manifest_sha256": replaced}));
            manifest["revised"] = Value::Array(revised);
        });
    }

    /// Withdraws a release; for a second reason, if it was withdrawn before.
    pub(crate) fn withdraw(&self, release: &str, why: &str) {
        let replaced = sha256(&self.get(&layout::manifest(release)));
        self.change_manifest(release, |manifest| {
            let replaced = manifest["withdrawn"]["manifest_sha256"].as_str().map_or(replaced, str::to_owned);
            manifest["withdrawn"] = json!({"date": "2026-11-21", "why": why, "manifest_sha256": replaced});
            manifest["tiers"] = json!({});
            manifest["files"] = json!([]);
        });
    }

    /// The pointer that stands there.
    pub(crate) fn pointer(&self) -> Option<Pointer> {
        self.path(layout::POINTER).is_file().then(|| Pointer::parse(&self.get(layout::POINTER)).unwrap())
    }

    /// Points to a release for three days.
    pub(crate) fn point_to(&self, release: &str) {
        let expires = self.today.checked_add_days(Days::new(3)).unwrap();
        let manifest = self.get(&layout::manifest(release));
        let signed = self.signer().point_to(&manifest, self.pointer().as_ref(), self.oldest, self.today, expires, None).unwrap();
        self.put_signed(layout::POINTER, &[signed.bytes, signed.signature.into_bytes()]);
    }

    /// Signs the next list of keys with a key of it and the one that signs lists today.
    pub(crate) fn put_list(&mut self, list: KeyList, list_key: &str) {
        let (own, before) = (self.key(list_key), self.key(&self.list_key));
        let signed = sign_key_list(&list, &own, Some((&self.list, &before))).unwrap();
        self.put(&layout::key_list(list.version), &signed.bytes);
        self.put(&layout::key_list_signature(list.version), signed.signature.as_bytes());
        self.put(&layout::key_list_previous_signature(list.version), signed.previous_signature.unwrap().as_bytes());
        (self.list, self.list_key) = (list, list_key.to_owned());
    }

    /// A new key signs lists from now on.
    pub(crate) fn rotate_list_key(&mut self, name: &str) {
        let key = self.make_key(name);
        self.put_list(self.list.with_list_keys(vec![key.public_key().clone()]).unwrap(), name);
        self.renew();
    }

    /// A new key signs releases from the next one on.
    pub(crate) fn rotate_release_key(&mut self, name: &str) {
        let key = self.make_key(name);
        let list = self.list.rotated(key.public_key().clone(), self.next_sequence()).unwrap();
        self.put_list(list, &self.list_key.clone());
        self.release_key = name.to_owned();
        self.renew();
    }

    /// A new key signs instead of a stolen one, all its releases among them.
    pub(crate) fn revoke_release_key(&mut self, name: &str) {
        let (key, stolen) = (self.make_key(name), self.key(&self.release_key));
        let list = self.list.revoked(stolen.public_key(), key.public_key().clone()).unwrap();
        self.put_list(list, &self.list_key.clone());
        self.release_key = name.to_owned();
        self.releases.iter().for_each(|release| self.sign_release(release));
        self.renew();
    }

    /// Signs the pointer again, as every night.
    pub(crate) fn renew(&self) {
        if let Some(pointer) = self.pointer() {
            self.point_to(&pointer.release);
        }
    }

    /// Somebody who has never read it, but was given the first key that signs lists.
    pub(crate) fn newcomer(&self) -> Known {
        Known::of(self.key("list-1").public_key().clone())
    }

    /// What is read of it today.
    pub(crate) fn verify(&self, known: &Known) -> Result<Verified, Refused> {
        verify(&Folder::new(&self.root()), known, &everything(), self.today)
    }

    pub(crate) fn verify_through(&self, fetch: &dyn Fetch, known: &Known) -> Result<Verified, Refused> {
        verify(fetch, known, &everything(), self.today)
    }

    /// What somebody knows who has just read it.
    pub(crate) fn reader(&self) -> Known {
        self.verify(&self.newcomer()).unwrap().known
    }

    /// Why it is not believed.
    pub(crate) fn refused(&self, known: &Known) -> Refused {
        self.verify(known).unwrap_err()
    }

    /// Paths of all files.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.root(), "", &mut found);
        found
    }

    /// All files as they are now.
    pub(crate) fn copy(&self) -> BTreeMap<String, Vec<u8>> {
        self.files().into_iter().map(|path| (path.clone(), self.get(&path))).collect()
    }

    /// Puts the files of an earlier copy in the place of those of today.
    pub(crate) fn put_back(&self, copy: &BTreeMap<String, Vec<u8>>) {
        fs::remove_dir_all(self.root()).unwrap();
        copy.iter().for_each(|(path, bytes)| self.put(path, bytes));
    }
}

pub(crate) fn everything() -> Request {
    Request { how_much: HowMuch::Everything, back: Back::First, at_once: 4 }
}

/// A path of the latest release's manifest, of all that may be attacked.
pub(crate) fn manifest(portal: &Portal) -> String {
    layout::manifest(&portal.latest())
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in names {
        match folder.join(&name).is_dir() {
            true => walk(&folder.join(&name), &format!("{prefix}{name}/"), found),
            false => found.push(format!("{prefix}{name}")),
        }
    }
}
