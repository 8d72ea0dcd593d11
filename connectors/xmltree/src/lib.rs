//! Parsing XML of which nobody knows yet whether it is to be trusted, and finding one's way in it. For signed messages and signed
//! containers alike; what may stand where is for each of them to say.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use uppsala::{NodeKind, Parser};

pub use uppsala::{Document, NodeId};

/// No real signature or message nests deeper; canonicalisation is recursive.
const DEEPEST: u32 = 32;
/// Namespaces that one tag declares.
const MOST_NAMESPACES: usize = 16;

/// Why a text is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Document types bring entities; nothing signed needs one.
    DocumentType,
    /// More than any real one holds.
    Excess,
    /// Not well-formed, or nested deeper than any real one.
    NotXml,
}

/// Parses a text; a document type is refused, whatever it says.
///
/// The parser compares every attribute of a tag with all others, and looks a prefix up among all that are in scope. Both are quadratic,
/// and this happens before any signature is known to be good: hence the bounds. `is_excessive` adds the caller's own, for a tag with the
/// text after it.
///
/// # Errors
/// See [`Refused`].
pub fn parse(text: &str, is_excessive: impl Fn(&str) -> bool) -> Result<Document<'_>, Refused> {
    // The parser refuses it as well; this names the reason, and holds even if the parser ever changes its mind.
    if text.contains("<!DOCTYPE") {
        return Err(Refused::DocumentType);
    }
    // The parser lets these pass in a value with a reference, although no XML may hold them (XML 1.0, clause 2.2).
    let is_forbidden = |letter: char| matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(is_forbidden) {
        return Err(Refused::NotXml);
    }
    if text.split('<').any(|piece| piece.matches("xmlns").count() > MOST_NAMESPACES || is_excessive(piece)) {
        return Err(Refused::Excess);
    }
    Parser::new().with_forbid_dtd(true).with_max_entity_expansion(0).with_max_depth(DEEPEST).parse(text).map_err(|_| Refused::NotXml)
}

/// Child elements, in order.
pub fn children<'d>(document: &'d Document<'_>, node: NodeId) -> impl Iterator<Item = NodeId> + 'd {
    document.children_iter(node).filter(|child| document.element(*child).is_some())
}

/// Every element of the document.
pub fn elements<'d>(document: &'d Document<'_>) -> impl Iterator<Item = NodeId> + 'd {
    document.descendants(document.root()).into_iter().filter(|node| document.element(*node).is_some())
}

/// Whether `node` is the element `name` of `namespace`.
#[must_use]
pub fn is(document: &Document<'_>, node: NodeId, namespace: &str, name: &str) -> bool {
    document.element(node).is_some_and(|element| element.matches_name_ns(namespace, name))
}

/// Children that are the element `name` of `namespace`.
pub fn children_named<'d>(
    document: &'d Document<'_>,
    node: NodeId,
    namespace: &'d str,
    name: &'d str,
) -> impl Iterator<Item = NodeId> + 'd {
    children(document, node).filter(move |child| is(document, *child, namespace, name))
}

/// The only one of `found`; none if there are several.
pub fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next();
    if found.next().is_some() { None } else { first }
}

/// The children of an element that holds nothing else, all of `namespace`, with their names; `None` if anything else stands there.
#[must_use]
pub fn named<'d>(document: &'d Document<'_>, node: NodeId, namespace: &str) -> Option<Vec<(&'d str, NodeId)>> {
    let name = |child| {
        let element = document.element(child)?;
        (element.name.namespace_uri.as_deref() == Some(namespace)).then_some((&*element.name.local_name, child))
    };
    let found: Option<Vec<_>> = children(document, node).map(name).collect();
    found.filter(|_| holds_only_elements(document, node))
}

/// Whether an element holds nothing but elements and white space.
#[must_use]
pub fn holds_only_elements(document: &Document<'_>, node: NodeId) -> bool {
    document.children_iter(node).all(|child| match document.node_kind(child) {
        Some(NodeKind::Element(_)) => true,
        Some(NodeKind::Text(text)) => text.chars().all(char::is_whitespace),
        _ => false,
    })
}

/// An attribute, without a namespace unless one is given.
#[must_use]
pub fn attribute<'d>(document: &'d Document<'_>, node: NodeId, namespace: Option<&str>, name: &str) -> Option<&'d str> {
    let mut attributes = document.element(node)?.attributes.iter();
    attributes.find(|attribute| attribute.name.matches(namespace, name)).map(|attribute| &*attribute.value)
}

/// Every id with its element, under whatever spelling of the attribute and in whatever namespace.
pub fn ids<'d>(document: &'d Document<'_>) -> impl Iterator<Item = (&'d str, NodeId)> + 'd {
    elements(document).flat_map(move |node| {
        let attributes = document.element(node).into_iter().flat_map(|element| &element.attributes);
        let ids = attributes.filter(|attribute| attribute.name.local_name.eq_ignore_ascii_case("id"));
        ids.map(move |attribute| (&*attribute.value, node))
    })
}

/// The text of an element that holds nothing else, no comment either.
#[must_use]
pub fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    document.children_iter(node).map(|child| document.text_content(child)).collect()
}

/// The bytes of an element that holds nothing but base64, in which white space means nothing.
#[must_use]
pub fn base64(document: &Document<'_>, node: NodeId) -> Option<Vec<u8>> {
    let mut encoded = text(document, node)?;
    encoded.retain(|character| !character.is_ascii_whitespace());
    BASE64_STANDARD.decode(&encoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<Refused> {
        parse(text, |_| false).err()
    }

    #[test]
    fn what_could_cost_time_or_bring_entities_is_refused_before_it_is_read() {
        assert_eq!(refused("<a/>"), None);
        for text in ["<!DOCTYPE a><a/>", "<a/><!DOCTYPE a>", "<a><![CDATA[<!DOCTYPE a>]]></a>"] {
            assert_eq!(refused(text), Some(Refused::DocumentType), "{text}");
        }
        let declaring = |count: usize| format!("<a{}/>", (0..count).map(|number| format!(" xmlns:n{number}='urn:n'")).collect::<String>());
        assert_eq!((refused(&declaring(MOST_NAMESPACES)), refused(&declaring(MOST_NAMESPACES + 1))), (None, Some(Refused::Excess)));
        let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert_eq!((refused(&nested(30)), refused(&nested(40))), (None, Some(Refused::NotXml)));
        assert_eq!(parse("<a>long</a>", |piece| piece.len() > 5).err(), Some(Refused::Excess));
        for text in ["", "a", "<a>", "<a></b>", "<a/><b/>", "<a>&b;</a>", "<a b='1' b='2'/>"] {
            assert_eq!(refused(text), Some(Refused::NotXml), "{text}");
        }
    }

    #[test]
    fn letters_that_no_xml_may_hold_are_refused_wherever_they_stand() {
        for letter in ['\0', '\u{8}', '\u{b}', '\u{c}', '\u{18}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            let whole = ["<a>?</a>", "<a>?&lt;</a>", "<a b='?'/>", "<a b='?&lt;'/>", "<a><!--?--></a>", "<a><![CDATA[?]]></a>"];
            for text in whole.map(|text| text.replacen('?', &letter.to_string(), 1)) {
                assert_eq!(refused(&text), Some(Refused::NotXml), "{text:?}");
            }
            for text in ["<a>?</a>", "<a b='?'/>"].map(|text| text.replace('?', &format!("&#{};", u32::from(letter)))) {
                assert_eq!(refused(&text), Some(Refused::NotXml), "{text}");
            }
        }
        for letter in ['\t', '\n', '\r', ' ', '\u{7f}', 'Ž', '\u{fffd}', '\u{10000}'] {
            assert_eq!(refused(&format!("<a b='{letter}'>{letter}</a>")), None, "{letter:?}");
        }
    }

    #[test]
    fn elements_are_found_by_namespace_and_nothing_hides_between_them() {
        let document =
            parse("<a xmlns='urn:a' xmlns:b='urn:b' b:k='2' k='1'> <b:c/><c Id='i'/>\n<c ID='j'>YW\nI=</c></a>", |_| false).unwrap();
        let root = document.document_element().unwrap();
        assert!(is(&document, root, "urn:a", "a") && !is(&document, root, "urn:b", "a"));
        assert_eq!((attribute(&document, root, None, "k"), attribute(&document, root, Some("urn:b"), "k")), (Some("1"), Some("2")));
        assert_eq!((children(&document, root).count(), elements(&document).count()), (3, 4));
        assert_eq!(children_named(&document, root, "urn:a", "c").count(), 2);
        assert_eq!(only(children_named(&document, root, "urn:a", "c")), None);
        assert!(only(children_named(&document, root, "urn:b", "c")).is_some());
        assert_eq!(ids(&document).map(|(id, _)| id).collect::<Vec<_>>(), ["i", "j"]);
        assert!(holds_only_elements(&document, root) && named(&document, root, "urn:a").is_none());
        let last = children(&document, root).last().unwrap();
        assert_eq!(base64(&document, last), Some(b"ab".to_vec()));
        assert_eq!((text(&document, root), base64(&document, root)), (None, None));
        for inside in ["x", "<!-- x -->", "<?x y?>", "<c/>x"] {
            let text = format!("<a xmlns='urn:a'>{inside}</a>");
            let document = parse(&text, |_| false).unwrap();
            assert_eq!(named(&document, document.document_element().unwrap(), "urn:a"), None, "{inside}");
        }
    }
}
