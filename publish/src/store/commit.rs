//! From staging folder to release, so that a kill at any point leaves `latest` whole.
//!
//! The one commit point is the rename that swaps the portal's `latest`. Everything before it is written down in a journal
//! and undone by the next [`Store::stage`] if the program dies in between; the internal side goes first, the portal last.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use catalog::Tier;
use rayon::prelude::*;

use super::entries::file_sha256;
use super::manifest::{FORMAT, FileEntry, MANIFEST, MANIFEST_SUM, Manifest, Previous, ReleaseInfo, release_name, sha256, sum_line};
use super::sides::{LATEST, RELEASES, Side, Store, names, remove_folder};
use super::signature::MANIFEST_SIGNATURE;
use super::staging::Staging;
use super::tier_manifest::{PORTAL_TIERS, TierManifest};
use crate::error::Error;
use crate::incremental::file_stats::FileStats;
use crate::paths::path_in_release;

/// Names the release that is being switched to.
const JOURNAL: &str = ".committing";

/// A finished release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Folder name, `<sequence>-<date>`.
    pub name: String,
    /// Number of the release, from 1.
    pub sequence: u64,
    /// Its folder in the portal.
    pub portal: PathBuf,
    /// Its folder in the internal tier.
    pub internal: PathBuf,
    /// SHA-256 of the portal's manifest.
    pub manifest_sha256: String,
    /// Files of both sides.
    pub files: usize,
    /// Size of both sides.
    pub bytes: u64,
    /// Size of what no earlier release had.
    pub new_bytes: u64,
    /// What the file system says of the files of both sides, the portal's first, for the next release.
    pub file_stats: [FileStats; 2],
}

impl Staging {
    /// Makes what was written the latest release.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Manifest`]; the portal then shows what it showed before.
    pub fn commit(self, release: &ReleaseInfo) -> Result<Committed, Error> {
        let (plan, mut committed) = self.prepare(release)?;
        if let Err(error) = STEPS.iter().try_for_each(|step| step(&plan)) {
            recover(&self.store)?;
            return Err(error);
        }
        committed.file_stats = [(&committed.portal, false), (&committed.internal, true)]
            .map(|(root, internal)| FileStats::take(root, &self.entries(internal)));
        tracing::info!(release = committed.name, files = committed.files, bytes = committed.bytes, "released");
        Ok(committed)
    }

    /// Everything that can be done before anybody sees it: shared objects, manifests, and all of it on the disk.
    fn prepare(&self, release: &ReleaseInfo) -> Result<(Plan, Committed), Error> {
        let sequence = next_sequence(&self.store)?;
        let name = release_name(sequence, release.date);
        let mut committed = Committed {
            portal: self.store.portal.release(&name),
            internal: self.store.internal.release(&name),
            name: name.clone(),
            sequence,
            manifest_sha256: String::new(),
            files: 0,
            bytes: 0,
            new_bytes: 0,
            file_stats: Default::default(),
        };
        for (side, staged) in [(&self.store.internal, &self.internal), (&self.store.portal, &self.portal)] {
            let files = self.entries(side.internal);
            committed.files += files.len();
            committed.bytes += files.iter().map(|file| file.bytes).sum::<u64>();
            committed.new_bytes += share_all(side, staged, &files)?;
            // By its number, not what `latest` shows: a release that was taken out of service stays in the chain.
            let previous = names(&side.releases())?.pop().map(|release| -> Result<_, Error> {
                let (_, sha256) = Manifest::read(&side.release(&release))?;
                Ok(Previous { release, sha256 })
            });
            let tiers = if side.internal { BTreeMap::new() } else { write_tier_manifests(side, staged, sequence, release, &files)? };
            let manifest = Manifest {
                format: FORMAT,
                sequence,
                date: release.date,
                code_version: release.code_version.clone(),
                definitions: release.definitions.clone(),
                publication: release.publication.clone().filter(|_| !side.internal),
                person_ids: release.person_ids,
                previous: previous.transpose()?,
                withdrawn: None,
                revised: Vec::new(),
                sources: if side.internal { release.sources.clone() } else { Vec::new() },
                files: files.into_iter().filter(|file| !file.tier.is_some_and(|tier| tiers.contains_key(&tier))).collect(),
                tiers,
            };
            committed.manifest_sha256 = write_manifest(side, staged, &manifest)?;
        }
        for side in [&self.store.internal, &self.store.portal] {
            sync_file_system(&side.root)?;
        }
        let plan = Plan { store: self.store.clone(), portal: self.portal.clone(), internal: self.internal.clone(), name };
        Ok((plan, committed))
    }
}

/// Makes staged files and the objects of the same content one file each; gives the size of what was no object before.
pub(crate) fn share_all(side: &Side, staged: &Path, files: &[FileEntry]) -> Result<u64, Error> {
    let mut sound = sound_objects(side, staged, files);
    let mut new_bytes = 0;
    for file in files {
        if !share(side, &staged.join(&file.path), &file.sha256, sound.contains(file.sha256.as_str()))? {
            new_bytes += file.bytes;
            // Made just now.
            sound.insert(&file.sha256);
        }
    }
    Ok(new_bytes)
}

/// Writes a manifest, its hash and its signature into a folder; gives the hash.
pub(crate) fn write_manifest(side: &Side, folder: &Path, manifest: &Manifest) -> Result<String, Error> {
    let bytes = manifest.print()?;
    let sha256 = sha256(&bytes);
    write_new(side, &folder.join(MANIFEST), &bytes)?;
    write_new(side, &folder.join(MANIFEST_SUM), sum_line(&sha256).as_bytes())?;
    if let Some(signer) = &side.signer {
        let failed = |reason| Error::Signature { release: manifest.name(), reason };
        let signature = signer.sign(&bytes).map_err(failed)?;
        write_new(side, &folder.join(MANIFEST_SIGNATURE), signature.as_bytes())?;
    }
    Ok(sha256)
}

/// Writes the manifest of each tier into its folder; gives their hashes.
fn write_tier_manifests(
    side: &Side,
    staged: &Path,
    sequence: u64,
    release: &ReleaseInfo,
    files: &[FileEntry],
) -> Result<BTreeMap<Tier, String>, Error> {
    let write = |tier: Tier| {
        write_tier_manifest(side, staged, tier, &TierManifest::of(tier, sequence, release, files)).map(|sha256| (tier, sha256))
    };
    PORTAL_TIERS.into_iter().map(write).collect()
}

/// Writes the manifest of a tier into its folder; gives the hash.
pub(crate) fn write_tier_manifest(side: &Side, staged: &Path, tier: Tier, manifest: &TierManifest) -> Result<String, Error> {
    let (path, bytes) = (staged.join(path_in_release(tier, MANIFEST)), manifest.print()?);
    path.parent().map_or(Ok(()), |folder| side.create_folder(folder))?;
    write_new(side, &path, &bytes)?;
    Ok(sha256(&bytes))
}

/// What the steps need.
struct Plan {
    store: Store,
    portal: PathBuf,
    internal: PathBuf,
    name: String,
}

type CommitStep = fn(&Plan) -> Result<(), Error>;

/// The switch, in order. Each step is durable before the next begins; the last but one is the commit point.
const STEPS: [CommitStep; 6] = [
    |plan| write_journal(&plan.store.portal, &plan.name),
    |plan| settle(&plan.store.internal, &plan.internal, &plan.name),
    |plan| point(&plan.store.internal, &plan.name),
    |plan| settle(&plan.store.portal, &plan.portal, &plan.name),
    |plan| point(&plan.store.portal, &plan.name),
    |plan| remove_journal(&plan.store.portal),
];

/// Undoes a commit that did not reach its commit point; finishes one that did.
pub(super) fn recover(store: &Store) -> Result<(), Error> {
    let journal = store.portal.root.join(JOURNAL);
    let name = match fs::read_to_string(&journal) {
        Ok(name) => name,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", &journal)(error)),
    };
    let shown = store.portal.latest_name();
    // An empty journal was cut short itself, so nothing had been switched.
    if !name.is_empty() && shown.as_ref() != Some(&name) {
        tracing::warn!(release = name, "undoing a release that was cut short");
        if store.internal.latest_name().as_ref() == Some(&name) {
            match shown.filter(|shown| store.internal.release(shown).is_dir()) {
                Some(shown) => point(&store.internal, &shown)?,
                None => fs::remove_file(store.internal.latest()).map_err(Error::io("remove", &store.internal.latest()))?,
            }
        }
        for side in [&store.internal, &store.portal] {
            remove_folder(&side.release(&name))?;
        }
    }
    remove_journal(&store.portal)
}

/// The number of the release after all that there are; the store must be locked.
pub(crate) fn next_sequence(store: &Store) -> Result<u64, Error> {
    let mut known = names(&store.portal.releases())?;
    known.extend(names(&store.internal.releases())?);
    let number = |name: &String| name.split_once('-').and_then(|(sequence, _)| sequence.parse::<u64>().ok());
    Ok(known.iter().filter_map(number).max().unwrap_or(0) + 1)
}

/// Objects with the same content as staged files, compared byte by byte where they are not the very same file.
fn sound_objects<'a>(side: &Side, staged: &Path, files: &'a [FileEntry]) -> HashSet<&'a str> {
    let by_content: HashMap<&str, &FileEntry> = files.iter().map(|file| (file.sha256.as_str(), file)).collect();
    let is_sound = |file: &FileEntry| {
        let object = side.objects().join(&file.sha256);
        let same = fs::metadata(&object).is_ok_and(|known| is_same_file(&staged.join(&file.path), &known));
        same || file_sha256(&object).is_ok_and(|found| found == file.sha256)
    };
    by_content.into_par_iter().filter(|(_, file)| is_sound(file)).map(|(sha256, _)| sha256).collect()
}

fn is_same_file(path: &Path, known: &Metadata) -> bool {
    fs::metadata(path).is_ok_and(|found| (found.dev(), found.ino()) == (known.dev(), known.ino()))
}

/// Makes the staged file and the object of the same content one file on disk. `true` if there was such an object.
fn share(side: &Side, staged: &Path, sha256: &str, sound: bool) -> Result<bool, Error> {
    let object = side.objects().join(sha256);
    if let Ok(known) = fs::metadata(&object) {
        if is_same_file(staged, &known) {
            return Ok(true);
        }
        if sound {
            // Linked beside and renamed over, because a link cannot replace a file.
            let beside = staged.with_added_extension("link");
            return match fs::hard_link(&object, &beside) {
                Ok(()) => fs::rename(&beside, staged).map(|()| true).map_err(Error::io("link", staged)),
                // ext4 allows 65 000 links to one file; from there on the content is kept once more.
                Err(error) if error.kind() == io::ErrorKind::TooManyLinks => Ok(true),
                Err(error) => Err(Error::io("link", &object)(error)),
            };
        }
        // Cut short by a crash of the machine or damaged: what was just hashed takes its place.
        fs::remove_file(&object).map_err(Error::io("replace", &object))?;
    }
    fs::hard_link(staged, &object).map_err(Error::io("link", &object))?;
    Ok(false)
}

pub(crate) fn write_new(side: &Side, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write;
    let open = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(side.file_mode()).open(path);
    let mut file = side.open_to_readers(open.map_err(Error::io("write", path))?, path)?;
    file.write_all(bytes).map_err(Error::io("write", path))
}

fn write_journal(portal: &Side, name: &str) -> Result<(), Error> {
    let path = portal.root.join(JOURNAL);
    write_new(portal, &path, name.as_bytes())?;
    sync(&path)?;
    sync(&portal.root)
}

fn remove_journal(portal: &Side) -> Result<(), Error> {
    let path = portal.root.join(JOURNAL);
    fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    sync(&portal.root)
}

/// Moves the staging folder to its place among the releases.
fn settle(side: &Side, staged: &Path, name: &str) -> Result<(), Error> {
    let release = side.release(name);
    fs::rename(staged, &release).map_err(Error::io("move the staging folder to", &release))?;
    sync(&side.releases())
}

/// Swaps `latest` by one rename.
pub(super) fn point(side: &Side, name: &str) -> Result<(), Error> {
    let beside = side.root.join(format!(".{LATEST}"));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("remove", &beside)(error)),
        _ => {}
    }
    symlink(Path::new(RELEASES).join(name), &beside).map_err(Error::io("link", &beside))?;
    fs::rename(&beside, side.latest()).map_err(Error::io("swap", &side.latest()))?;
    sync(&side.root)
}

pub(super) fn sync(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::io("flush to disk", path))
}

/// One call for thousands of files: an `fsync` for each would take minutes on a disk.
pub(crate) fn sync_file_system(path: &Path) -> Result<(), Error> {
    let flush = File::open(path).and_then(|folder| Ok(rustix::fs::syncfs(&folder)?));
    flush.map_err(Error::io("flush to disk the file system of", path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use chrono::NaiveDate;

    use super::*;
    use crate::list;

    fn store(home: &Path) -> Store {
        Store::open(&home.join("portal"), &home.join("internal")).unwrap()
    }

    fn info() -> ReleaseInfo {
        let date = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        ReleaseInfo {
            date,
            code_version: "0.1.0".to_owned(),
            definitions: "d".to_owned(),
            sources: Vec::new(),
            rounded_to: None,
            publication: None,
            person_ids: None,
        }
    }

    fn staged(store: &Store, text: &str) -> Staging {
        let staging = store.stage().unwrap();
        staging.write_bytes(Tier::Public, "data/virs/virs.csv", text.as_bytes()).unwrap();
        staging.write_bytes(Tier::Internal, "data/virs/virs.csv", b"internal").unwrap();
        staging.write_root("index.html", b"<p>ta pati</p>").unwrap();
        staging
    }

    #[test]
    fn two_releases_share_what_did_not_change() {
        let home = tempfile::tempdir().unwrap();
        let store = store(home.path());
        let first = staged(&store, "a").commit(&info()).unwrap();
        let second = staged(&store, "a").commit(&info()).unwrap();
        assert_eq!((first.name.as_str(), second.name.as_str()), ("000001-2026-03-01", "000002-2026-03-01"));
        assert_eq!(second.new_bytes, 0);
        let inode = |release: &Committed, path: &str| fs::metadata(release.portal.join(path)).unwrap().ino();
        assert_eq!(inode(&first, "public/data/virs/virs.csv"), inode(&second, "public/data/virs/virs.csv"));
        assert_eq!(names(&store.portal.objects()).unwrap().len(), 2);
        let (manifest, _) = Manifest::read(&second.portal).unwrap();
        assert_eq!(manifest.previous.unwrap(), Previous { release: first.name, sha256: first.manifest_sha256 });
        let listed = list(&store.portal.root).unwrap();
        assert_eq!(listed.iter().map(|release| release.is_latest).collect::<Vec<_>>(), [false, true]);
        assert_eq!(store.latest().unwrap(), second.portal);
        assert!(names(&store.portal.root).unwrap().iter().all(|name| !name.starts_with(".staging") && name != JOURNAL));
    }

    #[test]
    fn the_same_inputs_give_the_same_manifest() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let commit = |home: &Path| staged(&store(home), "a").commit(&info()).unwrap().manifest_sha256;
        assert_eq!(commit(one.path()), commit(two.path()));
    }

    #[test]
    fn the_internal_tier_stays_outside_the_portal_and_closed() {
        let home = tempfile::tempdir().unwrap();
        let committed = staged(&store(home.path()), "a").commit(&info()).unwrap();
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(committed.internal.clone()), 0o700);
        for path in ["data/virs/virs.csv", MANIFEST, MANIFEST_SUM] {
            assert_eq!(mode(committed.internal.join(path)), 0o600, "{path}");
        }
        let (manifest, _) = Manifest::read(&committed.portal).unwrap();
        let files = manifest.all_files(&committed.portal).unwrap();
        assert!(files.len() == 2 && files.iter().all(|file| file.tier != Some(Tier::Internal)));
    }

    #[test]
    fn a_kill_after_any_step_leaves_latest_whole_and_is_undone() {
        for steps in 0..=STEPS.len() {
            let home = tempfile::tempdir().unwrap();
            let store = store(home.path());
            let first = staged(&store, "a").commit(&info()).unwrap();
            let staging = staged(&store, "b");
            let (plan, second) = staging.prepare(&info()).unwrap();
            STEPS[..steps].iter().for_each(|step| step(&plan).unwrap());
            // A killed process runs no destructor, and the system frees its lock.
            staging.lock.as_ref().unwrap().unlock().unwrap();
            std::mem::forget(staging);

            let reached = steps >= STEPS.len() - 1;
            let want = if reached { &second } else { &first };
            let text = fs::read_to_string(store.portal.latest().join("public/data/virs/virs.csv")).unwrap();
            assert_eq!(text, if reached { "b" } else { "a" }, "after {steps} steps");
            assert_eq!(Manifest::read(&store.portal.latest()).unwrap().0.name(), want.name);

            drop(store.stage().unwrap());
            assert_eq!(store.latest().unwrap(), want.portal);
            assert_eq!(store.latest_internal().unwrap(), want.internal, "after {steps} steps");
            let known = if reached { 2 } else { 1 };
            for side in [&store.portal, &store.internal] {
                assert_eq!(names(&side.releases()).unwrap().len(), known);
                assert!(side.leftovers().unwrap().is_empty());
            }
        }
    }

    #[test]
    fn a_damaged_object_is_not_given_to_a_new_release() {
        let home = tempfile::tempdir().unwrap();
        let store = store(home.path());
        staged(&store, "a").commit(&info()).unwrap();
        for damage in [b"".as_slice(), b"b"] {
            fs::write(store.portal.objects().join(sha256(b"a")), damage).unwrap();
            let second = staged(&store, "a").commit(&info()).unwrap();
            assert_eq!(fs::read(second.portal.join("public/data/virs/virs.csv")).unwrap(), b"a");
        }
    }
}
