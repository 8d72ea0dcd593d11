//! Signatures of manifests: publishing knows who signs, not how.

use std::fmt::Debug;

/// What the name of a signature has at its end (the format of minisign).
pub(crate) const MANIFEST_SIGNATURE: &str = "manifest.json.minisig";

/// Signs the manifests of the portal.
pub trait Signer: Debug + Send + Sync {
    /// The signature of a release's manifest, as a file: the same manifest has the same.
    ///
    /// # Errors
    /// Why it cannot be signed, in words for the operator.
    fn sign(&self, release: &str, sequence: u64, manifest: &[u8]) -> Result<String, String>;
}
