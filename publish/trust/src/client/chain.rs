//! The chain of releases: each manifest names the one before by its hash. It is followed back to the release that the reader saw last, so
//! that nothing that was seen can be made unseen.

use crate::known::Seen;
use crate::layout;
use crate::manifest::Manifest;
use crate::refused::Refused;

use super::release::Portal;

/// How far back the chain is followed: to the release that was seen last, and at least that far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// To the release that was seen last only.
    Seen,
    /// So many releases before the latest.
    Releases(u64),
    /// To the first that the portal keeps.
    First,
}

/// How far the chain was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// How many releases before the latest are those that it was made after.
    pub releases: u64,
    /// Why it was followed no further.
    pub end: ChainEnd,
}

/// Why the chain was followed no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainEnd {
    /// It was not asked for.
    Asked,
    /// There is no release before.
    First,
    /// The release before is one of those that the portal keeps no more.
    NotKept {
        /// Its name.
        release: String,
    },
}

/// One step back.
enum Step {
    To(Box<Manifest>),
    End(ChainEnd),
}

/// Follows the chain from the latest release.
pub(super) fn follow(portal: Portal<'_>, latest: &Manifest, seen: Option<&Seen>, back: Back) -> Result<Chain, Refused> {
    if let Some(seen) = seen.filter(|seen| latest.sequence < seen.sequence) {
        return withdrawn_since(portal, latest, seen).and_then(|()| follow(portal, latest, None, back));
    }
    let (mut at, mut releases) = (latest.clone(), 0);
    let mut seen = seen;
    loop {
        if let Some(found) = seen.filter(|seen| seen.release == at.name()) {
            found.compare(&at)?;
            seen = None;
        }
        let enough = match back {
            Back::Seen => true,
            Back::Releases(wanted) => releases >= wanted,
            Back::First => false,
        };
        if seen.is_none() && enough {
            return Ok(Chain { releases, end: ChainEnd::Asked });
        }
        let step = step(portal, &at)?;
        let left_out = |seen: &Seen| Refused::LeftOut { release: at.name(), seen: seen.release.clone() };
        match (step, seen) {
            (Step::To(before), Some(seen)) if before.sequence < seen.sequence => return Err(left_out(seen)),
            // What the portal says it keeps must be there.
            (Step::End(end), Some(seen)) if end == ChainEnd::First || seen.sequence >= portal.oldest => return Err(left_out(seen)),
            (Step::End(end), _) => return Ok(Chain { releases, end }),
            (Step::To(before), _) => at = *before,
        }
        releases += 1;
    }
}

/// That the release which was seen, and all between it and the earlier one that is shown as the latest now, were withdrawn.
fn withdrawn_since(portal: Portal<'_>, latest: &Manifest, seen: &Seen) -> Result<(), Refused> {
    let older = || Refused::OlderRelease { release: latest.name(), seen: seen.release.clone() };
    let mut at = portal.manifest(&seen.release).map_err(|refused| match refused {
        Refused::Missing { .. } => older(),
        other => other,
    })?;
    seen.compare(&at)?;
    while at.sequence > latest.sequence {
        if at.withdrawn.is_none() {
            return Err(older());
        }
        match step(portal, &at)? {
            Step::To(before) => at = *before,
            Step::End(_) => return Err(older()),
        }
    }
    match at.sha256 == latest.sha256 {
        true => Ok(()),
        false => Err(older()),
    }
}

/// To the release before, which must be the one that this one was made after, or stand in its place.
fn step(portal: Portal<'_>, at: &Manifest) -> Result<Step, Refused> {
    let Some(previous) = &at.previous else { return Ok(Step::End(ChainEnd::First)) };
    let broken = || Refused::ChainBroken { release: at.name(), previous: previous.release.clone() };
    let sequence = layout::sequence(&previous.release).filter(|sequence| *sequence < at.sequence).ok_or_else(broken)?;
    if sequence < portal.oldest {
        return Ok(Step::End(ChainEnd::NotKept { release: previous.release.clone() }));
    }
    let before = portal.named_manifest(&previous.release, sequence, &previous.sha256).map_err(|refused| match refused {
        Refused::Missing { .. } => Refused::ReleaseMissing { release: previous.release.clone(), oldest: portal.oldest },
        other => other,
    })?;
    match before.stands_for(&previous.sha256) {
        true => Ok(Step::To(Box::new(before))),
        false => Err(broken()),
    }
}
