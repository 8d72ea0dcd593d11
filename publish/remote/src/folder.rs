//! A folder of this machine as a store: whatever has a name in it is whole, on the disk, and readable by a web server, whatever mask the
//! program was started under. Headers are not kept; the web server says them.

use std::fmt;
use std::fs::{self, DirBuilder, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyMode, CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};

use crate::release::PRIVATE;

/// Folders and files that a web server reads.
const FOLDER: u32 = 0o755;
const FILE: u32 = 0o644;
/// Folders that only publishing reads.
const CLOSED: u32 = 0o700;

const STAGED: &str = "staged";
const LOCK: &str = "lock";

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    files: LocalFileSystem,
    staged: Arc<AtomicU64>,
}

impl Folder {
    /// A folder that is there.
    pub(crate) fn open(root: &FilePath) -> Result<Self> {
        let files = LocalFileSystem::new_with_prefix(root)?.with_automatic_cleanup(true);
        Ok(Self { root: root.to_owned(), files, staged: Arc::default() })
    }

    /// Keeps other publications out while the file is open, and removes what a killed one was writing. `None` while there is another.
    pub(crate) fn lock(root: &FilePath) -> io::Result<Option<fs::File>> {
        let private = root.join(PRIVATE);
        make_folders(&private, CLOSED)?;
        let file = fs::File::options().create(true).append(true).open(private.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        match fs::remove_dir_all(private.join(STAGED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(Some(file)),
        }
    }

    /// A name that nothing has yet.
    fn stage(&self) -> Path {
        let number = self.staged.fetch_add(1, Ordering::Relaxed);
        Path::from_iter([PRIVATE, STAGED, &number.to_string()])
    }

    /// Gives what was staged its name, by a rename, once it is on the disk.
    async fn settle(&self, staged: Path, location: &Path) -> Result<()> {
        let (from, to) = (self.files.path_to_filesystem(&staged)?, self.files.path_to_filesystem(location)?);
        blocking(move || {
            fs::set_permissions(&from, Permissions::from_mode(FILE))?;
            fs::File::open(&from)?.sync_all()?;
            let folder = to.parent().unwrap_or(&to);
            make_folders(folder, FOLDER)?;
            fs::rename(&from, &to)?;
            fs::File::open(folder)?.sync_all()
        })
        .await
    }

    /// Refuses a write that was meant to replace something else than what is there. Nobody else writes meanwhile: [`Folder::lock`].
    async fn meets(&self, location: &Path, mode: &PutMode) -> Result<()> {
        let found = match self.files.head(location).await {
            Err(Error::NotFound { .. }) => None,
            found => Some(found?),
        };
        let path = location.to_string();
        match (mode, found) {
            (PutMode::Create, Some(_)) => Err(Error::AlreadyExists { path, source: "a file has this name".into() }),
            (PutMode::Update(meant), found) if found.as_ref().and_then(|found| found.e_tag.as_ref()) != meant.e_tag.as_ref() => {
                Err(Error::Precondition { path, source: "the file is another".into() })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "folder {}", self.root.display())
    }
}

#[async_trait]
impl ObjectStore for Folder {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.meets(location, &options.mode).await?;
        let staged = self.stage();
        let put = self.files.put(&staged, payload).await?;
        self.settle(staged, location).await?;
        Ok(put)
    }

    async fn put_multipart_opts(&self, location: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let staged = self.stage();
        let parts = self.files.put_multipart(&staged).await?;
        Ok(Box::new(Parts { parts, folder: self.clone(), staged, location: location.clone() }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.files.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.files.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    /// One file with two names, as nothing is ever written into a file that has one; where the file system cannot, a copy.
    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let mode = if options.mode == CopyMode::Create { PutMode::Create } else { PutMode::Overwrite };
        self.meets(to, &mode).await?;
        let staged = self.stage();
        let (source, target) = (self.files.path_to_filesystem(from)?, self.files.path_to_filesystem(&staged)?);
        blocking(move || {
            make_folders(target.parent().unwrap_or(&target), CLOSED)?;
            match fs::hard_link(&source, &target) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => fs::copy(&source, &target).map(drop),
                linked => linked,
            }
        })
        .await?;
        self.settle(staged, to).await
    }
}

/// A large file on its way.
#[derive(Debug)]
struct Parts {
    parts: Box<dyn MultipartUpload>,
    folder: Folder,
    staged: Path,
    location: Path,
}

#[async_trait]
impl MultipartUpload for Parts {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.parts.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let put = self.parts.complete().await?;
        self.folder.settle(self.staged.clone(), &self.location).await?;
        Ok(put)
    }

    async fn abort(&mut self) -> Result<()> {
        self.parts.abort().await
    }
}

/// Work on the disk, beside the requests that are under way.
async fn blocking(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> Result<()> {
    match tokio::task::spawn_blocking(work).await? {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NotFound { path: String::new(), source: error.into() }),
        Err(error) => Err(Error::Generic { store: "folder", source: error.into() }),
    }
}

/// Creates a folder and its parents with this mode.
fn make_folders(path: &FilePath, mode: u32) -> io::Result<()> {
    let missing: Vec<&FilePath> = path.ancestors().take_while(|folder| !folder.is_dir()).collect();
    missing.into_iter().rev().try_for_each(|folder| {
        let made = DirBuilder::new().mode(mode).create(folder).and_then(|()| fs::set_permissions(folder, Permissions::from_mode(mode)));
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
            made => made,
        }
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use object_store::UpdateVersion;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    fn mode(path: PathBuf) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_web_server_can_read_what_is_published_under_a_mask_that_closes_everything() {
        nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        drop(Folder::lock(root.path()).unwrap().unwrap());
        run(async {
            folder.put(&Path::from("a/b/one.txt"), "vienas".into()).await.unwrap();
            folder.copy(&Path::from("a/b/one.txt"), &Path::from("c/two.txt")).await.unwrap();
            let mut parts = folder.put_multipart(&Path::from("d/three.txt")).await.unwrap();
            parts.put_part("trys".into()).await.unwrap();
            assert!(!root.path().join("d").exists(), "a file that is not whole has no name");
            parts.complete().await.unwrap();
        });
        for path in ["a", "a/b", "c", "d"] {
            assert_eq!(mode(root.path().join(path)), FOLDER, "{path}");
        }
        for path in ["a/b/one.txt", "c/two.txt", "d/three.txt"] {
            assert_eq!(mode(root.path().join(path)), FILE, "{path}");
        }
        assert_eq!(mode(root.path().join(PRIVATE)), CLOSED);
        assert_eq!(fs::read(root.path().join("c/two.txt")).unwrap(), b"vienas");
        assert_eq!(fs::read(root.path().join("d/three.txt")).unwrap(), b"trys");
    }

    #[test]
    fn replacing_a_file_leaves_its_copies_as_they_are() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        run(async {
            folder.put(&Path::from("one"), "senas".into()).await.unwrap();
            folder.copy(&Path::from("one"), &Path::from("two")).await.unwrap();
            folder.put(&Path::from("one"), "naujas".into()).await.unwrap();
        });
        assert_eq!(fs::read(root.path().join("two")).unwrap(), b"senas");
        assert_eq!(fs::read(root.path().join("one")).unwrap(), b"naujas");
    }

    #[test]
    fn a_write_that_was_meant_for_another_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let at = Path::from("latest.json");
        run(async {
            let with = |mode| PutOptions { mode, ..PutOptions::default() };
            folder.put_opts(&at, "1".into(), with(PutMode::Create)).await.unwrap();
            assert!(matches!(folder.put_opts(&at, "2".into(), with(PutMode::Create)).await, Err(Error::AlreadyExists { .. })));
            let read = folder.head(&at).await.unwrap();
            let version = UpdateVersion { e_tag: read.e_tag, version: None };
            folder.put_opts(&at, "22".into(), with(PutMode::Update(version.clone()))).await.unwrap();
            let late = folder.put_opts(&at, "333".into(), with(PutMode::Update(version))).await;
            assert!(matches!(late, Err(Error::Precondition { .. })));
        });
        assert_eq!(fs::read(root.path().join("latest.json")).unwrap(), b"22");
    }

    #[test]
    fn one_publication_at_a_time_and_what_a_killed_one_staged_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let first = Folder::lock(root.path()).unwrap();
        assert!(first.is_some());
        assert!(Folder::lock(root.path()).unwrap().is_none());
        let staged = root.path().join(PRIVATE).join(STAGED);
        fs::create_dir(&staged).unwrap();
        fs::write(staged.join("7"), "pusė").unwrap();
        drop(first);
        assert!(Folder::lock(root.path()).unwrap().is_some());
        assert!(!staged.exists());
    }
}
