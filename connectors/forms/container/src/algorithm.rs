//! The algorithms a signature may use, by the names XML gives them (RFC 9231; ETSI TS 119 312). What is not here is refused: SHA-1 above all.

use bergshamra_c14n::C14nMode;
use ring::digest;
use ring::signature::{self, VerificationAlgorithm};
use x509_cert::der::asn1::ObjectIdentifier;

/// PKCS#1 `rsaEncryption`.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// X9.62 `id-ecPublicKey`.
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// X9.62 `prime256v1`.
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// SEC 2 `secp384r1`.
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// A hash of a reference or of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of a `DigestMethod`.
    pub(crate) fn of(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Some(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn digest(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

/// A way to sign.
pub(crate) struct Method {
    uri: &'static str,
    /// Kind of key, and its curve.
    key: (ObjectIdentifier, Option<ObjectIdentifier>),
    /// RSA keys of fewer than 2048 bits are refused by all of these; signatures of curves are two numbers of fixed length, as XML
    /// wants them (RFC 4050).
    pub(crate) verification: &'static dyn VerificationAlgorithm,
}

/// RSA with PSS takes the parameters that RFC 9231, clause 2.3.10, gives to these names: the same hash inside, a salt of its length.
static METHODS: [Method; 8] = [
    rsa("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", &signature::RSA_PKCS1_2048_8192_SHA256),
    rsa("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", &signature::RSA_PKCS1_2048_8192_SHA384),
    rsa("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", &signature::RSA_PKCS1_2048_8192_SHA512),
    rsa("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", &signature::RSA_PSS_2048_8192_SHA256),
    rsa("http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", &signature::RSA_PSS_2048_8192_SHA384),
    rsa("http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", &signature::RSA_PSS_2048_8192_SHA512),
    elliptic("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", P256, &signature::ECDSA_P256_SHA256_FIXED),
    elliptic("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", P384, &signature::ECDSA_P384_SHA384_FIXED),
];

const fn rsa(uri: &'static str, verification: &'static dyn VerificationAlgorithm) -> Method {
    Method { uri, key: (RSA, None), verification }
}

const fn elliptic(uri: &'static str, curve: ObjectIdentifier, verification: &'static dyn VerificationAlgorithm) -> Method {
    Method { uri, key: (ELLIPTIC, Some(curve)), verification }
}

impl Method {
    /// The method of a `SignatureMethod`.
    pub(crate) fn of(uri: &str) -> Option<&'static Self> {
        METHODS.iter().find(|method| method.uri == uri)
    }

    /// Whether a key of this kind, on this curve, can sign so.
    pub(crate) fn fits(&self, kind: ObjectIdentifier, curve: Option<ObjectIdentifier>) -> bool {
        self.key.0 == kind && (self.key.1.is_none() || self.key.1 == curve)
    }
}

/// The canonical form of this name. Those with comments are left out: no tool writes them, and comments are not signed content.
pub(crate) fn canonical_form(uri: &str) -> Option<C14nMode> {
    C14nMode::from_uri(uri).filter(|form| !form.with_comments())
}
