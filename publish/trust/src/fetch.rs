//! Where the files of a portal come from. However it is reached, no more is read than was announced.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::refused::Refused;

/// Most that is read of a manifest, a list of keys, a pointer and a signature, in bytes.
pub(crate) const MANIFEST_AT_MOST: u64 = 64 << 20;
pub(crate) const KEYS_AT_MOST: u64 = 1 << 20;
pub(crate) const POINTER_AT_MOST: u64 = 64 << 10;
pub(crate) const SIGNATURE_AT_MOST: u64 = 4 << 10;

/// A way to the files of a portal.
pub trait Fetch: Sync {
    /// A file. The path is relative to the portal's address, has `/` between its parts, and is not encoded for addresses (RFC 3986): each
    /// part may hold `%`, `?` or `#`. `at_most` bytes will be read; what is known to be longer may be refused at once.
    ///
    /// # Errors
    /// [`FetchError`].
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError>;

    /// Called before two files are read again that did not belong together, as when they are being replaced: a good moment to wait for a
    /// second.
    fn wait(&self) {}
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// It is longer than it may be.
    #[error("it is too long")]
    TooLong,
    /// It may be there, but cannot be had.
    #[error("{0}")]
    Unreachable(String),
}

/// A portal in a folder, as it was downloaded or is about to be published.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder in which `latest.json` lies.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Fetch for Folder {
    fn fetch(&self, path: &str, at_most: u64) -> Result<Box<dyn Read + '_>, FetchError> {
        let refuse = |error: io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => FetchError::Missing,
            _ => FetchError::Unreachable(error.to_string()),
        };
        let path = self.root.join(path);
        // Asked before it is opened: a pipe would keep whoever opens it waiting.
        match path.metadata().map_err(refuse)? {
            found if !found.is_file() => Err(FetchError::Unreachable("it is not a plain file".to_owned())),
            found if found.len() > at_most => Err(FetchError::TooLong),
            _ => Ok(Box::new(File::open(path).map_err(refuse)?)),
        }
    }
}

/// A file as a whole, of which no more than `at_most` bytes are read.
pub(crate) fn read(fetch: &dyn Fetch, path: &str, at_most: u64) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let mut source = open(fetch, path, at_most)?;
    source.read_to_end(&mut bytes).map_err(|error| Refused::Unreachable { path: path.to_owned(), reason: error.to_string() })?;
    match bytes.len() as u64 > at_most {
        true => Err(Refused::TooLong { path: path.to_owned(), at_most }),
        false => Ok(bytes),
    }
}

/// A file, of which one byte more can be read than it may have, and none after it.
pub(crate) fn open<'a>(fetch: &'a dyn Fetch, path: &str, at_most: u64) -> Result<io::Take<Box<dyn Read + 'a>>, Refused> {
    let path = || path.to_owned();
    match fetch.fetch(&path(), at_most) {
        Ok(source) => Ok(source.take(at_most.saturating_add(1))),
        Err(FetchError::Missing) => Err(Refused::Missing { path: path() }),
        Err(FetchError::TooLong) => Err(Refused::TooLong { path: path(), at_most }),
        Err(FetchError::Unreachable(reason)) => Err(Refused::Unreachable { path: path(), reason }),
    }
}
