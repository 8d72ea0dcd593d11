//! The `file` delivery: each letter becomes `<id>.eml` in a folder. For the time before there is a mail server, for exercises, and for
//! programs that fetch letters themselves.

use std::fs::{DirBuilder, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::compose::compose;
use crate::{Delivery, Error, Failure, Letter, Reason, Sender};

/// Letters as files of a folder that only its owner may enter (0700, the files 0600).
///
/// A file appears under its name when it is whole and on the disk. The same letter twice leaves one file. A process that is killed while
/// it writes can leave a hidden `.….partial` behind; readers take `*.eml`.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    sender: Sender,
}

impl Folder {
    /// Uses a folder, which is made if there is none.
    ///
    /// # Errors
    /// It cannot be made, is no folder, or others may enter it.
    pub fn new(path: &Path, sender: Sender) -> Result<Self, Error> {
        let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| unusable(error.to_string()))?;
        let mode = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(unusable(format!("others may enter it; `chmod 700 {}`", path.display())));
        }
        Ok(Self { path: path.to_owned(), sender })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file =
            tempfile::Builder::new().prefix(".").suffix(".partial").permissions(Permissions::from_mode(0o600)).tempfile_in(&self.path)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(self.path.join(name)).map_err(|error| error.error)?;
        // The new name itself is only on the disk once the folder is.
        File::open(&self.path)?.sync_all()
    }
}

impl Delivery for Folder {
    fn deliver(&self, letter: &Letter) -> Result<(), Failure> {
        let composed = compose(letter, &self.sender).map_err(Failure::Never)?;
        self.write(&format!("{}.eml", letter.id), &composed.bytes).map_err(|error| Failure::Later(Reason::Folder(error.kind())))
    }

    fn name(&self) -> &'static str {
        "file"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn letter() -> Letter {
        Letter {
            id: "7f3a-1".to_owned(),
            to: "ona@example.lt".to_owned(),
            subject: "Jūsų prašymas".to_owned(),
            text: "Sveiki.".to_owned(),
            written: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        }
    }

    fn sender() -> Sender {
        Sender::new("registras@example.lt").unwrap()
    }

    fn names(path: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(path).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_same_letter_twice_leaves_one_file_that_only_its_owner_reads() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("pranesimai/siunciami");
        let folder = Folder::new(&path, sender()).unwrap();
        folder.deliver(&letter()).unwrap();
        let first = std::fs::read(path.join("7f3a-1.eml")).unwrap();
        folder.deliver(&letter()).unwrap();
        assert_eq!(names(&path), ["7f3a-1.eml"]);
        assert_eq!(std::fs::read(path.join("7f3a-1.eml")).unwrap(), first);
        assert_eq!((mode(&path), mode(&path.join("7f3a-1.eml"))), (0o700, 0o600));
        assert_eq!(folder.name(), "file");
    }

    #[test]
    fn a_folder_that_others_may_enter_is_not_used() {
        let outer = tempfile::tempdir().unwrap();
        std::fs::set_permissions(outer.path(), Permissions::from_mode(0o750)).unwrap();
        let error = Folder::new(outer.path(), sender()).unwrap_err().to_string();
        assert!(error.contains("chmod 700"), "{error}");
        let file = outer.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(Folder::new(&file, sender()).is_err());
    }

    #[test]
    fn a_folder_that_is_gone_is_for_later_and_a_bad_id_is_for_never() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("gone");
        let folder = Folder::new(&path, sender()).unwrap();
        let bad = Letter { id: "../x".to_owned(), ..letter() };
        assert_eq!(folder.deliver(&bad), Err(Failure::Never(Reason::Id)));
        assert_eq!(names(outer.path()), ["gone"]);
        std::fs::remove_dir(&path).unwrap();
        assert_eq!(folder.deliver(&letter()), Err(Failure::Later(Reason::Folder(io::ErrorKind::NotFound))));
    }
}
