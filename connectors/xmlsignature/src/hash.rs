//! The hashes a signature may use, and the names XML gives them.

use ring::digest;
use ring::signature::{self, RsaParameters};
use serde::Deserialize;

/// A hash, for the digest of the element and inside RSA (PKCS#1 v1.5) alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// Broken; some state services still answer with it. Refused unless the policy names it.
    Sha1,
    /// What to use.
    Sha256,
    /// Accepted where the policy names it.
    Sha512,
}

impl Hash {
    const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    /// The hash of a `DigestMethod`.
    pub(crate) fn of_digest_method(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.digest_method() == uri)
    }

    /// The hash of a `SignatureMethod`; only RSA is known.
    pub(crate) fn of_signature_method(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.signature_method() == uri)
    }

    pub(crate) fn digest_method(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    pub(crate) fn signature_method(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::Sha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    pub(crate) fn digest(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }

    /// Keys of fewer than 2048 bits are refused by all of them.
    pub(crate) fn verification(self) -> &'static RsaParameters {
        match self {
            Self::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        }
    }
}
