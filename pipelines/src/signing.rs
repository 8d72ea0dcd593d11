//! Signing releases: the key of this installation, the list that names it, and the pointer that is renewed every night.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;
use publish::Store;
use trust::layout::{self, POINTER};
use trust::{Pointer, SecretKey};

use crate::config::Config;
use crate::refusal::Refusal;
use crate::state::shown::Shown;
use crate::state::{audit_heads, portal_file};

const MANIFEST: &str = "manifest.json";
/// Folder of the lists of keys.
const KEYS: &str = "keys";

/// Signs with the key that `secrets.signing_key_file` names.
#[derive(Debug)]
pub(crate) struct Signing {
    signer: trust::Signer,
}

impl publish::Signer for Signing {
    fn sign(&self, manifest: &[u8]) -> Result<String, String> {
        self.signer.sign_manifest(manifest).map_err(|error| error.to_string())
    }
}

impl Signing {
    /// The key and the newest list of keys; `None` where releases are not signed.
    pub(crate) fn load(config: &Config) -> Result<Option<Arc<Self>>> {
        let Some(path) = &config.secrets.signing_key_file else { return Ok(None) };
        let key = SecretKey::read(path).map_err(Refusal::one)?;
        let Some(version) = newest_list(&config.paths.portal)? else {
            return Err(Refusal::one(format!(
                "secrets.signing_key_file is set, but {} has no list of keys that names it; make one with `virsis signing begin`",
                config.paths.portal.display()
            ))
            .into());
        };
        let list = read(&config.paths.portal, &layout::key_list(version))?;
        Ok(Some(Arc::new(Self::with(key, &list)?)))
    }

    /// With a key that the list of keys with these bytes has in use.
    pub(crate) fn with(key: SecretKey, list: &[u8]) -> Result<Self> {
        Ok(Self { signer: trust::Signer::new(key, list).map_err(Refusal::one)? })
    }

    /// The pointer to the release with this manifest, after the one that stands there, from the first of two days to the second. `oldest` is the number
    /// of the oldest release that is kept where it will lie, `audit_log` what stands for the end of the audit log.
    pub(crate) fn pointer(
        &self,
        manifest: &[u8],
        after: Option<&Pointer>,
        oldest: u64,
        (renewed, expires): (NaiveDate, NaiveDate),
        audit_log: Option<String>,
    ) -> Result<trust::Signed> {
        Ok(self.signer.point_to(manifest, after, oldest, renewed, expires, audit_log).map_err(Refusal::one)?)
    }

    /// Renews the pointer to the latest release, from today on for as long as the settings say: nobody can pass off today's state for longer than it holds.
    pub(crate) fn renew_pointer(&self, config: &Config, store: &Store) -> Result<()> {
        let portal = &config.paths.portal;
        let Some(latest) = store.latest() else { return Ok(()) };
        let manifest = fs::read(latest.join(MANIFEST)).with_context(|| format!("cannot read the manifest in {}", latest.display()))?;
        let numbers = store.release_numbers()?;
        let Some(oldest) = numbers.first() else { return Ok(()) };
        let after = match fs::read(portal.join(POINTER)) {
            Ok(bytes) => {
                Some(Pointer::parse(&bytes).map_err(|reason| Refusal::one(format!("{POINTER} in the portal is damaged: {reason}")))?)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", portal.join(POINTER).display())),
        };
        // Readers may have seen one that is lost: as if that had stood there, what is said now must not be taken for what it said.
        let least = Shown::load(&config.paths.state)?.pointer.unwrap_or(0);
        let after = after.map(|after| match after.number < least {
            true => Pointer { number: least, release: String::new(), ..after },
            false => after,
        });
        let today = Utc::now().with_timezone(&Vilnius).date_naive();
        let expires = today.checked_add_days(Days::new(config.portal.pointer_days)).unwrap_or(today);
        let audit_log = audit_heads::anchor(config)?;
        let signed = self.pointer(&manifest, after.as_ref(), *oldest, (today, expires), audit_log)?;
        // A reader in between finds two files that do not belong together, and reads both again.
        portal_file::replace(portal, POINTER, &signed.bytes)?;
        portal_file::replace(portal, &layout::signature(POINTER), signed.signature.as_bytes())?;
        Shown::note(config)
    }
}

/// What people read where a release was that is lost.
const LOST: &str = "leidimas prarastas sugedus įrangai, o atsarginėje kopijoje jo nėra tokio, koks buvo rodomas";

/// Says of every release that readers have seen, and that the portal lacks or has as it was before something was removed from it, that it is lost, so
/// that numbers go on after it. Gives their names. The state knows what was seen.
pub(crate) fn tell_lost(config: &Config, store: &Store) -> Result<Vec<String>> {
    let today = Utc::now().with_timezone(&Vilnius).date_naive();
    let lost = store.tell_lost(&Shown::load(&config.paths.state)?.seen(), today, LOST)?;
    if !lost.is_empty() {
        tracing::warn!(releases = lost.join(" "), "releases that were shown are lost; the portal says so in their place");
    }
    Ok(lost)
}

/// The release store, in which what the portal shows is signed if a key is set.
pub(crate) fn open_store(config: &Config) -> Result<(Store, Option<Arc<Signing>>)> {
    let signing = Signing::load(config)?;
    let store = Store::open(&config.paths.portal, &config.paths.internal)?;
    Ok((store.signed_by(signing.clone().map(|signing| signing as Arc<dyn publish::Signer>)), signing))
}

/// Version of the newest list of keys in a portal.
pub(crate) fn newest_list(portal: &Path) -> Result<Option<u64>> {
    let folder = portal.join(KEYS);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut newest = None;
    for entry in entries {
        let name = entry.with_context(|| format!("cannot list {}", folder.display()))?.file_name();
        let version = name.to_str().and_then(|name| name.strip_suffix(".json")).and_then(|version| version.parse::<u64>().ok());
        newest = newest.max(version);
    }
    Ok(newest)
}

/// A file of the portal, whole.
pub(crate) fn read(portal: &Path, path: &str) -> Result<Vec<u8>> {
    let full = portal.join(path);
    fs::read(&full).with_context(|| format!("cannot read {}", full.display()))
}
