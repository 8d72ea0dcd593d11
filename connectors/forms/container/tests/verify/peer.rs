//! The containers of the peer, made once for all tests.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use container::{Flaw, Formed, Signed, Trust, verify};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The code of the person who signed, unless the case says otherwise.
pub(crate) const ONE: &str = "39001010005";
/// The code of somebody else.
pub(crate) const TWO: &str = "49001010010";
/// The signature in the peer's containers.
pub(crate) const SIGNATURES: &str = "META-INF/signatures1.xml";
pub(crate) const DATA: &str = "document.pdf";

/// What the peer made.
pub(crate) struct Peer {
    folder: tempfile::TempDir,
    pub(crate) document: Vec<u8>,
    pub(crate) trust: Trust,
}

static PEER: LazyLock<Option<Peer>> = LazyLock::new(|| match make() {
    Ok(peer) => Some(peer),
    Err(reason) if is_required() => panic!("no peer: {reason}"),
    Err(reason) => {
        eprintln!("SKIPPED: nothing here can make signed containers: {reason}");
        None
    }
});

/// What the peer made, unless it cannot run here.
pub(crate) fn peer() -> Option<&'static Peer> {
    PEER.as_ref()
}

/// Whether a peer that cannot run is a failure; its packages are then installed, too.
fn is_required() -> bool {
    std::env::var_os("VIRSIS_PEERS_REQUIRED").is_some_and(|value| value == "1")
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
}

fn make() -> Result<Peer, String> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/peers/container");
    let python = PathBuf::from(output(&mut Command::new(scripts.join("python.sh")))?);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut command = Command::new(&python);
    let made = output(command.arg(scripts.join("make.py")).arg(folder.path()));
    // Once the packages are there, that containers cannot be made is never to be passed over.
    made.unwrap_or_else(|reason| panic!("make.py: {reason}"));
    let file = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let pem = |name: &str| String::from_utf8(file(name)).unwrap();
    let trust = Trust::from_pem(&pem("root.pem")).unwrap().with_intermediates(&pem("issuer.pem")).unwrap();
    let document = file("document.pdf");
    Ok(Peer { folder, document, trust })
}

/// When the document was formed; see FORMED in `make.py`.
pub(crate) fn formed() -> DateTime<Utc> {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

/// An hour later. Signatures are made between the two.
pub(crate) fn now() -> DateTime<Utc> {
    formed() + TimeDelta::hours(1)
}

impl Peer {
    pub(crate) fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    pub(crate) fn pem(&self, name: &str) -> String {
        String::from_utf8(self.file(name)).unwrap()
    }

    pub(crate) fn case(&self, name: &str) -> Vec<u8> {
        self.file(&format!("{name}.asice"))
    }

    /// Names of the cases that begin so.
    pub(crate) fn cases(&self, prefix: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter_map(|name| name.strip_suffix(".asice").filter(|name| name.starts_with(prefix)).map(str::to_owned)).collect()
    }

    /// Whether a container with the document is believed.
    pub(crate) fn believe(&self, container: &[u8]) -> Result<Signed, Flaw> {
        verify(container, &[Formed { bytes: &self.document, at: formed() }], &self.trust, now())
    }

    pub(crate) fn refusal(&self, case: &str) -> Flaw {
        self.believe(&self.case(case)).unwrap_err()
    }

    /// The entries of a container that is good but for what is done to it.
    pub(crate) fn entries(&self) -> Vec<(String, Vec<u8>)> {
        let mut archive = ZipArchive::new(Cursor::new(self.case("good-p256"))).unwrap();
        let entry = |place| {
            let mut entry = archive.by_index(place).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        };
        (0..4).map(entry).collect()
    }

    /// The signature file of a good container.
    pub(crate) fn signatures(&self) -> String {
        let entries = self.entries();
        String::from_utf8(entries.into_iter().find(|(name, _)| name == SIGNATURES).unwrap().1).unwrap()
    }

    /// What is said of a good container in which an entry has other bytes.
    pub(crate) fn with_entry(&self, name: &str, bytes: &[u8]) -> Result<Signed, Flaw> {
        let mut entries = self.entries();
        entries.iter_mut().find(|(candidate, _)| candidate == name).unwrap().1 = bytes.to_vec();
        self.believe(&pack(&entries))
    }

    /// What is said of a good container in whose signature the first `from` is replaced.
    pub(crate) fn altered(&self, from: &str, to: &str) -> Result<Signed, Flaw> {
        let signatures = self.signatures();
        assert!(signatures.contains(from), "{from} is not in the signature");
        self.with_entry(SIGNATURES, signatures.replacen(from, to, 1).as_bytes())
    }
}

/// A container with these entries; the first is not compressed.
pub(crate) fn pack(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut method = CompressionMethod::Stored;
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
        method = CompressionMethod::Deflated;
    }
    writer.finish().unwrap().into_inner()
}
