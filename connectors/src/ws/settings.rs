//! What the configuration says of one register's web service.

use std::path::PathBuf;

use serde::Deserialize;
use xmlsignature::Hash;

use super::Flaw;
use crate::HttpSettings;

/// Where the service is, whom it believes, how much it may be asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WsSettings {
    /// Where questions are posted.
    pub address: String,
    /// Our RSA key: PKCS#8 in PEM, mode 0600. The register knows its certificate.
    pub key_file: PathBuf,
    /// The register's certificates or public keys, in PEM; answers signed with any other key are refused.
    pub service_keys: Vec<PathBuf>,
    /// Hashes its signatures may use.
    #[serde(default = "hashes")]
    pub hashes: Vec<Hash>,
    /// Codes in one question.
    #[serde(default = "batch")]
    pub batch: usize,
    /// Questions under way at the same time.
    #[serde(default = "concurrency")]
    pub concurrency: usize,
    /// Questions begun in one second.
    #[serde(default = "requests_per_second")]
    pub requests_per_second: u32,
    /// Questions for one extract in one night.
    #[serde(default = "budget")]
    pub budget: usize,
    /// Levels of owners above the entities that were named.
    #[serde(default = "depth")]
    pub depth: u32,
    /// Bytes of one answer.
    #[serde(default = "most_answer_bytes")]
    pub most_answer_bytes: u64,
    /// Patience, bounds and trust; our client certificate, where the service wants one.
    #[serde(default)]
    pub http: HttpSettings,
}

fn hashes() -> Vec<Hash> {
    vec![Hash::Sha256]
}

/// A thousand rows or so in an answer.
fn batch() -> usize {
    100
}

fn concurrency() -> usize {
    2
}

fn requests_per_second() -> u32 {
    5
}

/// 490 VIRS and their owners are some 20 questions; far more means that something is wrong.
fn budget() -> usize {
    1_000
}

/// No chain of owners known in the country comes near.
fn depth() -> u32 {
    20
}

/// A hundred entities' rows are one MiB. Memory while verifying is at worst seventy times as much.
fn most_answer_bytes() -> u64 {
    4 << 20
}

impl WsSettings {
    /// # Errors
    /// A number that must not be zero is.
    pub(super) fn check(&self) -> Result<(), Flaw> {
        let numbers = [
            ("batch", self.batch == 0),
            ("concurrency", self.concurrency == 0),
            ("requests_per_second", self.requests_per_second == 0),
            ("service_keys", self.service_keys.is_empty()),
        ];
        match numbers.iter().find(|(_, zero)| *zero) {
            Some((key, _)) => Err(Flaw::Zero { key }),
            None => Ok(()),
        }
    }
}
