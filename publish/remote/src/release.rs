//! What is published: a release with every file that belongs to it, and the pointer that leads to it.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use object_store::path::Path;
use serde::Deserialize;

use crate::error::Error;

/// Names of files that say what else there is; they are carried after all others, those of the release's own folder last.
pub(crate) const MANIFESTS: [&str; 2] = ["manifest.json", "manifest.sha256"];
/// Signatures are carried with the manifests that they sign.
pub(crate) const SIGNATURE: &str = ".minisig";

/// A release in a folder of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name, `<sequence>-<date>`.
    pub name: String,
    /// The folder that holds it.
    pub folder: PathBuf,
    /// Every file that belongs to it, manifests and signatures included.
    pub files: Vec<File>,
    /// Whether its manifest says that rows were removed from it, or that it was withdrawn. Only then it may take the place of other content
    /// that stands under its name.
    pub revised: bool,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path inside the release, with `/`.
    pub path: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// What leads to the newest release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// Path from the root of the store, and content, in the order in which they are written. The pointer itself is the first one that is a
    /// JSON object whose `release` names a release; it moves in one step. What stands before it is there before it moves: whatever it names
    /// besides the release, as lists of keys. What stands after it follows: its signature, and pages that lead people there.
    pub files: Vec<(String, Vec<u8>)>,
}

/// A pointer in its parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) before: &'a [(String, Vec<u8>)],
    /// Where the pointer itself lies.
    pub(crate) path: &'a str,
    /// What it says.
    pub(crate) bytes: &'a [u8],
    pub(crate) after: &'a [(String, Vec<u8>)],
}

/// What of a pointer is understood.
#[derive(Deserialize)]
struct Led {
    release: String,
}

impl Release {
    /// Refuses what is not a release, before anything travels.
    ///
    /// # Errors
    /// [`Error::Release`] for names, paths and hashes that are none; [`Error::File`] for a file that is not there in its size.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Error::Release { release: self.name.clone(), reason };
        if sequence(&self.name).is_none() {
            return Err(wrong("its name is not of the form <sequence>-<date>".to_owned()));
        }
        let mut paths = HashSet::new();
        for file in &self.files {
            if !is_plain(&file.path) {
                return Err(wrong(format!("{:?} is not a path inside it", file.path)));
            }
            if !paths.insert(file.path.as_str()) {
                return Err(wrong(format!("{} is listed twice", file.path)));
            }
            if file.sha256.len() != 64 || !file.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(wrong(format!("what is listed of {} is not a SHA-256", file.path)));
            }
            let reason = match fs::metadata(self.folder.join(&file.path)) {
                Err(error) => format!("cannot be read: {error}"),
                Ok(data) if !data.is_file() => "is not a file".to_owned(),
                Ok(data) if data.len() != file.bytes => format!("has {} bytes, its manifest says {}", data.len(), file.bytes),
                Ok(_) => continue,
            };
            return Err(self.bad_file(&file.path, reason));
        }
        Ok(())
    }

    /// That a file is not the one that is listed.
    pub(crate) fn bad_file(&self, path: &str, reason: String) -> Error {
        Error::File { release: self.name.clone(), path: path.to_owned(), reason }
    }
}

impl Pointer {
    /// The pointer itself, and what is written before and after it.
    ///
    /// # Errors
    /// [`Error::Pointer`] when there is none, when it leads to another release than this one, or lies where releases do.
    pub(crate) fn parts(&self, release: &str) -> Result<Parts<'_>, Error> {
        let wrong = |path: &str, reason: &str| Err(Error::Pointer { path: path.to_owned(), reason: reason.to_owned() });
        for (path, _) in &self.files {
            let folder = path.split('/').next().unwrap_or(path);
            if !is_plain(path) || [RELEASES, POINTERS, PRIVATE].contains(&folder) {
                return wrong(path, "a pointer cannot lie there");
            }
        }
        let found = self.files.iter().enumerate().find_map(|(at, (path, bytes))| Some((at, path, bytes, led_to(bytes)?)));
        match found {
            Some((at, path, bytes, led)) if led == release => {
                Ok(Parts { before: &self.files[..at], path, bytes, after: &self.files[at + 1..] })
            }
            Some((_, path, ..)) => wrong(path, "it names another release than the one that is published"),
            None => wrong("latest.json", "what was given has no JSON object whose `release` is the name of a release"),
        }
    }
}

impl Parts<'_> {
    /// Whether a file belongs to the pointer itself, as its signature does: its name is the pointer's with something added.
    pub(crate) fn is_companion(&self, path: &str) -> bool {
        path.strip_prefix(self.path).is_some_and(|added| added.starts_with('.'))
    }
}

/// The folder of releases in the store.
pub(crate) const RELEASES: &str = "releases";
/// The folder of what belongs to pointers: it stays when the pointer moves on.
pub(crate) const POINTERS: &str = "pointers";
/// The folder of what only publishing reads and writes.
pub(crate) const PRIVATE: &str = ".publishing";

/// The number of a release, out of its name.
pub(crate) fn sequence(name: &str) -> Option<u64> {
    let (number, date) = name.split_once('-')?;
    let is_date = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    (is_date && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())?
}

/// The release that a pointer names.
pub(crate) fn led_to(pointer: &[u8]) -> Option<String> {
    let led: Led = serde_json::from_slice(pointer).ok()?;
    sequence(&led.release).is_some().then_some(led.release)
}

/// In which turn a file is carried: content first, then the manifests in folders, then those beside them all.
pub(crate) fn turn(path: &str) -> usize {
    let name = path.rsplit('/').next().unwrap_or(path);
    match MANIFESTS.contains(&name) || name.ends_with(SIGNATURE) {
        false => 0,
        true if path.contains('/') => 1,
        true => 2,
    }
}

/// How many turns there are.
pub(crate) const TURNS: usize = 3;

/// Whether a path means the same to every store.
pub(crate) fn is_plain(path: &str) -> bool {
    let is_sound = |path: &str| !path.starts_with('/') && !path.ends_with('/') && !path.contains(['\\', '\0', '\n']);
    is_sound(path) && !path.is_empty() && Path::parse(path).is_ok_and(|parsed| parsed.as_ref() == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(folder: &std::path::Path, paths: &[&str]) -> Release {
        let file = |path: &&str| File { path: (*path).to_owned(), sha256: "0".repeat(64), bytes: 1 };
        Release { name: "000001-2026-03-01".to_owned(), folder: folder.to_owned(), files: paths.iter().map(file).collect(), revised: false }
    }

    #[test]
    fn a_path_that_leaves_its_release_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../index.html", "a//b", "/etc/passwd", "a/../b", "", "a/", "a\\b", "a\nb", "./a"] {
            assert!(matches!(release(folder.path(), &[path]).check(), Err(Error::Release { .. })), "{path:?}");
        }
    }

    #[test]
    fn files_that_are_missing_or_of_another_size_or_listed_twice_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "1").unwrap();
        fs::write(folder.path().join("b"), "12").unwrap();
        assert!(release(folder.path(), &["a"]).check().is_ok());
        let said = |paths: &[&str]| release(folder.path(), paths).check().unwrap_err().to_string();
        assert!(said(&["a", "a"]).contains("a is listed twice"));
        assert!(said(&["b"]).contains("has 2 bytes, its manifest says 1"));
        assert!(said(&["c"]).contains("cannot be read"));
    }

    #[test]
    fn a_release_is_named_by_its_number_and_day() {
        assert_eq!(sequence("000012-2026-03-01"), Some(12));
        for name in ["", "latest", "000012", "x-2026-03-01", "12-", "12-a", "-2026-03-01", "12-2026-03-01/.."] {
            assert_eq!(sequence(name), None, "{name}");
        }
    }

    #[test]
    fn manifests_come_after_content_and_the_one_beside_all_comes_last() {
        let turns =
            ["public/data/virs.csv", "public/manifest.json", "open/manifest.json.minisig", "manifest.json", "manifest.json.minisig"];
        assert_eq!(turns.map(turn), [0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_pointer_names_the_release_that_is_published() {
        let pointer = |path: &str, text: &str| Pointer { files: vec![(path.to_owned(), text.into())] };
        let name = "000001-2026-03-01";
        assert!(pointer("latest.json", r#"{"release": "000001-2026-03-01", "expires": 1}"#).parts(name).is_ok());
        for text in ["", "[]", "{}", r#"{"release": "x"}"#, r#"{"release": "000002-2026-03-02"}"#] {
            assert!(pointer("latest.json", text).parts(name).is_err(), "{text}");
        }
        for path in ["releases/latest.json", ".publishing/x", "pointers/x", "../latest.json"] {
            assert!(pointer(path, r#"{"release": "000001-2026-03-01"}"#).parts(name).is_err(), "{path}");
        }
        assert!(Pointer { files: Vec::new() }.parts(name).is_err());
    }
}
