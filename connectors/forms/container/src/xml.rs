//! Finding one's way in an XML file of a container.

use std::collections::HashSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use uppsala::{Document, NodeId, NodeKind, Parser};

use crate::Flaw;

/// No real signature nests deeper; canonicalisation is recursive.
const DEEPEST: u32 = 32;
/// Tags, closing ones included. A signature with time stamps for the archive has some hundreds.
const MOST_TAGS: usize = 10_000;
/// Equals signs between one `<` and the next: attributes, and a few in texts such as names of issuers.
const MOST_ATTRIBUTES: usize = 64;
/// Namespaces that one tag declares.
const MOST_NAMESPACES: usize = 16;

/// The text of an XML file.
pub(crate) fn decoded(bytes: &[u8]) -> Result<&str, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NotXml)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses a file; a document type is refused, whatever it says.
///
/// The parser compares every attribute of a tag with all others, and looks a prefix up among all that are in scope. Both are
/// quadratic, and this happens before any signature is known to be good: hence the bounds. Texts are not bounded here, as signatures
/// carry certificates and lists of revoked ones.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Flaw> {
    // The parser refuses it as well; this names the reason, and holds even if the parser ever changes its mind.
    if text.contains("<!DOCTYPE") {
        return Err(Flaw::DocumentType);
    }
    let is_excessive = |piece: &str| piece.matches('=').count() > MOST_ATTRIBUTES || piece.matches("xmlns").count() > MOST_NAMESPACES;
    if text.matches('<').count() > MOST_TAGS || text.split('<').any(is_excessive) {
        return Err(Flaw::TooLarge);
    }
    Parser::new().with_forbid_dtd(true).with_max_entity_expansion(0).with_max_depth(DEEPEST).parse(text).map_err(|_| Flaw::NotXml)
}

/// Child elements, in order.
pub(crate) fn children<'d>(document: &'d Document<'_>, node: NodeId) -> impl Iterator<Item = NodeId> + 'd {
    document.children_iter(node).filter(|child| document.element(*child).is_some())
}

/// Every element of the document.
pub(crate) fn elements<'d>(document: &'d Document<'_>) -> impl Iterator<Item = NodeId> + 'd {
    document.descendants(document.root()).into_iter().filter(|node| document.element(*node).is_some())
}

/// Whether `node` is the element `name` of `namespace`.
pub(crate) fn is(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> bool {
    document.element(node).is_some_and(|element| element.matches_name_ns(namespace, name))
}

/// Children that are the element `name` of `namespace`.
pub(crate) fn children_named<'d>(
    document: &'d Document<'_>,
    node: NodeId,
    namespace: &'d str,
    name: &'d str,
) -> impl Iterator<Item = NodeId> + 'd {
    children(document, node).filter(move |child| is(document, *child, namespace, name))
}

/// The only child that is the element `name` of `namespace`; none if there are several.
pub(crate) fn only_child(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> Option<NodeId> {
    let mut found = children(document, node).filter(|child| is(document, *child, namespace, name));
    let (Some(only), None) = (found.next(), found.next()) else { return None };
    Some(only)
}

/// The children of an element that holds nothing else, all of `namespace`, with their names.
pub(crate) fn named<'d>(document: &'d Document<'_>, node: NodeId, namespace: &str) -> Result<Vec<(&'d str, NodeId)>, Flaw> {
    let name = |child| {
        let element = document.element(child)?;
        (element.name.namespace_uri.as_deref() == Some(namespace)).then_some((&*element.name.local_name, child))
    };
    let found: Option<Vec<_>> = children(document, node).map(name).collect();
    found.filter(|_| holds_only_elements(document, node)).ok_or(Flaw::Profile("an element or text does not belong where it stands"))
}

/// Whether an element holds nothing but elements and white space.
pub(crate) fn holds_only_elements(document: &Document<'_>, node: NodeId) -> bool {
    document.children_iter(node).all(|child| match document.node_kind(child) {
        Some(NodeKind::Element(_)) => true,
        Some(NodeKind::Text(text)) => text.chars().all(char::is_whitespace),
        _ => false,
    })
}

/// An attribute, without a namespace unless one is given.
pub(crate) fn attribute<'d>(document: &'d Document<'_>, node: NodeId, namespace: Option<&str>, name: &str) -> Option<&'d str> {
    let mut attributes = document.element(node)?.attributes.iter();
    attributes.find(|attribute| attribute.name.matches(namespace, name)).map(|attribute| &*attribute.value)
}

/// The text of an element that holds nothing else, no comment either.
pub(crate) fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    document.children_iter(node).map(|child| document.text_content(child)).collect()
}

/// Base64 in which white space means nothing.
pub(crate) fn base64(document: &Document<'_>, node: NodeId) -> Result<Vec<u8>, Flaw> {
    let refused = Flaw::Profile("a value is not base64");
    let mut encoded = text(document, node).ok_or(refused)?;
    encoded.retain(|character| !character.is_ascii_whitespace());
    BASE64_STANDARD.decode(&encoded).map_err(|_| refused)
}

/// Every id with its element, under whatever spelling of the attribute; none if one id is given twice.
fn ids<'d>(document: &'d Document<'_>) -> Option<Vec<(&'d str, NodeId)>> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for node in elements(document) {
        let attributes = document.element(node).into_iter().flat_map(|element| &element.attributes);
        for attribute in attributes.filter(|attribute| attribute.name.local_name.eq_ignore_ascii_case("id")) {
            if !seen.insert(&*attribute.value) {
                return None;
            }
            found.push((&*attribute.value, node));
        }
    }
    Some(found)
}

/// The element with this id, in a document in which no id is given twice: no reader can then take another element for it.
pub(crate) fn by_id(document: &Document<'_>, id: &str) -> Result<NodeId, Flaw> {
    let ids = ids(document).ok_or(Flaw::Profile("an id is given to two elements"))?;
    let found = ids.into_iter().find(|(candidate, _)| *candidate == id).map(|(_, node)| node);
    found.ok_or(Flaw::Profile("a reference leads nowhere"))
}

/// A canonical form of `node`. Comments are left out; `prefixes` matter to the exclusive form only.
pub(crate) fn canonical(document: &Document<'_>, node: NodeId, form: C14nMode, prefixes: &[&str]) -> Result<Vec<u8>, Flaw> {
    let nodes = NodeSet::tree_without_comments(node, document);
    canonicalize_doc(document, form, Some(&nodes), prefixes).map_err(|_| Flaw::NotXml)
}
