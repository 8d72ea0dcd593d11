//! The drop folder: extracts that somebody, or another program, puts there as files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Error;
use crate::delimited::Delimited;
use crate::transport::{Batch, Fetched, Memory, Request, Rows, Transport};

/// Under this name the file's hash is remembered.
const HASH: &str = "sha256";

/// Reads extracts from one folder.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// The drop folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl Transport for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let path = self.folder.join(request.extract.file);
        let failed = |reason| Error::Read { source_name: request.source, path: path.clone(), reason };
        let open = || {
            File::open(&path).map_err(|reason| match reason.kind() {
                std::io::ErrorKind::NotFound => Error::Missing { source_name: request.source, path: path.clone() },
                _ => failed(reason),
            })
        };
        if let Some(known) = request.memory.and_then(|memory| memory.get(HASH)) {
            let mut file = Hashing { inner: open()?, hash: Sha256::new() };
            std::io::copy(&mut file, &mut std::io::sink()).map_err(failed)?;
            if file.hexadecimal() == known {
                return Ok(Fetched::Unchanged);
            }
        }
        let file = Hashing { inner: open()?, hash: Sha256::new() };
        let rows = Delimited::open(request.source, request.extract, request.table, path.clone(), file)?;
        Ok(Fetched::Rows(Box::new(FileRows(rows))))
    }
}

struct FileRows(Delimited<Hashing<File>>);

impl Iterator for FileRows {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl Rows for FileRows {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        Ok(Memory([(HASH.to_owned(), self.0.into_inner().hexadecimal())].into()))
    }
}

#[derive(Debug)]
struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R> Hashing<R> {
    fn hexadecimal(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}
