//! Files beside the portal's releases, which say what is there now: replaced by one rename, so that readers find the old one or the new one.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result};

/// Replaces the file at a path below the portal, after its bytes are on the disk. The web server reads it, though whatever this process makes is closed to
/// others.
pub(crate) fn replace(portal: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let full = portal.join(path);
    let beside = full.with_file_name(format!(".{}", full.file_name().unwrap_or_default().to_string_lossy()));
    let write = || -> std::io::Result<()> {
        if let Some(folder) = full.parent().filter(|folder| !folder.is_dir()) {
            DirBuilder::new().recursive(true).mode(0o755).create(folder)?;
            fs::set_permissions(folder, Permissions::from_mode(0o755))?;
        }
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::set_permissions(&beside, Permissions::from_mode(0o644))?;
        fs::rename(&beside, &full)
    };
    write().with_context(|| format!("cannot write {}", full.display()))
}
