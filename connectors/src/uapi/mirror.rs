//! A snapshot kept on the disk until the next night, in a file named after its own hash.
//!
//! The memory of the last accepted extract holds the hash, so it finds exactly the snapshot it was made with, or none; a damaged
//! file does not match its name. Never for tables that say a person's code, birth date or contact.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use catalog::{Personal, Table};
use sha2::{Digest, Sha256};

use super::fields::Cells;
use super::page::Row;
use super::source::Snapshot;
use crate::Error;
use crate::hashing::Hashing;

const PREFIX: &str = "mirror-";

/// Whether rows of this table may lie on a disk.
pub(super) fn is_allowed(table: &Table) -> bool {
    let closed = |personal| matches!(personal, Personal::Code | Personal::BirthDate | Personal::Contact);
    !table.columns.iter().any(|column| closed(column.column.personal))
}

/// Writes a snapshot, and says its hash.
///
pub(super) fn write(folder: &Path, snapshot: &Snapshot) -> Result<String, Error> {
    let failed = |reason: std::io::Error| Error::Unusable { path: folder.to_owned(), reason: reason.to_string() };
    let mut out = HashingWriter { inner: BufWriter::new(tempfile::NamedTempFile::new_in(folder).map_err(failed)?), hash: Sha256::new() };
    for (id, row) in snapshot {
        serde_json::to_writer(&mut out, &(id, &row.revision, &row.cells)).map_err(|error| failed(error.into()))?;
        out.write_all(b"\n").map_err(failed)?;
    }
    let hash = hex::encode(out.hash.finalize());
    let file = out.inner.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    // A temporary file is its owner's only (0600), and stays so under its new name.
    file.persist(path(folder, &hash)).map_err(|error| failed(error.error))?;
    Ok(hash)
}

/// Reads the snapshot with this hash; none if it is not there, is damaged, or has rows of another length.
pub(super) fn read(folder: &Path, hash: &str, cells: usize) -> Option<Snapshot> {
    let mut reader = BufReader::with_capacity(1 << 17, Hashing::new(File::open(path(folder, hash)).ok()?));
    let (mut snapshot, mut line) = (Snapshot::new(), Vec::new());
    while reader.read_until(b'\n', &mut line).ok()? > 0 {
        let (id, revision, row): (String, Box<str>, Cells) = serde_json::from_slice(&line).ok()?;
        if row.len() != cells {
            return None;
        }
        snapshot.insert(id, Row { revision, cells: row });
        line.clear();
    }
    (reader.into_inner().into_parts().1 == hash).then_some(snapshot)
}

/// Removes all snapshots but the one in use.
pub(super) fn clear(folder: &Path, except: Option<&str>) {
    let keep = except.map(|hash| path(folder, hash));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_mirror = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_mirror && Some(entry.path()) != keep && std::fs::remove_file(entry.path()).is_err() {
            tracing::warn!(path = %entry.path().display(), "an old mirror cannot be removed");
        }
    }
}

fn path(folder: &Path, hash: &str) -> PathBuf {
    // What the memory says must not lead out of the folder.
    let hash: String = hash.chars().filter(char::is_ascii_hexdigit).collect();
    folder.join(format!("{PREFIX}{hash}.jsonl"))
}

struct HashingWriter<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
