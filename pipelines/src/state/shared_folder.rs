//! The folder that a cluster's workers see, too: what a night puts there holds rows about persons, and must not outlive it.
//!
//! Nobody else may look into it, and nothing is removed from a folder that is not known to be ours.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::refusal::Refusal;

/// Says that the folder is ours.
const MARKER: &str = ".virsis-shared";
const MARK: &[u8] = b"The shared folder of VIRSIS Open (engine.shared). Every run removes whatever else lies here.\n";
/// Begins the name of what a night makes.
const NIGHT: &str = "night-";

/// How long nothing must have come back, and how long that is waited for: workers whose driver is gone write on for a moment.
const QUIET: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// A shared folder that nobody else uses. It is emptied when it is dropped, too.
#[derive(Debug)]
pub(crate) struct SharedFolder {
    path: PathBuf,
    /// Locked as long as it is open.
    _marker: File,
    empty: bool,
}

impl SharedFolder {
    /// Takes the folder, or makes it, and removes what an earlier night left in it.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        make(path)?;
        others_cannot_reach(path)?;
        let marker = mark(path)?;
        match marker.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(refuse(
                    path,
                    "another run uses it; give every installation a folder of its own, or wait until that run has ended",
                )
                .into());
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
        let mut taken = Self { path: path.to_owned(), _marker: marker, empty: false };
        taken.remove_nights().with_context(|| taken.failed())?;
        taken.empty = true;
        Ok(taken)
    }

    /// A new folder for what one night makes.
    pub(crate) fn night(&mut self) -> Result<PathBuf> {
        let folder = self.path.join(format!("{NIGHT}{}", uuid::Uuid::new_v4()));
        self.empty = false;
        DirBuilder::new().mode(0o700).create(&folder).with_context(|| format!("cannot make a folder in {}", self.path.display()))?;
        Ok(folder)
    }

    /// Removes everything, after a night whose statements all came to their end.
    pub(crate) fn empty(&mut self) -> Result<()> {
        self.remove_nights().with_context(|| self.failed())?;
        self.empty = true;
        Ok(())
    }

    fn failed(&self) -> String {
        format!("cannot empty the shared folder {}: rows about persons may lie there; empty it by hand", self.path.display())
    }

    /// Removes everything, and goes on until nothing comes back.
    fn settle(&mut self) -> Result<()> {
        let begun = Instant::now();
        let mut quiet = Instant::now();
        while quiet.elapsed() < QUIET && begun.elapsed() < PATIENCE {
            if self.remove_nights().with_context(|| self.failed())? > 0 {
                quiet = Instant::now();
            }
            sleep(PAUSE);
        }
        self.empty = true;
        Ok(())
    }

    /// Gives how many there were.
    fn remove_nights(&self) -> Result<usize> {
        let nights = nights(&self.path)?;
        for night in &nights {
            let begun = Instant::now();
            // What is being written to while it is removed is not empty in the end.
            while let Err(error) = fs::remove_dir_all(night) {
                if error.kind() == io::ErrorKind::NotFound {
                    break;
                }
                if begun.elapsed() > PATIENCE {
                    return Err(error.into());
                }
                sleep(PAUSE);
            }
        }
        Ok(nights.len())
    }
}

impl Drop for SharedFolder {
    fn drop(&mut self) {
        if self.empty {
            return;
        }
        if let Err(error) = self.settle() {
            tracing::error!(error = format!("{error:#}"), "the next run tries again");
        }
    }
}

fn refuse(path: &Path, reason: &str) -> Refusal {
    Refusal::one(format!("engine.shared {}: {reason}", path.display()))
}

/// Makes the folder if there is none.
fn make(path: &Path) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(refuse(path, &format!("cannot be made: {error}")).into()),
        _ => Ok(()),
    }
}

/// The folder must be ours alone, and nobody may put another in its place.
fn others_cannot_reach(path: &Path) -> Result<()> {
    let we = nix::unistd::geteuid().as_raw();
    let found = fs::symlink_metadata(path).map_err(|error| refuse(path, &error.to_string()))?;
    if !found.is_dir() {
        return Err(refuse(path, "it is a link or a file; name the folder itself").into());
    }
    if found.uid() != we {
        return Err(refuse(path, "it belongs to another user; this user and the workers' must be the same, and own it").into());
    }
    if found.mode() & 0o077 != 0 {
        return Err(refuse(path, "others may look into it; set its mode to 0700").into());
    }
    for above in path.ancestors().skip(1) {
        let found = fs::symlink_metadata(above).map_err(|error| refuse(path, &error.to_string()))?;
        let safe = found.is_dir() && [0, we].contains(&found.uid()) && (found.mode() & 0o022 == 0 || found.mode() & 0o1000 != 0);
        if !safe {
            let reason = format!("others could put another folder in its place: {} is a link, or they may write there", above.display());
            return Err(refuse(path, &reason).into());
        }
    }
    Ok(())
}

/// Opens the mark, or sets it in an empty folder.
fn mark(path: &Path) -> Result<File> {
    let marker = path.join(MARKER);
    let failed = |error: &dyn std::fmt::Display| refuse(path, &format!("its mark {MARKER} cannot be used: {error}"));
    match fs::symlink_metadata(&marker) {
        Ok(found) if !found.is_file() => Err(failed(&"it is no file").into()),
        Ok(_) => {
            let mut file = OpenOptions::new().read(true).write(true).open(&marker).map_err(|error| failed(&error))?;
            let mut text = Vec::new();
            (&mut file).take(MARK.len() as u64 + 1).read_to_end(&mut text).map_err(|error| failed(&error))?;
            // A night that was killed while it wrote it left it empty.
            if text.is_empty() {
                file.write_all(MARK).map_err(|error| failed(&error))?;
            } else if text != MARK {
                return Err(failed(&"it says something else").into());
            }
            Ok(file)
        }
        Err(_) => {
            if fs::read_dir(path).map_err(|error| refuse(path, &error.to_string()))?.next().is_some() {
                return Err(refuse(
                    path,
                    "it is not empty, and nothing says that it is ours; name an empty folder, or one that is not there yet",
                )
                .into());
            }
            let mut file =
                OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&marker).map_err(|error| failed(&error))?;
            file.write_all(MARK).map_err(|error| failed(&error))?;
            Ok(file)
        }
    }
}

/// What nights made. Whatever else there is was put there by somebody else, and is not removed.
fn nights(path: &Path) -> Result<Vec<PathBuf>> {
    let (mut nights, mut strange) = (Vec::new(), 0);
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == MARKER {
            continue;
        }
        match name.to_string_lossy().starts_with(NIGHT) && entry.file_type()?.is_dir() {
            true => nights.push(entry.path()),
            false => strange += 1,
        }
    }
    if strange > 0 {
        let reason = format!(
            "{} there that no run made; see whose they are, and remove them",
            crate::plural::counted(strange, "entry is", "entries are")
        );
        return Err(refuse(path, &reason).into());
    }
    Ok(nights)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn entries(path: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn refused(path: &Path) -> String {
        let error = SharedFolder::take(path).unwrap_err();
        assert!(error.is::<Refusal>() || error.chain().any(|cause| cause.is::<Refusal>()), "{error:#}");
        format!("{error:#}")
    }

    #[test]
    fn it_is_made_private_and_whatever_a_night_made_is_gone_after_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("shared");
        let mut shared = SharedFolder::take(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        let night = shared.night().unwrap();
        assert_eq!(fs::metadata(&night).unwrap().mode() & 0o777, 0o700);
        fs::create_dir(night.join("table-1")).unwrap();
        fs::write(night.join("table-1/part-00000.parquet"), "x").unwrap();
        assert!(refused(&path).contains("another run"), "two at once");
        shared.empty().unwrap();
        assert_eq!(entries(&path), [MARKER]);
        let night = shared.night().unwrap();
        fs::write(night.join("x"), "x").unwrap();
        drop(shared);
        assert_eq!(entries(&path), [MARKER], "a night that failed");
    }

    #[test]
    fn what_a_killed_night_left_goes_with_the_next_start() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("shared");
        std::mem::forget(SharedFolder::take(&path).unwrap().night());
        let left = path.join("night-of-a-killed-run");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("part-00000.parquet"), "x").unwrap();
        drop(SharedFolder::take(&path).unwrap());
        assert_eq!(entries(&path), [MARKER]);
    }

    #[test]
    fn what_comes_back_while_it_is_removed_is_removed_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("shared");
        let mut shared = SharedFolder::take(&path).unwrap();
        let night = shared.night().unwrap();
        let writer = std::thread::spawn(move || {
            for number in 0..100 {
                let _ = fs::create_dir_all(night.join("_temporary"));
                let _ = fs::write(night.join(format!("_temporary/{number}")), "x");
                sleep(Duration::from_millis(10));
            }
        });
        drop(shared);
        writer.join().unwrap();
        assert_eq!(entries(&path), [MARKER]);
    }

    #[test]
    fn a_folder_that_is_not_ours_alone_is_refused_and_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let path = home.path().join(name);
            DirBuilder::new().mode(0o700).create(&path).unwrap();
            path
        };
        let strange = folder("strange");
        fs::write(strange.join("letters.txt"), "x").unwrap();
        assert!(refused(&strange).contains("nothing says that it is ours"));
        let mixed = folder("mixed");
        drop(SharedFolder::take(&mixed).unwrap());
        fs::create_dir(mixed.join("night-1")).unwrap();
        symlink(&strange, mixed.join("night-2")).unwrap();
        assert!(refused(&mixed).contains("1 entry is there that no run made"));
        assert_eq!(entries(&mixed), [MARKER, "night-1", "night-2"], "nothing is removed from it");
        let link = home.path().join("link");
        symlink(folder("behind"), &link).unwrap();
        assert!(refused(&link).contains("it is a link"));
        let below = folder("a");
        symlink(&below, home.path().join("b")).unwrap();
        assert!(refused(&home.path().join("b/shared")).contains("in its place"));
        let open = folder("open");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(refused(&open).contains("0700"));
        let everybodys = folder("everybodys");
        fs::set_permissions(&everybodys, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(refused(&everybodys.join("shared")).contains("in its place"));
        let marked = folder("marked");
        fs::write(marked.join(MARKER), "something else").unwrap();
        assert!(refused(&marked).contains("says something else"));
        assert_eq!(entries(&strange), ["letters.txt"]);
    }
}
