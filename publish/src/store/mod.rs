//! The release store: whole releases on disk, of which `latest` is one.
//!
//! ```text
//! portal/objects/<sha256>                 immutable content, hard-linked into releases
//! portal/releases/<sequence>-<date>/      manifest.json, manifest.sha256, index.html, public/…, open/…
//! portal/latest -> releases/…
//! internal/…                              the same for the internal tier: outside the portal, 0700 and 0600
//! ```

mod commit;
mod manifest;
mod staging;
mod stamps;
mod verify;
mod withdraw;

use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use catalog::Tier;
use chrono::NaiveDate;

use crate::Error;

pub use commit::Committed;
pub(crate) use manifest::sha256;
pub use manifest::{FileEntry, Manifest, Previous, ReleaseInfo, SourceEntry, SourceState, Withdrawn};
pub(crate) use staging::path_in;
pub use staging::{Contents, Staging, Written};
pub use stamps::Stamps;
pub(crate) use verify::read_sound_manifest;
pub use verify::{VerifyReport, verify};
pub use withdraw::Holding;

const OBJECTS: &str = "objects";
const RELEASES: &str = "releases";
const LATEST: &str = "latest";
const LOCK: &str = ".lock";
const STAGING: &str = ".staging-";

/// Mode of the folders and files of the internal tier.
const INTERNAL_FOLDER: u32 = 0o700;
const INTERNAL_FILE: u32 = 0o600;
const PORTAL_FOLDER: u32 = 0o755;
const PORTAL_FILE: u32 = 0o644;

/// One side of the store: the portal, or the internal folder. Both have the same shape.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) root: PathBuf,
    pub(crate) internal: bool,
}

impl Side {
    fn open(root: &Path, internal: bool) -> Result<Self, Error> {
        let side = Self { root: root.to_owned(), internal };
        side.create_folder(root)?;
        let root = root.canonicalize().map_err(Error::io("resolve", root))?;
        let side = Self { root, internal };
        if internal {
            // The folder may have been made by hand with the usual mode.
            fs::set_permissions(&side.root, Permissions::from_mode(INTERNAL_FOLDER)).map_err(Error::io("close to others", &side.root))?;
        }
        side.create_folder(&side.objects())?;
        side.create_folder(&side.releases())?;
        Ok(side)
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.root.join(OBJECTS)
    }

    pub(crate) fn releases(&self) -> PathBuf {
        self.root.join(RELEASES)
    }

    pub(crate) fn release(&self, name: &str) -> PathBuf {
        self.releases().join(name)
    }

    pub(crate) fn latest(&self) -> PathBuf {
        self.root.join(LATEST)
    }

    /// Name of the release that `latest` shows.
    pub(crate) fn latest_name(&self) -> Option<String> {
        let target = fs::read_link(self.latest()).ok()?;
        Some(target.file_name()?.to_string_lossy().into_owned())
    }

    pub(crate) fn file_mode(&self) -> u32 {
        if self.internal { INTERNAL_FILE } else { PORTAL_FILE }
    }

    /// Makes a folder and those above it. The process takes all rights of others away from what it makes (its `umask`); what a web server
    /// reads is given them here and in [`Side::open_to_readers`].
    pub(crate) fn create_folder(&self, path: &Path) -> Result<(), Error> {
        let mode = if self.internal { INTERNAL_FOLDER } else { PORTAL_FOLDER };
        let missing: Vec<&Path> = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()).collect();
        missing.into_iter().rev().try_for_each(|folder| {
            let made = DirBuilder::new().mode(mode).create(folder).and_then(|()| fs::set_permissions(folder, Permissions::from_mode(mode)));
            match made {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
                result => result.map_err(Error::io("create folder", folder)),
            }
        })
    }

    /// Gives a new file the rights that its side's files have.
    pub(crate) fn open_to_readers(&self, file: File, path: &Path) -> Result<File, Error> {
        if !self.internal {
            file.set_permissions(Permissions::from_mode(self.file_mode())).map_err(Error::io("open to readers", path))?;
        }
        Ok(file)
    }

    /// Folders of runs that ended without commit or removal.
    fn leftovers(&self) -> Result<Vec<PathBuf>, Error> {
        let mut found = names(&self.root)?;
        found.retain(|name| name.starts_with(STAGING));
        Ok(found.iter().map(|name| self.root.join(name)).collect())
    }
}

/// The release store of one installation.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) portal: Side,
    pub(crate) internal: Side,
}

impl Store {
    /// Opens the store and creates what is missing of its folders.
    ///
    /// # Errors
    /// [`Error::Overlap`] when one folder lies inside the other; [`Error::Io`].
    pub fn open(portal: &Path, internal: &Path) -> Result<Self, Error> {
        let store = Self { portal: Side::open(portal, false)?, internal: Side::open(internal, true)? };
        let (portal, internal) = (&store.portal.root, &store.internal.root);
        if portal.starts_with(internal) || internal.starts_with(portal) {
            return Err(Error::Overlap { portal: portal.clone(), internal: internal.clone() });
        }
        Ok(store)
    }

    /// Begins a release. Undoes a commit that was cut short and removes what crashed runs left.
    /// The store is locked until the staging folder is committed or dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] while another staging folder is open; [`Error::Io`].
    pub fn stage(&self) -> Result<Staging, Error> {
        let lock = self.lock()?;
        self.clear_up()?;
        Staging::create(self.clone(), lock)
    }

    fn lock(&self) -> Result<File, Error> {
        let path = self.portal.root.join(LOCK);
        let lock = File::create(&path).map_err(Error::io("create", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: self.portal.root.clone() }),
            Err(TryLockError::Error(source)) => Err(Error::Io { action: "lock", path, source }),
        }
    }

    /// Undoes a commit that was cut short and removes what crashed runs left; the store must be locked.
    fn clear_up(&self) -> Result<(), Error> {
        commit::recover(self)?;
        withdraw::carry_on(self)?;
        for side in [&self.portal, &self.internal] {
            for path in side.leftovers()? {
                tracing::warn!(path = %path.display(), "removing what a run that did not end left behind");
                remove_folder(&path)?;
            }
        }
        Ok(())
    }

    /// SHA-256 of the manifest of the latest release, after what a crashed run left has been cleared up. None where there is no
    /// release, or not the same on both sides.
    ///
    /// # Errors
    /// [`Error::Busy`] while a release is being made; [`Error::Io`].
    pub fn latest_manifest(&self) -> Result<Option<String>, Error> {
        let lock = self.lock()?;
        self.clear_up()?;
        let (portal, internal) = (self.latest(), self.latest_internal());
        let same = portal.as_ref().and_then(|folder| folder.file_name()) == internal.as_ref().and_then(|folder| folder.file_name());
        let sha256 = portal.filter(|_| same).and_then(|folder| read_sound_manifest(&folder).ok()).map(|(_, sha256)| sha256);
        // Closing the file would free the lock as well.
        let _ = lock.unlock();
        Ok(sha256)
    }

    /// Folder of the release that `latest` shows in the portal, if any was published.
    #[must_use]
    pub fn latest(&self) -> Option<PathBuf> {
        self.portal.latest_name().map(|name| self.portal.release(&name))
    }

    /// Folder of the latest release of the internal tier, if any was published.
    #[must_use]
    pub fn latest_internal(&self) -> Option<PathBuf> {
        self.internal.latest_name().map(|name| self.internal.release(&name))
    }

    pub(crate) fn side(&self, tier: Tier) -> &Side {
        if tier == Tier::Internal { &self.internal } else { &self.portal }
    }
}

/// One release in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Folder name, `<sequence>-<date>`.
    pub name: String,
    /// Number of the release, from 1.
    pub sequence: u64,
    /// The day whose data it shows.
    pub date: NaiveDate,
    /// How many files it has.
    pub files: usize,
    /// Their size together.
    pub bytes: u64,
    /// Whether `latest` shows it.
    pub is_latest: bool,
    /// Whether it was taken out of service.
    pub withdrawn: bool,
}

/// The releases of a portal (or of the internal folder), oldest first.
///
/// # Errors
/// [`Error::Manifest`] for a release folder without a readable manifest; [`Error::Io`].
pub fn list(root: &Path) -> Result<Vec<ReleaseSummary>, Error> {
    let side = Side { root: root.to_owned(), internal: false };
    let latest = side.latest_name();
    let summary = |name: String| {
        let (manifest, _) = Manifest::read(&side.release(&name))?;
        Ok(ReleaseSummary {
            sequence: manifest.sequence,
            date: manifest.date,
            files: manifest.files.len(),
            bytes: manifest.files.iter().map(|file| file.bytes).sum(),
            is_latest: latest.as_ref() == Some(&name),
            withdrawn: manifest.withdrawn.is_some(),
            name,
        })
    };
    names(&side.releases())?.into_iter().map(summary).collect()
}

/// Names in a folder, in order.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let read = |error| Error::io("list", folder)(error);
    let entries = fs::read_dir(folder).map_err(read)?;
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(read)?;
    names.sort();
    Ok(names)
}

/// Removes a folder with everything in it; it is no error when there is none.
pub(crate) fn remove_folder(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_internal_folder_may_not_be_served() {
        let home = tempfile::tempdir().unwrap();
        let refused = Store::open(&home.path().join("portal"), &home.path().join("portal/internal"));
        assert!(matches!(refused, Err(Error::Overlap { .. })));
    }

    #[test]
    fn an_internal_folder_made_by_hand_is_closed_to_others() {
        let home = tempfile::tempdir().unwrap();
        let internal = home.path().join("internal");
        fs::create_dir(&internal).unwrap();
        fs::set_permissions(&internal, Permissions::from_mode(0o755)).unwrap();
        Store::open(&home.path().join("portal"), &internal).unwrap();
        assert_eq!(fs::metadata(&internal).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn one_run_at_a_time_and_leftovers_go() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let staging = store.stage().unwrap();
        assert!(matches!(store.stage(), Err(Error::Busy { .. })));
        drop(staging);
        assert!(store.portal.leftovers().unwrap().is_empty(), "a dropped staging folder is gone");
        fs::create_dir(store.internal.root.join(".staging-1-0")).unwrap();
        let _staging = store.stage().unwrap();
        assert_eq!(store.internal.leftovers().unwrap().len(), 1, "only the one of this run");
    }
}
