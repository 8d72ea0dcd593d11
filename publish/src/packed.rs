//! The packed twin of a large file in which little changes from one release to the next: what stands in the last release's twin is copied from there.
//!
//! The file is one member of gzip (RFC 1952), whose text is cut into parts that are deflated by themselves. A field of its header, which readers pass
//! over, says of each part what it holds and how long it is packed. The same text gives the same bytes, with or without a twin to copy from.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// How closely parts are packed: the next levels take twice the time and more for some per cent.
const LEVEL: Compression = Compression::new(4);
/// Deflate, with an additional field; no time; of a system that is not said.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255];
/// What our additional field is called, with the version of what stands in it.
const FIELD: [u8; 2] = *b"V1";
/// Of a part: the first bytes of the SHA-256 of what it holds, and its packed length.
const HASH: usize = 16;
const ABOUT_PART: usize = HASH + size_of::<u32>();
/// Additional fields have a length of two bytes.
const MOST_PARTS: usize = (u16::MAX as usize - 4) / ABOUT_PART;
/// An empty last block, after which the text ends.
const END: [u8; 2] = [3, 0];
/// So many parts are in memory at a time.
const TOGETHER: usize = 32;

/// How a file is cut: a first part, and parts of the same size after it, so that what is moved by whole parts is found again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    pub(crate) first: usize,
    pub(crate) part: usize,
}

type Hash = [u8; HASH];

/// Packs a file into another one that is there and empty; whatever stands in the `last` twin, too, is taken from it.
///
/// # Errors
/// A file cannot be read or written. A last twin that cannot be read, or has no parts, is not used.
pub(crate) fn pack(text: &Path, cut: Cut, last: Option<&Path>, packed: &mut File) -> io::Result<()> {
    let text = File::open(text)?;
    let length = text.metadata()?.len();
    let part = part_size(length, cut);
    let last = last.and_then(Last::read);
    let count = 1 + usize::try_from(length.saturating_sub(cut.first as u64)).map_err(io::Error::other)?.div_ceil(part);
    let mut about: Vec<u8> = Vec::with_capacity(count * ABOUT_PART);
    packed.seek(SeekFrom::Start(head_length(count)))?;
    let mut out = BufWriter::new(&mut *packed);
    let mut sum = Hasher::new();
    let mut sizes = std::iter::once(cut.first).chain(std::iter::repeat_n(part, count - 1));
    loop {
        let parts = sizes.by_ref().take(TOGETHER).map(|size| read_part(&text, size)).collect::<io::Result<Vec<_>>>()?;
        if parts.is_empty() {
            break;
        }
        for (part, hash, packed) in parts.par_iter().map(|part| packed_part(part, last.as_ref())).collect::<io::Result<Vec<_>>>()? {
            sum.combine(&part);
            about.extend(hash);
            about.extend(u32::try_from(packed.len()).map_err(io::Error::other)?.to_le_bytes());
            out.write_all(&packed)?;
        }
    }
    out.write_all(&END)?;
    out.write_all(&sum.finalize().to_le_bytes())?;
    // The length as gzip has it: without what exceeds four bytes.
    out.write_all(&(length as u32).to_le_bytes())?;
    out.flush()?;
    drop(out);
    packed.write_all_at(&head(&about), 0)
}

/// The smallest number of whole parts with which there are no more of them than the header can name.
fn part_size(length: u64, cut: Cut) -> usize {
    let parts = usize::try_from(length).unwrap_or(usize::MAX).div_ceil(cut.part);
    cut.part * parts.div_ceil(MOST_PARTS - 1).max(1)
}

fn read_part(text: &File, size: usize) -> io::Result<Vec<u8>> {
    let mut part = Vec::with_capacity(size);
    text.take(size as u64).read_to_end(&mut part)?;
    Ok(part)
}

fn packed_part(part: &[u8], last: Option<&Last>) -> io::Result<(Hasher, Hash, Vec<u8>)> {
    let mut sum = Hasher::new();
    sum.update(part);
    let mut hash = Hash::default();
    hash.copy_from_slice(&Sha256::digest(part)[..HASH]);
    if let Some(packed) = last.and_then(|last| last.part(&hash)) {
        return Ok((sum, hash, packed));
    }
    let mut deflate = DeflateEncoder::new(Vec::new(), LEVEL);
    deflate.write_all(part)?;
    // Ends the block on a whole byte, but not the text.
    deflate.flush()?;
    Ok((sum, hash, std::mem::take(deflate.get_mut())))
}

fn head_length(parts: usize) -> u64 {
    (HEAD.len() + 2 + 4 + parts * ABOUT_PART) as u64
}

fn head(about: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u16::try_from(bytes).unwrap_or(u16::MAX).to_le_bytes();
    [&HEAD[..], &length(about.len() + 4), &FIELD, &length(about.len()), about].concat()
}

/// The twin of the last release: where each part lies in it.
struct Last {
    file: File,
    parts: HashMap<Hash, (u64, usize)>,
}

impl Last {
    fn read(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let mut begin = [0; HEAD.len() + 6];
        file.read_exact_at(&mut begin, 0).ok()?;
        let (head, field) = begin.split_at(HEAD.len());
        let length = usize::from(u16::from_le_bytes([field[4], field[5]]));
        if head != HEAD || field[2..4] != FIELD {
            return None;
        }
        let mut about = vec![0; length];
        file.read_exact_at(&mut about, begin.len() as u64).ok()?;
        let mut at = begin.len() as u64 + length as u64;
        let mut parts = HashMap::new();
        for part in about.chunks_exact(ABOUT_PART) {
            let (hash, length) = part.split_at(HASH);
            let length = u32::from_le_bytes(length.try_into().ok()?);
            parts.insert(Hash::try_from(hash).ok()?, (at, length as usize));
            at += u64::from(length);
        }
        Some(Self { file, parts })
    }

    fn part(&self, hash: &Hash) -> Option<Vec<u8>> {
        let (at, length) = self.parts.get(hash)?;
        let mut packed = vec![0; *length];
        self.file.read_exact_at(&mut packed, *at).ok()?;
        Some(packed)
    }
}

#[cfg(test)]
mod tests {
    use flate2::read::GzDecoder;

    use super::*;

    const CUT: Cut = Cut { first: 100, part: 1_000 };

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn packed(&self, text: &[u8], last: Option<&str>, name: &str) -> Vec<u8> {
            let (from, to) = (self.0.path().join("text"), self.0.path().join(name));
            std::fs::write(&from, text).unwrap();
            let last = last.map(|last| self.0.path().join(last));
            pack(&from, CUT, last.as_deref(), &mut File::create_new(&to).unwrap()).unwrap();
            std::fs::read(to).unwrap()
        }
    }

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        GzDecoder::new(packed).read_to_end(&mut text).unwrap();
        text
    }

    /// Lines that do not repeat.
    fn text(lines: usize) -> Vec<u8> {
        (0..lines).flat_map(|line| format!("{:016x}\n", (line as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()).collect()
    }

    #[test]
    fn every_text_is_read_back_whatever_its_length() {
        let folder = Folder(tempfile::tempdir().unwrap());
        let all = text(3_000);
        for length in [0, 1, 99, 100, 101, 1_099, 1_100, 1_101, 2_100, 33_100, 33_101, all.len()] {
            assert!(unpacked(&folder.packed(&all[..length], None, &length.to_string())) == all[..length], "{length}");
        }
    }

    #[test]
    fn what_the_last_twin_has_is_taken_from_it_wherever_it_stood_and_gives_the_same_bytes() {
        let folder = Folder(tempfile::tempdir().unwrap());
        let before = text(1_000);
        folder.packed(&before, None, "before");
        // One part is another, and all parts behind it lie one further on.
        let after = [&before[..2_100], &[b'x'; 1_500], &before[2_600..]].concat();
        let anew = folder.packed(&after, None, "anew");
        assert!(folder.packed(&after, Some("before"), "built") == anew);
        assert!(unpacked(&anew) == after);
        let (last, tonight) = (Last::read(&folder.0.path().join("before")).unwrap(), Last::read(&folder.0.path().join("anew")).unwrap());
        assert_eq!(tonight.parts.keys().filter(|hash| !last.parts.contains_key(*hash)).count(), 2, "of {}", tonight.parts.len());
        // It is the twin that is read: where it has something else, so has what is built on it.
        let mut other = folder.packed(&before, None, "other");
        let (at, length) = last.parts[&hash(&before[..100])];
        let place = usize::try_from(at).unwrap();
        other[place..place + length].fill(0);
        std::fs::write(folder.0.path().join("other"), other).unwrap();
        assert!(folder.packed(&after, Some("other"), "built on other") != anew);
    }

    fn hash(part: &[u8]) -> Hash {
        Sha256::digest(part)[..HASH].try_into().unwrap()
    }

    #[test]
    fn a_last_twin_that_is_none_is_not_used() {
        let folder = Folder(tempfile::tempdir().unwrap());
        let whole = text(100);
        let anew = folder.packed(&whole, None, "anew");
        for (number, strange) in [&b""[..], b"short", &[7; 500], &anew[..40], &[&HEAD[..], &[0; 300]].concat()].into_iter().enumerate() {
            std::fs::write(folder.0.path().join("strange"), strange).unwrap();
            assert!(folder.packed(&whole, Some("strange"), &number.to_string()) == anew, "{number}");
        }
    }

    #[test]
    fn parts_of_a_long_file_are_so_large_that_its_header_can_name_them() {
        for length in [0, 1, 3_000_000, 3_275_000, 3_300_000, 10_000_000_000] {
            let part = part_size(length, CUT);
            let count = 1 + (length as usize).saturating_sub(CUT.first).div_ceil(part);
            assert!(count <= MOST_PARTS && part.is_multiple_of(CUT.part), "{length}: {count} parts of {part}");
            assert!(part == CUT.part || count > MOST_PARTS / 3, "{length}: {count} parts are fewer than need be");
        }
    }
}
