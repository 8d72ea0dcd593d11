//! The head of the form endpoint's audit log, number and hash of its last entry, recorded outside the store in `state/audit-head.jsonl`; and what
//! stands for it outside this machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ledger;
use crate::config::Config;
use crate::home;

const FILE: &str = "audit-head.jsonl";

/// The last entry of the log at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) when: DateTime<Utc>,
    pub(crate) entry: i64,
    pub(crate) hash: String,
    /// Whether the log lacked what had been recorded before, and continues from here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) put_back: bool,
}

/// All of them, the oldest first.
pub(crate) fn read(state: &Path) -> Result<Vec<Head>> {
    ledger::read_lines(&path(state))
}

/// Adds one.
pub(crate) fn add(state: &Path, head: &Head) -> Result<()> {
    std::fs::create_dir_all(state).with_context(|| format!("cannot make {}", state.display()))?;
    ledger::append_line(&path(state), head)
}

/// What stands for the last recorded entry in the signed pointer of the portal, which others keep: who cuts off the log and its heads cannot
/// take that back. None where there is no log.
pub(crate) fn anchor(config: &Config) -> Result<Option<String>> {
    let Some(head) = read(&config.paths.state)?.pop() else { return Ok(None) };
    let salt = home::person_key(&config.secrets.person_key_file)?.salt();
    Ok(Some(anchor_of(&head.hash, &salt)))
}

/// What stands for the entry with this hash. The hash itself would tell too much: whoever knows that of the night before could try out which
/// one act of whom the night's only entry is about.
pub(crate) fn anchor_of(entry: &str, salt: &[u8; 32]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"end of the audit log ");
    hash.update(salt);
    hash.update(entry.as_bytes());
    hex::encode(hash.finalize())
}

fn path(state: &Path) -> PathBuf {
    state.join(FILE)
}
