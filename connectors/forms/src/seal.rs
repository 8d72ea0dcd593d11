//! Encryption of what the store must give back and nobody else may read: seeds of one-time codes, and what was typed but could not be kept.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};

use crate::Error;
use crate::random::random;

/// What a key is for: keeps it apart from whatever else is derived from the person key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Seeds of one-time codes.
    Seeds,
    /// What was typed.
    Typed,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Seeds => b"forms seeds of one-time codes",
            Self::Typed => b"forms what was typed",
        }
    }
}

/// AES-256-GCM under a key derived from the person key (HKDF-SHA-256). What is sealed opens only for the person it was sealed for.
pub struct Seal(LessSafeKey);

impl std::fmt::Debug for Seal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Seal")
    }
}

impl Seal {
    /// Derives the key.
    pub(crate) fn new(secret: &[u8; 32], purpose: Purpose) -> Self {
        let derived = Salt::new(HKDF_SHA256, &[]).extract(secret);
        let length = |_| unreachable!("HKDF-SHA-256 gives 32 bytes");
        Self(LessSafeKey::new(UnboundKey::from(derived.expand(&[purpose.label()], &AES_256_GCM).unwrap_or_else(length))))
    }

    /// Seals something of a person: a random nonce, the ciphertext, its tag.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn close(&self, person: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(person), &mut sealed)
            .map_err(|_| Error::Content("something too large to be encrypted"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed; `None` when it is another person's, was changed, or the person key is another one by now.
    #[must_use]
    pub fn open(&self, person: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let plain = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(person), &mut rest).ok()?;
        Some(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_person_unchanged() {
        let seal = Seal::new(&[1; 32], Purpose::Seeds);
        let sealed = seal.close("p1", b"a seed of twenty byte").unwrap();
        assert_eq!(seal.open("p1", &sealed).unwrap(), b"a seed of twenty byte");
        assert!(!sealed.windows(6).any(|part| b"a seed of twenty byte".windows(6).any(|plain| plain == part)));
        assert_ne!(sealed, seal.close("p1", b"a seed of twenty byte").unwrap(), "the nonce is another one");
        assert!(seal.open("p2", &sealed).is_none() && Seal::new(&[2; 32], Purpose::Seeds).open("p1", &sealed).is_none());
        assert!(Seal::new(&[1; 32], Purpose::Typed).open("p1", &sealed).is_none(), "a key serves one purpose");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(seal.open("p1", &changed).is_none(), "byte {place}");
            assert!(seal.open("p1", &sealed[..place]).is_none());
        }
        assert_eq!(format!("{seal:?}"), "Seal");
    }
}
