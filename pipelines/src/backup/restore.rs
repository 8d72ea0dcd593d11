//! Putting back what was lost, from a backup, and seeing to it that what goes on from there contradicts nothing that readers have seen.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;

use anyhow::{Context, Result};
use trust::{KeyList, Pointer, PublicKey, SecretKey, layout};

use super::inventory::{Backup, Entry, Line, copy};
use crate::config::Config;
use crate::refusal::Refusal;
use crate::signing::{self, Signing};
use crate::state::parts::{Part, STAGING, beside_store};
use crate::state::shown::Shown;
use crate::state::version;

/// What is to be put back.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    config: &'a Config,
    backup: &'a Backup,
    /// Parts that are missing here, and that the backup has.
    pub(crate) parts: Vec<Part>,
    /// Parts that are missing here, and not in the backup either.
    pub(crate) nowhere: Vec<Part>,
}

/// What the backup does not have.
#[derive(Debug, Default)]
pub(crate) struct Lost {
    /// Releases that readers have seen and that are no more.
    pub(crate) releases: Vec<String>,
}

impl<'a> Plan<'a> {
    /// Compares a backup with what is there.
    ///
    /// # Errors
    /// A [`Refusal`] where what would be put back could not be gone on with.
    pub(crate) fn of(config: &'a Config, backup: &'a Backup) -> Result<Self> {
        let (mut parts, mut nowhere) = (Vec::new(), Vec::new());
        for part in Part::ALL {
            if part.is_missing(config)? {
                if backup.made.parts.contains(&part) { parts.push(part) } else { nowhere.push(part) }
            }
        }
        if parts.contains(&Part::State) {
            version::check(&backup.folder.join(Part::State.name()))?;
        }
        if parts.contains(&Part::Store)
            && let Some(left) = beside_store(config).iter().find(|path| path.exists())
        {
            return Err(Refusal::one(format!(
                "{} is left of the lost store, and may have its last submissions: move it away together with the damaged store; beside another store it would be \
                 taken for that one's",
                left.display()
            ))
            .into());
        }
        if parts.contains(&Part::Portal) {
            signs_on(config, backup)?;
        }
        Ok(Self { config, backup, parts, nowhere })
    }

    /// Puts them back. Begun again after it was cut short, it goes on. `seen` is the newest pointer that anybody has seen.
    pub(crate) fn carry_out(&self, seen: Option<&Pointer>) -> Result<Lost> {
        self.backup.check(&self.parts)?;
        for part in &self.parts {
            match part {
                Part::Store => self.put_store_back()?,
                _ => self.put_folder_back(*part)?,
            }
        }
        let mut lost = Lost::default();
        if let Some(seen) = seen {
            Shown::add(&self.config.paths.state, seen)?;
        }
        let sides = [Part::Portal, Part::Internal];
        if seen.is_some() || sides.iter().any(|side| self.parts.contains(side)) {
            Shown::put_keys_back(self.config)?;
            let (store, signing) = signing::open_store(self.config)?;
            lost.releases = signing::tell_lost(self.config, &store)?;
            // Only now anybody is led to what was put back.
            store.point_to_newest()?;
            if let Some(signing) = signing {
                signing.renew_pointer(self.config, &store)?;
            }
        }
        for part in self.parts.iter().filter(|part| **part != Part::Store) {
            let staging = part.place(self.config).join(STAGING);
            fs::remove_dir_all(&staging).with_context(|| format!("cannot remove {}", staging.display()))?;
        }
        rustix::fs::sync();
        Ok(lost)
    }

    fn put_store_back(&self) -> Result<()> {
        let place = Part::Store.place(self.config);
        let failed = || format!("cannot write {}", place.display());
        if let Some(folder) = place.parent().filter(|folder| !folder.is_dir()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(failed)?;
        }
        let beside = place.with_added_extension("restoring");
        let _ = fs::remove_file(&beside);
        self.copy_file(Part::Store.name(), &beside, 0o600)?;
        rustix::fs::sync();
        fs::rename(&beside, place).with_context(failed)
    }

    /// Puts the folder together inside itself, since it may be a disk of its own, and then moves everything to its place.
    fn put_folder_back(&self, part: Part) -> Result<()> {
        let place = part.place(self.config);
        let failed = || format!("cannot put {} back to {}", part.said(), place.display());
        fs::create_dir_all(place).with_context(failed)?;
        let staging = place.join(STAGING);
        if staging.is_dir() {
            fs::remove_dir_all(&staging).with_context(failed)?;
        }
        DirBuilder::new().mode(0o700).create(&staging).with_context(failed)?;
        let (mut modes, mut top) = (Vec::new(), Vec::new());
        for line in self.backup.lines(&[part])? {
            let Line { path, entry } = line?;
            let below = path.strip_prefix(part.name()).unwrap_or_default().trim_start_matches('/').to_owned();
            if let Some(name) = Some(&below).filter(|below| !below.is_empty() && !below.contains('/')) {
                top.push(name.clone());
            }
            let full = if below.is_empty() { staging.clone() } else { staging.join(&below) };
            match entry {
                Entry::Folder { mode } => {
                    if !below.is_empty() {
                        DirBuilder::new().mode(0o700).create(&full).with_context(failed)?;
                    }
                    modes.push((below, mode));
                }
                Entry::File { mode, .. } => self.copy_file(&path, &full, mode)?,
                Entry::Same { first } => {
                    let first = first.strip_prefix(part.name()).unwrap_or_default().trim_start_matches('/');
                    fs::hard_link(staging.join(first), &full).with_context(failed)?;
                }
                Entry::Link { target } => symlink(target, &full).with_context(failed)?,
            }
        }
        for (below, mode) in modes.iter().rev().filter(|(below, _)| !below.is_empty()) {
            fs::set_permissions(staging.join(below), Permissions::from_mode(*mode & 0o777)).with_context(failed)?;
        }
        rustix::fs::sync();
        // Where this leads is decided when it is known what was lost.
        top.retain(|name| name != "latest");
        for name in top {
            let to = place.join(&name);
            if ["objects", "releases"].contains(&name.as_str()) || to.is_dir() && !to.is_symlink() {
                // Made empty by a command, or moved here by an earlier try.
                let _ = fs::remove_dir_all(&to);
            }
            fs::rename(staging.join(&name), &to).with_context(failed)?;
        }
        if let Some((_, mode)) = modes.iter().find(|(below, _)| below.is_empty()) {
            fs::set_permissions(place, Permissions::from_mode(*mode & 0o777)).with_context(failed)?;
        }
        // The empty folder stays until all is done: it says that this is not whole yet.
        Ok(())
    }

    fn copy_file(&self, path: &str, to: &Path, mode: u32) -> Result<()> {
        let failed = || format!("cannot write {}", to.display());
        let mut from = File::open(self.backup.folder.join(path)).with_context(|| format!("cannot read {path} of the backup"))?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).with_context(failed)?;
        copy(&mut from, &mut file).with_context(failed)?;
        file.set_permissions(Permissions::from_mode(mode & 0o777)).with_context(failed)
    }
}

/// Refuses a portal whose lists of keys do not name the key that signs now: nothing could be said of what was lost.
fn signs_on(config: &Config, backup: &Backup) -> Result<()> {
    let Some(path) = &config.secrets.signing_key_file else { return Ok(()) };
    let key = SecretKey::read(path).map_err(Refusal::one)?;
    let state = if config.paths.state.join("keys").is_dir() { config.paths.state.clone() } else { backup.folder.join(Part::State.name()) };
    let mut newest = None;
    for folder in [backup.folder.join(Part::Portal.name()), state] {
        let list = signing::newest_list(&folder)?.map(|version| (version, folder));
        newest = newest.max(list);
    }
    let Some((version, folder)) = newest else { return Ok(()) };
    let list = signing::read(&folder, &layout::key_list(version))?;
    Signing::with(key, &list).map(drop).with_context(|| {
        format!(
            "list {version} of keys, the newest that the backup and the state have, does not name the key of secrets.signing_key_file; name the key that it has \
             in use, or put later lists from a mirror into {}",
            config.paths.state.join("keys").display()
        )
    })
}

/// A pointer that somebody kept, which one of our keys has signed: whoever forged one could have any number taken.
pub(crate) fn read_pointer(config: &Config, backup: &Backup, path: &Path) -> Result<Pointer> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (bytes, signature) = (read(path)?, read(Path::new(&layout::signature(&path.display().to_string())))?);
    let mut keys: Vec<PublicKey> = Vec::new();
    for folder in [
        config.paths.portal.clone(),
        config.paths.state.clone(),
        backup.folder.join(Part::Portal.name()),
        backup.folder.join(Part::State.name()),
    ] {
        let Some(version) = signing::newest_list(&folder)? else { continue };
        let list: KeyList = serde_json::from_slice(&signing::read(&folder, &layout::key_list(version))?)?;
        keys.extend(list.release_keys.into_iter().map(|key| key.public_key));
    }
    let pointer = Pointer::parse(&bytes).map_err(|reason| Refusal::one(format!("{} is no pointer: {reason}", path.display())))?;
    match keys.iter().any(|key| key.signed(&bytes, &signature)) {
        true => Ok(pointer),
        false => Err(Refusal::one(format!(
            "none of our keys has signed {}; take one with its signature beside it, as the portal had both",
            path.display()
        ))
        .into()),
    }
}
