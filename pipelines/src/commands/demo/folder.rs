//! The folder of a demo: what of it is replaced, and that nothing else ever is.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

use crate::refusal::Refusal;
use crate::sources::unknown_files;

/// What `demo` creates, and removes when it is run again; nothing else in the folder is touched. The configuration, by which a demo's folder is
/// known, goes last.
const OWN: &[&str] = &["extracts", "portal", "internal", "state", "secrets", "letters", "virsis.toml"];
/// Begins every configuration that `demo` writes.
pub(super) const MADE: &str = "# Made by `virsis demo";

/// Refuses a folder that holds what no demo made: it would be removed.
pub(super) fn check_own(folder: &Path) -> Result<()> {
    if !OWN.iter().any(|name| folder.join(name).symlink_metadata().is_ok()) {
        return Ok(());
    }
    let is_demo = fs::read_to_string(folder.join("virsis.toml")).is_ok_and(|text| text.starts_with(MADE));
    let extracts = folder.join("extracts");
    let has_extracts = fs::read_dir(&extracts).is_ok_and(|mut files| files.next().is_some());
    if is_demo && (!has_extracts || extracts.join(unknown_files::SYNTHETIC_MARK).is_file()) {
        return Ok(());
    }
    Err(Refusal::one(format!(
        "{} holds files that no demo made, and a demo replaces {}; name another folder with --dir, or remove them yourself",
        folder.display(),
        OWN.join(", ")
    ))
    .into())
}

/// Removes what an earlier demo left.
pub(super) fn clear(folder: &Path) -> Result<()> {
    for name in OWN {
        let path = folder.join(name);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folder_of_a_demo_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert!(check_own(&folder.path().join("new")).is_ok());
        write("notes.txt", "");
        assert!(check_own(folder.path()).is_ok(), "nothing of it would be removed");
        write("state/ledger.jsonl", "");
        let refused = check_own(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("--dir") && refused.contains(&folder.path().display().to_string()), "{refused}");
        write("virsis.toml", "home = '.'\n");
        assert!(check_own(folder.path()).is_err(), "somebody's own configuration");
        write("virsis.toml", "# Made by `virsis demo`; …\nhome = '.'\n");
        assert!(check_own(folder.path()).is_ok());
        write("extracts/jar.csv", "");
        assert!(check_own(folder.path()).is_err(), "a demo's configuration over data that is not marked as invented");
        write("extracts/truth.json", "{}");
        assert!(check_own(folder.path()).is_ok());
        clear(folder.path()).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "what is not the demo's stays");
    }
}
