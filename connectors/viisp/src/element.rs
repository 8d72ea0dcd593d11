//! The elements of a verified answer, as a small tree.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use crate::{Error, NAMESPACE};

/// The schema nests four deep; dropping a tree is recursive.
const DEEPEST: usize = 16;

/// An element with what is inside it. Not to be printed: it holds codes and names.
#[derive(Default)]
pub(crate) struct Element {
    /// Local name; empty for an element of another namespace, which no name finds.
    name: String,
    text: String,
    children: Vec<Self>,
}

impl Element {
    /// Reads the canonical form of one element.
    pub(crate) fn read(canonical: &str) -> Result<Self, Error> {
        let mut reader = NsReader::from_str(canonical);
        reader.config_mut().expand_empty_elements = true;
        // Around it all stands an element of no name, whose only child the answer is.
        let mut open = vec![Self::default()];
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| flaw("cannot be read"))?;
            let (depth, inner) = (open.len(), open.last_mut().ok_or(flaw("ends what never began"))?);
            match event {
                Event::Start(_) if depth > DEEPEST => return Err(flaw("nests deeper than its schema")),
                Event::Start(start) => {
                    let is_ours = namespace == ResolveResult::Bound(Namespace(NAMESPACE));
                    let name = if is_ours { start.local_name().as_ref().to_owned() } else { String::new() };
                    open.push(Self { name, ..Self::default() });
                }
                Event::End(_) => {
                    let ended = open.pop().unwrap_or_default();
                    open.last_mut().ok_or(flaw("ends what never began"))?.children.push(ended);
                }
                Event::Text(text) => inner.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => inner.text.push_str(&resolved(&reference)?),
                Event::Eof if depth > 1 => return Err(flaw("ends too early")),
                Event::Eof => break,
                // The canonical form has none of these.
                Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    return Err(flaw("holds something else than elements and text"));
                }
            }
        }
        let mut around = open.pop().unwrap_or_default();
        let only = around.children.pop().filter(|_| around.children.is_empty() && around.text.trim().is_empty());
        only.ok_or(flaw("is not one element"))
    }

    /// The children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The child of this name, if there is one. Two of them would let two readers see two different answers.
    pub(crate) fn only(&self, name: &str) -> Result<Option<&Self>, Error> {
        let mut found = self.children.iter().filter(|child| child.name == name);
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(flaw("says something twice that may be said once")),
            (found, None) => Ok(found),
        }
    }

    /// The text of an element that holds nothing else, without white space around it; empty where the element is missing.
    pub(crate) fn text_of(element: Option<&Self>) -> Result<&str, Error> {
        match element {
            None => Ok(""),
            Some(element) if element.children.is_empty() => Ok(element.text.trim()),
            Some(_) => Err(flaw("has an element where a text belongs")),
        }
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, Error> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.to_string()),
        Ok(None) => {
            resolve_predefined_entity(reference).map(str::to_owned).ok_or(flaw("uses an entity; only the five predefined ones exist"))
        }
        Err(_) => Err(flaw("has a reference to no character")),
    }
}

fn flaw(found: &'static str) -> Error {
    Error::Answer { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(content: &str) -> Result<Element, Error> {
        Element::read(&format!("<a:answer xmlns:a=\"{NAMESPACE}\" xmlns:b=\"urn:b\">{content}</a:answer>"))
    }

    #[test]
    fn texts_are_found_by_name_and_namespace_and_references_are_resolved() {
        let answer = inside("<a:one> x &amp;&#x105;\n</a:one><b:one>no</b:one><two>no</two><a:three/>").unwrap();
        let text = |name| Element::text_of(answer.only(name).unwrap()).unwrap();
        assert_eq!((text("one"), text("two"), text("three"), text("four")), ("x &ą", "", "", ""));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let twice = inside("<a:one>1</a:one><a:one>2</a:one>").unwrap();
        assert!(twice.only("one").is_err());
        let nested = inside("<a:one>1<a:two/></a:one>").unwrap();
        assert!(Element::text_of(nested.only("one").unwrap()).is_err());
        let too_deep = format!("{}{}", "<a:a>".repeat(DEEPEST), "</a:a>".repeat(DEEPEST));
        for content in
            ["<![CDATA[x]]>", "<!-- x -->", "<?x y?>", "<!DOCTYPE x>", "&x;", "&#0;", "<a:one>", "</a:answer><a:answer>", &too_deep]
        {
            assert!(inside(content).is_err(), "{content}");
        }
        for text in ["", "x", "<a/>x", "<a/><a/>", "</a>"] {
            assert!(Element::read(text).is_err(), "{text}");
        }
    }
}
