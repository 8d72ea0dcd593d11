//! Whether a release is the one that was published: signatures that stock `minisign` accepts, lists of keys that sign one another, the
//! chain of manifests, a pointer that expires. One half signs ([`Signer`]), the other checks ([`verify()`]); this one knows nothing of the
//! program that publishes but the files that everybody can read. `docs/trust.md` says what it protects from.

mod client;
mod fetch;
mod json;
mod key_list;
mod known;
/// Where everything lies below a portal's address.
pub mod layout;
mod manifest;
mod pointer;
mod public_key;
mod refused;
mod secret_key;
mod signature;
mod signer;

use sha2::{Digest, Sha256};

pub use client::{Back, Chain, ChainEnd, HowMuch, Note, Request, Verified, verify};
pub use fetch::{Fetch, FetchError, Folder};
pub use key_list::{KeyList, KeyListProblem, ReleaseKey};
pub use known::Known;
pub use manifest::Withdrawn;
pub use pointer::Pointer;
pub use public_key::{NoPublicKey, PublicKey};
pub use refused::Refused;
pub use secret_key::{KeyError, SecretKey};
pub use signer::{SignError, Signed, SignedKeyList, Signer, sign_key_list};

/// SHA-256 as lower-case hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
