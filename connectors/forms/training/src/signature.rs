//! A container that passes: ASiC-E with one XAdES signature over one document (ETSI EN 319 162-1, EN 319 132-1).
//!
//! What is hashed is written here in its exclusive canonical form, with its own namespace declarations, so that the very bytes that stand in the
//! file are those that are hashed.

use std::io::{Cursor, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use ring::digest::{SHA256, digest};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::authority::Identity;
use crate::{Authority, Error, Person};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA_256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const ECDSA: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
/// What a reference to signed properties is called.
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// What the document is called in the container.
const DOCUMENT: &str = "dokumentas.pdf";
const MEDIA_TYPE: &str = "application/vnd.etsi.asic-e+zip";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// The container with a document that this person signs now.
///
/// # Errors
/// There is no randomness: nothing else fails.
pub fn sign(authority: &Authority, person: &Person, document: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, Error> {
    let identity = authority.vouch(person, now)?;
    let xml = signature(&identity, document, now)?;
    packed(document, &xml).map_err(|error| Error::Signature(error.to_string()))
}

fn hashed(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(digest(&SHA256, bytes))
}

fn signature(identity: &Identity, document: &[u8], now: DateTime<Utc>) -> Result<String, Error> {
    let properties = format!(
        "<xades:SignedProperties xmlns:xades=\"{XADES}\" Id=\"savybes\"><xades:SignedSignatureProperties>\
         <xades:SigningTime>{time}</xades:SigningTime>\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
         <ds:DigestMethod xmlns:ds=\"{DS}\" Algorithm=\"{SHA_256}\"></ds:DigestMethod>\
         <ds:DigestValue xmlns:ds=\"{DS}\">{certificate}</ds:DigestValue>\
         </xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
         <xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference=\"#dokumentas\">\
         <xades:MimeType>application/pdf</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>\
         </xades:SignedProperties>",
        time = now.to_rfc3339_opts(SecondsFormat::Secs, true),
        certificate = hashed(&identity.certificate),
    );
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{DS}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{ECDSA}\"></ds:SignatureMethod>\
         <ds:Reference Id=\"dokumentas\" Type=\"\" URI=\"{DOCUMENT}\"><ds:DigestMethod Algorithm=\"{SHA_256}\"></ds:DigestMethod>\
         <ds:DigestValue>{document}</ds:DigestValue></ds:Reference>\
         <ds:Reference Type=\"{SIGNED_PROPERTIES}\" URI=\"#savybes\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{SHA_256}\"></ds:DigestMethod><ds:DigestValue>{properties}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        document = hashed(document),
        properties = hashed(properties.as_bytes()),
    );
    Ok(format!(
        "{DECLARATION}<asic:XAdESSignatures xmlns:asic=\"{ASIC}\"><ds:Signature xmlns:ds=\"{DS}\" Id=\"parasas\">{info}\
         <ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         <ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#parasas\">{properties}</xades:QualifyingProperties>\
         </ds:Object></ds:Signature></asic:XAdESSignatures>",
        value = BASE64_STANDARD.encode(identity.sign(info.as_bytes())?),
        certificate = BASE64_STANDARD.encode(&identity.certificate),
    ))
}

fn packed(document: &[u8], signature: &str) -> std::io::Result<Vec<u8>> {
    const MANIFEST: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
    let manifest = format!(
        "{DECLARATION}<manifest:manifest xmlns:manifest=\"{MANIFEST}\" manifest:version=\"1.2\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{MEDIA_TYPE}\"/>\
         <manifest:file-entry manifest:full-path=\"{DOCUMENT}\" manifest:media-type=\"application/pdf\"/></manifest:manifest>"
    );
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, options, content) in [
        ("mimetype", stored, MEDIA_TYPE.as_bytes()),
        (DOCUMENT, deflated, document),
        ("META-INF/manifest.xml", deflated, manifest.as_bytes()),
        ("META-INF/signatures0.xml", deflated, signature.as_bytes()),
    ] {
        writer.start_file(name, options)?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}
