//! The signature: what it refers to, who made it, and whether it holds (XML Signature 1.1; ETSI EN 319 132-1).

use bergshamra_c14n::C14nMode;
use chrono::{DateTime, Utc};
use rustls_pki_types::CertificateDer;
use xmltree::{Document, NodeId};

use crate::algorithm::{Hash, Method, canonical_form};
use crate::certificate::Certificate;
use crate::properties::Properties;
use crate::xml::DS;
use crate::{Flaw, xml};

/// Namespace of the element around XAdES signatures (EN 319 162-1, annex A).
const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
/// Namespace of exclusive canonical form's parameter.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// `Type` of a reference to the signed properties (EN 319 132-1, clause 4.4.2).
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// Certificates beside the signer's. Each is a step that the search for a chain may try.
const MOST_CERTIFICATES: usize = 16;

/// Where references may lead.
const WAYS: Flaw = Flaw::Profile("one reference leads to the signed properties, all others to documents");

/// What a signature that holds says. Nobody has asked yet whether the certificate is to be trusted.
pub(crate) struct Verified {
    pub(crate) certificate: Certificate,
    /// Certificates that may lead from the signer's to a root, in no order.
    pub(crate) other_certificates: Vec<CertificateDer<'static>>,
    pub(crate) signed_at: DateTime<Utc>,
}

/// Verifies the only signature in a `META-INF/*signatures*.xml`, over all data files of the container, given by name and content.
pub(crate) fn verify(signatures: &[u8], files: &[(&[u8], &[u8])]) -> Result<Verified, Flaw> {
    let text = xml::decoded(signatures)?;
    let document = xml::parse(text)?;
    let signature = only_signature(&document)?;
    let [("SignedInfo", info), ("SignatureValue", value), ("KeyInfo", key_info), ("Object", object)] =
        *xml::named(&document, signature, DS)?
    else {
        return Err(Flaw::Profile("a signature holds SignedInfo, SignatureValue, KeyInfo and one Object"));
    };
    let id = xml::attribute(&document, signature, None, "Id").ok_or(Flaw::Profile("a signature has an Id"))?;
    let properties = Properties::read(&document, object, id)?;
    let info = SignedInfo::read(&document, info)?;

    // What the references lead to is settled before any digest is computed: the data files, and the very node that was read above.
    let data = each_to_its_file(&info.data, files)?;
    let target = info.properties.uri.strip_prefix('#').ok_or(Flaw::Profile("the signed properties stand in the same file"))?;
    if xml::by_id(&document, target)? != properties.node || xml::attribute(&document, properties.node, None, "Id") != Some(target) {
        return Err(Flaw::Profile("other properties are signed than those of this signature"));
    }

    let mut certificates = certificates(&document, key_info)?;
    if certificates.len() + properties.certificates.len() > MOST_CERTIFICATES {
        return Err(Flaw::TooLarge);
    }
    let certificate = Certificate::read(certificates.remove(0))?;
    if properties.certificate_digests.iter().any(|(hash, digest)| hash.digest(&certificate.der).as_ref() != digest.as_slice()) {
        return Err(Flaw::WrongSigner);
    }
    certificate.made(info.method, &info.form.of(&document, info.node)?, &xml::base64(&document, value)?)?;
    for (reference, content) in data {
        reference.check(content)?;
    }
    // Without a transform, a set of nodes becomes bytes by canonical form 1.0 (XML Signature, clause 4.4.3.2).
    let plain = Form { mode: C14nMode::Inclusive, prefixes: Vec::new() };
    let form = info.properties.form.as_ref().unwrap_or(&plain);
    info.properties.check(&form.of(&document, properties.node)?)?;

    let others = certificates.into_iter().chain(properties.certificates).map(CertificateDer::from).collect();
    Ok(Verified { certificate, other_certificates: others, signed_at: properties.signed_at })
}

/// The references with the content of the files they lead to: each to one file only, and to each file one.
fn each_to_its_file<'r, 'd, 'f>(
    references: &'r [Reference<'d>],
    files: &[(&[u8], &'f [u8])],
) -> Result<Vec<(&'r Reference<'d>, &'f [u8])>, Flaw> {
    if references.len() != files.len() {
        return Err(Flaw::Profile("there is a reference to each file in the container, and to nothing else"));
    }
    let mut led_to = vec![false; files.len()];
    let mut pairs = Vec::new();
    for reference in references {
        let mut found = files.iter().enumerate().filter(|(_, (name, _))| names(reference.uri, name));
        match (found.next(), found.next()) {
            (Some((place, (_, content))), None) if !led_to[place] => {
                led_to[place] = true;
                pairs.push((reference, *content));
            }
            _ => return Err(Flaw::Profile("a reference leads to another file than one in the container")),
        }
    }
    Ok(pairs)
}

/// Whether a reference's or manifest's `uri` leads to the file `name`. Most tools escape it as RFC 3986 wants, some write it as it is.
pub(crate) fn names(uri: &str, name: &[u8]) -> bool {
    uri.as_bytes() == name || unescaped(uri) == name
}

fn unescaped(uri: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        let byte = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes
}

/// The only signature of the whole file, which must be the only thing inside its root. Countersignatures count.
fn only_signature(document: &Document<'_>) -> Result<NodeId, Flaw> {
    let root = document.document_element().ok_or(Flaw::NotXml)?;
    let mut signatures = xml::elements(document).filter(|node| xml::is(document, *node, DS, "Signature"));
    match (signatures.next(), signatures.next()) {
        (None, _) => Err(Flaw::NoSignature),
        (Some(_), Some(_)) => Err(Flaw::SeveralSignatures),
        (Some(only), None) => {
            let is_root = xml::is(document, root, ASIC, "XAdESSignatures");
            let is_inside = xml::named(document, root, DS)? == [("Signature", only)];
            if is_root && is_inside { Ok(only) } else { Err(Flaw::Profile("XAdESSignatures hold one Signature and nothing else")) }
        }
    }
}

/// The certificates of `KeyInfo`, the signer's first. At least one.
fn certificates(document: &Document<'_>, key_info: NodeId) -> Result<Vec<Vec<u8>>, Flaw> {
    let certificates = xml::children_named(document, key_info, DS, "X509Data")
        .flat_map(|data| xml::children_named(document, data, DS, "X509Certificate"))
        .map(|certificate| xml::base64(document, certificate))
        .collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() { Err(Flaw::Profile("KeyInfo holds the signer's certificate")) } else { Ok(certificates) }
}

/// What is signed.
struct SignedInfo<'d> {
    node: NodeId,
    form: Form<'d>,
    method: &'static Method,
    /// To the data files.
    data: Vec<Reference<'d>>,
    /// To the signed properties.
    properties: Reference<'d>,
}

impl<'d> SignedInfo<'d> {
    /// Reads it; anything the profile does not know is an error, so that nothing goes unchecked.
    fn read(document: &'d Document<'_>, node: NodeId) -> Result<Self, Flaw> {
        let nodes = xml::named(document, node, DS)?;
        let [("CanonicalizationMethod", form), ("SignatureMethod", method), references @ ..] = nodes.as_slice() else {
            return Err(Flaw::Profile("SignedInfo holds its two methods and references"));
        };
        let (mut data, mut properties) = (Vec::new(), Vec::new());
        for (name, reference) in references {
            if *name != "Reference" {
                return Err(Flaw::Profile("SignedInfo holds its two methods and references"));
            }
            let reference = Reference::read(document, *reference)?;
            match () {
                () if reference.kind == SIGNED_PROPERTIES => properties.push(reference),
                () if !reference.is_to_data() => return Err(WAYS),
                () if reference.form.is_some() => return Err(Flaw::Profile("a document is signed as it is, without transforms")),
                () => data.push(reference),
            }
        }
        let properties = properties.pop().filter(|_| properties.is_empty()).ok_or(WAYS)?;
        let method = xml::attribute(document, *method, None, "Algorithm").and_then(Method::of).ok_or(Flaw::Algorithm)?;
        Ok(Self { node, form: Form::read(document, *form)?, method, data, properties })
    }
}

/// One reference.
struct Reference<'d> {
    uri: &'d str,
    kind: &'d str,
    /// Its only transform.
    form: Option<Form<'d>>,
    hash: Hash,
    digest: Vec<u8>,
}

impl<'d> Reference<'d> {
    fn read(document: &'d Document<'_>, node: NodeId) -> Result<Self, Flaw> {
        let (transforms, method, value) = match *xml::named(document, node, DS)? {
            [("DigestMethod", method), ("DigestValue", value)] => (None, method, value),
            [("Transforms", transforms), ("DigestMethod", method), ("DigestValue", value)] => (Some(transforms), method, value),
            _ => return Err(Flaw::Profile("a reference holds perhaps Transforms, and DigestMethod and DigestValue")),
        };
        let form = match transforms {
            None => None,
            Some(transforms) => match *xml::named(document, transforms, DS)? {
                [("Transform", only)] => Some(Form::read(document, only)?),
                _ => return Err(Flaw::Profile("a reference has one transform at most")),
            },
        };
        let attribute = |name: &str| xml::attribute(document, node, None, name);
        Ok(Self {
            uri: attribute("URI").filter(|uri| !uri.is_empty()).ok_or(Flaw::Profile("a reference has a URI"))?,
            kind: attribute("Type").unwrap_or_default(),
            form,
            hash: xml::attribute(document, method, None, "Algorithm").and_then(Hash::of).ok_or(Flaw::Algorithm)?,
            digest: xml::base64(document, value)?,
        })
    }

    /// Whether it says nothing of what it leads to, and does not lead into the signature's own file.
    fn is_to_data(&self) -> bool {
        self.kind.is_empty() && !self.uri.starts_with('#')
    }

    fn check(&self, bytes: &[u8]) -> Result<(), Flaw> {
        if self.hash.digest(bytes).as_ref() == self.digest.as_slice() { Ok(()) } else { Err(Flaw::Altered) }
    }
}

/// A canonical form with its parameter.
struct Form<'d> {
    mode: C14nMode,
    /// Prefixes that the exclusive form is told to keep.
    prefixes: Vec<&'d str>,
}

impl<'d> Form<'d> {
    fn read(document: &'d Document<'_>, node: NodeId) -> Result<Self, Flaw> {
        let mode = xml::attribute(document, node, None, "Algorithm").and_then(canonical_form).ok_or(Flaw::Algorithm)?;
        let refused = Flaw::Profile("a canonical form has no parameter but the prefixes of the exclusive one");
        if !xml::holds_only_elements(document, node) {
            return Err(refused);
        }
        let prefixes = match *xml::children(document, node).collect::<Vec<_>>() {
            [] => Vec::new(),
            [parameter] if mode.is_exclusive() && xml::is(document, parameter, EXCLUSIVE, "InclusiveNamespaces") => {
                xml::attribute(document, parameter, None, "PrefixList").unwrap_or_default().split_ascii_whitespace().collect()
            }
            _ => return Err(refused),
        };
        Ok(Self { mode, prefixes })
    }

    fn of(&self, document: &Document<'_>, node: NodeId) -> Result<Vec<u8>, Flaw> {
        xml::canonical(document, node, self.mode, &self.prefixes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_and_plain_names_lead_to_the_file() {
        for (uri, name) in
            [("a.pdf", "a.pdf"), ("a%20b.pdf", "a b.pdf"), ("pra%C5%A1ymas.pdf", "prašymas.pdf"), ("prašymas.pdf", "prašymas.pdf")]
                .into_iter()
                .chain([("100%.pdf", "100%.pdf"), ("a%2", "a%2"), ("a%41", "a%41"), ("a+b", "a+b"), ("%", "%")])
        {
            assert!(names(uri, name.as_bytes()), "{uri}");
        }
        for (uri, name) in [("b.pdf", "a.pdf"), ("./a.pdf", "a.pdf"), ("a%zz", "a\u{0}"), ("A.pdf", "a.pdf"), ("a%+1", "a\u{1}")] {
            assert!(!names(uri, name.as_bytes()), "{uri}");
        }
    }
}
