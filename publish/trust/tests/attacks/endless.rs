//! Endless data: whatever goes on after it should have ended is refused before much of it was read.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use trust::{Fetch, FetchError, Folder, Refused, layout};

use super::portal::{Portal, manifest};

/// In the place of one file there is one without an end, and whatever has one may say so or not.
struct Endless<'a> {
    folder: Folder,
    path: &'a str,
    read: AtomicU64,
}

impl Fetch for Endless<'_> {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        match path == self.path {
            true => Ok(Box::new(WithoutEnd(&self.read))),
            false => self.folder.fetch(path, at_most),
        }
    }
}

struct WithoutEnd<'a>(&'a AtomicU64);

impl Read for WithoutEnd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        buffer.fill(b' ');
        let before = self.0.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        assert!(before < 80 << 20, "it is read without an end");
        Ok(buffer.len())
    }
}

#[test]
fn a_file_without_an_end_is_refused_in_every_place() {
    let portal = Portal::of(2);
    let latest = |path: &str| format!("releases/{}/{path}", portal.latest());
    let csv = latest("open/data/virs/virs.csv");
    let size = portal.get(&csv).len() as u64;
    let manifests = 64 << 20;
    for (path, at_most) in [
        (layout::key_list(1), 1 << 20),
        (layout::key_list_signature(1), 4 << 10),
        (layout::key_list(2), 1 << 20),
        ("latest.json".to_owned(), 64 << 10),
        ("latest.json.minisig".to_owned(), 4 << 10),
        (manifest(&portal), manifests),
        (layout::signature(&manifest(&portal)), 4 << 10),
        (layout::manifest(&portal.releases[0]), manifests),
        (latest("public/manifest.json"), manifests),
        (csv, size),
    ] {
        let endless = Endless { folder: Folder::new(&portal.root()), path: &path, read: AtomicU64::new(0) };
        let refused = portal.verify_through(&endless, &portal.newcomer()).unwrap_err();
        assert_eq!(refused, Refused::TooLong { path: path.clone(), at_most });
        let read = endless.read.load(Ordering::Relaxed);
        assert!((at_most..at_most + 2).contains(&read), "{path}: {read} bytes were read, {at_most} are allowed");
    }
}

#[test]
fn a_file_that_is_longer_than_the_manifest_says_is_refused_unread() {
    let portal = Portal::of(1);
    let path = format!("releases/{}/index.html", portal.latest());
    let mut bytes = portal.get(&path);
    let at_most = bytes.len() as u64;
    bytes.push(b'\n');
    portal.put(&path, &bytes);
    assert!(matches!(Folder::new(&portal.root()).fetch(&path, at_most), Err(FetchError::TooLong)));
    assert_eq!(portal.refused(&portal.newcomer()), Refused::TooLong { path, at_most });
}

/// Breaks off.
struct Torn(Folder);

impl Fetch for Torn {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        match path.ends_with(".csv") {
            true => Ok(Box::new(self.0.fetch(path, at_most)?.take(3).chain(Broken))),
            false => self.0.fetch(path, at_most),
        }
    }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("connection reset"))
    }
}

#[test]
fn a_connection_that_breaks_off_is_no_proof_of_anything() {
    let portal = Portal::of(1);
    let refused = portal.verify_through(&Torn(Folder::new(&portal.root())), &portal.newcomer()).unwrap_err();
    assert!(matches!(refused, Refused::Unreachable { reason, .. } if reason == "connection reset"));
}
