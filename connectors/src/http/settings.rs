//! What the configuration says of the network; every key has a default.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use xmlsignature::Term;

use crate::Error;

/// Patience, bounds and trust of one HTTP client.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// How long a connection may take to come about.
    #[serde(rename = "connect_seconds", deserialize_with = "seconds")]
    pub connect: Duration,
    /// How long the source may be silent, before it answers and while it does.
    #[serde(rename = "stall_seconds", deserialize_with = "seconds")]
    pub stall: Duration,
    /// How long one request may take as a whole.
    #[serde(rename = "total_seconds", deserialize_with = "seconds")]
    pub total: Duration,
    /// Bytes of an answer, as transferred; more is refused.
    pub most_bytes: u64,
    /// How often a request is tried, the first time included.
    pub attempts: usize,
    /// The first pause between two attempts; each further one is twice as long, and chance makes any up to twice as long again.
    #[serde(rename = "pause_seconds", deserialize_with = "seconds")]
    pub pause: Duration,
    /// No pause is longer, whatever a `Retry-After` asks.
    #[serde(rename = "longest_pause_seconds", deserialize_with = "seconds")]
    pub longest_pause: Duration,
    /// After so many failed requests in a row no more are made.
    pub give_up_after: u32,
    /// Whether `http://` is allowed to other machines than this one.
    pub allow_plain: bool,
    /// PEM file of the only certificate authorities to trust; none means those of the operating system.
    pub authorities_file: Option<PathBuf>,
    /// PEM file with this client's certificate and private key, mode 0600.
    pub identity_file: Option<PathBuf>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            stall: Duration::from_secs(60),
            total: Duration::from_secs(30 * 60),
            most_bytes: 2 << 30,
            attempts: 4,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(5 * 60),
            give_up_after: 3,
            allow_plain: false,
            authorities_file: None,
            identity_file: None,
        }
    }
}

/// The terms of the certificates (PEM) in a file; none of one that has public keys alone.
///
/// # Errors
/// It cannot be read, or holds neither.
pub fn terms_of(path: &Path) -> Result<Vec<Term>, Error> {
    let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
    xmlsignature::terms(&text)
        .filter(|terms| !terms.is_empty() || text.contains("PUBLIC KEY-----"))
        .ok_or_else(|| unusable("it holds no certificate in PEM that can be read".to_owned()))
}

/// Reads a file that only its owner may read: a key, a secret.
///
/// # Errors
/// It cannot be read, or others can.
pub(crate) fn read_secret(path: &Path) -> Result<Vec<u8>, Error> {
    let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
    let mode = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(unusable(format!("others may read it; `chmod 600 {}`", path.display())));
    }
    std::fs::read(path).map_err(|error| unusable(error.to_string()))
}

fn seconds<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(value)?).map_err(serde::de::Error::custom)
}
