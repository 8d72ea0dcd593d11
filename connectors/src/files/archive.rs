//! Zip archives that hold one file. Nothing is unpacked to a disk: delimited text and JSON Lines stream out of the archive, a workbook
//! or Parquet file, which is not read from front to back, is held in memory.

use std::io::{BufReader, Read, Seek, SeekFrom};

use bytes::Bytes;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::form::Form;
use super::unpacked::{Promised, Unpacked, checked};
use super::{Bounds, Source};
use crate::Error;
use crate::place::Place;

/// The first bytes of every archive.
pub(super) const ARCHIVE: &[u8] = b"PK";
/// Folder that macOS puts into its archives, beside what was packed.
const MACOS: &str = "__MACOSX/";

/// The one file of an archive.
pub(super) struct Member {
    pub(super) form: Form,
    pub(super) content: Unpacked,
}

/// Finds the one file of an archive.
///
/// # Errors
/// It is no whole archive, holds more or less than one file, or one that cannot be read.
pub(super) fn open<R: Source>(place: &Place, mut file: R, bounds: Bounds) -> Result<Member, Error> {
    if !begins_with(place, &mut file, ARCHIVE)? {
        return Err(place.wrong_form("it is no zip archive"));
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| zip_error(place, error))?;
    let unusable = |found| Error::Archive { source_name: place.source, path: place.path.clone(), found };
    if archive.has_duplicate_names() {
        return Err(unusable("it holds more than one file"));
    }
    let mut one = None;
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| zip_error(place, error))?;
        let name = String::from_utf8_lossy(member.name_raw()).into_owned();
        if member.is_dir() || name.starts_with(MACOS) {
            continue;
        }
        if one.is_some() {
            return Err(unusable("it holds more than one file"));
        }
        if member.encrypted() {
            return Err(unusable("it is encrypted"));
        }
        let form = Form::of_member(&name).ok_or_else(|| unusable("the file in it is neither csv, jsonl, xlsx nor parquet"))?;
        let start = member.data_start().ok_or_else(|| place.damaged("its directory is wrong"))?;
        one = Some((form, start, member.compressed_size(), member.compression(), member.crc32(), member.size()));
    }
    let (form, start, packed, method, crc, bytes) = one.ok_or_else(|| unusable("it holds no file"))?;
    let most = if matches!(form, Form::Workbook | Form::Parquet) { bounds.held } else { bounds.text };
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start)).map_err(|reason| place.read(reason))?;
    let inner: Box<dyn Read + Send> = match method {
        CompressionMethod::Stored => Box::new(file.take(packed)),
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(file.take(packed))),
        _ => return Err(unusable("it is compressed in an unusual way")),
    };
    Ok(Member { form, content: checked(place, inner, Some(Promised { crc, bytes, seen: Crc::new() }), most) })
}

/// Takes a whole member into memory.
///
/// # Errors
/// It is damaged, or too large.
pub(super) fn hold(place: &Place, mut content: Unpacked) -> Result<Bytes, Error> {
    let mut held = Vec::new();
    content.read_to_end(&mut held).map_err(|reason| place.read(reason))?;
    Ok(held.into())
}

/// Reads every member once, to nowhere: whoever opens the archive afterwards meets neither a cut nor an endless one.
///
/// # Errors
/// It is no whole archive, a member is damaged, or together they are larger than `most`.
pub(super) fn verify<R: Source>(place: &Place, file: &mut R, most: u64) -> Result<(), Error> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| zip_error(place, error))?;
    let mut left = most;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).map_err(|error| zip_error(place, error))?;
        // One more than may come, to see whether there is more.
        let read = std::io::copy(&mut member.by_ref().take(left.saturating_add(1)), &mut std::io::sink());
        let read = read.map_err(|_| place.damaged("it cannot be unpacked"))?;
        left = left.checked_sub(read).ok_or_else(|| place.too_large(most))?;
    }
    Ok(())
}

/// Whether a file begins with these bytes; afterwards it stands at its beginning again.
///
/// # Errors
/// It is empty or cannot be read.
pub(super) fn begins_with<R: Source>(place: &Place, file: &mut R, bytes: &[u8]) -> Result<bool, Error> {
    let mut begin = Vec::new();
    file.by_ref().take(bytes.len() as u64).read_to_end(&mut begin).map_err(|reason| place.read(reason))?;
    file.rewind().map_err(|reason| place.read(reason))?;
    if begin.is_empty() { Err(place.truncated("it is empty")) } else { Ok(begin == bytes) }
}

/// An archive that cannot be opened: its directory is at its end, so one that was cut has none.
fn zip_error(place: &Place, error: ZipError) -> Error {
    match error {
        ZipError::Io(reason) if reason.kind() != std::io::ErrorKind::UnexpectedEof => place.read(reason),
        ZipError::Io(_) | ZipError::InvalidArchive(_) => place.truncated("its directory is missing or wrong"),
        _ => {
            let found = "a file in it is encrypted or compressed in an unusual way";
            Error::Archive { source_name: place.source, path: place.path.clone(), found }
        }
    }
}
