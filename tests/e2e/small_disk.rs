//! A file system of some megabytes, seen only by commands that are run on it: what happens when a disk is full.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::country::Country;

/// In a mount namespace of its own, which ends with the value.
pub(crate) struct SmallDisk {
    /// A shell that lives as long as its input is open.
    holder: Child,
    folder: PathBuf,
}

impl SmallDisk {
    /// Puts a disk in the place of a folder, with what is in it. `None` where mounting is not allowed, for it needs root.
    pub(crate) fn over(folder: &Path, size: &str) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let script =
            "mount -t tmpfs -o size=$1,mode=700 tmpfs /mnt && cp -a \"$0/.\" /mnt && mount --bind /mnt \"$0\" && echo ready && read -r _";
        let mut holder = Command::new("unshare")
            .args(["--mount", "sh", "-c", script])
            .arg(folder)
            .arg(size)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line == "ready\n" {
            return Some(Self { holder, folder: folder.to_owned() });
        }
        println!("SKIPPED: no file system can be mounted here; run as root");
        let _ = holder.wait();
        None
    }

    /// A command of the country, run where the disk is.
    pub(crate) fn command(&self, country: &Country, arguments: &[&str]) -> Command {
        let inner = country.command(arguments);
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.holder.id().to_string(), "--mount", "sh", "-c", "cd \"$0\" && exec \"$@\""]);
        command.arg(country.path(".")).arg(inner.get_program()).args(inner.get_args()).env_clear();
        command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    }

    /// A path below the folder, as it is reached from outside.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        let folder = self.folder.strip_prefix("/").unwrap();
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(folder).join(below)
    }

    /// Fills the disk but for so many bytes.
    pub(crate) fn leave(&self, bytes: u64) {
        let mut filler = File::create(self.path("filler")).unwrap();
        let mut block = vec![b'x'; 1 << 20];
        while !block.is_empty() {
            match filler.write(&block) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => block.truncate(block.len() / 2),
                Err(error) => panic!("{error}"),
            }
        }
        let size = filler.metadata().unwrap().len();
        filler.set_len(size.saturating_sub(bytes)).unwrap();
    }

    /// Gives the room back.
    pub(crate) fn free(&self) {
        std::fs::remove_file(self.path("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
