//! `[secrets]`: names of files with secrets, never the secrets.

use std::path::PathBuf;

use serde::Deserialize;

/// Files with secrets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Secrets {
    /// The person key: 32 random bytes from which surrogate keys are derived; mode 0600, outside all data folders.
    pub(crate) person_key_file: PathBuf,
    /// The key that signs releases, which `virsis signing begin` makes; mode 0600, outside all data folders. Without it releases are not signed.
    pub(crate) signing_key_file: Option<PathBuf>,
}

impl Default for Secrets {
    fn default() -> Self {
        Self { person_key_file: "secrets/person.key".into(), signing_key_file: None }
    }
}
