//! Prints a graph as compact JSON-LD 1.1: names are shortened by the context, values in one language or of one type say which.
//!
//! `oxjsonld` prints expanded names and types only, which is twice as long and hard to read, so it reads what is printed here in the tests instead.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedOrBlankNode, Term, Triple};
use serde_json::{Map, Value, json};

use crate::vocabulary::PREFIXES;

/// The bytes of a JSON-LD file of statements that are sorted by what they are about. Addresses in the folder `base` are written without it.
pub(crate) fn print(triples: &[Triple], base: &str) -> serde_json::Result<Vec<u8>> {
    let mut context = Map::from_iter([("@base".to_owned(), Value::from(base))]);
    context.extend(PREFIXES.iter().map(|(prefix, namespace)| ((*prefix).to_owned(), Value::from(*namespace))));
    let things = triples.chunk_by(|one, next| one.subject == next.subject).map(|about| thing(about, base));
    serde_json::to_vec(&json!({ "@context": context, "@graph": things.collect::<Vec<_>>() }))
}

fn thing(triples: &[Triple], base: &str) -> Value {
    let mut object = Map::new();
    if let Some(Triple { subject: NamedOrBlankNode::NamedNode(name), .. }) = triples.first() {
        object.insert("@id".to_owned(), relative(name.as_str(), base).into());
    }
    for said in triples.chunk_by(|one, next| one.predicate == next.predicate) {
        let is_class = said[0].predicate == rdf::TYPE;
        let mut values: Vec<Value> =
            said.iter().filter_map(|triple| if is_class { class(&triple.object) } else { value(&triple.object, base) }).collect();
        let key = if is_class { "@type".to_owned() } else { compact(said[0].predicate.as_str()) };
        object.insert(key, if values.len() == 1 { values.remove(0) } else { values.into() });
    }
    object.into()
}

fn class(term: &Term) -> Option<Value> {
    if let Term::NamedNode(name) = term { Some(compact(name.as_str()).into()) } else { None }
}

fn value(term: &Term, base: &str) -> Option<Value> {
    match term {
        Term::NamedNode(name) => Some(json!({ "@id": relative(name.as_str(), base) })),
        Term::Literal(literal) => Some(literal_value(literal)),
        Term::BlankNode(_) => None,
    }
}

fn literal_value(literal: &Literal) -> Value {
    if let Some(language) = literal.language() {
        json!({ "@language": language, "@value": literal.value() })
    } else if literal.datatype() == xsd::STRING {
        literal.value().into()
    } else {
        json!({ "@type": compact(literal.datatype().as_str()), "@value": literal.value() })
    }
}

/// `dct:title` for the whole address of the term.
fn compact(address: &str) -> String {
    let found = PREFIXES.iter().find_map(|(prefix, namespace)| Some((prefix, address.strip_prefix(namespace)?)));
    found.map_or_else(|| address.to_owned(), |(prefix, local)| format!("{prefix}:{local}"))
}

/// An address without `base`, where that leaves something that cannot be read in another way.
fn relative(address: &str, base: &str) -> String {
    let rest = address.strip_prefix(base).filter(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(':'));
    rest.map_or_else(|| compact(address), str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use catalog::Tier;
    use oxjsonld::JsonLdParser;
    use oxttl::TurtleParser;

    use crate::{JSON_LD, TURTLE, describe, sample};

    #[test]
    fn both_formats_are_the_same_graph() {
        let catalog = sample::catalog();
        for tier in [Tier::Public, Tier::Open] {
            let files = describe(&sample::described(&catalog, tier)).unwrap();
            let bytes = |path: &str| &files.iter().find(|(name, _)| name == path).unwrap().1;
            let turtle: BTreeSet<String> = TurtleParser::new().for_slice(bytes(TURTLE)).map(|triple| triple.unwrap().to_string()).collect();
            let json_ld: BTreeSet<String> =
                JsonLdParser::new().for_slice(bytes(JSON_LD)).map(|quad| oxrdf::Triple::from(quad.unwrap()).to_string()).collect();
            assert!(turtle.len() > 1000, "{}", turtle.len());
            assert_eq!(turtle, json_ld, "{tier}");
        }
    }

    #[test]
    fn an_address_is_shortened_only_if_it_can_be_read_again() {
        let base = "https://pavyzdys.lt/open/";
        assert_eq!(super::relative("https://pavyzdys.lt/open/data/a.csv", base), "data/a.csv");
        assert_eq!(super::relative(base, base), base);
        assert_eq!(super::relative("https://pavyzdys.lt/open/a:b", base), "https://pavyzdys.lt/open/a:b");
        assert_eq!(super::relative("http://purl.org/dc/terms/title", base), "dct:title");
    }
}
