//! Posting JSON to an address that the settings name, once: whoever does not answer is no reason to hold up a night.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use connectors::{Call, Error, Http, HttpSettings, Problem};
use serde::Serialize;

/// A night does not wait longer for an answer.
const LONGEST: Duration = Duration::from_secs(30);
/// Bytes of an answer that nobody reads.
const MOST_BYTES: u64 = 1 << 20;

/// Posts to one address.
pub(super) struct Post<'a> {
    client: Http,
    address: &'a str,
    /// How errors call the address: often it is its only secret.
    setting: &'static str,
}

impl<'a> Post<'a> {
    pub(super) fn new(setting: &'static str, address: &'a str, authorities_file: Option<&Path>) -> Result<Self> {
        let settings = HttpSettings {
            stall: LONGEST,
            total: LONGEST,
            most_bytes: MOST_BYTES,
            attempts: 1,
            authorities_file: authorities_file.map(Path::to_owned),
            ..HttpSettings::default()
        };
        Ok(Self { client: Http::new(&settings)?, address, setting })
    }

    /// # Errors
    /// No answer came, or one that refuses.
    pub(super) fn json(&self, body: &impl Serialize) -> Result<()> {
        let call = Call::post(self.setting, self.address, Instant::now() + LONGEST, serde_json::to_vec(body)?);
        match self.client.fetch(&call.header("content-type", "application/json").shown_as(self.setting)) {
            // Taken; some say so on a web page.
            Ok(_) | Err(Error::Network { problem: Problem::NotData { .. }, .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the same would be refused whenever it is sent again: it is the receiver's word on this message, not a passing trouble.
pub(super) fn is_final(error: &anyhow::Error) -> bool {
    let status = match error.downcast_ref() {
        Some(Error::Network { problem: Problem::Status { status, .. }, .. }) => *status,
        _ => return false,
    };
    matches!(status, 400 | 405 | 413 | 415 | 422)
}
