//! The last release, whose links all led somewhere when it was made: what is the same tonight need not be read again, unless something is gone that it
//! may lead to.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::page::{ids, written_by_the_commit};
use crate::error::Error;
use crate::incremental::checked_links::LedTo;
use crate::incremental::last_release::LastRelease;
use crate::paths::TWIN;
use crate::store::entries::FileEntry;

/// One side of it.
pub(super) struct Before<'a> {
    root: &'a Path,
    files: &'a HashMap<String, FileEntry>,
    pub(super) led_to: &'a LedTo,
}

impl<'a> Before<'a> {
    /// That side, if its links were followed, and by the same address of the portal.
    pub(super) fn of(last: &'a LastRelease, internal: bool, site: &str) -> Option<Self> {
        let checked = last.page_hashes().links.as_ref().filter(|checked| checked.site == site)?;
        let (root, files) = last.side(internal);
        Some(Self { root, files, led_to: checked.led_to[usize::from(internal)].as_ref()? })
    }

    /// Whether it has the same file at the same path.
    pub(super) fn has(&self, entry: &FileEntry) -> bool {
        self.files.get(&entry.path).is_some_and(|known| known.sha256 == entry.sha256)
    }

    /// Whether pages that are the same may lead to something that is gone: a file, or a place in one. `tonight` is the folder of these entries; `read`
    /// reads a file of a folder.
    pub(super) fn is_missed(
        &self,
        (tonight, entries): (&Path, &[FileEntry]),
        salt: &[u8; 32],
        read: impl Fn(&Path, &str) -> Result<String, Error>,
    ) -> Result<bool, Error> {
        let there: HashSet<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        let is_gone = |path: &&String| !there.contains(path.as_str()) && !self.is_written_later(path);
        if let Some(path) = self.files.keys().filter(is_gone).find(|path| self.led_to.may_be_file(path, salt)) {
            tracing::debug!(path, "a file is gone, so the links of all pages are followed");
            return Ok(true);
        }
        let is_other = |entry: &&FileEntry| self.files.contains_key(&entry.path) && !self.has(entry);
        for entry in entries.iter().filter(is_other).filter(|entry| self.led_to.may_be_place_in(&entry.path, salt)) {
            let (before, tonight) = (read(self.root, &entry.path)?, read(tonight, &entry.path)?);
            if !ids(&before).is_subset(&ids(&tonight)) {
                tracing::debug!(path = entry.path, "a place is gone, so the links of all pages are followed");
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a file comes after links are followed, so that none leads to it: a packed twin, a manifest.
    fn is_written_later(&self, path: &str) -> bool {
        written_by_the_commit(path) || path.strip_suffix(TWIN).is_some_and(|beside| self.files.contains_key(beside))
    }
}
