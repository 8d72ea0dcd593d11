//! The staging folder: everything is written and hashed here, out of sight, before it becomes a release.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use catalog::{Released, Tier};
use sha2::{Digest, Sha256};

use super::entries::file_sha256;
use super::manifest::{FileEntry, MANIFEST, MANIFEST_SUM, sha256};
use super::sides::{STAGING, Side, Store, remove_folder};
use super::signature::MANIFEST_SIGNATURE;
use crate::error::Error;
use crate::paths::{WELL_KNOWN, path_in_release};
use crate::weight::budget_of;

/// Writes gather to this size, below which the allocator reuses its memory from file to file.
const BUFFER: usize = 64 * 1024;

/// What the name of a page ends with.
const PAGE: &str = ".html";

/// What a data file holds, for the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Hash of its columns.
    pub schema_sha256: String,
}

impl Contents {
    /// What every file of this table holds.
    #[must_use]
    pub fn of(table: &Released) -> Self {
        use std::fmt::Write;
        let mut columns = String::new();
        for field in table.rows().schema().fields() {
            let _ = writeln!(columns, "{} {} {}", field.name(), field.data_type(), field.is_nullable());
        }
        Self { table: table.table().name.clone(), rows: table.rows().num_rows() as u64, schema_sha256: sha256(columns.as_bytes()) }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// A release that is being written. Dropped without a commit, it is removed and the portal stays as it was.
#[derive(Debug)]
pub struct Staging {
    pub(crate) store: Store,
    pub(super) portal: PathBuf,
    pub(super) internal: PathBuf,
    files: Mutex<Files>,
    /// Of the whole store; none where whoever stages holds it.
    pub(super) lock: Option<File>,
}

#[derive(Debug, Default)]
struct Files {
    portal: BTreeMap<String, FileEntry>,
    internal: BTreeMap<String, FileEntry>,
    folders: HashSet<PathBuf>,
}

impl Staging {
    /// Makes the folders, called `name` behind what marks them as staged; the store must be locked.
    pub(crate) fn create(store: Store, name: &str, lock: Option<File>) -> Result<Self, Error> {
        let name = format!("{STAGING}{name}");
        let (portal, internal) = (store.portal.root.join(&name), store.internal.root.join(&name));
        let staging = Self { store, portal, internal, files: Mutex::default(), lock };
        staging.store.portal.create_folder(&staging.portal)?;
        staging.store.internal.create_folder(&staging.internal)?;
        Ok(staging)
    }

    /// Writes one file of a tier; `path` is relative to the tier's own folder. May be called from many threads.
    ///
    /// # Errors
    /// The error of `fill`; [`Error::Path`] for a path that leaves the folder or was written before; [`Error::Io`].
    pub fn write(
        &self,
        tier: Tier,
        path: &str,
        contents: Option<Contents>,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Error>,
    ) -> Result<Written, Error> {
        self.write_at(self.store.side(tier), Some(tier), path_in_release(tier, path), contents, fill)
    }

    /// Has somebody else write one file of a tier, who is told where; gives what was written, and where it lies.
    ///
    /// # Errors
    /// The error of `make`; otherwise as [`Staging::write`].
    pub(crate) fn write_by(
        &self,
        tier: Tier,
        path: &str,
        make: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<(Written, PathBuf), Error> {
        let (side, path) = (self.store.side(tier), path_in_release(tier, path));
        let full = self.place(side, &path)?;
        make(&full)?;
        side.open_to_readers(File::open(&full).map_err(Error::io("read", &full))?, &full)?;
        let read = || Ok((file_sha256(&full)?, fs::metadata(&full)?.len()));
        let (sha256, bytes) = read().map_err(Error::io("read", &full))?;
        let written = Written { sha256, bytes };
        self.record(side, Some(tier), path, None, &written);
        Ok((written, full))
    }

    /// Writes one file of a tier in any order.
    ///
    /// # Errors
    /// The error of `fill`; otherwise as [`Staging::write`].
    pub(crate) fn write_in_any_order(
        &self,
        tier: Tier,
        path: &str,
        fill: impl FnOnce(&mut File) -> Result<(), Error>,
    ) -> Result<Written, Error> {
        let make = |full: &Path| fill(&mut File::create_new(full).map_err(Error::io("create", full))?);
        self.write_by(tier, path, make).map(|(written, _)| written)
    }

    /// Links the file written at the same path for another tier that sees the same: one file, two names.
    ///
    /// A file of the portal keeps its mode when the internal tier shares it; the internal folder itself is closed.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub fn share(&self, from: Tier, tier: Tier, path: &str, contents: Contents, written: &Written) -> Result<(), Error> {
        let side = self.store.side(tier);
        let source = self.place(self.store.side(from), &path_in_release(from, path))?;
        let path = path_in_release(tier, path);
        let full = self.place(side, &path)?;
        one_more_name(side, &source, &full)?;
        self.record(side, Some(tier), path, Some(contents), written);
        Ok(())
    }

    /// Writes a file of the portal beside another, whose name it has with `ending`.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub(crate) fn write_beside(
        &self,
        file: &FileEntry,
        ending: &str,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.write_at(&self.store.portal, file.tier, format!("{}{ending}", file.path), None, fill).map(drop)
    }

    /// Links what stands beside one file of the portal beside another that is the same.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub(crate) fn share_twin(&self, from: &FileEntry, to: &FileEntry, ending: &str) -> Result<(), Error> {
        let side = &self.store.portal;
        let [source, path] = [from, to].map(|file| format!("{}{ending}", file.path));
        one_more_name(side, &self.portal.join(&source), &self.place(side, &path)?)?;
        let mut files = self.files();
        let twin = files.portal.get(&source).cloned();
        files.portal.extend(twin.map(|twin| (path.clone(), FileEntry { path, tier: to.tier, ..twin })));
        Ok(())
    }

    /// Writes bytes from memory, such as a page; costs one link where an earlier release has the same.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub fn write_bytes(&self, tier: Tier, path: &str, bytes: &[u8]) -> Result<Written, Error> {
        self.write_page(self.store.side(tier), Some(tier), path_in_release(tier, path), bytes)
    }

    /// Writes one file at the root of the portal's release: the page that leads to both tiers.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub fn write_root(&self, path: &str, bytes: &[u8]) -> Result<Written, Error> {
        self.write_page(&self.store.portal, None, path.to_owned(), bytes)
    }

    /// Links a file of the release at `root`, where it is `entry` of this tier: one more name for the same file.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub(crate) fn take_over(&self, root: &Path, tier: Tier, entry: &FileEntry) -> Result<(), Error> {
        let side = self.store.side(tier);
        let (source, full) = (root.join(&entry.path), self.place(side, &entry.path)?);
        one_more_name(side, &source, &full)?;
        let mut files = self.files();
        if side.internal { &mut files.internal } else { &mut files.portal }.insert(entry.path.clone(), entry.clone());
        Ok(())
    }

    fn write_page(&self, side: &Side, tier: Option<Tier>, path: String, bytes: &[u8]) -> Result<Written, Error> {
        let budget = budget_of(&path);
        if path.ends_with(PAGE) && bytes.len() > budget {
            return Err(Error::Heavy { path, bytes: bytes.len(), budget });
        }
        let written = Written { sha256: sha256(bytes), bytes: bytes.len() as u64 };
        let full = self.place(side, &path)?;
        let object = side.objects().join(&written.sha256);
        let known = fs::read(&object).is_ok_and(|found| found == bytes) && fs::hard_link(&object, &full).is_ok();
        if !known {
            create(side, &full)?.write_all(bytes).map_err(Error::io("write", &full))?;
        }
        self.record(side, tier, path, None, &written);
        Ok(written)
    }

    fn write_at(
        &self,
        side: &Side,
        tier: Option<Tier>,
        path: String,
        contents: Option<Contents>,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), Error>,
    ) -> Result<Written, Error> {
        let full = self.place(side, &path)?;
        let mut out = BufWriter::with_capacity(BUFFER, Hashing { file: create(side, &full)?, hash: Sha256::new(), bytes: 0, failed: None });
        let filled = fill(&mut out);
        if let Some(code) = out.get_ref().failed {
            // What a format's library makes of it does not say which file.
            return Err(Error::io("write", &full)(io::Error::from_raw_os_error(code)));
        }
        filled?;
        let out = out.into_inner().map_err(|error| Error::io("write", &full)(error.into_error()))?;
        let written = Written { sha256: hex::encode(out.hash.finalize()), bytes: out.bytes };
        self.record(side, tier, path, contents, &written);
        Ok(written)
    }

    /// Where a file goes, with its folder made.
    fn place(&self, side: &Side, path: &str) -> Result<PathBuf, Error> {
        if let Some(reason) = path_problem(path) {
            return Err(Error::Path { path: path.to_owned(), reason });
        }
        let full = self.folder(side.internal).join(path);
        if let Some(folder) = full.parent() {
            let mut files = self.files();
            if !files.folders.contains(folder) {
                side.create_folder(folder)?;
                files.folders.insert(folder.to_owned());
            }
        }
        Ok(full)
    }

    fn record(&self, side: &Side, tier: Option<Tier>, path: String, contents: Option<Contents>, written: &Written) {
        let (table, rows, schema_sha256) =
            contents.map_or((None, None, None), |contents| (Some(contents.table), Some(contents.rows), Some(contents.schema_sha256)));
        let entry =
            FileEntry { path: path.clone(), tier, sha256: written.sha256.clone(), bytes: written.bytes, rows, table, schema_sha256 };
        let mut files = self.files();
        if side.internal { &mut files.internal } else { &mut files.portal }.insert(path, entry);
    }

    /// Paths of a tier's pages, from its own folder, in order, each with its hash.
    pub(crate) fn pages(&self, tier: Tier) -> Vec<(String, String)> {
        let (files, start) = (self.files(), path_in_release(tier, ""));
        let of_side = if self.store.side(tier).internal { &files.internal } else { &files.portal };
        let pages = of_side.iter().filter_map(|(path, file)| Some((path.strip_prefix(&start)?, file)));
        pages.filter(|(path, _)| path.ends_with(PAGE)).map(|(path, file)| (path.to_owned(), file.sha256.clone())).collect()
    }

    /// The beginning of a staged file of a tier, or all of it where it is shorter.
    pub(crate) fn beginning(&self, tier: Tier, path: &str, bytes: u64) -> Result<Vec<u8>, Error> {
        let full = self.folder(tier == Tier::Internal).join(path_in_release(tier, path));
        let mut read = Vec::new();
        File::open(&full).and_then(|file| file.take(bytes).read_to_end(&mut read)).map_err(Error::io("read", &full))?;
        Ok(read)
    }

    /// The folder of one side.
    pub(crate) fn folder(&self, internal: bool) -> &Path {
        if internal { &self.internal } else { &self.portal }
    }

    /// The files of one side, by path.
    pub(crate) fn entries(&self, internal: bool) -> Vec<FileEntry> {
        self.entries_of(internal, |_| true)
    }

    /// Those of the files of one side that are asked for, by path.
    pub(crate) fn entries_of(&self, internal: bool, is_asked: impl Fn(&FileEntry) -> bool) -> Vec<FileEntry> {
        let files = self.files();
        if internal { &files.internal } else { &files.portal }.values().filter(|entry| is_asked(entry)).cloned().collect()
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        // A panic elsewhere cannot leave the maps half changed: each insertion is one call.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a commit both are gone; else the next stage() tries again.
        for path in [&self.portal, &self.internal] {
            if let Err(error) = remove_folder(path) {
                tracing::warn!(%error, "a staging folder stays until the next run");
            }
        }
        // Only now may another run look for leftovers. Closing the file would free the lock as well.
        let _ = self.lock.as_ref().map(File::unlock);
    }
}

/// Makes `full` the same file as `source`, or a copy of it where that cannot be: on another file system (portal and internal folder),
/// or because ext4 allows no more than 65 000 names.
fn one_more_name(side: &Side, source: &Path, full: &Path) -> Result<(), Error> {
    match fs::hard_link(source, full) {
        Err(error) if matches!(error.kind(), io::ErrorKind::CrossesDevices | io::ErrorKind::TooManyLinks) => {
            let mut original = File::open(source).map_err(Error::io("read", source))?;
            io::copy(&mut original, &mut create(side, full)?).map(drop).map_err(Error::io("copy", full))
        }
        result => result.map_err(Error::io("link", full)),
    }
}

fn create(side: &Side, path: &Path) -> Result<File, Error> {
    let made = OpenOptions::new().write(true).create_new(true).mode(side.file_mode()).open(path).map_err(Error::io("create", path))?;
    side.open_to_readers(made, path)
}

/// Why a path may not be written, or read from a manifest.
pub(crate) fn path_problem(path: &str) -> Option<&'static str> {
    if path.rsplit('/').next().is_some_and(|name| [MANIFEST, MANIFEST_SUM, MANIFEST_SIGNATURE].contains(&name)) {
        return Some("the commit writes it");
    }
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']);
    // The one hidden folder that the standards of the web know (RFC 8615).
    let path = path.strip_prefix(WELL_KNOWN).unwrap_or(path);
    (!path.split('/').all(plain)).then_some("it must be relative, without empty or hidden parts")
}

/// Hashes and counts on the way to the file.
struct Hashing {
    file: File,
    hash: Sha256,
    bytes: u64,
    /// The system's number of the error that ended the writing.
    failed: Option<i32>,
}

impl Write for Hashing {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer).inspect_err(|error| self.failed = error.raw_os_error())?;
        self.hash.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::SECURITY;
    use crate::weight::PAGE_BUDGET;

    #[test]
    fn a_path_that_leaves_the_release_is_refused() {
        for path in [
            "",
            ".well-known/",
            ".well-known/.a",
            "a/.well-known/b",
            "/etc/passwd",
            "a//b",
            "../x",
            "a/../b",
            "a/.b",
            "a\\b",
            MANIFEST,
            "open/manifest.json",
        ] {
            assert!(path_problem(path).is_some(), "{path}");
        }
        assert!(path_problem("data/virs/virs.csv").is_none() && path_problem(SECURITY).is_none());
    }

    #[test]
    fn a_page_over_its_budget_is_refused_by_name_and_no_other_file_is() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let staging = store.stage().unwrap();
        let bytes = vec![b'a'; PAGE_BUDGET + 1];
        let said = staging.write_bytes(Tier::Open, "virs/1.html", &bytes).unwrap_err().to_string();
        assert!(said.contains("open/virs/1.html"), "{said}");
        staging.write_bytes(Tier::Open, "virs/1.html", &bytes[1..]).unwrap();
        staging.write_bytes(Tier::Open, "virs/1.json", &bytes).unwrap();
    }

    #[test]
    fn what_is_written_is_hashed_and_may_not_be_written_twice() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let staging = store.stage().unwrap();
        let written = staging.write_bytes(Tier::Open, "a.html", b"abc").unwrap();
        assert_eq!(written, Written { sha256: sha256(b"abc"), bytes: 3 });
        assert!(staging.write_bytes(Tier::Open, "a.html", b"abc").is_err());
        assert_eq!(staging.entries(false)[0].path, "open/a.html");
    }
}
