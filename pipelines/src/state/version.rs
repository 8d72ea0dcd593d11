//! Which programs can read the state folder: a number in it, which an older program refuses instead of misreading what a newer one wrote.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::private_file;
use crate::refusal::Refusal;

const FILE: &str = "version.json";
/// One more whenever a program of the number before would misread what this one writes to the state folder.
const FORMAT: u32 = 1;
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Version {
    format: u32,
    /// The version of the program that wrote it.
    program: String,
}

/// Refuses a state folder that a newer program has written. One without a number is older than the first number.
pub(crate) fn check(state: &Path) -> Result<()> {
    // A folder that only its owner may read says so to whoever goes on to use it.
    if !fs::exists(state.join(FILE)).unwrap_or(false) {
        return Ok(());
    }
    match read(state)? {
        Some(version) if version.format > FORMAT => Err(Refusal::one(format!(
            "the state folder {} was written by version {} of the program (format {}), and this one, version {PROGRAM}, reads formats up to {FORMAT}; \
             install version {} or a later one again, or restore the state, the portal and the internal folder from a copy made before the update",
            state.display(),
            version.program,
            version.format,
            version.program
        ))
        .into()),
        _ => Ok(()),
    }
}

/// Notes that this program writes to the state folder, if an older one, or none, did so before.
pub(crate) fn note(state: &Path) -> Result<()> {
    if read(state)?.is_some_and(|version| version.format >= FORMAT) {
        return Ok(());
    }
    let version = Version { format: FORMAT, program: PROGRAM.to_owned() };
    private_file::replace(&state.join(FILE), &serde_json::to_vec(&version)?)
}

fn read(state: &Path) -> Result<Option<Version>> {
    let path = state.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).with_context(|| {
            format!("{} does not say which program wrote the state folder; restore that file from a copy", path.display())
        })?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_folder_of_a_newer_program_is_refused_and_says_which_one_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path();
        assert!(check(state).is_ok(), "no number: an older program, or none");
        note(state).unwrap();
        assert!(check(state).is_ok(), "the same program");
        fs::write(state.join(FILE), format!(r#"{{"format":{},"program":"99.1.0"}}"#, FORMAT + 1)).unwrap();
        let refused = check(state).unwrap_err().to_string();
        assert!(refused.contains(&state.display().to_string()) && refused.contains("99.1.0"), "{refused}");
        note(state).unwrap();
        assert!(check(state).is_err(), "the number never goes back");
    }

    #[test]
    fn a_damaged_number_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(check(folder.path()).is_err());
    }
}
