//! The pointer, `latest.json`: which release is the latest, until when that may be believed, and which list of keys holds. It is signed
//! again every night, also when nothing is new, so that nobody can pass off an old state as today's for longer than until it expires.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::json::print;
use crate::layout;

/// Version of the format.
pub(crate) const FORMAT: u32 = 1;

/// `latest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Version of the format.
    pub format: u32,
    /// Grows with every pointer that says something new: a smaller one is an old one.
    pub number: u64,
    /// Name of the latest release.
    pub release: String,
    /// Its number. Smaller than before only when later releases were withdrawn.
    pub sequence: u64,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// Number of the oldest release that the portal keeps; earlier ones may be gone, later ones may not.
    pub oldest: u64,
    /// Version of the list of keys that holds.
    pub keys_version: u64,
    /// SHA-256 of that list.
    pub keys_sha256: String,
    /// The day on which it was signed.
    pub renewed: NaiveDate,
    /// The last day on which it may be believed.
    pub expires: NaiveDate,
    /// What stands for the end of the publisher's audit log on that day. It tells readers nothing; kept by many of them, it proves to the publisher that the
    /// log was not cut off since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_log: Option<String>,
}

impl Pointer {
    /// Reads the file of a portal of one's own, to make the next one; a reader checks the signature first ([`crate::verify()`]).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let pointer: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let problem = match &pointer {
            _ if layout::sequence(&pointer.release) != Some(pointer.sequence) => "its number is not that of its release",
            _ if !(1..=pointer.sequence).contains(&pointer.oldest) => "the oldest release would be none, or one after the latest",
            _ if pointer.expires < pointer.renewed => "it expired before it was signed",
            _ => return Ok(pointer),
        };
        Err(problem.to_owned())
    }

    /// The bytes of the file.
    pub(crate) fn print(&self) -> Result<Vec<u8>, serde_json::Error> {
        print(self)
    }
}
