//! `[secrets]`: names of files, never what stands in them.

use std::path::PathBuf;

use serde::Deserialize;

/// Files of secrets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Secrets {
    /// 32 random bytes that turn persons into surrogate ids; mode 0600, outside all data folders.
    pub(crate) person_key_file: PathBuf,
}

impl Default for Secrets {
    fn default() -> Self {
        Self { person_key_file: "secrets/person.key".into() }
    }
}
