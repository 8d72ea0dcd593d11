//! One side of a release printed anew without the rows that hold a text, staged beside the one that stands.

use std::collections::HashMap;

use catalog::Tier;
use chrono::NaiveDate;

use super::obstacle::Obstacle;
use super::reprint::Reprint;
use super::rows::{Gone, without};
use super::standing::Standing;
use crate::error::Error;
use crate::paths::path_in_release;
use crate::sought::Sought;
use crate::store::commit::{share_all, write_manifest, write_tier_manifest};
use crate::store::entries::{FileEntry, MANIFEST, Revised};
use crate::store::manifest::Manifest;
use crate::store::sides::{Side, Store};
use crate::store::staging::Staging;
use crate::store::withdraw::Holding;

/// Why, and on which day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reason<'a> {
    pub(super) date: NaiveDate,
    pub(super) why: &'a str,
}

/// One side of a release without those rows; dropped, it is gone.
pub(super) struct RevisedSide {
    staging: Staging,
    internal: bool,
    pub(super) manifest: Manifest,
    pub(super) gone: Gone,
}

/// Prints it; the store must be locked.
pub(super) fn revise(
    store: &Store,
    holding: &Holding,
    sought: &Sought,
    reprint: &Reprint<'_>,
    reason: Reason<'_>,
) -> Result<RevisedSide, Obstacle> {
    let side = store.one_side(holding.internal);
    let standing = Standing::open(side, holding, reprint)?;
    let last = standing.as_last(standing.prove(store, reprint)?);
    let (tables, histories, gone) = without(&standing, &last, sought, reprint)?;
    let staging = Staging::create(store.clone(), &side.revision(&holding.release), None)?;
    standing.print(&staging, (&tables, &histories), &last, reprint)?;
    let manifest = write_manifests(side, &standing, &staging, &gone, reason)?;
    let revised = RevisedSide { staging, internal: holding.internal, manifest, gone };
    match revised.still_holding(&standing, sought)? {
        0 => Ok(revised),
        files => Err(Obstacle::Release(format!("{files} of its files would still hold the text"))),
    }
}

/// Writes the manifests of what was staged: that of each tier that has other files now, and the release's.
fn write_manifests(side: &Side, standing: &Standing<'_>, staging: &Staging, gone: &Gone, reason: Reason<'_>) -> Result<Manifest, Error> {
    let (folder, old) = (staging.folder(side.internal), &standing.holding.manifest);
    let files = staging.entries(side.internal);
    let revised = |tier: Option<Tier>, replaced: &str| {
        let rows = tier.and_then(|tier| Some((tier, gone.get(&tier)?)));
        let rows =
            rows.map(|(tier, rows)| rows.iter().map(|(table, count)| (table.clone(), standing.info.count_for(tier, *count))).collect());
        Revised { date: reason.date, why: reason.why.to_owned(), manifest_sha256: replaced.to_owned(), rows: rows.unwrap_or_default() }
    };
    let mut tiers = old.tiers.clone();
    for (tier, mut manifest) in standing.manifests.clone() {
        if let Some(sha256) = tiers.get_mut(&tier) {
            manifest.revise(&files, revised(Some(tier), sha256));
            *sha256 = write_tier_manifest(side, folder, tier, &manifest)?;
        }
    }
    let own = revised(side.internal.then_some(Tier::Internal), &standing.holding.manifest_sha256);
    let manifest = Manifest {
        files: files.into_iter().filter(|file| !file.tier.is_some_and(|tier| tiers.contains_key(&tier))).collect(),
        tiers,
        revised: old.revised.iter().cloned().chain([own]).collect(),
        ..old.clone()
    };
    write_manifest(side, folder, &manifest)?;
    Ok(manifest)
}

impl RevisedSide {
    /// How many of its files hold the text all the same. Of those that were taken over it is known; what was written is read.
    fn still_holding(&self, standing: &Standing<'_>, sought: &Sought) -> Result<usize, Error> {
        let folder = self.staging.folder(self.internal);
        let before: HashMap<&str, &str> = standing.files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        let holds = |file: &FileEntry| match before.get(file.path.as_str()) == Some(&file.sha256.as_str()) {
            true => Ok(standing.holding.paths.contains(&file.path)),
            false => sought.is_in_file(&folder.join(&file.path)),
        };
        let files = self.staging.entries(self.internal).iter().map(holds).collect::<Result<Vec<bool>, Error>>()?;
        let manifests = self.manifest.tiers.keys().map(|tier| path_in_release(*tier, MANIFEST)).chain([MANIFEST.to_owned()]);
        let manifests = manifests.map(|path| sought.is_in_file(&folder.join(path))).collect::<Result<Vec<bool>, Error>>()?;
        Ok(files.into_iter().chain(manifests).filter(|holds| *holds).count())
    }

    /// Makes it and the objects of the same content one; the store must be locked.
    pub(super) fn share(&self, store: &Store) -> Result<(), Error> {
        share_all(store.one_side(self.internal), self.staging.folder(self.internal), &self.staging.entries(self.internal)).map(drop)
    }
}
