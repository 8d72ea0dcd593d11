//! A public key in minisign's format: the line of base64 that `minisign -P` takes.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// `Ed`, the number of the key, the key.
pub(crate) const ALGORITHM: [u8; 2] = *b"Ed";
pub(crate) const NUMBER_BYTES: usize = 8;
const BYTES: usize = 2 + NUMBER_BYTES + 32;
pub(crate) const COMMENT: &str = "untrusted comment: ";

/// A public key that signatures are checked with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey {
    text: String,
    number: [u8; NUMBER_BYTES],
    pub(crate) key: minisign_verify::PublicKey,
}

/// What was given is no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no public key in minisign's format, which has 56 letters and digits and begins with RW; copy it from the portal's page again"
)]
pub struct NoPublicKey;

impl PublicKey {
    /// Of an Ed25519 key and its number.
    pub(crate) fn of(number: [u8; NUMBER_BYTES], key: &[u8; 32]) -> Result<Self, NoPublicKey> {
        Self::from_str(&STANDARD.encode([ALGORITHM.as_slice(), &number, key].concat()))
    }

    /// Reads the text of a file `minisign.pub`, or the line of it that has the key.
    ///
    /// # Errors
    /// [`NoPublicKey`].
    pub fn read(text: &str) -> Result<Self, NoPublicKey> {
        let mut lines = text.lines().filter(|line| !line.starts_with(COMMENT) && !line.trim().is_empty());
        match (lines.next(), lines.next()) {
            (Some(key), None) => key.trim().parse(),
            _ => Err(NoPublicKey),
        }
    }

    /// The line of base64 that `minisign -P` takes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key's number as `minisign` prints it. It tells keys apart for people; whoever makes a key chooses it, so it proves nothing.
    #[must_use]
    pub fn number(&self) -> String {
        format!("{:X}", u64::from_le_bytes(self.number))
    }

    /// The text of a file `minisign.pub`, that `minisign -p` takes.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{COMMENT}minisign public key {}\n{}\n", self.number(), self.text)
    }
}

impl FromStr for PublicKey {
    type Err = NoPublicKey;

    fn from_str(text: &str) -> Result<Self, NoPublicKey> {
        let bytes = STANDARD.decode(text).map_err(|_| NoPublicKey)?;
        let known = bytes.len() == BYTES && bytes.starts_with(&ALGORITHM);
        let number = bytes.get(2..2 + NUMBER_BYTES).and_then(|number| number.try_into().ok()).filter(|_| known).ok_or(NoPublicKey)?;
        let key = minisign_verify::PublicKey::from_base64(text).map_err(|_| NoPublicKey)?;
        Ok(Self { text: text.to_owned(), number, key })
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NoPublicKey;

    fn try_from(text: String) -> Result<Self, NoPublicKey> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.text
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PublicKey {}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `minisign -G -W`.
    const FILE: &str = "untrusted comment: minisign public key 5699E1A124009FE4\n\
                        RWTknwAkoeGZVjOKHseQqDnZFHw3mzeKQQ3jtTILYn0f8QAFw8mz/pGf\n";

    #[test]
    fn a_file_of_minisign_is_read_and_written_as_it_was() {
        let key = PublicKey::read(FILE).unwrap();
        assert_eq!(key.file(), FILE);
        assert_eq!(PublicKey::read(key.text()).unwrap(), key, "the line alone");
        assert_eq!(serde_json::from_str::<PublicKey>(&serde_json::to_string(&key).unwrap()).unwrap(), key);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let key = PublicKey::read(FILE).unwrap();
        let other_algorithm = STANDARD.encode([b"ED".as_slice(), &[0; 40]].concat());
        for text in ["", "RW", "a\nb", &key.text()[..55], &format!("{}\n{}", key.text(), key.text()), &other_algorithm] {
            assert_eq!(PublicKey::read(text), Err(NoPublicKey), "{text}");
        }
        assert!(serde_json::from_str::<PublicKey>("\"RW\"").is_err());
    }
}
