//! Releases that readers have seen and that are no more, since the portal was lost and its copy is older: each has a manifest that says so. Readers
//! who remember one of them find it in the chain, and what is published from then on has numbers of its own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::manifest::{FORMAT, FileEntry, Manifest, Previous, Revised, Withdrawn, sha256};
use super::sides::{Side, Store, names};
use super::withdrawal_plan::{PAGE, Plan, carry_on, page};
use crate::error::Error;

/// A release that somebody has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRelease {
    /// Its name, `<sequence>-<date>`.
    pub name: String,
    /// SHA-256 of its manifests in the portal, the last one last.
    pub manifests: Vec<String>,
}

impl LostRelease {
    fn number_and_date(&self) -> Option<(u64, NaiveDate)> {
        let (sequence, date) = self.name.split_once('-')?;
        Some((sequence.parse().ok()?, date.parse().ok()?))
    }
}

impl Store {
    /// Says of those that come after the newest release that is there that they are lost; gives their names. The others are left alone.
    ///
    /// # Errors
    /// [`Error::Busy`] while a release is being made; [`Error::Manifest`], [`Error::Io`]. What was begun is carried on by the next night.
    pub fn tell_lost(&self, seen: &[LostRelease], date: NaiveDate, why: &str) -> Result<Vec<String>, Error> {
        let lock = self.lock()?;
        let told = self.clear_up().and_then(|()| {
            let portal = lost(&self.portal, seen, date, why)?;
            let told = portal.iter().map(Manifest::name).collect();
            if !portal.is_empty() {
                Plan { internal: lost(&self.internal, seen, date, why)?, portal }.write(self)?;
                carry_on(self)?;
            }
            Ok(told)
        });
        // Closing the file would free the lock as well.
        let _ = lock.unlock();
        told
    }
}

/// The manifests that take the place of those that this side lacks at its end, each after the one before.
fn lost(side: &Side, seen: &[LostRelease], date: NaiveDate, why: &str) -> Result<Vec<Manifest>, Error> {
    let newest = names(&side.releases())?.pop();
    let named = |release: &String| Ok(Previous { release: release.clone(), sha256: Manifest::read(&side.release(release))?.1 });
    let mut previous = newest.as_ref().map(named).transpose()?;
    let numbered = seen.iter().filter_map(|release| Some((release.number_and_date()?, release)));
    let by_number: BTreeMap<(u64, NaiveDate), &LostRelease> = numbered.collect();
    let after = newest.and_then(|name| name.split_once('-')?.0.parse().ok()).unwrap_or(0);
    let mut manifests = Vec::new();
    for ((sequence, day), release) in by_number.into_iter().filter(|((sequence, _), _)| *sequence > after) {
        let Some((last, earlier)) = release.manifests.split_last() else { continue };
        let revised = |sha256: &String| Revised { date, why: why.to_owned(), manifest_sha256: sha256.clone(), rows: BTreeMap::new() };
        let manifest = Manifest {
            format: FORMAT,
            sequence,
            date: day,
            code_version: env!("CARGO_PKG_VERSION").to_owned(),
            definitions: String::new(),
            publication: None,
            person_ids: None,
            previous: previous.take(),
            withdrawn: Some(Withdrawn {
                date,
                why: why.to_owned(),
                manifest_sha256: last.clone(),
                files: None,
                bytes: None,
                holding: None,
            }),
            revised: earlier.iter().map(revised).collect(),
            tiers: BTreeMap::new(),
            sources: Vec::new(),
            files: if side.internal { Vec::new() } else { vec![of_page(&page(date, why))] },
        };
        previous = Some(Previous { release: release.name.clone(), sha256: sha256(&manifest.print()?) });
        manifests.push(manifest);
    }
    Ok(manifests)
}

fn of_page(page: &str) -> FileEntry {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReleaseInfo, list, sample, verify};

    const WHY: &str = "prarastas";

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn publish(store: &Store, on: u32) -> LostRelease {
        let info = ReleaseInfo {
            date: day(on),
            code_version: "0.1.0".to_owned(),
            definitions: "d".to_owned(),
            sources: Vec::new(),
            rounded_to: None,
            publication: None,
            person_ids: None,
        };
        let committed = store.stage().unwrap().commit(&info).unwrap();
        LostRelease { name: committed.name, manifests: vec![committed.manifest_sha256] }
    }

    #[test]
    fn lost_releases_stay_in_the_chain_and_their_numbers_are_not_given_again() {
        let home = tempfile::tempdir().unwrap();
        let open = |portal: &str| Store::open(&home.path().join(portal), &home.path().join(format!("{portal}-internal"))).unwrap();
        let before = open("before");
        let mut seen: Vec<LostRelease> = (1..=4).map(|on| publish(&before, on)).collect();
        seen[3].manifests.insert(0, sha256(b"before rows were removed"));
        // The copy has the first two.
        let store = open("portal");
        (1..=2).for_each(|on| drop(publish(&store, on)));
        let told = store.tell_lost(&seen, day(9), WHY).unwrap();
        assert_eq!(told, ["000003-2026-11-03", "000004-2026-11-04"]);
        assert_eq!(store.tell_lost(&seen, day(9), WHY).unwrap(), Vec::<String>::new(), "once");
        assert!(store.latest().unwrap().ends_with("000002-2026-11-02"));
        let next = publish(&store, 9);
        assert_eq!(next.name, "000005-2026-11-09");
        let catalog = sample::catalog(home.path());
        for root in [&store.portal, &store.internal] {
            let releases = list(&root.root).unwrap();
            assert_eq!(releases.iter().map(|release| release.withdrawn).collect::<Vec<_>>(), [false, false, true, true, false]);
            for release in &releases[1..] {
                assert_eq!(verify(&root.release(&release.name), &catalog).unwrap().previous, Some(true), "{}", release.name);
            }
        }
        let (manifest, own) = Manifest::read(&store.portal.release(&seen[3].name)).unwrap();
        assert!(seen[3].manifests.iter().all(|sha256| manifest.stands_for(sha256, &own)));
    }
}
