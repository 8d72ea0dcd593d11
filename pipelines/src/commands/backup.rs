//! `virsis backup`: a consistent copy of the form endpoint's store, or of everything, while it runs.

use std::path::Path;

use anyhow::Result;

use crate::backup;
use crate::commands::account::refused;
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::plural::counted;
use crate::state::form_store;

/// Copies the store to a file.
pub(crate) fn store(config: &Config, file: &Path) -> Result<()> {
    form_store::open(config)?.back_up(file).map_err(refused)?;
    audit_head::note_or_tell(config);
    println!("copied to {}; the copy contains personal codes: keep it private", file.display());
    Ok(())
}

/// Copies everything but keys to a folder.
pub(crate) fn everything(config: &Config, folder: &Path, with_releases: bool) -> Result<()> {
    let folder = std::path::absolute(folder)?;
    let made = backup::make(config, &folder, with_releases)?;
    let parts: Vec<&str> = made.parts.iter().map(|part| part.said()).collect();
    println!(
        "copied {} to {}: {}, {} MB; the copy contains personal data: keep it private, on another machine.\n\
         Keys are not in it ({} and the key that signs): keep copies of them elsewhere, apart from this one",
        parts.join(", "),
        folder.display(),
        counted(usize::try_from(made.files).unwrap_or(usize::MAX), "file", "files"),
        made.bytes / 1_000_000,
        config.secrets.person_key_file.display()
    );
    Ok(())
}
