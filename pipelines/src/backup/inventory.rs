//! What is in a backup: its head, `backup.json`, and the list of its files, which is read line by line, as portals have many.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;
use crate::state::parts::Part;

/// Version of the format.
pub(super) const FORMAT: u32 = 1;
pub(super) const HEAD: &str = "backup.json";
pub(super) const FILES: &str = "files.jsonl";
const BUFFER: usize = 1 << 20;

/// `backup.json`, which is written last: a folder without it is no whole backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) format: u32,
    /// When it was begun; nothing later is in it.
    pub(crate) made: DateTime<Utc>,
    /// Version of the program that made it.
    pub(crate) program: String,
    pub(crate) parts: Vec<Part>,
    /// The latest release then.
    pub(crate) release: Option<String>,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// SHA-256 of the list of files.
    pub(crate) list: String,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    /// Below the backup's folder.
    pub(super) path: String,
    #[serde(flatten)]
    pub(super) entry: Entry,
}

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Entry {
    Folder {
        mode: u32,
    },
    File {
        mode: u32,
        bytes: u64,
        sha256: String,
    },
    /// The same file on the disk as an earlier one of the list.
    Same {
        first: String,
    },
    /// A symbolic link.
    Link {
        target: String,
    },
}

/// A backup that is whole, as far as its head and list say.
#[derive(Debug)]
pub(crate) struct Backup {
    pub(super) folder: PathBuf,
    pub(crate) made: Made,
}

impl Backup {
    /// Reads the head, and checks the list against it.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let refuse = |reason: String| Refusal::one(format!("{} is no backup that can be used: {reason}", folder.display()));
        let bytes = fs::read(folder.join(HEAD))
            .map_err(|error| refuse(format!("{HEAD}: {error}. A folder without it is one that was cut short; take an earlier backup")))?;
        let made: Made = serde_json::from_slice(&bytes).map_err(|error| refuse(format!("{HEAD}: {error}")))?;
        if made.format != FORMAT {
            return Err(refuse(format!(
                "its format is {}, this program reads {FORMAT}; it was made by version {}",
                made.format, made.program
            ))
            .into());
        }
        let mut list = File::open(folder.join(FILES)).map_err(|error| refuse(format!("{FILES}: {error}")))?;
        if hash(&mut list).with_context(|| format!("cannot read {FILES}"))?.0 != made.list {
            return Err(refuse(format!("{FILES} is damaged; take another copy of it")).into());
        }
        Ok(Self { folder: folder.to_owned(), made })
    }

    /// Checks every file of these parts, and says how many there are.
    pub(crate) fn check(&self, parts: &[Part]) -> Result<u64> {
        let (mut files, mut fits) = (0, Fits::default());
        for line in self.lines(parts)? {
            let line = line?;
            fits.look_at(&line)?;
            let Line { path, entry } = line;
            if let Entry::File { bytes, sha256, .. } = entry {
                let damaged =
                    |reason: &str| Refusal::one(format!("{path} of the backup {reason}; nothing was put back. Take another backup"));
                let mut file = File::open(self.folder.join(&path)).map_err(|_| damaged("is missing"))?;
                if hash(&mut file).map_err(|_| damaged("cannot be read"))? != (sha256, bytes) {
                    return Err(damaged("is damaged").into());
                }
                files += 1;
            }
        }
        Ok(files)
    }

    /// The lines of these parts, in their order: folders before what is in them.
    pub(super) fn lines(&self, parts: &[Part]) -> Result<impl Iterator<Item = Result<Line>>> {
        let file = File::open(self.folder.join(FILES)).with_context(|| format!("cannot read {FILES}"))?;
        let parts = parts.to_vec();
        let parse = |line: std::io::Result<String>| -> Result<Line> {
            let line: Line = serde_json::from_str(&line.with_context(|| format!("cannot read {FILES}"))?)?;
            // Whoever wrote another list than we did must not write elsewhere with our hands.
            let outside = |path: &str| !Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            let first = if let Entry::Same { first } = &line.entry { first } else { &line.path };
            match outside(&line.path) || outside(first) {
                true => Err(Refusal::one(format!("{FILES} of the backup names a path outside of it; take another backup")).into()),
                false => Ok(line),
            }
        };
        let of_parts = move |line: &Result<Line>| {
            line.as_ref().map_or(true, |line| parts.iter().any(|part| line.path.split('/').next() == Some(part.name())))
        };
        Ok(BufReader::new(file).lines().map(parse).filter(of_parts))
    }
}

/// Whether a list is one that we could have written: whoever wrote another must not write elsewhere with our hands.
#[derive(Default)]
struct Fits {
    folders: HashSet<String>,
    files: HashSet<String>,
}

impl Fits {
    fn look_at(&mut self, line: &Line) -> Result<(), Refusal> {
        let path = &line.path;
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let part = path.split('/').next();
        let unfinished = [".withdrawing", ".committing"].contains(&name) && !parent.contains('/');
        let fits = (parent.is_empty() || self.folders.contains(parent))
            && match &line.entry {
                Entry::Folder { .. } => self.folders.insert(path.clone()),
                Entry::File { .. } => self.files.insert(path.clone()) && !unfinished,
                Entry::Same { first } => self.files.contains(first) && first.split('/').next() == part,
                Entry::Link { target } => {
                    let release = target.strip_prefix("releases/");
                    name == "latest"
                        && !parent.contains('/')
                        && release.is_some_and(|release| !release.contains(['/', '.']) && !release.is_empty())
                }
            };
        if fits { Ok(()) } else { Err(Refusal::one(format!("{FILES} of the backup names {path}, which no backup has; take another one"))) }
    }
}

/// SHA-256 and length of what is still to be read.
pub(super) fn hash(from: &mut impl Read) -> std::io::Result<(String, u64)> {
    copy(from, &mut std::io::sink())
}

/// Copies, and gives SHA-256 and length of what was copied.
pub(super) fn copy(from: &mut impl Read, to: &mut impl std::io::Write) -> std::io::Result<(String, u64)> {
    let (mut hash, mut buffer, mut bytes) = (Sha256::new(), vec![0; BUFFER], 0);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex::encode(hash.finalize()), bytes));
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}
