//! Making a backup.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::Utc;

use super::inventory::{Entry, FILES, FORMAT, HEAD, Line, Made, copy, hash};
use crate::config::Config;
use crate::endpoint::audit_head;
use crate::refusal::Refusal;
use crate::run::lock;
use crate::signing;
use crate::state::parts::{Part, STAGING, beside_store};
use crate::state::shown::Shown;
use crate::state::{form_store, private_file, running};

/// Copies everything, or all but both sides of the release store, to a new folder, which only its owner may enter. No run goes on meanwhile.
pub(crate) fn make(config: &Config, to: &Path, with_releases: bool) -> Result<Made> {
    // As it is on the disk, not as it is written: links may lead inside.
    let parent = to.parent().and_then(|parent| parent.canonicalize().ok()).unwrap_or_default();
    let inside = config.data_folders().into_iter().find(|folder| folder.canonicalize().is_ok_and(|folder| parent.starts_with(folder)));
    if let Some(folder) = inside {
        return Err(Refusal::one(format!(
            "{} lies inside {}; name a folder elsewhere, best on another disk",
            to.display(),
            folder.display()
        ))
        .into());
    }
    let _lock = lock::take(config)?;
    // What a killed run or removal left is cleared up: half of it is of no use to anybody.
    signing::open_store(config)?.0.latest_manifest()?;
    if with_releases && !Shown::load(&config.paths.state)?.releases.is_empty() && !config.paths.portal.join("latest").exists() {
        return Err(Refusal::one(format!(
            "{} is empty, though releases were shown: mount its disk or put it back first; --without-releases copies the rest",
            config.paths.portal.display()
        ))
        .into());
    }
    let made = Utc::now();
    DirBuilder::new().mode(0o700).create(to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow::Error::from(Refusal::one(format!("{} already exists; name a folder that does not", to.display())))
        }
        _ => anyhow::Error::from(error).context(format!("cannot make {}", to.display())),
    })?;
    let mut copying = Copying::begin(config, to)?;
    let mut parts = Vec::new();
    if config.forms.store.exists() {
        // Its head is in the state folder, which is copied afterwards and so has it.
        audit_head::note_or_tell(config);
        form_store::open(config)?.back_up(&to.join(Part::Store.name()))?;
        copying.list_store()?;
        parts.push(Part::Store);
    }
    let folders = [Part::State, Part::Internal, Part::Portal].into_iter().filter(|part| with_releases || *part == Part::State);
    for part in folders.filter(|part| part.place(config).is_dir()) {
        // A part must come back alone, so none leads to a file of another.
        copying.several.clear();
        copying.folder(part.place(config), part.name())?;
        parts.push(part);
    }
    let release = fs::read_link(config.paths.portal.join("latest")).ok();
    let release = release.and_then(|target| Some(target.file_name()?.to_string_lossy().into_owned()));
    let (files, bytes) = (copying.files, copying.bytes);
    let list = copying.end()?;
    let made = Made { format: FORMAT, made, program: env!("CARGO_PKG_VERSION").to_owned(), parts, release, files, bytes, list };
    private_file::replace(&to.join(HEAD), &serde_json::to_vec_pretty(&made)?)?;
    rustix::fs::sync();
    Ok(made)
}

struct Copying<'a> {
    config: &'a Config,
    to: &'a Path,
    list: BufWriter<File>,
    /// Files that have several names, by device and number: where the first was copied to.
    several: HashMap<(u64, u64), String>,
    files: u64,
    bytes: u64,
}

impl<'a> Copying<'a> {
    fn begin(config: &'a Config, to: &'a Path) -> Result<Self> {
        let list = BufWriter::new(private_file::create(&to.join(FILES))?);
        Ok(Self { config, to, list, several: HashMap::new(), files: 0, bytes: 0 })
    }

    fn list(&mut self, path: &str, entry: Entry) -> Result<()> {
        serde_json::to_writer(&mut self.list, &Line { path: path.to_owned(), entry })?;
        self.list.write_all(b"\n").with_context(|| format!("cannot write {}", self.to.join(FILES).display()))
    }

    fn list_store(&mut self) -> Result<()> {
        let (path, failed) = (self.to.join(Part::Store.name()), "cannot read the copy of the form endpoint's store");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).context(failed)?;
        let (sha256, bytes) = hash(&mut File::open(&path).context(failed)?).context(failed)?;
        self.files += 1;
        self.bytes += bytes;
        self.list(Part::Store.name(), Entry::File { mode: 0o600, bytes, sha256 })
    }

    /// Copies a folder and all below it.
    fn folder(&mut self, from: &Path, path: &str) -> Result<()> {
        let failed = || format!("cannot copy {}", from.display());
        let mode = fs::metadata(from).with_context(failed)?.permissions().mode() & 0o777;
        let to = self.to.join(path);
        // Closed while it is copied; modes are put back from the list.
        DirBuilder::new().mode(0o700).create(&to).with_context(|| format!("cannot make {}", to.display()))?;
        self.list(path, Entry::Folder { mode })?;
        let mut entries = fs::read_dir(from).with_context(failed)?.collect::<std::io::Result<Vec<_>>>().with_context(failed)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(
                    Refusal::one(format!("{} has a file whose name is no text; it is not ours: move it away", from.display())).into()
                );
            };
            let (full, path) = (entry.path(), format!("{path}/{name}"));
            if self.is_left_out(&full, &name) {
                continue;
            }
            let kind = entry.file_type().with_context(failed)?;
            if kind.is_dir() {
                self.folder(&full, &path)?;
            } else if kind.is_symlink() && name != "latest" {
                return Err(Refusal::one(format!("{} is a link, which is not ours; move it away", full.display())).into());
            } else if kind.is_symlink() {
                let target = fs::read_link(&full).with_context(failed)?;
                symlink(&target, self.to.join(&path)).with_context(failed)?;
                self.list(&path, Entry::Link { target: target.to_string_lossy().into_owned() })?;
            } else if kind.is_file() {
                self.file(&full, &path)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, path: &str) -> Result<()> {
        let failed = || format!("cannot copy {}", from.display());
        let mut source = File::open(from).with_context(failed)?;
        let data = source.metadata().with_context(failed)?;
        let place = (data.dev(), data.ino());
        if let Some(first) = self.several.get(&place).cloned() {
            fs::hard_link(self.to.join(&first), self.to.join(path)).with_context(failed)?;
            return self.list(path, Entry::Same { first });
        }
        let to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.to.join(path));
        let (sha256, bytes) = copy(&mut source, &mut to.with_context(failed)?).with_context(failed)?;
        if data.nlink() > 1 {
            self.several.insert(place, path.to_owned());
        }
        self.files += 1;
        self.bytes += bytes;
        self.list(path, Entry::File { mode: data.permissions().mode() & 0o777, bytes, sha256 })
    }

    /// The store has a copy of its own, locks and what is not finished are of no use to anybody.
    fn is_left_out(&self, full: &Path, name: &str) -> bool {
        beside_store(self.config).iter().any(|path| path == full)
            || ["run.lock", ".lock", "lost+found", running::FILE, STAGING].contains(&name)
            || name.starts_with(".staging-")
    }

    /// Ends the list; gives its hash.
    fn end(self) -> Result<String> {
        let path = self.to.join(FILES);
        let failed = || format!("cannot write {}", path.display());
        let file = self.list.into_inner().map_err(|error| anyhow::Error::from(error.into_error())).with_context(failed)?;
        file.sync_all().with_context(failed)?;
        Ok(hash(&mut File::open(&path).with_context(failed)?).with_context(failed)?.0)
    }
}
