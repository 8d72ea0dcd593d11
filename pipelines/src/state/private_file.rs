//! Private files, which only their owner may read, replaced by one rename.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

/// Creates a file of mode 0600, or empties an existing one.
pub(crate) fn create(path: &Path) -> Result<File> {
    let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    open.with_context(|| format!("cannot write {}", path.display()))
}

/// Replaces a file by one rename, after its bytes are on disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = path.with_added_extension("new");
    let mut file = create(&beside)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| format!("cannot write {}", beside.display()))?;
    fs::rename(&beside, path).with_context(|| format!("cannot swap {}", path.display()))
}
