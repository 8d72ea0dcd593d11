//! Signed containers: what was made, and that nothing else is believed.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use container::{Flaw, Formed, Signed, Trust};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::ground;

/// The signature in the peer's containers.
pub const SIGNATURES: &str = "META-INF/signatures1.xml";
/// The manifest.
pub const MANIFEST: &str = "META-INF/manifest.xml";

/// What `tests/peers/container/make.py` made.
struct Made {
    document: Vec<u8>,
    /// The root and the issuer below it.
    trust: Trust,
    /// The root alone: the issuer must come along.
    root: Trust,
    /// Another root of the same name.
    stranger: Trust,
    /// Who really signed, and when they said it was.
    signed: HashSet<(String, DateTime<Utc>)>,
    entries: Vec<(String, Vec<u8>)>,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let folder = ground().join("containers");
    let file = |name: &str| fs::read(folder.join(name)).unwrap();
    let authority = |name: &str| Trust::from_pem(&String::from_utf8(file(name)).unwrap()).unwrap();
    let (root, stranger) = (authority("root.pem"), authority("stranger.pem"));
    let trust = root.clone().with_intermediates(&String::from_utf8(file("issuer.pem")).unwrap()).unwrap();
    let document = file("document.pdf");
    let cases =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "asice"));
    let believed = cases.filter_map(|path| verify(&fs::read(path).unwrap(), &document, &trust, now(), formed()).ok());
    let signed: HashSet<_> = believed.map(|signed| (signed.signer.reveal().to_owned(), signed.signed_at)).collect();
    assert!(signed.len() >= 4, "few of the peer's containers are believed");
    let entries = unpack(&file("good-p256.asice"));
    Made { document, trust, root, stranger, signed, entries }
});

/// Reads what was made, before the first input is timed.
pub fn ready() {
    LazyLock::force(&MADE);
}

/// When the document was formed; see FORMED in `make.py`.
fn formed() -> DateTime<Utc> {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn now() -> DateTime<Utc> {
    formed() + TimeDelta::hours(1)
}

fn verify(container: &[u8], document: &[u8], trust: &Trust, now: DateTime<Utc>, formed: DateTime<Utc>) -> Result<Signed, Flaw> {
    container::verify(container, &[Formed { bytes: document, at: formed }], trust, now)
}

/// Judges a container: whatever it is made of, it says that somebody signed our document who did, or it is refused; and what is believed
/// is believed of this document and under this root only.
///
/// # Panics
/// Something else is believed.
pub fn judge(container: &[u8]) -> Result<Signed, Flaw> {
    let made = &*MADE;
    let believed = verify(container, &made.document, &made.trust, now(), formed());
    if let Ok(signed) = &believed {
        assert!(made.signed.contains(&(signed.signer.reveal().to_owned(), signed.signed_at)), "nobody signed this: {signed:?}");
        let mut other = made.document.clone();
        other[0] ^= 1;
        assert_eq!(verify(container, &other, &made.trust, now(), formed()), Err(Flaw::OtherDocument));
        assert_eq!(verify(container, &made.document, &made.stranger, now(), formed()), Err(Flaw::Chain));
        assert_eq!(verify(container, &made.document, &made.trust, now(), now() + TimeDelta::hours(1)), Err(Flaw::SigningTime));
    }
    believed
}

/// Judges a container whose issuer's certificate is not ours already.
///
/// # Panics
/// Something is believed that nobody signed.
pub fn judge_with_chain(container: &[u8]) {
    let made = &*MADE;
    if let Ok(signed) = verify(container, &made.document, &made.root, now(), formed()) {
        assert!(made.signed.contains(&(signed.signer.reveal().to_owned(), signed.signed_at)), "nobody signed this: {signed:?}");
    }
}

/// A good container in which one entry has other bytes.
#[must_use]
pub fn with_entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    let entries = MADE.entries.iter().map(|(own, content)| (own.as_str(), if own == name { bytes } else { content }));
    pack(entries)
}

/// An entry of the good container, as text.
///
/// # Panics
/// It has none of this name.
#[must_use]
pub fn entry(name: &str) -> &'static str {
    let (_, bytes) = MADE.entries.iter().find(|(own, _)| own == name).unwrap();
    std::str::from_utf8(bytes).unwrap()
}

fn pack<'a>(entries: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn unpack(container: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(container)).unwrap();
    let entry = |place| {
        let mut entry = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..4).map(entry).collect()
}
