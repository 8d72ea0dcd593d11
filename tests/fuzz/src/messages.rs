//! Signed messages: those that a service of the tests signed, and ones that are signed here.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::LazyLock;

use viisp::NAMESPACE;
use xmlsignature::{Error, Hash, Policy, PublicKey, SigningKey, Verified, sign, verify};

use crate::ground;

/// What VIISP answers in the second exchange.
pub const ANSWER: &str = "authenticationDataResponse";
const ID: &str = "uniqueId";

/// Keys that are made for tests and protect nothing.
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../connectors/xmlsignature/tests/keys");

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy {
    keys: vec![PublicKey::from_file(&Path::new(KEYS).join("service.crt")).unwrap()],
    hashes: vec![Hash::Sha256],
});

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    // A private key that others may read is refused, and the repository's are open.
    let closed = ground().join(format!("service-{}.key", std::process::id()));
    fs::copy(Path::new(KEYS).join("service.key"), &closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o600)).unwrap();
    let key = SigningKey::from_file(&closed).unwrap();
    fs::remove_file(&closed).unwrap();
    key
});

/// What was really signed, in canonical form.
static SIGNED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let folder = fs::read_dir(ground().join("message")).unwrap();
    let texts = folder.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap_or_default());
    let signed: HashSet<_> = texts.filter_map(|text| Some(believe(&text).ok()?.canonical().to_owned())).collect();
    assert!(signed.len() >= 3, "few of the peer's messages are believed");
    signed
});

/// Reads keys and messages, before the first input is timed.
pub fn ready() {
    LazyLock::force(&KEY);
    LazyLock::force(&SIGNED);
}

fn believe(message: &str) -> Result<Verified, Error> {
    verify(message, NAMESPACE, ANSWER, &POLICY)
}

/// Judges a message: what is believed was signed, to the letter.
///
/// # Panics
/// Something else is believed.
pub fn judge(message: &str) {
    let known = &*SIGNED;
    if let Ok(verified) = believe(message) {
        assert!(known.contains(verified.canonical()), "nobody signed this");
    }
}

/// The canonical form of an answer that holds `content`, signed and verified; `None` if it is no content of a message, or holds something
/// that no signed message may.
///
/// # Panics
/// Signing and verifying do not understand the same.
#[must_use]
pub fn signed(content: &str) -> Option<Verified> {
    let verified = signed_element(&format!("<a:{ANSWER} xmlns:a=\"{NAMESPACE}\" id=\"{ID}\">{content}</a:{ANSWER}>"))?;
    // The canonical form is its own.
    let again = signed_element(verified.canonical()).expect("a canonical form can be signed");
    assert_eq!(again, verified);
    Some(verified)
}

fn signed_element(element: &str) -> Option<Verified> {
    let soap = xmlsignature::ENVELOPE_NAMESPACE;
    let message = format!("<s:Envelope xmlns:s=\"{soap}\"><s:Header/><s:Body>{element}</s:Body></s:Envelope>");
    let message = sign(&message, ID, &KEY).ok()?;
    match believe(&message) {
        Ok(verified) => Some(verified),
        // Content may end the answer and begin another one, hold a signature of its own, or more than a message may when it is signed.
        Err(Error::Envelope | Error::Place(_) | Error::Excess | Error::Fault(_)) => None,
        Err(error) => panic!("what was just signed is refused: {error}"),
    }
}
