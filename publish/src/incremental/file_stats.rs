//! What the file system says of a release's files, so that the next night need not read gigabytes to know that nobody touched them.
//!
//! Whoever writes to a file, replaces it or restores it changes its inode number or the time of its last change, which no program can set.
//! Damage done by the disk itself is found by reading: each night reads some of the files, and all of them within [`TURNS`] nights.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::store::entries::file_sha256;
use crate::store::manifest::FileEntry;

/// Within so many nights every file is read once.
const TURNS: u64 = 28;

/// Inode number, time of the last writing and of the last change of any kind, each in seconds and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FileStat(u64, (i64, i64), (i64, i64));

impl FileStat {
    fn of(found: &Metadata) -> Self {
        Self(found.ino(), (found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec()))
    }
}

/// What the file system says of the files of one side of a release, by SHA-256 of what the files hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStats(BTreeMap<String, FileStat>);

impl FileStats {
    /// Looks at files whose hashes are known to be right. One that cannot be looked at is not listed, and will be read.
    pub(crate) fn take(root: &Path, files: &[FileEntry]) -> Self {
        let by_content: HashMap<&str, &FileEntry> = files.iter().map(|file| (file.sha256.as_str(), file)).collect();
        let stat = |(sha256, file): (&str, &FileEntry)| {
            let found = fs::symlink_metadata(root.join(&file.path)).ok()?;
            Some((sha256.to_owned(), FileStat::of(&found)))
        };
        Self(by_content.into_iter().filter_map(stat).collect())
    }

    /// Whether every file is there with its size and holds what its hash says. What looks otherwise than listed is read, and what is due: once,
    /// however many names it has.
    pub(crate) fn hold(&self, root: &Path, files: &HashMap<String, FileEntry>, sequence: u64) -> bool {
        let look = |file: &FileEntry| -> Option<(PathBuf, FileStat)> {
            let path = root.join(&file.path);
            let found = fs::symlink_metadata(&path).ok().filter(|found| found.is_file() && found.len() == file.bytes)?;
            Some((path, FileStat::of(&found)))
        };
        let Some(found) = files.par_iter().map(|(_, file)| Some((file, look(file)?))).collect::<Option<Vec<_>>>() else { return false };
        let to_read: HashMap<(u64, &str), PathBuf> = found
            .into_iter()
            .filter(|(file, (_, stat))| is_due(&file.sha256, sequence) || self.0.get(&file.sha256) != Some(stat))
            .map(|(file, (path, stat))| ((stat.0, file.sha256.as_str()), path))
            .collect();
        to_read.par_iter().all(|((_, sha256), path)| file_sha256(path).is_ok_and(|found| found == *sha256))
    }
}

/// Whether a content is read in the night after this release, whatever the file system says of it.
fn is_due(sha256: &str, sequence: u64) -> bool {
    u64::from_str_radix(sha256.get(..8).unwrap_or_default(), 16).map_or(true, |number| number % TURNS == sequence % TURNS)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;
    use crate::store::manifest::sha256;
    use crate::store::sides::names;

    /// Two names of one file, and files of their own.
    fn folder(root: &Path) -> (FileStats, HashMap<String, FileEntry>) {
        fs::write(root.join("a"), "a").unwrap();
        fs::hard_link(root.join("a"), root.join("again")).unwrap();
        (0..20).for_each(|number| fs::write(root.join(format!("{number:02}")), format!("{number:02}")).unwrap());
        let entry = |path: String| {
            let text = fs::read(root.join(&path)).unwrap();
            FileEntry { path, tier: None, sha256: sha256(&text), bytes: text.len() as u64, rows: None, table: None, schema_sha256: None }
        };
        let files: Vec<FileEntry> = names(root).unwrap().into_iter().map(entry).collect();
        (FileStats::take(root, &files), files.into_iter().map(|file| (file.path.clone(), file)).collect())
    }

    fn modified(path: &Path) -> SystemTime {
        fs::metadata(path).unwrap().modified().unwrap()
    }

    #[test]
    fn what_somebody_did_to_a_file_is_seen() {
        let by_hand: [fn(&Path); 5] = [
            |path| fs::remove_file(path).unwrap(),
            |path| fs::write(path, "longer").unwrap(),
            |path| fs::write(path, "0b").unwrap(),
            |path| {
                // Another file in its place, with its time.
                let time = modified(path);
                fs::remove_file(path).unwrap();
                fs::write(path, "0b").unwrap();
                File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
            },
            |path| {
                let time = modified(path);
                fs::write(path, "0b").unwrap();
                File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
            },
        ];
        for (number, damage) in by_hand.into_iter().enumerate() {
            let root = tempfile::tempdir().unwrap();
            let (stats, files) = folder(root.path());
            let file = &files["07"];
            let not_due = (0..TURNS).find(|sequence| !is_due(&file.sha256, *sequence)).unwrap();
            assert!(stats.hold(root.path(), &files, not_due));
            damage(&root.path().join("07"));
            assert!(!stats.hold(root.path(), &files, not_due), "{number}");
        }
    }

    #[test]
    fn without_a_list_all_is_read_and_a_new_time_alone_is_no_damage() {
        let root = tempfile::tempdir().unwrap();
        let (stats, files) = folder(root.path());
        fs::write(root.path().join("07"), "07").unwrap();
        assert!(stats.hold(root.path(), &files, 0) && FileStats::default().hold(root.path(), &files, 0));
    }

    #[test]
    fn every_file_is_read_once_in_its_turn() {
        let root = tempfile::tempdir().unwrap();
        let (_, files) = folder(root.path());
        for file in files.values() {
            assert_eq!((40..40 + TURNS).filter(|sequence| is_due(&file.sha256, *sequence)).count(), 1);
        }
        // A disk that gives back something else, and the file system does not tell.
        fs::write(root.path().join("07"), "0b").unwrap();
        let damaged = FileStats::take(root.path(), &files.values().cloned().collect::<Vec<_>>());
        let seen: Vec<u64> = (0..TURNS).filter(|sequence| !damaged.hold(root.path(), &files, *sequence)).collect();
        assert_eq!(seen.len(), 1);
        assert!(is_due(&files["07"].sha256, seen[0]));
    }
}
