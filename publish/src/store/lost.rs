//! Releases that readers have seen and that are no more, since the portal was lost and its copy is older: each has a manifest that says so. Readers
//! who remember one of them find it in the chain, and what is published from then on has numbers of its own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::commit::point;
use super::manifest::{FORMAT, Manifest, Previous, Revised, Withdrawn, sha256};
use super::sides::{Side, Store, names};
use super::withdrawal_plan::{Plan, carry_on, page_entry};
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
    /// Says of releases that come after the newest one that is there that they are lost, and of one that is there as it was before something
    /// was removed from it. Gives their names. `seen` has those of the portal and those of the internal tier; what else is there is left alone.
    ///
    /// # Errors
    /// [`Error::Busy`] while a release is being made; [`Error::Manifest`], [`Error::Io`]. What was begun is carried on by the next night.
    pub fn tell_lost(&self, [portal, internal]: &[Vec<LostRelease>; 2], date: NaiveDate, why: &str) -> Result<Vec<String>, Error> {
        let lock = self.lock()?;
        let told = self.clear_up().and_then(|()| {
            let plan = Plan { portal: lost(&self.portal, portal, date, why)?, internal: lost(&self.internal, internal, date, why)? };
            let told: Vec<String> = plan.portal.iter().map(Manifest::name).collect();
            if !plan.portal.is_empty() || !plan.internal.is_empty() {
                plan.write(self)?;
                carry_on(self)?;
            }
            Ok(told)
        });
        // Closing the file would free the lock as well.
        let _ = lock.unlock();
        told
    }

    /// Lets `latest` of both sides show the newest release that is there and was not taken out of service; without one, the newest.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn point_to_newest(&self) -> Result<(), Error> {
        for side in [&self.internal, &self.portal] {
            let stands = |name: &&String| Manifest::read(&side.release(name)).is_ok_and(|(manifest, _)| manifest.withdrawn.is_none());
            let names = names(&side.releases())?;
            if let Some(newest) = names.iter().rev().find(stands).or(names.last()) {
                point(side, newest)?;
            }
        }
        Ok(())
    }
}

/// The manifests that take the place of those that a side lacks at its end, each after the one before, and of those that are there as they were.
fn lost(side: &Side, seen: &[LostRelease], date: NaiveDate, why: &str) -> Result<Vec<Manifest>, Error> {
    let newest = names(&side.releases())?.pop();
    let named = |release: &String| -> Result<Previous, Error> {
        Ok(Previous { release: release.clone(), sha256: Manifest::read(&side.release(release))?.1 })
    };
    let mut previous = newest.as_ref().map(named).transpose()?;
    let numbered = seen.iter().filter_map(|release| Some((release.number_and_date()?, release)));
    let by_number: BTreeMap<(u64, NaiveDate), &LostRelease> = numbered.collect();
    let after = newest.and_then(|name| name.split_once('-')?.0.parse().ok()).unwrap_or(0);
    let mut manifests = Vec::new();
    for ((sequence, day), release) in by_number {
        let Some((last, earlier)) = release.manifests.split_last() else { continue };
        let revised = |sha256: &String| Revised { date, why: why.to_owned(), manifest_sha256: sha256.clone(), rows: BTreeMap::new() };
        let before = if sequence > after {
            Manifest {
                format: FORMAT,
                sequence,
                date: day,
                code_version: env!("CARGO_PKG_VERSION").to_owned(),
                definitions: String::new(),
                publication: None,
                person_ids: None,
                previous: previous.take(),
                withdrawn: None,
                revised: Vec::new(),
                tiers: BTreeMap::new(),
                sources: Vec::new(),
                files: Vec::new(),
            }
        } else {
            // There, but not as it was shown last: what was removed from it stands in it again.
            match Manifest::read(&side.release(&release.name)) {
                Ok((manifest, own)) if own != *last && earlier.contains(&own) => manifest,
                _ => continue,
            }
        };
        let manifest = Manifest {
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
            files: if side.internal { Vec::new() } else { vec![page_entry(date, why)] },
            ..before
        };
        if sequence > after {
            previous = Some(Previous { release: release.name.clone(), sha256: sha256(&manifest.print()?) });
        }
        manifests.push(manifest);
    }
    Ok(manifests)
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
        let seen = [seen.clone(), seen];
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
        let (manifest, own) = Manifest::read(&store.portal.release(&seen[0][3].name)).unwrap();
        assert!(seen[0][3].manifests.iter().all(|sha256| manifest.stands_for(sha256, &own)));
    }

    #[test]
    fn a_release_that_is_there_as_it_was_before_something_was_removed_is_taken_out_of_service() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(&home.path().join("portal"), &home.path().join("internal")).unwrap();
        let mut seen: Vec<LostRelease> = (1..=3).map(|on| publish(&store, on)).collect();
        seen[1].manifests.push(sha256(b"after rows were removed"));
        assert_eq!(store.tell_lost(&[seen.clone(), Vec::new()], day(9), WHY).unwrap(), ["000002-2026-11-02"]);
        assert_eq!(store.tell_lost(&[seen.clone(), Vec::new()], day(9), WHY).unwrap(), Vec::<String>::new(), "once");
        let (manifest, own) = Manifest::read(&store.portal.release(&seen[1].name)).unwrap();
        assert!(manifest.withdrawn.is_some() && seen[1].manifests.iter().all(|sha256| manifest.stands_for(sha256, &own)));
        let catalog = sample::catalog(home.path());
        assert_eq!(verify(&store.portal.release(&seen[2].name), &catalog).unwrap().previous, Some(true), "the chain is whole");
        assert!(store.latest().unwrap().ends_with(&seen[2].name));
        std::fs::remove_file(store.portal.latest()).unwrap();
        store.point_to_newest().unwrap();
        assert!(store.latest().unwrap().ends_with(&seen[2].name));
    }
}
