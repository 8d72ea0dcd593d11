//! Finding one's way in an XML file of a container.

use std::collections::HashSet;

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
pub(crate) use xmltree::{Document, NodeId, attribute, children, children_named, elements, holds_only_elements, is, only, text};
use xmltree::{Refused, ids};

use crate::Flaw;

/// Namespace of XML signatures.
pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Tags, closing ones included. A signature with time stamps for the archive has some hundreds.
const MOST_TAGS: usize = 10_000;
/// Equals signs between one `<` and the next: attributes, and a few in texts such as names of issuers.
const MOST_ATTRIBUTES: usize = 64;

/// The text of an XML file.
pub(crate) fn decoded(bytes: &[u8]) -> Result<&str, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NotXml)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses a file. Texts are not bounded here, as signatures carry certificates and lists of revoked ones.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Flaw> {
    // A document type is named as such, however large the file is.
    let too_many = text.matches('<').count() > MOST_TAGS;
    xmltree::parse(text, |piece| too_many || piece.matches('=').count() > MOST_ATTRIBUTES).map_err(|refused| match refused {
        Refused::DocumentType => Flaw::DocumentType,
        Refused::Excess => Flaw::TooLarge,
        Refused::NotXml => Flaw::NotXml,
    })
}

/// The children of an element that holds nothing else, all of `namespace`, with their names.
pub(crate) fn named<'d>(document: &'d Document<'_>, node: NodeId, namespace: &str) -> Result<Vec<(&'d str, NodeId)>, Flaw> {
    xmltree::named(document, node, namespace).ok_or(Flaw::Profile("an element or text does not belong where it stands"))
}

/// The only child that is the element `name` of `namespace`; none if there are several.
pub(crate) fn only_child(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Option<NodeId> {
    only(children(document, node).filter(|child| is(document, *child, namespace, name)))
}

/// Base64 in which white space means nothing.
pub(crate) fn base64(document: &Document<'_>, node: NodeId) -> Result<Vec<u8>, Flaw> {
    xmltree::base64(document, node).ok_or(Flaw::Profile("a value is not base64"))
}

/// The element with this id, in a document in which no id is given twice: no reader can then take another element for it.
pub(crate) fn by_id(document: &Document<'_>, id: &str) -> Result<NodeId, Flaw> {
    let mut seen = HashSet::new();
    if !ids(document).all(|(id, _)| seen.insert(id)) {
        return Err(Flaw::Profile("an id is given to two elements"));
    }
    let found = ids(document).find(|(candidate, _)| *candidate == id).map(|(_, node)| node);
    found.ok_or(Flaw::Profile("a reference leads nowhere"))
}

/// A canonical form of `node`. Comments are left out; `prefixes` matter to the exclusive form only.
pub(crate) fn canonical(document: &Document<'_>, node: NodeId, form: C14nMode, prefixes: &[&str]) -> Result<Vec<u8>, Flaw> {
    let nodes = NodeSet::tree_without_comments(node, document);
    canonicalize_doc(document, form, Some(&nodes), prefixes).map_err(|_| Flaw::NotXml)
}
