//! Attacks on the XML: altered content, elements in other places, the same id twice, entities.

use container::Flaw;

use crate::peer::{DATA, SIGNATURES, peer};

/// The text from the first `from` to the end of the first `to` after it.
fn piece<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let begin = text.find(from).unwrap();
    &text[begin..begin + text[begin..].find(to).unwrap() + to.len()]
}

#[test]
fn whatever_is_signed_cannot_be_altered() {
    let Some(peer) = peer() else { return };
    for (from, to) in [
        ("2026-03-02T10:20:00Z", "2026-03-02T10:21:00Z"),
        ("<xades:MimeType>application/pdf", "<xades:MimeType>text/plain"),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA"),
        ("Id=\"r-id-1\"", "Id=\"r-id-3\""),
        ("<ds:SignatureValue Id=\"SIG-S1\">", "<ds:SignatureValue Id=\"SIG-S1\">AAAA"),
        ("<xades:SignedDataObjectProperties>", "<xades:SignedDataObjectProperties><xades:X/>"),
    ] {
        assert_eq!(peer.altered(from, to), Err(Flaw::Altered), "{from}");
    }
    // Altered together with its digest: then the signature does not hold.
    let mut document = peer.document.clone();
    document[20] ^= 1;
    assert_eq!(peer.with_entry(DATA, &document), Err(Flaw::OtherDocument));
}

#[test]
fn another_writing_of_the_same_signature_is_the_same() {
    let Some(peer) = peer() else { return };
    let good = peer.believe(&peer.case("good-p256"));
    assert!(good.is_ok());
    for (from, to) in [
        ("Id=\"r-id-1\" Type=\"\"", "Type='' Id='&#114;-id-1'"),
        (
            "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>",
            "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>",
        ),
        ("<asic:XAdESSignatures ", "<asic:XAdESSignatures xmlns:unused=\"urn:unused\" "),
        ("</ds:KeyInfo>", "<ds:KeyName>anything</ds:KeyName></ds:KeyInfo>"),
    ] {
        assert_eq!(peer.altered(from, to), good, "{from}");
    }
    let with_mark = [b"\xef\xbb\xbf", peer.signatures().as_bytes()].concat();
    assert_eq!(peer.with_entry(SIGNATURES, &with_mark), good);
}

#[test]
fn other_properties_than_the_signed_ones_are_never_read() {
    let Some(peer) = peer() else { return };
    let signatures = peer.signatures();
    let signed = piece(&signatures, "<xades:SignedProperties ", "</xades:SignedProperties>");
    let forged = signed.replace("10:20:00Z", "10:30:00Z");
    let renamed = forged.replace("Id=\"xades-SignedProperties\"", "Id=\"forged\"");
    let bare = forged.replace("Id=\"xades-SignedProperties\"", "");
    let replaced = |from: &str, to: &str| peer.altered(from, to).unwrap_err();
    let twice = Flaw::Profile("an id is given to two elements");

    // The signed ones stay, forged ones with the same id come beside, before or around them.
    let object = |content: &str| format!("<ds:Object>{content}</ds:Object>");
    assert_eq!(
        replaced(signed, &format!("{forged}{signed}")),
        Flaw::Profile("QualifyingProperties hold SignedProperties and perhaps UnsignedProperties")
    );
    assert_eq!(replaced("<ds:KeyInfo>", &format!("<ds:KeyInfo>{forged}")), twice);
    for spelling in ["ID", "id", "xml:id"] {
        let forged = forged.replace("Id=\"xades", &format!("{spelling}=\"xades"));
        assert_eq!(replaced("<ds:KeyInfo>", &format!("<ds:KeyInfo>{forged}")), twice, "{spelling}");
    }
    // Forged ones where they are read, the signed ones where the reference finds them.
    let elsewhere = Flaw::Profile("other properties are signed than those of this signature");
    for forged in [&renamed, &bare, &renamed.replace("Id=\"forged\"", "ID=\"forged\"")] {
        let hidden = signatures.replacen(signed, forged, 1).replacen("<ds:KeyInfo>", &format!("<ds:KeyInfo>{signed}"), 1);
        assert_eq!(peer.with_entry(SIGNATURES, hidden.as_bytes()), Err(elsewhere));
    }
    let nested = format!("{}{signed}</xades:SignedProperties>", renamed.strip_suffix("</xades:SignedProperties>").unwrap());
    assert_eq!(replaced(signed, &nested), elsewhere);
    // Another spelling of the attribute is another attribute.
    assert_eq!(replaced("Id=\"xades-SignedProperties\"", "ID=\"xades-SignedProperties\""), elsewhere);
    assert_eq!(replaced("Id=\"xades-SignedProperties\"", "Id=\"x\""), Flaw::Profile("a reference leads nowhere"));
    // A second object, a second signature, a second list.
    let whole = Flaw::Profile("a signature holds SignedInfo, SignatureValue, KeyInfo and one Object");
    assert_eq!(replaced("<ds:Object>", &format!("{}<ds:Object>", object(&renamed))), whole);
    assert_eq!(replaced("Target=\"#S1\"", "Target=\"#S2\""), Flaw::Profile("QualifyingProperties are about another signature"));
    let time = piece(signed, "<xades:SigningTime>", "</xades:SigningTime>");
    assert_eq!(replaced(time, &format!("{time}{time}")), Flaw::SigningTime);
}

#[test]
fn the_signature_stands_alone_in_its_file() {
    let Some(peer) = peer() else { return };
    let signatures = peer.signatures();
    let signature = piece(&signatures, "<ds:Signature ", "</ds:Signature>");
    let alone = Err(Flaw::Profile("XAdESSignatures hold one Signature and nothing else"));
    assert_eq!(peer.altered(signature, ""), Err(Flaw::NoSignature));
    assert_eq!(
        peer.altered(signature, &format!("<asic:x>{signature}</asic:x>")).map_err(|flaw| matches!(flaw, Flaw::Profile(_))),
        Err(true)
    );
    assert_eq!(peer.altered(signature, &format!("{signature}<ds:Object/>")), alone);
    let renamed = signatures.replace("asic:XAdESSignatures", "asic:Other");
    assert_eq!(peer.with_entry(SIGNATURES, renamed.as_bytes()), alone);
    let without_namespace = signatures.replace("http://uri.etsi.org/02918/v1.2.1#", "urn:x");
    assert_eq!(peer.with_entry(SIGNATURES, without_namespace.as_bytes()), alone);
}

#[test]
fn nothing_beside_the_profile_is_tolerated_in_a_signature() {
    let Some(peer) = peer() else { return };
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    for (from, to) in [
        ("URI=\"document.pdf\"", "URI=\"\""),
        ("URI=\"document.pdf\"", "URI=\"#S1\""),
        ("URI=\"document.pdf\"", "URI=\"file:///etc/passwd\""),
        ("Type=\"\" URI=\"document.pdf\"", "Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" URI=\"document.pdf\""),
        ("Type=\"http://uri.etsi.org/01903#SignedProperties\"", ""),
        ("Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#", "Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\""),
        ("<ds:Transforms>", &format!("<ds:Transforms><ds:Transform Algorithm=\"{exclusive}\"/>")),
        (&format!("<ds:Transform Algorithm=\"{exclusive}\"/>"), &format!("<ds:Transform Algorithm=\"{exclusive}\"><x/></ds:Transform>")),
        ("<ds:SignatureValue Id=\"SIG-S1\">", "<ds:SignatureValue Id=\"SIG-S1\">!"),
        ("<ds:SignatureValue Id=\"SIG-S1\">", "<ds:SignatureValue Id=\"SIG-S1\"><!-- x -->"),
        ("<ds:KeyInfo>", "text<ds:KeyInfo>"),
        ("<ds:KeyInfo>", "<!-- x --><ds:KeyInfo>"),
        ("X509Data>", "X>"),
        ("<ds:Signature Id=\"S1\">", "<ds:Signature>"),
        ("<xades:SigningCertificate>", "<xades:SigningCertificate/><xades:SigningCertificate>"),
    ] {
        let to = to.replace("<ds:X>", "<ds:X509Data>");
        let flaw = peer.altered(from, &to).unwrap_err();
        assert!(matches!(flaw, Flaw::Profile(_) | Flaw::NotXml), "{from}: {flaw:?}");
    }
    for (from, to) in [
        (exclusive, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
        (&format!("<ds:Transform Algorithm=\"{exclusive}"), "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116"),
        (&format!("<ds:Transform Algorithm=\"{exclusive}"), "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5"),
    ] {
        assert_eq!(peer.altered(from, to), Err(Flaw::Algorithm), "{to}");
    }
}

#[test]
fn the_data_file_has_no_transform() {
    let Some(peer) = peer() else { return };
    let signatures = peer.signatures();
    let transforms = piece(&signatures, "<ds:Transforms>", "</ds:Transforms>");
    let with = signatures.replacen("URI=\"document.pdf\">", &format!("URI=\"document.pdf\">{transforms}"), 1);
    assert_eq!(peer.with_entry(SIGNATURES, with.as_bytes()), Err(Flaw::Profile("a document is signed as it is, without transforms")));
}

#[test]
fn a_certificate_is_there_and_can_be_read() {
    let Some(peer) = peer() else { return };
    let signatures = peer.signatures();
    let certificate = piece(&signatures, "<ds:X509Certificate>", "</ds:X509Certificate>");
    assert_eq!(peer.altered(certificate, ""), Err(Flaw::Profile("KeyInfo holds the signer's certificate")));
    assert_eq!(peer.altered("<ds:X509Certificate>MII", "<ds:X509Certificate>MIJ"), Err(Flaw::WrongSigner));
    assert_eq!(peer.altered(certificate, &certificate.repeat(17)), Err(Flaw::TooLarge));
    let first = certificate.replace(">MII", ">AAA");
    assert_eq!(peer.altered(certificate, &format!("{first}{certificate}")), Err(Flaw::WrongSigner));
    // What follows the first one is a step to a root, or nothing.
    assert!(peer.altered(certificate, &format!("{certificate}{first}")).is_ok());
    let list = piece(&signatures, "<xades:SigningCertificate>", "</xades:SigningCertificate>");
    assert_eq!(peer.altered(list, ""), Err(Flaw::Profile("there is no SigningCertificate")));
    assert_eq!(peer.altered(list, &list.repeat(2)), Err(Flaw::Profile("a SigningCertificate is given twice")));
    let elsewhere = signatures.replace("ds:KeyInfo>", "asic:KeyInfo>");
    let misplaced = Err(Flaw::Profile("an element or text does not belong where it stands"));
    assert_eq!(peer.with_entry(SIGNATURES, elsewhere.as_bytes()), misplaced);
}

#[test]
fn document_types_depth_and_broken_text_are_refused() {
    let Some(peer) = peer() else { return };
    let entity = "?><!DOCTYPE x [<!ENTITY e \"10:20\">]>";
    assert_eq!(peer.altered("?>", entity), Err(Flaw::DocumentType));
    assert_eq!(peer.altered("?>", "?><!DOCTYPE x>"), Err(Flaw::DocumentType));
    assert_eq!(peer.altered("10:20", "&e;"), Err(Flaw::NotXml));
    assert_eq!(peer.altered("</asic:XAdESSignatures>", ""), Err(Flaw::NotXml));
    assert_eq!(peer.altered("<ds:KeyInfo>", &format!("<ds:KeyInfo>{}{}", "<a>".repeat(40), "</a>".repeat(40))), Err(Flaw::NotXml));
    let many = |begin: &str, count: usize| (0..count).map(|number| format!(" {begin}{number}=\"u\"")).collect::<String>();
    assert_eq!(peer.altered("<ds:KeyInfo>", &format!("<ds:KeyInfo{}>", many("b", 65))), Err(Flaw::TooLarge));
    assert_eq!(peer.altered("<ds:KeyInfo>", &format!("<ds:KeyInfo{}>", many("xmlns:b", 17))), Err(Flaw::TooLarge));
    assert!(peer.altered("<ds:KeyInfo>", &format!("<ds:KeyInfo{}>", many("b", 60))).is_ok());
    assert_eq!(peer.altered("<ds:KeyInfo>", &format!("<ds:KeyInfo>{}", "<a/>".repeat(10_001))), Err(Flaw::TooLarge));
    assert_eq!(peer.with_entry(SIGNATURES, b"<a>\xff</a>"), Err(Flaw::NotXml));
    assert_eq!(peer.with_entry(SIGNATURES, b""), Err(Flaw::NotXml));
    let wide: Vec<u8> = peer.signatures().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(peer.with_entry(SIGNATURES, &wide).map_err(|flaw| matches!(flaw, Flaw::NotXml | Flaw::Profile(_))), Err(true));
}
