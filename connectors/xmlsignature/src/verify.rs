//! Believing one element of a message, or not.

use xmltree::{Document, NodeId, attribute, children, elements, holds_only_elements, is, text};

use crate::document::{by_id, canonical, only_child_of_body, parse};
use crate::{ENVELOPE_NAMESPACE, ENVELOPED, EXCLUSIVE, Error, Hash, PublicKey, SIGNATURE_NAMESPACE};

/// A fault code longer than this is no code.
const LONGEST_FAULT_CODE: usize = 64;

/// Whom to believe.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Any of these keys may have signed; while a service changes its key there are two.
    pub keys: Vec<PublicKey>,
    /// Any of these hashes may have been used.
    pub hashes: Vec<Hash>,
}

/// An element that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    canonical: String,
}

impl Verified {
    /// The element without its signature, in the canonical form whose digest was signed. Read this and not the message.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// Verifies that the only child of the message's body is the element `name` of `namespace`, signed as `policy` wants.
///
/// # Errors
/// Anything at all is out of the profile, was altered, or was signed by somebody else. A SOAP fault is [`Error::Fault`].
pub fn verify(xml: &str, namespace: &str, name: &str, policy: &Policy) -> Result<Verified, Error> {
    let document = parse(xml)?;
    let element = only_child_of_body(&document)?;
    if is(&document, element, ENVELOPE_NAMESPACE, "Fault") {
        return Err(Error::Fault(fault_code(&document, element)));
    }
    if !is(&document, element, namespace, name) {
        return Err(Error::Envelope);
    }
    let signature = only_signature(&document, element)?;
    let signed = Signed::read(&document, signature)?;
    if by_id(&document, signed.id) != Some(element) || attribute(&document, element, None, "id") != Some(signed.id) {
        return Err(Error::Place("a signature that refers to something else than the body's only child"));
    }
    if !policy.hashes.contains(&signed.digest_hash) || !policy.hashes.contains(&signed.signature_hash) {
        return Err(Error::Hash);
    }
    let info = canonical(&document, signed.info, None, &signed.info_prefixes)?;
    if !policy.keys.iter().any(|key| key.made(signed.signature_hash, info.as_bytes(), &signed.signature)) {
        return Err(Error::Key);
    }
    let canonical = canonical(&document, element, Some(signature), &signed.prefixes)?;
    if signed.digest_hash.digest(canonical.as_bytes()).as_ref() != signed.digest {
        return Err(Error::Altered);
    }
    Ok(Verified { canonical })
}

/// The only signature of the whole message, which must be a child of the element.
fn only_signature(document: &Document<'_>, element: NodeId) -> Result<NodeId, Error> {
    let mut signatures = elements(document).filter(|node| is(document, *node, SIGNATURE_NAMESPACE, "Signature"));
    match (signatures.next(), signatures.next()) {
        (None, _) => Err(Error::Place("no signature")),
        (Some(_), Some(_)) => Err(Error::Place("more than one signature")),
        (Some(only), None) if document.parent(only) == Some(element) => Ok(only),
        (Some(_), None) => Err(Error::Place("a signature outside the element it should sign")),
    }
}

/// What a `Signature` says.
struct Signed<'d> {
    info: NodeId,
    info_prefixes: Vec<&'d str>,
    signature_hash: Hash,
    signature: Vec<u8>,
    id: &'d str,
    prefixes: Vec<&'d str>,
    digest_hash: Hash,
    digest: Vec<u8>,
}

impl<'d> Signed<'d> {
    /// Reads a signature; anything the profile does not know is an error, so that nothing goes unchecked.
    fn read(document: &'d Document<'_>, signature: NodeId) -> Result<Self, Error> {
        let (info, value) = match *named(document, signature)?.as_slice() {
            [("SignedInfo", info), ("SignatureValue", value)] | [("SignedInfo", info), ("SignatureValue", value), ("KeyInfo", _)] => {
                (info, value)
            }
            _ => return Err(Error::Profile("a signature holds SignedInfo, SignatureValue and perhaps KeyInfo")),
        };
        let [("CanonicalizationMethod", form), ("SignatureMethod", method), ("Reference", reference)] = *named(document, info)?.as_slice()
        else {
            return Err(Error::Profile("SignedInfo holds its two methods and exactly one Reference"));
        };
        let [("Transforms", transforms), ("DigestMethod", digest_method), ("DigestValue", digest)] =
            *named(document, reference)?.as_slice()
        else {
            return Err(Error::Profile("a Reference holds Transforms, DigestMethod and DigestValue"));
        };
        let [("Transform", first), ("Transform", second)] = *named(document, transforms)?.as_slice() else {
            return Err(Error::Profile("there are two transforms"));
        };
        if algorithm(document, first) != Some(ENVELOPED) || children(document, first).next().is_some() {
            return Err(Error::Profile("the first transform takes the signature out"));
        }
        let hash = |found: Option<Hash>| found.ok_or(Error::Profile("RSA with SHA-1, SHA-256 or SHA-512"));
        let id = attribute(document, reference, None, "URI").and_then(|uri| uri.strip_prefix('#')).filter(|id| !id.is_empty());
        Ok(Self {
            info,
            info_prefixes: exclusive_prefixes(document, form)?,
            signature_hash: hash(algorithm(document, method).and_then(Hash::of_signature_method))?,
            signature: decoded(document, value)?,
            id: id.ok_or(Error::Profile("a Reference points to an id in the same message"))?,
            prefixes: exclusive_prefixes(document, second)?,
            digest_hash: hash(algorithm(document, digest_method).and_then(Hash::of_digest_method))?,
            digest: decoded(document, digest)?,
        })
    }
}

/// The children of an element of the signature, which are all of its namespace, with their names.
fn named<'d>(document: &'d Document<'_>, node: NodeId) -> Result<Vec<(&'d str, NodeId)>, Error> {
    let refused = Error::Profile("an element or text that does not belong into a signature");
    xmltree::named(document, node, SIGNATURE_NAMESPACE).ok_or(refused)
}

fn algorithm<'d>(document: &'d Document<'_>, node: NodeId) -> Option<&'d str> {
    attribute(document, node, None, "Algorithm")
}

/// The prefixes that exclusive canonical form is told to keep; an error for any other form.
fn exclusive_prefixes<'d>(document: &'d Document<'_>, node: NodeId) -> Result<Vec<&'d str>, Error> {
    let refused = Error::Profile("exclusive canonical form without comments is the only one");
    if algorithm(document, node) != Some(EXCLUSIVE) || !holds_only_elements(document, node) {
        return Err(refused);
    }
    match *children(document, node).collect::<Vec<_>>().as_slice() {
        [] => Ok(Vec::new()),
        [parameter] if is(document, parameter, EXCLUSIVE, "InclusiveNamespaces") => {
            Ok(attribute(document, parameter, None, "PrefixList").unwrap_or_default().split_ascii_whitespace().collect())
        }
        _ => Err(refused),
    }
}

fn decoded(document: &Document<'_>, node: NodeId) -> Result<Vec<u8>, Error> {
    xmltree::base64(document, node).ok_or(Error::Profile("a value is base64"))
}

/// The code of a SOAP fault. A fault is not signed, so anything that is not plainly a name (a digit, say) is left out.
fn fault_code(document: &Document<'_>, fault: NodeId) -> String {
    let mut children = children(document, fault);
    let code = children.find(|child| document.element(*child).is_some_and(|element| element.name.local_name == "faultcode"));
    let is_name = |code: &String| {
        (1..=LONGEST_FAULT_CODE).contains(&code.len()) && code.chars().all(|letter| letter.is_ascii_alphabetic() || ":._-".contains(letter))
    };
    let code = code.and_then(|code| text(document, code)).map(|code| code.trim().to_owned());
    code.filter(is_name).unwrap_or_else(|| "without a usable code".to_owned())
}
