//! Beginning a release: one at a time, once whatever a crashed run left is cleared up.

use super::sides::{Store, remove_folder};
use super::staging::Staging;
use super::verify::read_sound_manifest;
use super::{commit, withdrawal_plan};
use crate::error::Error;

impl Store {
    /// Begins a release. Undoes a commit that was cut short and removes what crashed runs left.
    /// The store is locked until the staging folder is committed or dropped.
    ///
    /// # Errors
    /// [`Error::Busy`] while another staging folder is open; [`Error::Io`].
    pub fn stage(&self) -> Result<Staging, Error> {
        let lock = self.lock()?;
        self.clear_up()?;
        Staging::create(self.clone(), &std::process::id().to_string(), Some(lock))
    }

    /// Undoes a commit that was cut short and removes what crashed runs left; the store must be locked.
    pub(crate) fn clear_up(&self) -> Result<(), Error> {
        commit::recover(self)?;
        withdrawal_plan::carry_on(self)?;
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
        let sha256 = portal.filter(|_| same).and_then(|folder| read_sound_manifest(&folder).ok()).map(|(.., sha256)| sha256);
        // Closing the file would free the lock as well.
        let _ = lock.unlock();
        Ok(sha256)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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
