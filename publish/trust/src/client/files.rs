//! The files of a release: each must have the size and the hash that a manifest says, and of none is more read than that.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sha2::{Digest, Sha256};

use crate::fetch::{Fetch, MANIFEST_AT_MOST, open, read};
use crate::layout::{self, in_release, path_problem};
use crate::manifest::{FileEntry, Manifest, TierManifest};
use crate::refused::Refused;
use crate::sha256;

const BUFFER: usize = 64 << 10;

/// How much of the latest release is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HowMuch {
    /// The manifests alone.
    Manifests,
    /// The files of these tiers.
    Tiers(BTreeSet<String>),
    /// Every file.
    Everything,
}

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// Checks the manifests of the tiers and as many files as are asked for, `at_once` of them at the same time.
pub(super) fn check(fetch: &dyn Fetch, release: &Manifest, how_much: &HowMuch, at_once: usize) -> Result<Checked, Refused> {
    let listed = listed(fetch, release, how_much)?;
    let wanted: Vec<&FileEntry> = match how_much {
        HowMuch::Manifests => Vec::new(),
        HowMuch::Everything => listed.iter().collect(),
        HowMuch::Tiers(tiers) => listed.iter().filter(|file| file.tier.as_ref().is_some_and(|tier| tiers.contains(tier))).collect(),
    };
    if let (HowMuch::Tiers(tiers), true) = (how_much, release.withdrawn.is_none()) {
        let has = |tier: &&String| listed.iter().any(|file| file.tier.as_ref() == Some(*tier)) || release.tiers.contains_key(*tier);
        if let Some(tier) = tiers.iter().find(|tier| !has(tier)) {
            return Err(Refused::NoSuchTier { release: release.name(), tier: tier.clone() });
        }
    }
    let name = release.name();
    first_refused(wanted.len(), at_once, |place| check_file(fetch, &name, wanted[place]))?;
    Ok(Checked { files: wanted.len() as u64, bytes: wanted.iter().map(|file| file.bytes).sum() })
}

/// All files that the manifests list which have to be read.
fn listed(fetch: &dyn Fetch, release: &Manifest, how_much: &HowMuch) -> Result<Vec<FileEntry>, Refused> {
    let name = release.name();
    let mut files = release.files.clone();
    check_paths(&layout::manifest(&name), "", &files)?;
    for (tier, named) in &release.tiers {
        if matches!(how_much, HowMuch::Tiers(tiers) if !tiers.contains(tier)) {
            continue;
        }
        files.extend(tier_files(fetch, release, tier, named)?);
    }
    let mut paths = BTreeSet::new();
    match files.iter().find(|file| !paths.insert(file.path.as_str())) {
        Some(twice) => Err(Refused::ListedTwice { path: in_release(&name, &twice.path) }),
        None => Ok(files),
    }
}

/// The files of a tier, as the manifest lists them that the release's manifest names.
fn tier_files(fetch: &dyn Fetch, release: &Manifest, tier: &str, named: &str) -> Result<Vec<FileEntry>, Refused> {
    let reason = path_problem(tier).or_else(|| tier.contains('/').then_some("a tier is one folder"));
    if let Some(reason) = reason {
        return Err(Refused::BadPath { manifest: layout::manifest(&release.name()), path: tier.to_owned(), reason });
    }
    let folder = format!("{tier}/");
    let path = in_release(&release.name(), &format!("{folder}{}", layout::MANIFEST));
    let bytes = read(fetch, &path, MANIFEST_AT_MOST)?;
    let other = || Refused::OtherTier { path: path.clone(), release: release.name() };
    if sha256(&bytes) != named {
        return Err(other());
    }
    let manifest: TierManifest =
        serde_json::from_slice(&bytes).map_err(|error| Refused::Unusable { path: path.clone(), reason: error.to_string() })?;
    if (manifest.tier.as_str(), manifest.sequence, manifest.date) != (tier, release.sequence, release.date) {
        return Err(other());
    }
    check_paths(&path, &folder, &manifest.files)?;
    Ok(manifest.files.into_iter().map(|file| FileEntry { tier: Some(tier.to_owned()), ..file }).collect())
}

/// That each path stays in the folder.
fn check_paths(manifest: &str, folder: &str, files: &[FileEntry]) -> Result<(), Refused> {
    let outside = |path: &str| (!path.starts_with(folder)).then_some("it lies outside the folder of its tier");
    files.iter().try_for_each(|file| match path_problem(&file.path).or_else(|| outside(&file.path)) {
        Some(reason) => Err(Refused::BadPath { manifest: manifest.to_owned(), path: file.path.clone(), reason }),
        None => Ok(()),
    })
}

fn check_file(fetch: &dyn Fetch, release: &str, file: &FileEntry) -> Result<(), Refused> {
    let path = in_release(release, &file.path);
    let mut source = open(fetch, &path, file.bytes)?;
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; BUFFER], 0);
    loop {
        let read = source.read(&mut buffer).map_err(|error| Refused::Unreachable { path: path.clone(), reason: error.to_string() })?;
        hash.update(&buffer[..read]);
        bytes += read as u64;
        if bytes > file.bytes {
            return Err(Refused::TooLong { path, at_most: file.bytes });
        }
        if read == 0 {
            break;
        }
    }
    match bytes == file.bytes && hex::encode(hash.finalize()) == file.sha256 {
        true => Ok(()),
        false => Err(Refused::Differs { path }),
    }
}

/// Does something for every place, several at the same time. Of those that are refused, the one with the first place is given, however they
/// take turns.
fn first_refused(places: usize, at_once: usize, work: impl Fn(usize) -> Result<(), Refused> + Sync) -> Result<(), Refused> {
    let (next, refused) = (AtomicUsize::new(0), Mutex::new(None::<(usize, Refused)>));
    let take_turns = || {
        loop {
            // In order, so that all before one that is refused are already at work.
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= places {
                return;
            }
            if let Err(found) = work(place) {
                next.store(places, Ordering::Relaxed);
                if let Ok(mut refused) = refused.lock()
                    && refused.as_ref().is_none_or(|(earlier, _)| place < *earlier)
                {
                    *refused = Some((place, found));
                }
            }
        }
    };
    thread::scope(|scope| (0..at_once.clamp(1, places.max(1))).for_each(|_| drop(scope.spawn(take_turns))));
    match refused.into_inner() {
        Ok(Some((_, refused))) => Err(refused),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_worked_on_once_and_the_first_refusal_is_given() {
        let done = Mutex::new(Vec::new());
        first_refused(1000, 8, |place| {
            done.lock().unwrap().push(place);
            Ok(())
        })
        .unwrap();
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..1000).collect::<Vec<_>>());
        let refuse = |place: usize| match place == 300 || place >= 302 {
            true => Err(Refused::Differs { path: place.to_string() }),
            false => Ok(()),
        };
        for at_once in [1, 2, 8, 2000] {
            assert_eq!(first_refused(1000, at_once, refuse), Err(Refused::Differs { path: "300".to_owned() }));
        }
        assert_eq!(first_refused(0, 8, refuse), Ok(()));
    }
}
