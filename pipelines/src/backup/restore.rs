//! Putting back what was lost, from a backup, and seeing to it that what goes on from there contradicts nothing that readers have seen.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::Utc;
use chrono_tz::Europe::Vilnius;
use publish::LostRelease;
use trust::Pointer;

use super::inventory::{Backup, Entry, Line, copy};
use super::parts::{Part, STAGING};
use crate::config::Config;
use crate::refusal::Refusal;
use crate::signing;
use crate::state::shown::Shown;
use crate::state::version;

/// What people read where a release was that is lost.
const WHY: &str = "leidimas prarastas sugedus įrangai, o atsarginėje kopijoje jo nėra";

/// What is to be put back.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    config: &'a Config,
    backup: &'a Backup,
    /// Parts that are missing here and in the backup.
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
        rustix::fs::sync();
        let mut lost = Lost::default();
        if self.parts.contains(&Part::Portal) {
            lost.releases = self.go_on(seen)?;
        }
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
            fs::set_permissions(staging.join(below), Permissions::from_mode(*mode)).with_context(failed)?;
        }
        // What leads to all else comes last.
        top.sort_by_key(|name| (name.starts_with("latest"), name.clone()));
        for name in top {
            let to = place.join(&name);
            if ["objects", "releases"].contains(&name.as_str()) || to.is_dir() && !to.is_symlink() {
                // Made empty by a command, or moved here by an earlier try.
                let _ = fs::remove_dir_all(&to);
            }
            fs::rename(staging.join(&name), &to).with_context(failed)?;
        }
        if let Some((_, mode)) = modes.iter().find(|(below, _)| below.is_empty()) {
            fs::set_permissions(place, Permissions::from_mode(*mode)).with_context(failed)?;
        }
        fs::remove_dir(&staging).with_context(failed)
    }

    fn copy_file(&self, path: &str, to: &Path, mode: u32) -> Result<()> {
        let failed = || format!("cannot write {}", to.display());
        let mut from = File::open(self.backup.folder.join(path)).with_context(|| format!("cannot read {path} of the backup"))?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).with_context(failed)?;
        copy(&mut from, &mut file).with_context(failed)?;
        file.set_permissions(Permissions::from_mode(mode)).with_context(failed)
    }

    /// Says of every release that readers have seen and that is lost that it is; numbers of releases and pointers go on after them. The state knows
    /// them, where it was not lost as well; else the newest pointer that somebody kept names one.
    fn go_on(&self, seen: Option<&Pointer>) -> Result<Vec<String>> {
        let shown = Shown::load(&self.config.paths.state)?;
        let mut releases: Vec<LostRelease> =
            shown.releases.iter().map(|(name, manifests)| LostRelease { name: name.clone(), manifests: manifests.clone() }).collect();
        if let Some(seen) = seen.filter(|seen| releases.iter().all(|release| release.name != seen.release)) {
            releases.push(LostRelease { name: seen.release.clone(), manifests: vec![seen.manifest_sha256.clone()] });
        }
        let (store, signing) = signing::open_store(self.config)?;
        let today = Utc::now().with_timezone(&Vilnius).date_naive();
        let lost = store.tell_lost(&releases, today, WHY)?;
        if let Some(signing) = signing {
            let least = shown.pointer.into_iter().chain(seen.map(|seen| seen.number)).max().unwrap_or(0);
            signing.renew_pointer_after(self.config, &store, least)?;
        }
        Ok(lost)
    }
}

/// Where a pointer stands that somebody kept.
pub(crate) fn read_pointer(path: &PathBuf) -> Result<Pointer> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Pointer::parse(&bytes).map_err(|reason| Refusal::one(format!("{} is no pointer: {reason}", path.display())))?)
}
