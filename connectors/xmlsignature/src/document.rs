//! Finding one's way in a parsed message.

use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use xmltree::{Document, NodeId, Refused, children, children_named, ids, is, only};

use crate::{ENVELOPE_NAMESPACE, Error};

/// Bytes of a tag with the text after it: 4000 characters, each written as a reference, fit in.
const LONGEST_PIECE: usize = 32 * 1024;

/// Parses a message.
pub(crate) fn parse(xml: &str) -> Result<Document<'_>, Error> {
    xmltree::parse(xml, |piece| piece.len() > LONGEST_PIECE).map_err(|refused| match refused {
        Refused::DocumentType => Error::DocumentType,
        Refused::Excess => Error::Excess,
        Refused::NotXml => Error::NotXml,
    })
}

/// The only element inside the `Body` of a SOAP 1.1 `Envelope`.
pub(crate) fn only_child_of_body(document: &Document<'_>) -> Result<NodeId, Error> {
    let envelope = document.document_element().filter(|envelope| is(document, *envelope, ENVELOPE_NAMESPACE, "Envelope"));
    let envelope = envelope.ok_or(Error::Envelope)?;
    let body = only(children_named(document, envelope, ENVELOPE_NAMESPACE, "Body")).ok_or(Error::Envelope)?;
    only(children(document, body)).ok_or(Error::Envelope)
}

/// The one element that carries this id, under whatever spelling of the attribute.
pub(crate) fn by_id(document: &Document<'_>, id: &str) -> Option<NodeId> {
    let mut found: Vec<NodeId> = ids(document).filter(|(candidate, _)| *candidate == id).map(|(_, node)| node).collect();
    // One element may carry it under two names.
    found.dedup();
    only(found.into_iter())
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
