//! The ZIP file: exactly what an ASiC-E container with documents of ours and one signature holds (ETSI EN 319 162-1, clause 4.4).

use std::io::{Cursor, Read};

use zip::read::{ArchiveOffset, Config};
use zip::{CompressionMethod, ZipArchive};

use crate::{Flaw, Formed, manifest};

/// Bytes of a container. Our documents have some hundred kilobytes, a signature with lists of revoked certificates some more.
const LARGEST_CONTAINER: usize = 12 * 1024 * 1024;
/// Entries; a container of one document has four or five, one of all that an organisation may have open some fifty more.
const MOST_ENTRIES: usize = 64;
/// Places that look like an entry of the directory, by chance ones inside a document included. The reader sets memory aside for each.
const MOST_DIRECTORY_MARKS: usize = 1_000;
/// Bytes of a signature, inflated.
const LARGEST_SIGNATURE: u64 = 4 * 1024 * 1024;
/// Bytes of a manifest, inflated.
const LARGEST_MANIFEST: u64 = 64 * 1024;
/// Bytes of a file's name.
const LONGEST_NAME: usize = 255;

/// Begins each entry of a ZIP file's directory.
const DIRECTORY_MARK: &[u8] = b"PK\x01\x02";
/// Begins the record at the end of a ZIP file.
const END_MARK: &[u8] = b"PK\x05\x06";
/// Bytes of that record, without the comment after it.
const END_LENGTH: usize = 22;
/// Begins what stands right before that record where a directory of ZIP64 is somewhere else, and how long it is.
const LOCATOR_MARK: &[u8] = b"PK\x06\x07";
const LOCATOR_LENGTH: usize = 20;
const MIMETYPE: &[u8] = b"mimetype";
const ASIC_E: &[u8] = b"application/vnd.etsi.asic-e+zip";
const ADOC: &[u8] = b"application/vnd.lt.archyvai.adoc-2008";
const MANIFEST: &[u8] = b"META-INF/manifest.xml";
const META_INF: &[u8] = b"META-INF/";

/// What is in a container.
pub(crate) struct Package {
    /// Its data files, each of which is a document of ours.
    pub(crate) files: Vec<DataFile>,
    /// The file with the signature.
    pub(crate) signatures: Vec<u8>,
}

/// A document in a container.
pub(crate) struct DataFile {
    /// What it is called there. Bytes, as tools do not agree on the encoding of names.
    pub(crate) name: Vec<u8>,
    /// Its place among the documents that may be there.
    pub(crate) document: usize,
}

type Archive<'c> = ZipArchive<Cursor<&'c [u8]>>;

/// Opens a container that holds a signature and some of `documents`, each once and nothing else.
pub(crate) fn open(container: &[u8], documents: &[Formed<'_>]) -> Result<Package, Flaw> {
    let marks = || container.windows(DIRECTORY_MARK.len()).filter(|window| *window == DIRECTORY_MARK);
    if container.len() > LARGEST_CONTAINER || marks().count() > MOST_DIRECTORY_MARKS {
        return Err(Flaw::TooLarge);
    }
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut archive = ZipArchive::with_config(config, Cursor::new(container)).map_err(|_| Flaw::NotAContainer)?;
    if !is_whole(container, &archive) {
        return Err(Flaw::NotAContainer);
    }
    let names = names(&mut archive)?;
    check_mimetype(&mut archive, &names)?;
    let found = Found::sort(&names)?;
    if found.data.len() > documents.len() {
        return Err(Flaw::ExtraFile);
    }
    let mut read = |place: usize, most: u64| read(&mut archive, place, most);
    let signatures = read(found.signature, LARGEST_SIGNATURE)?.ok_or(Flaw::TooLarge)?;
    // A larger file is another document: no need to inflate more of it than the largest document has.
    let most = documents.iter().map(|document| document.bytes.len() as u64).max().unwrap_or_default();
    let mut files: Vec<DataFile> = Vec::new();
    let mut has_others = false;
    for place in found.data {
        let data = read(place, most)?;
        let is_it = |(at, document): &(usize, &Formed<'_>)| {
            data.as_deref() == Some(document.bytes) && !files.iter().any(|file| file.document == *at)
        };
        match documents.iter().enumerate().find(is_it) {
            Some((document, _)) => files.push(DataFile { name: names.get(place).cloned().unwrap_or_default(), document }),
            None => has_others = true,
        }
    }
    if has_others {
        return Err(if files.is_empty() { Flaw::OtherDocument } else { Flaw::ExtraFile });
    }
    if let Some(place) = found.manifest {
        let text = read(place, LARGEST_MANIFEST)?.ok_or(Flaw::TooLarge)?;
        manifest::check(&text, &files.iter().map(|file| file.name.as_slice()).collect::<Vec<_>>(), &names)?;
    }
    Ok(Package { files, signatures })
}

/// Whether the directory ends where the last record begins, that record with its comment ends the file, and no record of ZIP64 (for
/// files of gigabytes) names another directory. Otherwise different readers could read different containers.
fn is_whole(container: &[u8], archive: &Archive<'_>) -> bool {
    let comment = archive.comment();
    let Some(begin) = container.len().checked_sub(END_LENGTH + comment.len()) else { return false };
    let (before, record) = container.split_at(begin);
    let number = |at: usize| record.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    // Length and place of the directory (APPNOTE, clause 4.3.16).
    let (Some(length), Some(place)) = (number(12), number(16)) else { return false };
    let locator = before.len().checked_sub(LOCATOR_LENGTH).and_then(|begin| before.get(begin..));
    record.starts_with(END_MARK)
        && u64::from(place) + u64::from(length) == begin as u64
        && !locator.is_some_and(|locator| locator.starts_with(LOCATOR_MARK))
        && !comment.windows(END_MARK.len()).any(|window| window == END_MARK)
}

/// The names of all entries, none of which is odd: what one reader sees in this file, every reader sees.
fn names(archive: &mut Archive<'_>) -> Result<Vec<Vec<u8>>, Flaw> {
    if archive.len() > MOST_ENTRIES {
        return Err(Flaw::TooLarge);
    }
    if archive.has_duplicate_names() {
        return Err(Flaw::Entry("two entries of the same name"));
    }
    let mut names = Vec::new();
    for place in 0..archive.len() {
        let entry = archive.by_index_data(place).map_err(|_| Flaw::NotAContainer)?;
        if entry.encrypted() {
            return Err(Flaw::Entry("an encrypted entry"));
        }
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Flaw::Entry("an entry compressed in an unusual way"));
        }
        if !is_plain(entry.name_raw()) {
            return Err(Flaw::Entry("an entry with a name that leads elsewhere"));
        }
        names.push(entry.name_raw().to_vec());
    }
    archive.validate_header_consistency().map_err(|_| Flaw::NotAContainer)?;
    Ok(names)
}

/// Whether a name stays inside the folder into which somebody may unpack it.
fn is_plain(name: &[u8]) -> bool {
    let parts = name.strip_suffix(b"/").unwrap_or(name).split(|byte| *byte == b'/');
    name.len() <= LONGEST_NAME
        && !name.iter().any(|byte| byte.is_ascii_control() || matches!(byte, b'\\' | b':'))
        && parts.into_iter().all(|part| !matches!(part, b"" | b"." | b".."))
}

/// The first entry is named `mimetype`, begins the file and is not compressed: so that the type can be read without unzipping.
fn check_mimetype(archive: &mut Archive<'_>, names: &[Vec<u8>]) -> Result<(), Flaw> {
    if names.first().map(Vec::as_slice) != Some(MIMETYPE) {
        return Err(Flaw::Mimetype);
    }
    let entry = archive.by_index_data(0).map_err(|_| Flaw::NotAContainer)?;
    if entry.header_start() != 0 || entry.compression() != CompressionMethod::Stored {
        return Err(Flaw::Mimetype);
    }
    match read(archive, 0, ADOC.len() as u64)?.as_deref() {
        Some(ASIC_E) => Ok(()),
        Some(ADOC) => Err(Flaw::Adoc),
        _ => Err(Flaw::Mimetype),
    }
}

/// Where the files are, by their places in the directory.
struct Found {
    /// At least one.
    data: Vec<usize>,
    signature: usize,
    manifest: Option<usize>,
}

impl Found {
    fn sort(names: &[Vec<u8>]) -> Result<Self, Flaw> {
        let (mut data, mut signatures, mut manifest, mut is_extra) = (Vec::new(), Vec::new(), None, false);
        for (place, name) in names.iter().enumerate().skip(1) {
            match name.strip_prefix(META_INF) {
                None if name.ends_with(b"/") => is_extra = true,
                None => data.push(place),
                // Some tools write an entry for the folder itself.
                Some(b"") => {}
                Some(_) if name == MANIFEST => manifest = Some(place),
                Some(file) if is_signature(file) => signatures.push(place),
                Some(_) => is_extra = true,
            }
        }
        let signature = match *signatures {
            [] => return Err(Flaw::NoSignature),
            [only] => only,
            _ => return Err(Flaw::SeveralSignatures),
        };
        match data.is_empty() {
            true => Err(Flaw::OtherDocument),
            false if is_extra => Err(Flaw::ExtraFile),
            false => Ok(Self { data, signature, manifest }),
        }
    }
}

/// `*signatures*.xml` (EN 319 162-1, clause 4.4.3.2).
fn is_signature(file: &[u8]) -> bool {
    const WORD: &[u8] = b"signatures";
    !file.contains(&b'/') && file.ends_with(b".xml") && file.windows(WORD.len()).any(|window| window == WORD)
}

/// An entry of at most `most` bytes; none if it is larger. Its checksum is checked.
fn read(archive: &mut Archive<'_>, place: usize, most: u64) -> Result<Option<Vec<u8>>, Flaw> {
    let entry = archive.by_index(place).map_err(|_| Flaw::NotAContainer)?;
    let mut bytes = Vec::new();
    // One byte more than allowed: an entry may be larger than it says.
    entry.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Flaw::NotAContainer)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_where_they_are() {
        for name in ["a.pdf", "META-INF/signatures0.xml", "META-INF/", "prašymas 1.pdf", "a/b"] {
            assert!(is_plain(name.as_bytes()), "{name}");
        }
        for name in ["", "/a", "../a", "a/../b", "a//b", "./a", "a/..", "a\\b", "C:a", "a\0", &"a".repeat(256)] {
            assert!(!is_plain(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn signatures_are_known_by_their_names() {
        for (name, expected) in [("signatures.xml", true), ("signatures0.xml", true), ("x-signatures-1.xml", true)].into_iter().chain([
            ("signature.p7s", false),
            ("signature.xml", false),
            ("signatures.xml.bak", false),
            ("x/signatures.xml", false),
        ]) {
            assert_eq!(is_signature(name.as_bytes()), expected, "{name}");
        }
    }
}
