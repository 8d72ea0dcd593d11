//! Publishing a release: content first, then its manifests, then the pointer, then what is no longer needed. Whenever it stops, readers are
//! led to a release that is there as a whole, and the next publication goes on where this one stopped.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt};

use crate::carry::{Carried, carry, upload};
use crate::error::Error;
use crate::folder::Folder;
use crate::index::{self, Index};
use crate::plan::Plan;
use crate::pointer::{Standing, move_pointer};
use crate::release::{File, MANIFESTS, Parts, Pointer, RELEASES, Release, SIGNATURE};
use crate::retention::remove_old;
use crate::store::Listed;
use crate::target::Target;
use crate::verify::{Verification, faults};

/// How to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many of the newest releases stay in the store, two at least; all of them if nothing is said.
    pub keep: Option<usize>,
    /// How much is read back.
    pub verification: Verification,
    /// How many files are under way at the same time.
    pub concurrency: usize,
    /// Whether readers may be led to an older release than the one that is shown.
    pub allow_older: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { keep: None, verification: Verification::Sample(50), concurrency: 16, allow_older: false }
    }
}

/// What publishing is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Files were carried, or found in their places.
    Carried {
        /// How many so far.
        done: usize,
        /// How many the release has.
        of: usize,
        /// Bytes that travelled so far.
        bytes: u64,
    },
    /// The release is there, and is read back.
    Verifying,
    /// It is as it should be, and readers are led to it.
    Pointing,
    /// Old releases are removed.
    Removing,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that travelled.
    pub uploaded: usize,
    /// Files that were copied inside the store.
    pub copied: usize,
    /// Files that were in their places.
    pub skipped: usize,
    /// Size of what travelled.
    pub bytes: u64,
    /// Objects that were removed from the release's place since it does not have them.
    pub removed: usize,
    /// Whether readers were led to another release, or to the same one in other words.
    pub pointed: bool,
    /// Old releases that were removed.
    pub expired: Vec<String>,
    /// Addresses below the store's folder at which something else was served as immutable: caches must be told to forget them.
    pub purge: Vec<String>,
}

/// Publishes a release and leads readers to it; without a pointer, only puts it in its place (an older one from which rows were removed).
///
/// Runs until it is done; must not be called inside an asynchronous runtime.
///
/// # Errors
/// [`Error`], which says what happened where; whichever it is, readers are led to a whole release.
pub fn publish(
    to: &Target,
    release: &Release,
    pointer: Option<&Pointer>,
    options: &Options,
    progress: &dyn Fn(Progress),
) -> Result<Report, Error> {
    release.check()?;
    let pointer = pointer.map(|pointer| pointer.parts(&release.name)).transpose()?;
    let lock = to.folder.as_deref().map(|folder| {
        let overlaps = release.folder.canonicalize().is_ok_and(|from| from.starts_with(folder) || folder.starts_with(from));
        if overlaps {
            let reason = "the portal itself lies there; publish to another folder".to_owned();
            return Err(Error::Target { to: to.address().to_owned(), reason });
        }
        let refused =
            |error: std::io::Error| Error::Target { to: to.address().to_owned(), reason: format!("cannot be written to: {error}") };
        Folder::lock(folder).map_err(refused)?.ok_or_else(|| Error::Busy { to: to.address().to_owned() })
    });
    let _lock = lock.transpose()?;
    let publication = Publication { to, release, options, progress };
    run(publication.publish(pointer.as_ref()))
}

/// A release in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub name: String,
    /// SHA-256 of its `manifest.json`.
    pub manifest_sha256: Option<String>,
    /// SHA-256 of the manifest's signature, if it has one.
    pub signature_sha256: Option<String>,
}

/// The releases that are in a store as a whole, oldest first: of those, the ones whose manifest is another here were revised or withdrawn
/// since, those whose signature is another were signed again, and all of these must be published again.
///
/// # Errors
/// [`Error::Store`].
pub fn held(to: &Target) -> Result<Vec<Held>, Error> {
    run(async {
        let mut held = Vec::new();
        for name in index::indexed(to).await? {
            let index = Index::read(to, &name).await?;
            let of = |path: &str| index.as_ref().and_then(|index| index.files.get(path)).map(|entry| entry.sha256.clone());
            let (manifest_sha256, signature_sha256) = (of(MANIFESTS[0]), of(&format!("{}{SIGNATURE}", MANIFESTS[0])));
            held.push(Held { name, manifest_sha256, signature_sha256 });
        }
        Ok(held)
    })
}

fn run<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Machine)?;
    runtime.block_on(work)
}

struct Publication<'a> {
    to: &'a Target,
    release: &'a Release,
    options: &'a Options,
    progress: &'a dyn Fn(Progress),
}

impl<'a> Publication<'a> {
    async fn publish(&self, pointer: Option<&Parts<'_>>) -> Result<Report, Error> {
        let (to, release, name) = (self.to, self.release, self.release.name.as_str());
        let standing = match pointer {
            Some(pointer) => Standing::read(to, pointer.path).await?,
            None => None,
        };
        if let (Some(standing), false) = (&standing, self.options.allow_older) {
            standing.permits(to, name)?;
        }
        let index = Index::read(to, name).await?;
        let mut plan = Plan::make(to, release, index.as_ref(), self.concurrency()).await?;
        let mut report =
            Report { skipped: plan.skipped, removed: plan.going.len(), purge: std::mem::take(&mut plan.purge), ..Report::default() };
        self.carry(&plan, &mut report).await?;

        (self.progress)(Progress::Verifying);
        let listed = self.verify(&plan).await?;
        if let Some(pointer) = pointer {
            (self.progress)(Progress::Pointing);
            report.pointed = move_pointer(to, pointer, name, standing.as_ref()).await?;
            if let Some(keep) = self.options.keep {
                (self.progress)(Progress::Removing);
                let before = standing.as_ref().map_or(name, |standing| standing.release.as_str());
                report.expired = remove_old(to, keep, &[before, name]).await?;
            }
        }
        // Last of all: until then, what stood in the release's place before is known, and with it what caches must forget.
        Index::of(release, &listed).write(to, name, index.as_ref()).await?;
        tracing::info!(
            release = name,
            to = to.address(),
            uploaded = report.uploaded,
            copied = report.copied,
            bytes = report.bytes,
            "published"
        );
        Ok(report)
    }

    /// Carries what is not in its place, turn by turn; what the release does not have goes before its manifests come.
    async fn carry(&self, plan: &Plan<'_>, report: &mut Report) -> Result<(), Error> {
        let of = self.release.files.len();
        self.carried(report, report.skipped, of);
        for (turn, groups) in plan.turns.iter().enumerate() {
            if turn == 1 && !plan.going.is_empty() {
                self.to.remove(&plan.going).await?;
            }
            let carrying = futures_util::stream::iter(groups).map(|group| carry(self.to, self.release, group));
            let mut carrying = carrying.buffer_unordered(self.concurrency());
            while let Some(Carried { uploaded, copied, bytes }) = carrying.try_next().await? {
                report.uploaded += uploaded;
                report.copied += copied;
                report.bytes += bytes;
                self.carried(report, report.skipped + report.uploaded + report.copied, of);
            }
        }
        Ok(())
    }

    fn carried(&self, report: &Report, done: usize, of: usize) {
        (self.progress)(Progress::Carried { done, of, bytes: report.bytes });
    }

    /// Reads back what is in the release's place, and mends once what is not right there; gives what the store lists of it.
    async fn verify(&self, plan: &Plan<'_>) -> Result<std::collections::BTreeMap<String, Listed>, Error> {
        let (to, release) = (self.to, self.release);
        let folder = format!("{RELEASES}/{}", release.name);
        let carried: HashSet<&str> = plan.turns.iter().flatten().flat_map(|group| &group.files).map(|file| file.path.as_str()).collect();
        let read_back = self.options.verification.choose(release, &carried);
        let all: Vec<&File> = release.files.iter().collect();
        let listed = to.list(&folder).await?;
        let faulty = faults(to, &all, release, &listed, &read_back, self.concurrency()).await?;
        if faulty.is_empty() {
            return Ok(listed);
        }
        for (file, reason) in &faulty {
            tracing::warn!(path = file.path, reason, "carried once more");
            upload(to, release, file).await?;
        }
        let listed = to.list(&folder).await?;
        let mended: Vec<&File> = faulty.iter().map(|(file, _)| *file).collect();
        let paths = mended.iter().map(|file| file.path.as_str()).collect();
        match faults(to, &mended, release, &listed, &paths, self.concurrency()).await?.into_iter().next() {
            Some((file, reason)) => Err(Error::Corrupt { at: format!("{folder}/{}", file.path), reason }),
            None => Ok(listed),
        }
    }

    fn concurrency(&self) -> usize {
        self.options.concurrency.max(1)
    }
}
