//! The plan of a removal, of whole releases or of rows of them: written down first, then carried out, by the next night if the program dies in
//! between.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use chrono::NaiveDate;
use rustix::fs::{CWD, RenameFlags};
use serde::{Deserialize, Serialize};

use super::commit::{point, sync, write_manifest, write_new};
use super::manifest::{FileEntry, Manifest, sha256};
use super::sides::{STAGING, Side, Store, names, remove_folder};
use crate::error::Error;
use crate::site::text::push_escaped;

/// The file that the plan is written to.
pub(super) const JOURNAL: &str = ".withdrawing";
/// The page that people see of a withdrawn release.
pub(super) const PAGE: &str = "index.html";

/// The manifests that take the place of those of releases, by side. A withdrawn release is nothing but its manifest; what a revised one holds
/// is staged already ([`Side::revision`]), manifest and all.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) portal: Vec<Manifest>,
    pub(crate) internal: Vec<Manifest>,
}

impl Plan {
    /// Writes it down, so that it is carried out whatever happens from here on.
    pub(crate) fn write(&self, store: &Store) -> Result<(), Error> {
        let plan = serde_json::to_vec(self).map_err(|error| Error::Manifest { path: JOURNAL.into(), reason: error.to_string() })?;
        // Beside and renamed: a plan that is cut short is none.
        let (journal, beside) = (store.portal.root.join(JOURNAL), store.portal.root.join(format!("{STAGING}{JOURNAL}")));
        write_new(&store.portal, &beside, &plan)?;
        sync(&beside)?;
        fs::rename(&beside, &journal).map_err(Error::io("write", &journal))?;
        sync(&store.portal.root)
    }
}

/// The page that takes the place of a release's own.
fn page(date: NaiveDate, why: &str) -> String {
    let mut said = String::new();
    push_escaped(why, &mut said);
    format!(
        "<!doctype html>\n<html lang=\"lt\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Duomenys atšaukti</title></head>\n<body><main><h1>Duomenys atšaukti</h1>\n<p>Šis duomenų leidimas {date} išimtas iš viešos \
         prieigos. Priežastis: {said}</p>\n</main></body></html>\n"
    )
}

/// That page, as the manifest lists it.
pub(super) fn page_entry(date: NaiveDate, why: &str) -> FileEntry {
    let page = page(date, why);
    FileEntry {
        path: PAGE.to_owned(),
        tier: None,
        sha256: sha256(page.as_bytes()),
        bytes: page.len() as u64,
        rows: None,
        table: None,
        schema_sha256: None,
    }
}

/// Carries out a plan that was not carried out to its end; does nothing where there is none.
pub(crate) fn carry_on(store: &Store) -> Result<(), Error> {
    let journal = store.portal.root.join(JOURNAL);
    let bytes = match fs::read(&journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", &journal)(error)),
    };
    let plan: Plan =
        serde_json::from_slice(&bytes).map_err(|error| Error::Manifest { path: journal.clone(), reason: error.to_string() })?;
    for (side, manifests) in [(&store.portal, &plan.portal), (&store.internal, &plan.internal)] {
        if manifests.is_empty() {
            continue;
        }
        point_elsewhere(side, manifests)?;
        manifests.iter().try_for_each(|manifest| replace(side, manifest))?;
        remove_unused_objects(side)?;
        sync(&side.root)?;
    }
    fs::remove_file(&journal).map_err(Error::io("remove", &journal))?;
    sync(&store.portal.root)
}

/// Points `latest` to a release that stays, if there is one.
fn point_elsewhere(side: &Side, going: &[Manifest]) -> Result<(), Error> {
    let going: HashSet<String> = going.iter().filter(|manifest| manifest.withdrawn.is_some()).map(Manifest::name).collect();
    if !side.latest_name().is_some_and(|latest| going.contains(&latest)) {
        return Ok(());
    }
    let stays = |name: &String| {
        !going.contains(name) && Manifest::read(&side.release(name)).is_ok_and(|(manifest, _)| manifest.withdrawn.is_none())
    };
    match names(&side.releases())?.into_iter().rev().find(stays) {
        Some(name) => point(side, &name),
        None => Ok(()),
    }
}

/// Puts a manifest, and what was staged with it, in the place of a release, by renaming, so that nobody sees it half done.
fn replace(side: &Side, manifest: &Manifest) -> Result<(), Error> {
    let (name, is_withdrawn) = (manifest.name(), manifest.withdrawn.is_some());
    let staged = if is_withdrawn { "withdraw".to_owned() } else { side.revision(&name) };
    let (folder, staged) = (side.release(&name), side.root.join(format!("{STAGING}{staged}")));
    if !Manifest::read(&folder).is_ok_and(|(found, _)| found == *manifest) {
        if is_withdrawn {
            stage(side, manifest, &staged)?;
        }
        swap(side, &staged, &folder)?;
    }
    // What stood in the place of the release, by now.
    remove_folder(&staged)
}

/// Stages a withdrawn release.
fn stage(side: &Side, manifest: &Manifest, staged: &Path) -> Result<(), Error> {
    remove_folder(staged)?;
    side.create_folder(staged)?;
    write_manifest(side, staged, manifest)?;
    if let (false, Some(withdrawn)) = (side.internal, &manifest.withdrawn) {
        write_new(side, &staged.join(PAGE), page(withdrawn.date, &withdrawn.why).as_bytes())?;
    }
    names(staged)?.iter().try_for_each(|name| sync(&staged.join(name)))
}

/// Swaps two folders at once, so that readers of `latest` always find one; where the file system cannot, one after the other.
fn swap(side: &Side, staged: &Path, folder: &Path) -> Result<(), Error> {
    let exchanged = rustix::fs::renameat_with(CWD, staged, CWD, folder, RenameFlags::EXCHANGE);
    if exchanged.is_err() {
        let old = side.root.join(format!("{STAGING}replaced"));
        remove_folder(&old)?;
        match fs::rename(folder, &old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("take out of service", folder)(error)),
            _ => {}
        }
        fs::rename(staged, folder).map_err(Error::io("move to its place", folder))?;
        remove_folder(&old)?;
    }
    sync(&side.releases())
}

/// Removes shared content that no release has any more.
fn remove_unused_objects(side: &Side) -> Result<(), Error> {
    let (mut used, mut all_read) = (HashSet::new(), true);
    for release in names(&side.releases())? {
        let folder = side.release(&release);
        match Manifest::read(&folder).and_then(|(manifest, _)| manifest.all_files(&folder)) {
            Ok(files) => used.extend(files.into_iter().map(|file| file.sha256)),
            Err(_) => all_read = false,
        }
    }
    for object in names(&side.objects())?.into_iter().filter(|object| !used.contains(object)) {
        let path = side.objects().join(object);
        // Of a release whose manifest cannot be read, what it has is told by its links.
        let is_alone = fs::symlink_metadata(&path).is_ok_and(|data| data.nlink() == 1);
        if all_read || is_alone {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        }
    }
    Ok(())
}
