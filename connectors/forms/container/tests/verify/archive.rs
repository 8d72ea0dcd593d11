//! Attacks on the ZIP file: bombs, names that lead elsewhere, names given twice, hidden and encrypted entries.

use container::Flaw;

use crate::peer::{DATA, SIGNATURES, pack, peer};

const MANIFEST: &str = "META-INF/manifest.xml";

/// Replaces all of `from` in `bytes`, which is there `times`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8], times: usize) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = bytes.windows(from.len()).enumerate().filter(|(_, window)| *window == from).map(|(place, _)| place).collect();
    assert_eq!(places.len(), times);
    let mut bytes = bytes.to_vec();
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn what_is_no_container_is_refused() {
    let Some(peer) = peer() else { return };
    let good = peer.case("good-p256");
    assert_eq!(peer.believe(b""), Err(Flaw::NotAContainer));
    assert_eq!(peer.believe(&peer.document), Err(Flaw::NotAContainer));
    for share in 1..10 {
        assert_eq!(peer.believe(&good[..good.len() * share / 10]), Err(Flaw::NotAContainer), "{share}");
    }
    // Something before it, or behind the entries: readers do not agree on where such a container begins.
    assert_eq!(peer.believe(&[b"MZ", good.as_slice()].concat()), Err(Flaw::NotAContainer));
    assert_eq!(peer.believe(&[good.as_slice(), b"x"].concat()), Err(Flaw::NotAContainer));
    assert_eq!(peer.believe(&[good.as_slice(), good.as_slice()].concat()), Err(Flaw::NotAContainer));
    let other = peer.case("other-document");
    assert_eq!(peer.believe(&[good.as_slice(), other.as_slice()].concat()), Err(Flaw::NotAContainer));
    // DigiDoc writes who made a container behind it.
    let commented = |comment: &[u8]| [&good[..good.len() - 2], &u16::try_from(comment.len()).unwrap().to_le_bytes(), comment].concat();
    assert!(peer.believe(&commented(b"made by a tool")).is_ok());
    assert_eq!(peer.believe(&commented(&[b"PK\x05\x06", [0; 18].as_slice()].concat())), Err(Flaw::NotAContainer));
    assert_eq!(peer.believe(&commented(&other)), Err(Flaw::NotAContainer));
}

/// Where the record at the end begins.
fn end_record(container: &[u8]) -> usize {
    container.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap()
}

#[test]
fn the_record_at_the_end_is_the_only_one() {
    let Some(peer) = peer() else { return };
    let good = peer.case("good-p256");
    let end = end_record(&good);
    let place = u32::from_le_bytes(good[end + 16..end + 20].try_into().unwrap());
    // What follows looks like a record with fitting numbers, but is none.
    let length = u32::try_from(good.len()).unwrap() - place;
    let false_record = [[0; 12].as_slice(), &length.to_le_bytes(), &place.to_le_bytes(), &[0; 2]].concat();
    assert_eq!(peer.believe(&[good.as_slice(), &false_record].concat()), Err(Flaw::NotAContainer));

    // A record of ZIP64 leads to a second directory, for readers that look for it.
    let begin = usize::try_from(place).unwrap();
    let directory = &good[begin..end];
    let number = |number: usize| u64::try_from(number).unwrap().to_le_bytes().to_vec();
    let versions_and_disks = [45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0].to_vec();
    let second = [b"PK\x06\x06".to_vec(), number(44), versions_and_disks, number(4), number(4), number(directory.len()), number(end)];
    let locator = [b"PK\x06\x07\0\0\0\0".to_vec(), number(end + directory.len()), vec![1, 0, 0, 0]];
    let directories = [directory, directory, &second.concat(), &locator.concat()].concat();
    let mut record = good[end..].to_vec();
    record[12..16].copy_from_slice(&u32::try_from(directories.len()).unwrap().to_le_bytes());
    assert_eq!(peer.believe(&[&good[..begin], &directories, &record].concat()), Err(Flaw::NotAContainer));
}

#[test]
fn the_type_begins_the_file_and_not_only_the_directory() {
    let Some(peer) = peer() else { return };
    let mut entries = peer.entries();
    entries.swap(0, 1);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in entries {
        writer.start_file(name, stored).unwrap();
        std::io::Write::write_all(&mut writer, &bytes).unwrap();
    }
    let container = writer.finish().unwrap().into_inner();
    assert_eq!(peer.believe(&container), Err(Flaw::Mimetype));
    let marks: Vec<_> = container.windows(4).enumerate().filter(|(_, window)| *window == b"PK\x01\x02").map(|(place, _)| place).collect();
    let [first, second, third] = marks[..3] else { panic!("there are four entries") };
    let swapped = [&container[..first], &container[second..third], &container[first..second], &container[third..]].concat();
    assert_eq!(peer.believe(&swapped), Err(Flaw::Mimetype));
}

#[test]
fn a_container_says_first_what_it_is() {
    let Some(peer) = peer() else { return };
    let kind = |text: &str| peer.with_entry("mimetype", text.as_bytes());
    assert!(kind("application/vnd.etsi.asic-e+zip").is_ok());
    assert_eq!(kind("application/vnd.lt.archyvai.adoc-2008"), Err(Flaw::Adoc));
    for other in ["", "application/vnd.etsi.asic-s+zip", "application/vnd.etsi.asic-e+zip\n", &"x".repeat(5_000)] {
        assert_eq!(kind(other), Err(Flaw::Mimetype), "{other}");
    }
    let mut entries = peer.entries();
    entries.swap(0, 1);
    assert_eq!(peer.believe(&pack(&entries)), Err(Flaw::Mimetype));
    entries.remove(1);
    assert_eq!(peer.believe(&pack(&entries)), Err(Flaw::Mimetype));
    assert_eq!(peer.believe(&pack(&[])), Err(Flaw::Mimetype));
    // In its place, but compressed.
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in peer.entries() {
        writer.start_file(name, deflated).unwrap();
        std::io::Write::write_all(&mut writer, &bytes).unwrap();
    }
    assert_eq!(peer.believe(&writer.finish().unwrap().into_inner()), Err(Flaw::Mimetype));
}

#[test]
fn there_is_nothing_beside_document_signature_and_manifest() {
    let Some(peer) = peer() else { return };
    let with = |name: &str| {
        let mut entries = peer.entries();
        entries.push((name.to_owned(), b"x".to_vec()));
        peer.believe(&pack(&entries))
    };
    for name in ["other.pdf", "folder/other.pdf", "META-INF/metadata.xml", "META-INF/x/signatures0.xml", "META-INF/signature.p7s"] {
        assert_eq!(with(name), Err(Flaw::ExtraFile), "{name}");
    }
    assert_eq!(with("META-INF/signatures2.xml"), Err(Flaw::SeveralSignatures));
    assert_eq!(with("META-INF/othersignatures.xml"), Err(Flaw::SeveralSignatures));
    let without = |name: &str| {
        let entries: Vec<_> = peer.entries().into_iter().filter(|(candidate, _)| candidate != name).collect();
        peer.believe(&pack(&entries))
    };
    assert_eq!(without(DATA), Err(Flaw::OtherDocument));
    assert_eq!(without(SIGNATURES), Err(Flaw::NoSignature));
    // Nothing is taken from a manifest, and the standard does not ask for one.
    assert!(without(MANIFEST).is_ok());
    assert_eq!(peer.with_entry(MANIFEST, b"<manifest/>"), Err(Flaw::Manifest));
    assert_eq!(peer.with_entry(MANIFEST, &[b' '; 70_000]), Err(Flaw::TooLarge));
}

#[test]
fn names_lead_nowhere_else() {
    let Some(peer) = peer() else { return };
    let good = peer.case("good-p256");
    // In the local header, in the directory and in the manifest, which the peer does not compress.
    for name in ["../ument.pdf", "/ocument.pdf", "a/../ent.pdf", "do\\ument.pdf", "do\0ument.pdf", "C:cument.pdf", "././.././pdf"] {
        assert_eq!(
            peer.believe(&replaced(&good, DATA.as_bytes(), name.as_bytes(), 3)),
            Err(Flaw::Entry("an entry with a name that leads elsewhere")),
            "{name:?}"
        );
    }
}

#[test]
fn a_name_is_given_once_and_means_one_entry() {
    let Some(peer) = peer() else { return };
    let mut entries = peer.entries();
    entries.push(("documenX.pdf".to_owned(), b"another".to_vec()));
    let twice = replaced(&pack(&entries), b"documenX.pdf", DATA.as_bytes(), 2);
    assert_eq!(peer.believe(&twice), Err(Flaw::Entry("two entries of the same name")));
    entries.pop();
    entries.push(("META-INF/signaturesX.xml".to_owned(), b"<x/>".to_vec()));
    let twice = replaced(&pack(&entries), b"META-INF/signaturesX.xml", SIGNATURES.as_bytes(), 2);
    assert_eq!(peer.believe(&twice), Err(Flaw::Entry("two entries of the same name")));

    // Readers that stream see the local header, others the directory.
    let good = peer.case("good-p256");
    let place = good.windows(DATA.len()).position(|window| window == DATA.as_bytes()).unwrap();
    let mut hidden = good.clone();
    hidden[place] = b'D';
    assert_eq!(peer.believe(&hidden), Err(Flaw::NotAContainer));
}

#[test]
fn an_entry_of_the_file_that_the_directory_hides_is_found() {
    let Some(peer) = peer() else { return };
    let mut entries = peer.entries();
    entries.push(("hidden.pdf".to_owned(), b"another".to_vec()));
    let mut container = pack(&entries);
    // The last entry of the directory goes; the end record counts one less and gives the shorter length.
    let begin = container.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let end = end_record(&container);
    container.drain(begin..end);
    let (record, shorter) = (begin, end - begin);
    for place in [record + 8, record + 10] {
        container[place] -= 1;
    }
    let length = u32::from_le_bytes(container[record + 12..record + 16].try_into().unwrap()) - u32::try_from(shorter).unwrap();
    container[record + 12..record + 16].copy_from_slice(&length.to_le_bytes());
    assert_eq!(peer.believe(&container), Err(Flaw::NotAContainer));
}

#[test]
fn encrypted_and_oddly_compressed_entries_are_refused() {
    let Some(peer) = peer() else { return };
    let good = peer.case("good-p256");
    let mut encrypted = good.clone();
    let mut odd = good.clone();
    for place in 0..good.len() - 4 {
        // The flags and the method of local headers, and those of the directory.
        let (flags, method) = match &good[place..place + 4] {
            b"PK\x03\x04" => (6, 8),
            b"PK\x01\x02" => (8, 10),
            _ => continue,
        };
        encrypted[place + flags] |= 1;
        if odd[place + method] == 8 {
            odd[place + method] = 12;
        }
    }
    assert_eq!(peer.believe(&encrypted), Err(Flaw::Entry("an encrypted entry")));
    assert_eq!(peer.believe(&odd), Err(Flaw::Entry("an entry compressed in an unusual way")));
}

#[test]
fn bombs_are_not_inflated() {
    let Some(peer) = peer() else { return };
    let bomb = vec![b' '; 64 * 1024 * 1024];
    assert_eq!(peer.with_entry(SIGNATURES, &bomb), Err(Flaw::TooLarge));
    assert_eq!(peer.with_entry(MANIFEST, &bomb), Err(Flaw::TooLarge));
    assert_eq!(peer.with_entry(DATA, &bomb), Err(Flaw::OtherDocument));
    assert_eq!(peer.with_entry("mimetype", &bomb), Err(Flaw::TooLarge));
    // A wrong checksum is found at the end of an entry only: nobody gets there.
    let mut entries = peer.entries();
    entries.iter_mut().find(|(name, _)| name == SIGNATURES).unwrap().1 = bomb;
    let container = pack(&entries);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(container.as_slice())).unwrap();
    let sum = archive.by_name(SIGNATURES).unwrap().crc32().to_le_bytes();
    assert_eq!(peer.believe(&replaced(&container, &sum, &[0; 4], 2)), Err(Flaw::TooLarge));
    let many: Vec<_> = (0..65).map(|number| (format!("{number}"), Vec::new())).collect();
    assert_eq!(peer.believe(&pack(&many)), Err(Flaw::TooLarge));
    assert_eq!(peer.believe(&b"PK\x01\x02".repeat(1_001)), Err(Flaw::TooLarge));
    assert_eq!(peer.believe(&vec![0; 12 * 1024 * 1024 + 1]), Err(Flaw::TooLarge));
}
