//! The reader's side: from a key that is trusted to every file of the latest release, in the order in which nothing is used before it is
//! proven.

mod chain;
mod files;
mod keys;
mod pointer;
mod release;
mod signed;

use std::fmt;

use chrono::{Days, NaiveDate};

use crate::fetch::Fetch;
use crate::known::{Known, Seen};
use crate::manifest::{Manifest, Withdrawn};
use crate::pointer::Pointer;
use crate::public_key::PublicKey;
use crate::refused::Refused;

pub use chain::{Back, Chain, ChainEnd};
pub use files::HowMuch;
use pointer::TrustedPointer;
use release::Portal;

/// What is to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How much of the latest release.
    pub how_much: HowMuch,
    /// How many releases before it.
    pub back: Back,
    /// How many files are read at the same time.
    pub at_once: usize,
}

/// A release that may be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its name.
    pub release: String,
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// Whose signature the pointer to it has.
    pub signed_by: PublicKey,
    /// Version of the list of keys that holds.
    pub keys_version: u64,
    /// The day on which the pointer was signed.
    pub renewed: NaiveDate,
    /// The last day on which it may be believed.
    pub expires: NaiveDate,
    /// If the release was taken out of service, and nothing is left to be shown: when and why.
    pub withdrawn: Option<Withdrawn>,
    /// How many files have the right hash.
    pub files: u64,
    /// Their size together.
    pub bytes: u64,
    /// How far the releases before it were followed.
    pub chain: Chain,
    /// What a reader should know besides.
    pub notes: Vec<Note>,
    /// What to remember for the next time.
    pub known: Known,
}

/// What is no reason to refuse a release, but should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// What was remembered counts no more.
    Forgotten {
        /// Number of the key that had signed it.
        key: String,
    },
    /// Too much was published since the last time.
    NotLinked {
        /// The release that was seen then.
        seen: String,
    },
    /// The pointer was signed in the reader's future.
    ClockBehind {
        /// The day on which it was signed.
        renewed: NaiveDate,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forgotten { key } => write!(
                out,
                "key {key}, which had signed what was remembered of this portal, is in the list of keys no more; what the portal showed \
                 then does not count"
            ),
            Self::NotLinked { seen } => write!(
                out,
                "release {seen:?}, seen the last time, could not be reached: the portal keeps none so old. The signatures hold all the same"
            ),
            Self::ClockBehind { renewed } => write!(
                out,
                "the portal was signed on {renewed}, which this computer has still before it; with a date in the past an old state would \
                 not be noticed"
            ),
        }
    }
}

/// Checks the latest release of a portal on a day, `today`, as far as it is asked for.
///
/// # Errors
/// [`Refused`], with the first reason that was found; what is known then stays as it is.
pub fn verify(fetch: &dyn Fetch, known: &Known, request: &Request, today: NaiveDate) -> Result<Verified, Refused> {
    let keys = keys::newest(fetch, known)?;
    if let Some(expires) = keys.list.expires.filter(|expires| *expires < today) {
        return Err(Refused::KeysExpired { version: keys.list.version, expires });
    }
    let found = pointer::read_pointer(fetch, &keys, today)?;
    let mut notes = Vec::new();
    let mut seen = known.seen.as_ref();
    // Whoever stole a key may have pointed far ahead with it: what only that key says must not keep readers from what is true (The Update
    // Framework, 5.3.11: recovery from fast-forward attacks).
    if let Some(revoked) = seen.filter(|seen| keys.list.release_key(&seen.signed_by).is_none()) {
        notes.push(Note::Forgotten { key: revoked.signed_by.number() });
        seen = None;
    }
    seen.map_or(Ok(()), |seen| pointer::compare(&found, seen))?;
    let portal = Portal { fetch, keys: &keys.list, oldest: found.pointer.oldest };
    let Pointer { release, sequence, manifest_sha256, .. } = &found.pointer;
    let latest = portal.named_manifest(release, *sequence, manifest_sha256)?;
    // Something may be removed from a release after the pointer was signed; the manifest then names the one that the pointer means.
    if !latest.stands_for(manifest_sha256) {
        return Err(Refused::OtherManifest { release: latest.name() });
    }
    let chain = chain::follow(portal, &latest, seen, request.back)?;
    if let Some(seen) = seen.filter(|seen| seen.sequence < portal.oldest) {
        notes.push(Note::NotLinked { seen: seen.release.clone() });
    }
    if today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| tomorrow < found.pointer.renewed) {
        notes.push(Note::ClockBehind { renewed: found.pointer.renewed });
    }
    let checked = files::check(fetch, &latest, &request.how_much, request.at_once)?;
    let known = Known { key: known.key.clone(), seen: Some(seen_now(&found, &latest)), keys: Some(keys) };
    Ok(Verified {
        release: latest.name(),
        sequence: latest.sequence,
        manifest_sha256: latest.sha256,
        signed_by: found.signed_by,
        keys_version: known.keys.as_ref().map_or(0, |keys| keys.list.version),
        renewed: found.pointer.renewed,
        expires: found.pointer.expires,
        withdrawn: latest.withdrawn,
        files: checked.files,
        bytes: checked.bytes,
        chain,
        notes,
        known,
    })
}

fn seen_now(found: &TrustedPointer, latest: &Manifest) -> Seen {
    Seen {
        number: found.pointer.number,
        pointer_sha256: found.sha256.clone(),
        signed_by: found.signed_by.clone(),
        release: latest.name(),
        sequence: latest.sequence,
        manifest_sha256: latest.sha256.clone(),
        before: latest.before(),
        withdrawn: latest.withdrawn.is_some(),
    }
}
