//! What the profile lets through and what it does not. The keys beside this file are made for it and protect nothing.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use xmlsignature::{Error, Hash, Policy, PublicKey, SigningKey, Verified, fresh_id, sign, verify};

const MESSAGE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">\
    <s:Header/><s:Body>\n  <a:answer xmlns:a=\"urn:a\" xmlns:unused=\"urn:u\" b='2' a:c=\"1\" id=\"one\">\n<a:sum>10 &lt; 20</a:sum><a:empty/></a:answer></s:Body></s:Envelope>";
const CANONICAL: &str =
    "<a:answer xmlns:a=\"urn:a\" b=\"2\" id=\"one\" a:c=\"1\">\n<a:sum>10 &lt; 20</a:sum><a:empty></a:empty></a:answer>";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)
}

/// A private key from the repository, whose files cannot be closed to others.
fn key(name: &str) -> SigningKey {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::copy(file(name), &path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    SigningKey::from_file(&path).unwrap()
}

fn policy(certificate: &str) -> Policy {
    Policy { keys: vec![PublicKey::from_file(&file(certificate)).unwrap()], hashes: vec![Hash::Sha256] }
}

fn envelope(header: &str, body: &str) -> String {
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    format!("<s:Envelope xmlns:s=\"{soap}\"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>")
}

fn signed() -> String {
    sign(MESSAGE, "one", &key("service.key")).unwrap()
}

fn believe(xml: &str) -> Result<Verified, Error> {
    verify(xml, "urn:a", "answer", &policy("service.crt"))
}

/// The refusal of the signed message with `from` replaced by `to`.
fn refused(from: &str, to: &str) -> Error {
    let signed = signed();
    assert!(signed.contains(from), "{from} is not in the message");
    believe(&signed.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn what_is_read_is_the_canonical_text_that_was_signed() {
    let signed = signed();
    assert_eq!(believe(&signed).unwrap().canonical(), CANONICAL);
    assert_eq!(verify(&signed, "urn:a", "answer", &policy("service.pub")).unwrap().canonical(), CANONICAL);
}

#[test]
fn another_writing_of_the_same_content_is_the_same() {
    let commented = signed().replacen("10 &lt;", "1<!-- x -->0 <![CDATA[<]]>", 1).replacen("b='2'", "b=\"&#50;\"", 1);
    assert_eq!(believe(&commented).unwrap().canonical(), CANONICAL);
}

#[test]
fn a_changed_element_or_another_key_is_refused() {
    assert_eq!(refused("20</a:sum>", "21</a:sum>"), Error::Altered);
    assert_eq!(refused("<a:empty/>", ""), Error::Altered);
    let by_others = sign(MESSAGE, "one", &key("ours.key")).unwrap();
    // The message carries the key that made it, and that proves nothing.
    assert!(by_others.contains("RSAKeyValue"));
    assert_eq!(believe(&by_others), Err(Error::Key));
    assert_eq!(refused("<ds:DigestValue>", "<ds:DigestValue>AAAA"), Error::Key);
}

#[test]
fn only_hashes_of_the_policy_are_accepted() {
    let old = "http://www.w3.org/2000/09/xmldsig#";
    assert_eq!(refused("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", &format!("{old}rsa-sha1")), Error::Hash);
    assert_eq!(refused("http://www.w3.org/2001/04/xmlenc#sha256", &format!("{old}sha1")), Error::Hash);
    assert!(matches!(refused("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5"), Error::Profile(_)));
    assert!(matches!(refused("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", &format!("{old}hmac-sha1")), Error::Profile(_)));
}

#[test]
fn the_signature_belongs_to_the_only_child_of_the_body() {
    let place = |error: Error| assert!(matches!(error, Error::Place(_)), "{error:?}");
    let signature = &signed()[signed().find("<ds:Signature ").unwrap()..signed().find("</a:answer>").unwrap()].to_owned();
    place(believe(MESSAGE).unwrap_err());
    place(refused("</a:answer>", &format!("{signature}</a:answer>")));
    place(refused("<a:empty/>", "<a:empty id=\"one\"/>"));
    place(refused("<a:empty/>", "<a:empty ID=\"one\"/>"));
    place(refused(" id=\"one\"", " ID=\"one\""));
    place(refused(" id=\"one\"", " id=\"two\""));
    place(refused("<s:Header/>", "<s:Header><x id=\"one\"/></s:Header>"));
    place(believe(&signed().replacen(signature, "", 1).replacen("<a:empty/>", &format!("<a:empty>{signature}</a:empty>"), 1)).unwrap_err());
    place(
        believe(&signed().replacen(signature, "", 1).replacen("<s:Header/>", &format!("<s:Header>{signature}</s:Header>"), 1)).unwrap_err(),
    );
    let evil = format!("<a:answer xmlns:a=\"urn:a\" id=\"two\"><a:sum>0</a:sum>{signature}</a:answer>");
    place(believe(&envelope(CANONICAL, &evil)).unwrap_err());
    place(believe(&envelope(CANONICAL, &evil.replace("two", "one"))).unwrap_err());
    assert_eq!(refused("</a:answer>", "</a:answer><a:answer xmlns:a=\"urn:a\"/>"), Error::Envelope);
    assert_eq!(refused("</s:Body>", "</s:Body><s:Body/>"), Error::Envelope);
    assert_eq!(verify(&signed(), "urn:a", "other", &policy("service.crt")), Err(Error::Envelope));
    assert_eq!(verify(&signed(), "urn:b", "answer", &policy("service.crt")), Err(Error::Envelope));
}

#[test]
fn nothing_beside_the_profile_is_tolerated_in_a_signature() {
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let transforms = "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    for (from, to) in [
        (exclusive, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        (exclusive, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        ("http://www.w3.org/2000/09/xmldsig#enveloped-signature", exclusive),
        (transforms, "<ds:Transforms>"),
        (transforms, &format!("{transforms}<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>")),
        ("</ds:Reference>", "</ds:Reference><ds:Reference URI=\"#one\"/>"),
        ("URI=\"#one\"", "URI=\"\""),
        ("URI=\"#one\"", "URI=\"file:///etc/passwd\""),
        ("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>"),
        ("<ds:KeyInfo>", "text<ds:KeyInfo>"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>!"),
        ("<ds:SignatureValue>", "<ds:SignatureValue><x/>"),
    ] {
        assert!(matches!(refused(from, to), Error::Profile(_)), "{from} → {to}");
    }
}

#[test]
fn document_types_depth_and_broken_text_are_refused() {
    assert_eq!(refused("?>", "?><!DOCTYPE s:Envelope>"), Error::DocumentType);
    assert_eq!(refused("10 ", "&x;"), Error::NotXml);
    assert_eq!(refused("</s:Envelope>", ""), Error::NotXml);
    assert_eq!(refused("<a:empty/>", &("<a>".repeat(40) + &"</a>".repeat(40))), Error::NotXml);
    let many = |begin: &str, count: usize| (0..count).map(|number| format!(" {begin}{number}=\"u\"")).collect::<String>();
    assert_eq!(refused("<a:empty/>", &format!("<a:empty{}/>", many("b", 4_000))), Error::Excess);
    assert_eq!(refused("<a:empty/>", &format!("<a:empty{}/>", many("xmlns:b", 17))), Error::Excess);
    let few = signed().replacen("<a:empty/>", &format!("<a:empty{}/>", many("xmlns:b", 16)), 1);
    assert_eq!(believe(&few).unwrap().canonical(), CANONICAL);
    assert_eq!(believe("<html><body/></html>"), Err(Error::Envelope));
    assert_eq!(believe(""), Err(Error::NotXml));
}

#[test]
fn a_fault_is_named_by_its_code_and_by_nothing_else() {
    let fault = |code: &str| {
        let fault = format!("<s:Fault><faultcode>{code}</faultcode><faultstring>39001010005</faultstring></s:Fault>");
        believe(&envelope("", &fault)).unwrap_err()
    };
    assert_eq!(fault(" s:Client.invalidSignature "), Error::Fault("s:Client.invalidSignature".to_owned()));
    assert_eq!(fault("39001010005"), Error::Fault("without a usable code".to_owned()));
    assert_eq!(fault(&"x".repeat(65)), Error::Fault("without a usable code".to_owned()));
}

#[test]
fn only_one_element_with_content_can_be_signed() {
    let ours = key("ours.key");
    assert_eq!(sign(MESSAGE, "two", &ours), Err(Error::NothingToSign));
    assert_eq!(sign("<a><b id=\"x\">1</b><b id=\"x\">2</b></a>", "x", &ours), Err(Error::NothingToSign));
    assert_eq!(sign("<a><b id=\"x\"/></a>", "x", &ours), Err(Error::NothingToSign));
    assert_eq!(sign("<a id='x\"y'>1</a>", "x\"y", &ours), Err(Error::NothingToSign));
    assert_ne!(fresh_id().unwrap(), fresh_id().unwrap());
}

#[test]
fn key_files_are_closed_to_others_and_hold_what_they_should() {
    let words = |result: Result<SigningKey, Error>| result.unwrap_err().to_string();
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open");
    fs::copy(file("ours.key"), &open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(words(SigningKey::from_file(&open)).contains("chmod 600"));
    let path = folder.path().join("certificate");
    fs::copy(file("ours.crt"), &path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(words(SigningKey::from_file(&path)).contains("PKCS#8"));
    assert!(words(SigningKey::from_file(&folder.path().join("nothing"))).contains("cannot be read"));
    assert!(PublicKey::from_file(&file("ours.key")).unwrap_err().to_string().contains("BEGIN CERTIFICATE"));
    assert_eq!(PublicKey::from_file(&file("service.crt")).unwrap(), PublicKey::from_file(&file("service.pub")).unwrap());
    assert_eq!(format!("{:?}", key("ours.key")), "SigningKey");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}|(<[a-z:/!?]{0,9}[ >]|[&;]|ds:Signature|\\PC){0,60}") {
        prop_assert!(believe(&text).is_err());
    }

    #[test]
    fn no_changed_byte_changes_what_is_believed(at in any::<prop::sample::Index>(), byte in 0u8..128) {
        let mut message = signed().into_bytes();
        let at = at.index(message.len());
        message[at] = byte;
        if let Ok(text) = String::from_utf8(message) && let Ok(verified) = believe(&text) {
            prop_assert_eq!(verified.canonical(), CANONICAL);
        }
    }
}
