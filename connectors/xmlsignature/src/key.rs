//! Keys from files: our own private key, and the public keys of services we believe.

use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ring::rsa::KeyPair;
use ring::signature::{KeyPair as _, RsaPublicKeyComponents};
use ring::{rand, signature};
use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{DecodePem, SecretDocument, pem};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::{Error, Hash};

/// PKCS#1 `rsaEncryption`.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// What others may do with a private key's file: nothing.
const OTHERS: u32 = 0o077;

/// A key pair that signs.
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// Reads an RSA key of 2048 to 4096 bits, PKCS#8 in PEM, from a file that only its owner may touch.
    ///
    /// # Errors
    /// The file is missing, open to others, encrypted, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let failed = |reason: &str| Error::KeyFile { file: path.display().to_string(), reason: reason.to_owned() };
        let metadata = fs::metadata(path).map_err(|reason| failed(&format!("cannot be read: {reason}")))?;
        if metadata.permissions().mode() & OTHERS != 0 {
            return Err(failed("others may read this private key; run `chmod 600` on it, and make a new one if somebody may have seen it"));
        }
        let text = fs::read_to_string(path).map_err(|reason| failed(&format!("cannot be read: {}", reason.kind())))?;
        let shape = "is no unencrypted RSA key of 2048 to 4096 bits in PKCS#8 (`-----BEGIN PRIVATE KEY-----`); \
                     `openssl pkcs8 -topk8 -nocrypt` makes one of an older file";
        match SecretDocument::from_pem(&text) {
            Ok(("PRIVATE KEY", key)) => KeyPair::from_pkcs8(key.as_bytes()).map(Self).map_err(|_| failed(shape)),
            _ => Err(failed(shape)),
        }
    }

    /// The signature of `message`: RSA, PKCS#1 v1.5, SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&signature::RSA_PKCS1_SHA256, &rand::SystemRandom::new(), message, &mut signature)
            .map_err(|_| Error::KeyFile { file: "the signing key".to_owned(), reason: "cannot sign; make a new one".to_owned() })?;
        Ok(signature)
    }

    /// Modulus and exponent, big-endian.
    pub(crate) fn components(&self) -> RsaPublicKeyComponents<Vec<u8>> {
        self.0.public_key().into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SigningKey")
    }
}

/// A key that is believed because somebody put it into the settings.
///
/// A certificate is only a wrapping of its key: its dates and its issuer are not looked at, since services go on using
/// certificates that expired years ago. The key is what was agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// `RSAPublicKey` of PKCS#1, DER.
    key: Vec<u8>,
}

impl PublicKey {
    /// Reads an RSA key from a certificate or a public key, in PEM.
    ///
    /// # Errors
    /// The file is missing or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let failed = |reason: String| Error::KeyFile { file: path.display().to_string(), reason };
        let text = fs::read(path).map_err(|reason| failed(format!("cannot be read: {reason}")))?;
        Self::from_pem(&text).ok_or_else(|| {
            failed("is no RSA certificate or public key in PEM (`-----BEGIN CERTIFICATE-----` or `-----BEGIN PUBLIC KEY-----`)".to_owned())
        })
    }

    fn from_pem(text: &[u8]) -> Option<Self> {
        let info = match pem::decode_label(text).ok()? {
            "CERTIFICATE" => Certificate::from_pem(text).ok()?.tbs_certificate().subject_public_key_info().clone(),
            _ => SubjectPublicKeyInfoOwned::from_pem(text).ok()?,
        };
        let key = info.subject_public_key.as_bytes()?.to_vec();
        (info.algorithm.oid == RSA).then_some(Self { key })
    }

    /// Whether this key made `signature` over `message`.
    pub(crate) fn made(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        signature::UnparsedPublicKey::new(hash.verification(), &self.key).verify(message, signature).is_ok()
    }
}
