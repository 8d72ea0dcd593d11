//! What the configuration says of the delivery of letters: `delivery = "file"` or `delivery = "smtp"` and the keys of each.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::Error;

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "delivery", rename_all = "lowercase", deny_unknown_fields)]
pub enum Settings {
    /// Into a folder, a file each.
    File {
        /// Made if there is none; 0700.
        folder: PathBuf,
        /// Whom letters are from: `name@host` or `Name <name@host>`.
        from: String,
    },
    /// To a mail server.
    Smtp(SmtpSettings),
}

/// A mail server that takes letters of the register for anybody: the institution's own relay.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The server's name, which its certificate must bear, or its IP address.
    pub host: String,
    /// Without one: 465, 587 or 25, as `tls` has it.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Encryption,
    /// Whom to log in as. Without one there is no login.
    pub user: Option<String>,
    /// The password of `user` and nothing else but perhaps a line end; mode 0600. Read once, at the start.
    pub password_file: Option<PathBuf>,
    /// Whom letters are from: `name@host` or `Name <name@host>`. Bounces go there, too.
    pub from: String,
    /// The name to greet with (`EHLO`); without one the host of `from`.
    pub hello: Option<String>,
    /// How long the server may be silent at each step (about eight of them); 60 without. Too short a time makes letters come twice.
    #[serde(rename = "timeout_seconds", deserialize_with = "seconds", default = "minute")]
    pub timeout: Duration,
    /// PEM file of the only certificate authorities to trust; none means those of the operating system.
    pub authorities_file: Option<PathBuf>,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314), usually port 465.
    #[default]
    Required,
    /// TLS after `STARTTLS`, usually port 587. Nothing is sent where the server offers none.
    Starttls,
    /// None: only for an address of this machine.
    None,
}

/// Reads the password from a file that only its owner may read.
///
/// # Errors
/// It cannot be read, others can, or it is not one line of text.
pub(crate) fn read_secret(path: &Path) -> Result<String, Error> {
    let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
    let mode = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(unusable(format!("others may read it; `chmod 600 {}`", path.display())));
    }
    let secret = std::fs::read_to_string(path).map_err(|error| unusable(error.kind().to_string()))?;
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.chars().any(char::is_control) {
        return Err(unusable("it must hold one line, the password".to_owned()));
    }
    Ok(secret.to_owned())
}

fn seconds<'de, D: Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(value)?).map_err(serde::de::Error::custom)
}

fn minute() -> Duration {
    Duration::from_secs(60)
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
