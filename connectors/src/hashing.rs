//! The SHA-256 of what is read, while it is read.

use std::io::Read;

use sha2::{Digest, Sha256};

/// Reads on, and remembers the hash of what was read.
#[derive(Debug)]
pub(crate) struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R> Hashing<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// As [`Hashing::new`], under a secret: the hash of a small text about persons could be reversed by trying all codes.
    pub(crate) fn salted(inner: R, salt: &[u8; 32]) -> Self {
        Self { inner, hash: Sha256::new_with_prefix(salt) }
    }

    /// What was read from, and the hash in hexadecimal digits.
    pub(crate) fn into_parts(self) -> (R, String) {
        (self.inner, hex::encode(self.hash.finalize()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}
