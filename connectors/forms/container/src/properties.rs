//! What XAdES adds to a signature (ETSI EN 319 132-1, clause 5): the signed properties, and certificates among the unsigned ones.

use chrono::{DateTime, Utc};
use xmltree::{Document, NodeId};

use crate::algorithm::Hash;
use crate::xml::DS;
use crate::{Flaw, xml};

/// Namespace of XAdES since its version 1.3.2.
const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";

/// The properties beside a signature.
pub(crate) struct Properties {
    /// The `SignedProperties`, for whoever checks that it is signed.
    pub(crate) node: NodeId,
    /// `SigningTime`.
    pub(crate) signed_at: DateTime<Utc>,
    /// Digests of the signer's certificate: one, or two if both versions of `SigningCertificate` are there.
    pub(crate) certificate_digests: Vec<(Hash, Vec<u8>)>,
    /// `EncapsulatedX509Certificate`s of `CertificateValues`. Nothing signs them, and nothing needs to: a chain proves itself.
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Properties {
    /// Reads the `Object` of a signature with this `Id`.
    pub(crate) fn read(document: &Document<'_>, object: NodeId, signature_id: &str) -> Result<Self, Flaw> {
        let mut content = xml::children(document, object);
        let qualifying = match (content.next(), content.next()) {
            (Some(only), None) if xml::is(document, only, XADES, "QualifyingProperties") => only,
            _ => return Err(Flaw::Profile("the Object holds QualifyingProperties and nothing else")),
        };
        if xml::attribute(document, qualifying, None, "Target").and_then(|target| target.strip_prefix('#')) != Some(signature_id) {
            return Err(Flaw::Profile("QualifyingProperties are about another signature"));
        }
        let (node, unsigned) = match *xml::named(document, qualifying, XADES)? {
            [("SignedProperties", node)] => (node, None),
            [("SignedProperties", node), ("UnsignedProperties", unsigned)] => (node, Some(unsigned)),
            _ => return Err(Flaw::Profile("QualifyingProperties hold SignedProperties and perhaps UnsignedProperties")),
        };
        let signed = xml::only_child(document, node, XADES, "SignedSignatureProperties");
        let signed = signed.ok_or(Flaw::Profile("SignedProperties hold SignedSignatureProperties"))?;
        Ok(Self {
            node,
            signed_at: signing_time(document, signed).ok_or(Flaw::SigningTime)?,
            certificate_digests: certificate_digests(document, signed)?,
            certificates: unsigned.map_or(Ok(Vec::new()), |unsigned| certificate_values(document, unsigned))?,
        })
    }
}

/// A time without a zone could be any of two dozen: it is no time.
fn signing_time(document: &Document<'_>, signed: NodeId) -> Option<DateTime<Utc>> {
    let text = xml::text(document, xml::only_child(document, signed, XADES, "SigningTime")?)?;
    DateTime::parse_from_rfc3339(text.trim()).ok().map(|time| time.with_timezone(&Utc))
}

/// The first certificate of each list is the signer's (EN 319 132-1, clause 5.2.2); there is one list, or one of each version.
fn certificate_digests(document: &Document<'_>, signed: NodeId) -> Result<Vec<(Hash, Vec<u8>)>, Flaw> {
    let mut digests = Vec::new();
    for name in ["SigningCertificate", "SigningCertificateV2"] {
        let mut lists = xml::children_named(document, signed, XADES, name);
        let Some(list) = lists.next() else { continue };
        if lists.next().is_some() {
            return Err(Flaw::Profile("a SigningCertificate is given twice"));
        }
        let first = xml::children_named(document, list, XADES, "Cert").next();
        let digest = first.and_then(|first| xml::only_child(document, first, XADES, "CertDigest"));
        let digest = digest.ok_or(Flaw::Profile("a SigningCertificate holds the digest of a certificate"))?;
        let [("DigestMethod", method), ("DigestValue", value)] = *xml::named(document, digest, DS)? else {
            return Err(Flaw::Profile("a CertDigest holds DigestMethod and DigestValue"));
        };
        let hash = xml::attribute(document, method, None, "Algorithm").and_then(Hash::of).ok_or(Flaw::Algorithm)?;
        digests.push((hash, xml::base64(document, value)?));
    }
    if digests.is_empty() { Err(Flaw::Profile("there is no SigningCertificate")) } else { Ok(digests) }
}

fn certificate_values(document: &Document<'_>, unsigned: NodeId) -> Result<Vec<Vec<u8>>, Flaw> {
    xml::children_named(document, unsigned, XADES, "UnsignedSignatureProperties")
        .flat_map(|properties| xml::children_named(document, properties, XADES, "CertificateValues"))
        .flat_map(|values| xml::children_named(document, values, XADES, "EncapsulatedX509Certificate"))
        .map(|value| xml::base64(document, value))
        .collect()
}
