//! Withdrawing published releases: everything of a release that holds what must go is removed, and a manifest takes its place that says when
//! and why, but not what.
//!
//! A release was checked as a whole; without a row its statistics would not fit any more. So all of it goes, on the side (portal, internal
//! tier) that holds the text. The chain of releases is not broken: the new manifest names the one that was there.
//!
//! The plan is written down first, and carried out by the next night if the program dies in between.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::manifest::{Manifest, Revised, Withdrawn};
use super::sides::{Store, names};
use super::verify::walk;
use super::withdrawal_plan::{Plan, carry_on, page_entry};
use crate::error::Error;
use crate::paths::{TWIN, is_remembered};
use crate::sought::Sought;

/// One side of a release that holds what was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Folder name of the release.
    pub release: String,
    /// Whether it is the internal tier's side.
    pub internal: bool,
    /// How many of its files hold it.
    pub holding: usize,
    /// How many files the release has.
    pub files: usize,
    /// Paths of the files that hold it.
    pub(crate) paths: BTreeSet<String>,
    pub(crate) manifest: Manifest,
    pub(crate) manifest_sha256: String,
}

impl Holding {
    /// Whether the text stands only in what the release remembers of earlier ones.
    pub(crate) fn only_remembers(&self) -> bool {
        self.paths.iter().all(|path| is_remembered(path.strip_suffix(TWIN).unwrap_or(path)))
    }
}

impl Store {
    /// Searches all releases of both sides. Each file is read once, however many releases share it.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Manifest`] for a folder that holds it but is no release, which somebody must remove by hand.
    pub fn holding(&self, sought: &Sought) -> Result<Vec<Holding>, Error> {
        let mut found = Vec::new();
        for side in [&self.portal, &self.internal] {
            // Release, path in it, and which file of the disk that is.
            let mut paths: Vec<(String, String, (u64, u64))> = Vec::new();
            for release in names(&side.releases())? {
                let (folder, mut files) = (side.release(&release), Vec::new());
                walk(&folder, "", &mut files)?;
                for path in files {
                    let full = folder.join(&path);
                    let data = fs::symlink_metadata(&full).map_err(Error::io("look at", &full))?;
                    if data.is_file() {
                        paths.push((release.clone(), path, (data.dev(), data.ino())));
                    }
                }
            }
            let unique: HashMap<(u64, u64), PathBuf> =
                paths.iter().map(|(release, path, file)| (*file, side.release(release).join(path))).collect();
            let looked: Vec<((u64, u64), bool)> =
                unique.into_par_iter().map(|(file, path)| Ok((file, sought.is_in_file(&path)?))).collect::<Result<_, Error>>()?;
            let holding: HashSet<(u64, u64)> = looked.into_iter().filter_map(|(file, holds)| holds.then_some(file)).collect();
            let mut by_release: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (release, path, _) in paths.into_iter().filter(|(.., file)| holding.contains(file)) {
                by_release.entry(release).or_default().insert(path);
            }
            for (release, paths) in by_release {
                let folder = side.release(&release);
                let (manifest, manifest_sha256) = Manifest::read(&folder)?;
                let files = manifest.all_files(&folder)?.len();
                found.push(Holding { release, internal: side.internal, holding: paths.len(), files, paths, manifest, manifest_sha256 });
            }
        }
        Ok(found)
    }

    /// Withdraws them. `latest` then shows the newest release that is left on that side; where none is left, the page says so.
    ///
    /// # Errors
    /// [`Error::Busy`] while a release is being made; [`Error::Io`]. What was begun is carried on by the next night.
    pub fn withdraw(&self, holdings: &[Holding], date: NaiveDate, why: &str) -> Result<(), Error> {
        let lock = self.lock()?;
        let done = self.clear_up().and_then(|()| {
            let of = |internal: bool| {
                let one = |holding: &Holding| in_its_place(holding, date, why);
                holdings.iter().filter(|holding| holding.internal == internal).map(one).collect()
            };
            Plan { portal: of(false), internal: of(true) }.write(self)?;
            carry_on(self)
        });
        // Closing the file would free the lock as well.
        let _ = lock.unlock();
        done
    }
}

/// The manifest that takes the place of a release's own.
pub(crate) fn in_its_place(holding: &Holding, date: NaiveDate, why: &str) -> Manifest {
    let whole = &holding.manifest;
    let mut manifest = Manifest {
        tiers: BTreeMap::new(),
        sources: Vec::new(),
        files: Vec::new(),
        withdrawn: Some(Withdrawn {
            date,
            why: why.to_owned(),
            manifest_sha256: holding.manifest_sha256.clone(),
            files: None,
            bytes: None,
            holding: None,
        }),
        // An earlier reason may hold what must go now.
        revised: whole.revised.iter().map(|revised| Revised { why: why.to_owned(), ..revised.clone() }).collect(),
        ..whole.clone()
    };
    // Taken out for a second reason, what was there first is what later releases name.
    if let (Some(before), Some(now)) = (&whole.withdrawn, &mut manifest.withdrawn) {
        *now = Withdrawn { date, why: why.to_owned(), ..before.clone() };
    }
    if !holding.internal {
        manifest.files = vec![page_entry(date, why)];
    }
    manifest
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use catalog::Tier;

    use super::super::manifest::{MANIFEST, sha256};
    use super::super::withdrawal_plan::{JOURNAL, PAGE};
    use super::*;
    use crate::{ReleaseInfo, list, sample, verify};

    const CODE: &str = "33309240064";

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
    }

    fn info() -> ReleaseInfo {
        ReleaseInfo {
            date: day(),
            code_version: "0.1.0".to_owned(),
            definitions: "d".to_owned(),
            sources: Vec::new(),
            rounded_to: None,
            publication: None,
            person_ids: None,
        }
    }

    fn publish(store: &Store, portal: &str, internal: &str) -> String {
        let staging = store.stage().unwrap();
        staging.write_bytes(Tier::Public, "virs/1.html", portal.as_bytes()).unwrap();
        staging.write_bytes(Tier::Public, "virs/2.html", b"the same in all").unwrap();
        staging.write_bytes(Tier::Internal, "virs/1.html", internal.as_bytes()).unwrap();
        staging.commit(&info()).unwrap().name
    }

    /// Four releases: the code stands in the portal of the second and third, and in the internal tier of the fourth.
    fn store(home: &Path) -> (Store, Vec<String>) {
        let store = Store::open(&home.join("portal"), &home.join("internal")).unwrap();
        let held = format!("<p>{CODE}</p>");
        let each = [("a", "i"), (held.as_str(), "i"), (held.as_str(), "j"), ("b", held.as_str())];
        let names = each.map(|(portal, internal)| publish(&store, portal, internal));
        (store, names.to_vec())
    }

    fn sought() -> Sought {
        Sought::new(&[CODE.to_owned()]).unwrap()
    }

    fn bytes_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        walk(folder, "", &mut found).unwrap();
        found.iter().filter_map(|path| Some((folder.join(path), fs::read(folder.join(path)).ok()?))).collect()
    }

    fn is_anywhere(home: &Path, text: &str) -> bool {
        bytes_below(home).iter().any(|(_, bytes)| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    }

    #[test]
    fn a_code_is_gone_from_every_byte_of_both_sides_and_the_chain_says_why() {
        let home = tempfile::tempdir().unwrap();
        let (store, names) = store(home.path());
        let found = store.holding(&sought()).unwrap();
        let where_found: Vec<(&str, bool)> = found.iter().map(|holding| (holding.release.as_str(), holding.internal)).collect();
        assert_eq!(where_found, [(names[1].as_str(), false), (names[2].as_str(), false), (names[3].as_str(), true)]);
        assert!(is_anywhere(home.path(), CODE));
        store.withdraw(&found, day(), "Paskelbtas <asmens> kodas").unwrap();
        assert!(!is_anywhere(home.path(), CODE), "not in objects either");
        assert!(store.holding(&sought()).unwrap().is_empty());

        let catalog = sample::catalog(home.path());
        for (side, gone) in [(&store.portal, [1, 2].as_slice()), (&store.internal, [3].as_slice())] {
            for (place, name) in names.iter().enumerate() {
                let report = verify(&side.release(name), &catalog).unwrap();
                assert_eq!(report.withdrawn.is_some(), gone.contains(&place), "{name}");
                assert_eq!(report.previous, (place > 0).then_some(true), "the chain is whole at {name}");
            }
        }
        let (manifest, _) = Manifest::read(&store.portal.release(&names[1])).unwrap();
        let withdrawn = manifest.withdrawn.unwrap();
        assert_eq!((withdrawn.date, withdrawn.why.as_str(), withdrawn.files), (day(), "Paskelbtas <asmens> kodas", None));
        let said = fs::read_to_string(store.portal.release(&names[1]).join(PAGE)).unwrap();
        assert!(said.contains("Paskelbtas &lt;asmens&gt; kodas"), "{said}");
        assert!(fs::read_to_string(store.portal.release(&names[0]).join("public/virs/2.html")).is_ok(), "what others hold stays");
        assert_eq!(
            list(&store.portal.root).unwrap().iter().map(|release| release.withdrawn).collect::<Vec<_>>(),
            [false, true, true, false]
        );
    }

    #[test]
    fn latest_shows_the_newest_release_that_is_left_and_the_next_one_is_made_after_what_was_taken_out() {
        let home = tempfile::tempdir().unwrap();
        let (store, names) = store(home.path());
        let held = publish(&store, CODE, CODE);
        store.withdraw(&store.holding(&sought()).unwrap(), day(), "klaida").unwrap();
        assert_eq!(store.portal.latest_name().unwrap(), names[3]);
        assert_eq!(store.internal.latest_name().unwrap(), names[2]);
        let next = publish(&store, "c", "k");
        let (manifest, _) = Manifest::read(&store.portal.release(&next)).unwrap();
        assert_eq!(manifest.previous.unwrap().release, held, "so that nobody can leave it out of the chain");
        assert_eq!(verify(&store.portal.release(&next), &sample::catalog(home.path())).unwrap().previous, Some(true));
    }

    #[test]
    fn where_nothing_is_left_latest_says_so() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        publish(&store, CODE, "i");
        store.withdraw(&store.holding(&sought()).unwrap(), day(), "klaida").unwrap();
        assert!(fs::read_to_string(store.latest().unwrap().join(PAGE)).unwrap().contains("Duomenys atšaukti"));
        assert!(store.latest_manifest().unwrap().is_some(), "the next night finds a store in order");
    }

    #[test]
    fn a_kill_in_between_is_made_good_by_whoever_opens_the_store_next() {
        let home = tempfile::tempdir().unwrap();
        let (store, names) = store(home.path());
        let found = store.holding(&sought()).unwrap();
        let manifests =
            |internal: bool| found.iter().filter(|one| one.internal == internal).map(|one| in_its_place(one, day(), "w")).collect();
        let plan = Plan { portal: manifests(false), internal: manifests(true) };
        fs::write(store.portal.root.join(JOURNAL), serde_json::to_vec(&plan).unwrap()).unwrap();
        // The first of them was moved away, and there the program died.
        fs::rename(store.portal.release(&names[1]), store.portal.root.join(".staging-withdrawn")).unwrap();
        drop(store.stage().unwrap());
        assert!(!is_anywhere(home.path(), CODE) && !store.portal.root.join(JOURNAL).exists());
        let catalog = sample::catalog(home.path());
        assert!(verify(&store.portal.release(&names[1]), &catalog).unwrap().withdrawn.is_some());
        assert_eq!(verify(&store.portal.release(&names[2]), &catalog).unwrap().previous, Some(true));
    }

    #[test]
    fn another_manifest_in_the_place_of_a_withdrawn_one_is_noticed() {
        let home = tempfile::tempdir().unwrap();
        let (store, names) = store(home.path());
        store.withdraw(&store.holding(&sought()).unwrap(), day(), "klaida").unwrap();
        let path = store.portal.release(&names[2]).join(MANIFEST);
        let (mut manifest, _) = Manifest::read(path.parent().unwrap()).unwrap();
        manifest.withdrawn.as_mut().unwrap().manifest_sha256 = sha256(b"another");
        fs::write(&path, manifest.print().unwrap()).unwrap();
        assert!(verify(&store.portal.release(&names[3]), &sample::catalog(home.path())).is_err());
    }
}
