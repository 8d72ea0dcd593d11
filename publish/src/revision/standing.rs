//! One side of a release as it stands, and whether this program prints it exactly so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use catalog::{Released, Tier};

use super::obstacle::Obstacle;
use super::reprint::Reprint;
use crate::boundaries::Boundaries;
use crate::error::Error;
use crate::history::Keeping;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::PageHashes;
use crate::paths::{DATABASE, SQLITE, START};
use crate::release::publish_tiers;
use crate::site::context::{SiteContext, SqlAccess};
use crate::store::entries::{FileEntry, ReleaseInfo};
use crate::store::sides::{Side, Store};
use crate::store::staging::Staging;
use crate::store::tier_manifest::{PORTAL_TIERS, TierManifest};
use crate::store::withdraw::Holding;

/// One side of a release.
pub(super) struct Standing<'a> {
    pub(super) holding: &'a Holding,
    pub(super) folder: PathBuf,
    pub(super) tiers: &'static [Tier],
    /// Every file, by path.
    pub(super) files: Vec<FileEntry>,
    /// Those of the portal's tiers.
    pub(super) manifests: BTreeMap<Tier, TierManifest>,
    pub(super) info: ReleaseInfo,
}

impl<'a> Standing<'a> {
    /// Reads the manifests.
    pub(super) fn open(side: &Side, holding: &'a Holding, reprint: &Reprint<'_>) -> Result<Self, Obstacle> {
        let (folder, manifest) = (side.release(&holding.release), &holding.manifest);
        let tiers: &'static [Tier] = if holding.internal { &[Tier::Internal] } else { &PORTAL_TIERS };
        if manifest.withdrawn.is_some() {
            return Err(Obstacle::Release("it was withdrawn before".to_owned()));
        }
        if manifest.definitions != reprint.definitions {
            return Err(Obstacle::Release("it was made with other definitions".to_owned()));
        }
        let manifests = manifest.tiers.iter().map(|(tier, sha256)| Ok((*tier, TierManifest::read(&folder, *tier, sha256)?)));
        let manifests = manifests.collect::<Result<BTreeMap<_, _>, Error>>()?;
        if !holding.internal && !tiers.iter().all(|tier| manifests.contains_key(tier)) {
            return Err(Obstacle::Release("its manifest is of the first format".to_owned()));
        }
        let mut files = manifest.all_files(&folder)?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        // Counts that are rounded already stay as they are.
        let sources = manifests.get(&Tier::Public).map_or(&manifest.sources, |manifest| &manifest.sources);
        let info = ReleaseInfo {
            date: manifest.date,
            code_version: manifest.code_version.clone(),
            definitions: manifest.definitions.clone(),
            sources: sources.clone(),
            rounded_to: reprint.rounded_to,
            publication: manifest.publication.clone(),
            person_ids: manifest.person_ids,
        };
        Ok(Self { holding, folder, tiers, files, manifests, info })
    }

    /// This side as a release that another builds on.
    pub(super) fn as_last(&self, page_hashes: PageHashes) -> LastRelease {
        LastRelease::one_side(&self.folder, self.holding.internal, &self.files, self.holding.manifest.sequence, page_hashes)
    }

    /// Prints tables and pages into a staging folder, the others being those of `last`.
    pub(super) fn print(
        &self,
        staging: &Staging,
        (tables, histories): (&[Released], &[Released]),
        last: &LastRelease,
        reprint: &Reprint<'_>,
    ) -> Result<PageHashes, Error> {
        let news = (reprint.news)(self.info.date);
        let has = |path: &str| self.tiers.iter().any(|tier| last.entry(*tier, path).is_some());
        let (database, sqlite) = (has(DATABASE).then_some(reprint.database), has(SQLITE).then_some(reprint.sqlite));
        let sql = SqlAccess { database, sqlite, pages: None, as_it_stands: true };
        let (models, notice, salt) = (reprint.models, reprint.notice, reprint.salt);
        let boundaries = Boundaries::of_release(last)?;
        let context = SiteContext {
            news: &news,
            audited: &[],
            release: &self.info,
            models,
            notice,
            salt,
            admit: reprint.admit,
            // It stands as it is, with the ids that it has.
            renew_ids: &|rows, _| Ok(rows.clone()),
            sql,
            boundaries: boundaries.as_ref(),
            internal_pages: has(START),
        };
        let (_, hashes) =
            publish_tiers(staging, reprint.catalog, self.tiers, tables, Some(last), &|_| None, &Keeping::AsItStands(histories), &context)?;
        Ok(hashes)
    }

    /// Prints all pages from the tables as they are: if they do not come out as they stand, rows cannot be removed from them. Gives what they
    /// show.
    pub(super) fn prove(&self, store: &Store, reprint: &Reprint<'_>) -> Result<PageHashes, Obstacle> {
        let staging = Staging::create(store.clone(), "proof", None)?;
        let hashes = self.print(&staging, (&[], &[]), &self.as_last(PageHashes::default()), reprint)?;
        let printed = staging.entries(self.holding.internal);
        let contents = |files: &[FileEntry]| -> BTreeMap<String, String> {
            files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect()
        };
        let (printed, standing) = (contents(&printed), contents(&self.files));
        if printed == standing {
            return Ok(hashes);
        }
        let same = printed.iter().filter(|(path, sha256)| standing.get(*path) == Some(sha256)).count();
        let differ = printed.len().max(standing.len()) - same;
        Err(Obstacle::Release(format!("this program prints {differ} of its files otherwise")))
    }
}
