//! Finding one's way in a parsed message.

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use uppsala::{Document, NodeId, NodeKind, Parser};

use crate::{ENVELOPE_NAMESPACE, Error};

/// No real message nests deeper; canonicalisation is recursive.
const DEEPEST: u32 = 32;

/// Bytes of a tag with the text after it: 4000 characters, each written as a reference, fit in.
const LONGEST_PIECE: usize = 32 * 1024;
/// Namespaces that one tag declares.
const MOST_NAMESPACES: usize = 16;

/// Parses a message; a document type is refused, whatever it says.
///
/// The parser compares every attribute of a tag with all others, and looks a prefix up among all that are in scope. Both are
/// quadratic, and this happens before any signature is known to be good: hence the bounds.
pub(crate) fn parse(xml: &str) -> Result<Document<'_>, Error> {
    // The parser refuses it as well; this names the reason, and holds even if the parser ever changes its mind.
    if xml.contains("<!DOCTYPE") {
        return Err(Error::DocumentType);
    }
    let is_excessive = |piece: &str| piece.len() > LONGEST_PIECE || piece.matches("xmlns").count() > MOST_NAMESPACES;
    if xml.split('<').any(is_excessive) {
        return Err(Error::Excess);
    }
    Parser::new().with_forbid_dtd(true).with_max_entity_expansion(0).with_max_depth(DEEPEST).parse(xml).map_err(|_| Error::NotXml)
}

/// The only element inside the `Body` of a SOAP 1.1 `Envelope`.
pub(crate) fn only_child_of_body(document: &Document<'_>) -> Result<NodeId, Error> {
    let envelope = document.document_element().ok_or(Error::Envelope)?;
    if !is(document, envelope, ENVELOPE_NAMESPACE, "Envelope") {
        return Err(Error::Envelope);
    }
    let mut bodies = children(document, envelope).filter(|node| is(document, *node, ENVELOPE_NAMESPACE, "Body"));
    let (Some(body), None) = (bodies.next(), bodies.next()) else { return Err(Error::Envelope) };
    let mut content = children(document, body);
    let (Some(only), None) = (content.next(), content.next()) else { return Err(Error::Envelope) };
    Ok(only)
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

/// An attribute without a namespace.
pub(crate) fn attribute<'d>(document: &'d Document<'_>, node: NodeId, name: &str) -> Option<&'d str> {
    let mut attributes = document.element(node)?.attributes.iter();
    attributes.find(|attribute| attribute.name.matches(None, name)).map(|attribute| &*attribute.value)
}

/// The text of an element that holds nothing else.
pub(crate) fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    document.children_iter(node).map(|child| document.text_content(child)).collect()
}

/// The one element that carries this id, under whatever spelling of the attribute.
pub(crate) fn by_id(document: &Document<'_>, id: &str) -> Option<NodeId> {
    let carries = |node: &NodeId| {
        let attributes = document.element(*node).into_iter().flat_map(|element| &element.attributes);
        attributes.into_iter().any(|attribute| attribute.name.local_name.eq_ignore_ascii_case("id") && attribute.value == id)
    };
    let mut found = elements(document).filter(carries);
    let (Some(only), None) = (found.next(), found.next()) else { return None };
    Some(only)
}

/// Exclusive canonical form of `node`, without the subtree `except`.
pub(crate) fn canonical(document: &Document<'_>, node: NodeId, except: Option<NodeId>, prefixes: &[&str]) -> Result<String, Error> {
    let mut nodes = NodeSet::tree_without_comments(node, document);
    if let Some(except) = except {
        nodes = nodes.subtract(&NodeSet::tree_with_comments(except, document));
    }
    let bytes = canonicalize_doc(document, C14nMode::Exclusive, Some(&nodes), prefixes).map_err(|_| Error::NotXml)?;
    String::from_utf8(bytes).map_err(|_| Error::NotXml)
}

/// Whether an element holds nothing but elements and white space.
pub(crate) fn holds_only_elements(document: &Document<'_>, node: NodeId) -> bool {
    document.children_iter(node).all(|child| match document.node_kind(child) {
        Some(NodeKind::Element(_)) => true,
        Some(NodeKind::Text(text)) => text.chars().all(char::is_whitespace),
        _ => false,
    })
}
