//! Reading up to a bound: a few packed bytes can become any number.

use std::io::Read;

use crate::Error;

/// Reads on until more than the bound has come.
pub(crate) struct Bounded<R> {
    inner: R,
    left: u64,
    too_large: Option<Error>,
}

impl<R> Bounded<R> {
    /// Hands out `most` bytes at most; one more is the error `too_large`.
    pub(crate) fn new(inner: R, most: u64, too_large: Error) -> Self {
        Self { inner, left: most, too_large: Some(too_large) }
    }

    /// What was read from.
    pub(crate) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(self.too_large.take().map_or_else(|| std::io::ErrorKind::FileTooLarge.into(), std::io::Error::other)),
        }
        Ok(read)
    }
}
