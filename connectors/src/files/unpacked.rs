//! What comes out of packed bytes, checked on the way: a file that was cut or changed is not taken for a whole one.

use std::io::{BufReader, ErrorKind, Read};

use flate2::Crc;
use flate2::read::MultiGzDecoder;

use super::{Bounds, Source};
use crate::Error;
use crate::bounded::Bounded;
use crate::place::Place;

/// Packed bytes being unpacked.
pub(super) type Unpacked = Bounded<Checked>;

/// Reads on, and says in the words of this crate what is wrong with the packed bytes.
pub(super) struct Checked {
    place: Place,
    inner: Box<dyn Read + Send>,
    promised: Option<Promised>,
}

/// What an archive says of a member.
pub(super) struct Promised {
    pub(super) crc: u32,
    pub(super) bytes: u64,
    pub(super) seen: Crc,
}

/// Unpacks a gzip file.
pub(super) fn gzip(place: &Place, file: impl Source, bounds: Bounds) -> Unpacked {
    checked(place, Box::new(MultiGzDecoder::new(BufReader::new(file))), None, bounds.text)
}

/// Unpacks no more than `most` bytes, and compares them with what was promised.
pub(super) fn checked(place: &Place, inner: Box<dyn Read + Send>, promised: Option<Promised>, most: u64) -> Unpacked {
    Bounded::new(Checked { place: place.clone(), inner, promised }, most, place.too_large(most))
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|reason| self.named(reason))?;
        if let Some(promised) = &mut self.promised {
            promised.seen.update(&buffer[..read]);
            // The sum counts bytes modulo 2^32.
            let whole = promised.seen.sum() == promised.crc && promised.seen.amount() == promised.bytes as u32;
            if read == 0 && !buffer.is_empty() && !whole {
                return Err(std::io::Error::other(self.place.damaged("its checksum is wrong")));
            }
        }
        Ok(read)
    }
}

impl Checked {
    /// What a decoder says of bytes that it does not understand.
    fn named(&self, reason: std::io::Error) -> std::io::Error {
        let named: Error = match reason.kind() {
            ErrorKind::UnexpectedEof => self.place.truncated("its packed bytes break off"),
            ErrorKind::InvalidInput | ErrorKind::InvalidData => self.place.damaged("it cannot be unpacked"),
            _ => return reason,
        };
        std::io::Error::other(named)
    }
}
