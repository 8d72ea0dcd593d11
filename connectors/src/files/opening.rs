//! Opening what lies in the drop folder. Whoever may put something there may put anything there: a link to a file of somebody else, a pipe
//! that nobody writes to, a device that never ends. Only a file of this folder itself is opened, and none of these is waited for.

use std::fs::{self, File, FileType};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::Error;
use crate::place::Place;

/// Opens a file for reading.
///
/// # Errors
/// It is no file but something else, has more than `most` bytes, or the operating system refuses.
pub(super) fn open(place: &Place, most: u64) -> Result<File, Error> {
    // A device may do something when it is opened, so it is looked at before.
    let before = fs::symlink_metadata(&place.path).map_err(|reason| place.read(reason))?;
    only_a_file(place, before.file_type())?;
    // It may be another by now: links are not followed, and opening a pipe does not wait for who writes to it.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file: File = match rustix::fs::open(&place.path, flags, Mode::empty()) {
        Ok(opened) => opened.into(),
        Err(Errno::LOOP) => return Err(not_a_file(place, A_LINK)),
        Err(reason) => return Err(place.read(reason.into())),
    };
    let now = file.metadata().map_err(|reason| place.read(reason))?;
    only_a_file(place, now.file_type())?;
    if now.len() > most { Err(place.too_large(most)) } else { Ok(file) }
}

/// Refuses a folder that lies somewhere else.
///
/// # Errors
/// It is a link.
pub(super) fn refuse_link(place: &Place) -> Result<(), Error> {
    let is_link = fs::symlink_metadata(&place.path).is_ok_and(|found| found.file_type().is_symlink());
    if is_link { Err(not_a_file(place, A_LINK)) } else { Ok(()) }
}

/// Whether only their owner may write to these folders, and to the files in them.
///
/// # Errors
/// What else may be written to; names of files are not told, as they may be anything.
pub(super) fn closed(folders: &[&Path]) -> Result<String, String> {
    let mut files = 0;
    for folder in folders {
        let unreadable = |reason: std::io::Error| format!("{}: {reason}; give this user the right to look into it", folder.display());
        let mode = match fs::metadata(folder) {
            Ok(found) => found.permissions().mode(),
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => continue,
            Err(reason) => return Err(unreadable(reason)),
        };
        if mode & OTHERS_WRITE != 0 {
            return Err(format!(
                "others than its owner may write to {} (mode {:04o}), and whoever can put a file there decides what is published; `chmod go-w` it, and let \
                 registers' files be brought by its owner",
                folder.display(),
                mode & 0o7777
            ));
        }
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let found = entry.and_then(|entry| entry.metadata()).map_err(unreadable)?;
            files += usize::from(found.is_file() && found.permissions().mode() & OTHERS_WRITE != 0);
        }
    }
    match files {
        0 => Ok("only its owner may write to it".to_owned()),
        files => Err(format!("others than their owner may change {files} files in {}; `chmod go-w` them", folders[0].display())),
    }
}

/// The group, or all others, may write.
const OTHERS_WRITE: u32 = 0o022;
const A_LINK: &str = "a link to something else";

fn only_a_file(place: &Place, found: FileType) -> Result<(), Error> {
    let what = match found {
        found if found.is_file() => return Ok(()),
        found if found.is_symlink() => A_LINK,
        found if found.is_dir() => "a folder",
        found if found.is_fifo() => "a pipe",
        found if found.is_socket() => "a socket",
        found if found.is_block_device() || found.is_char_device() => "a device",
        _ => "something unknown",
    };
    Err(not_a_file(place, what))
}

fn not_a_file(place: &Place, found: &'static str) -> Error {
    Error::NotAFile { source_name: place.source, path: place.path.clone(), found }
}
