//! The drop folder: extracts that somebody, or another program, puts there as files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::delimited::Delimited;
use crate::hashing::Hashing;
use crate::transport::{Batch, Fetched, Memory, Request, Rows, Transport};

/// Bytes read at a time when only the hash is wanted.
const BUFFER: usize = 256 * 1024;
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
            let mut file = Hashing::salted(open()?, request.salt);
            let mut buffer = vec![0; BUFFER];
            while file.read(&mut buffer).map_err(failed)? > 0 {}
            if file.into_parts().1 == known {
                return Ok(Fetched::Unchanged);
            }
        }
        let file = Hashing::salted(open()?, request.salt);
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
        Ok(Memory([(HASH.to_owned(), self.0.into_inner().into_parts().1)].into()))
    }
}
