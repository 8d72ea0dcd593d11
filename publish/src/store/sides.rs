//! The two sides of the store on the disk, the portal and the internal folder: where things lie in them, and who may read them.

use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::Tier;

use super::signature::Signer;
use crate::error::Error;

const OBJECTS: &str = "objects";
pub(super) const RELEASES: &str = "releases";
pub(super) const LATEST: &str = "latest";
const LOCK: &str = ".lock";
pub(super) const STAGING: &str = ".staging-";

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
    /// Who signs its manifests.
    pub(crate) signer: Option<Arc<dyn Signer>>,
}

impl Side {
    fn open(root: &Path, internal: bool) -> Result<Self, Error> {
        let side = Self { root: root.to_owned(), internal, signer: None };
        side.create_folder(root)?;
        let root = root.canonicalize().map_err(Error::io("resolve", root))?;
        let side = Self { root, internal, signer: None };
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

    /// Where what will take the place of a release is staged, behind [`STAGING`]. Each side has its own, since both may be staged at once.
    pub(crate) fn revision(&self, release: &str) -> String {
        format!("revised-{}-{release}", if self.internal { "internal" } else { "portal" })
    }

    pub(crate) fn file_mode(&self) -> u32 {
        if self.internal { INTERNAL_FILE } else { PORTAL_FILE }
    }

    /// Creates a folder and its parents. The process denies others all access to what it creates (its `umask`); a web server is granted
    /// access here and in [`Side::open_to_readers`].
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

    /// Gives a new file the mode of its side's files.
    pub(crate) fn open_to_readers(&self, file: File, path: &Path) -> Result<File, Error> {
        if !self.internal {
            file.set_permissions(Permissions::from_mode(self.file_mode())).map_err(Error::io("open to readers", path))?;
        }
        Ok(file)
    }

    /// Folders of runs that ended without commit or removal.
    pub(super) fn leftovers(&self) -> Result<Vec<PathBuf>, Error> {
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

    /// The same store, in which the portal's manifests are signed.
    #[must_use]
    pub fn signed_by(mut self, signer: Option<Arc<dyn Signer>>) -> Self {
        self.portal.signer = signer;
        self
    }

    /// Keeps other runs from making a release while the file is open.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let path = self.portal.root.join(LOCK);
        let lock = File::create(&path).map_err(Error::io("create", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: self.portal.root.clone() }),
            Err(TryLockError::Error(source)) => Err(Error::Io { action: "lock", path, source }),
        }
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

    /// Numbers of the portal's releases, the oldest first, those among them that were withdrawn.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn release_numbers(&self) -> Result<Vec<u64>, Error> {
        let number = |name: String| name.split_once('-').and_then(|(number, _)| number.parse().ok());
        Ok(names(&self.portal.releases())?.into_iter().filter_map(number).collect())
    }

    pub(crate) fn side(&self, tier: Tier) -> &Side {
        self.one_side(tier == Tier::Internal)
    }

    pub(crate) fn one_side(&self, internal: bool) -> &Side {
        if internal { &self.internal } else { &self.portal }
    }
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
}
