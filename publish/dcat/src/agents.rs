//! Who publishes, and where questions go.

use metadata::Publisher;
use oxrdf::NamedNode;

use crate::addresses::{Addresses, iri};
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::{dct, foaf, vcard};

/// Describes the publisher, who is also who made the data.
pub(crate) fn publisher(graph: &mut Graph, publisher: &Publisher<'_>, addresses: &Addresses) -> Result<NamedNode, Error> {
    let name = addresses.thing("publisher")?;
    let mut agent = graph.thing(name.clone(), foaf::AGENT);
    agent.plain(foaf::NAME, publisher.name);
    if let Some(code) = publisher.code {
        agent.plain(dct::IDENTIFIER, code);
    }
    Ok(name)
}

/// Describes where questions go, if that is known.
pub(crate) fn contact(graph: &mut Graph, publisher: &Publisher<'_>, addresses: &Addresses) -> Result<Option<NamedNode>, Error> {
    let Some(contact) = publisher.contact else { return Ok(None) };
    let (how, address) =
        if is_web_address(contact) { (vcard::HAS_URL, contact.to_owned()) } else { (vcard::HAS_EMAIL, format!("mailto:{contact}")) };
    let address = iri(address, "publication.contact")?;
    let name = addresses.thing("contact")?;
    graph.thing(name.clone(), vcard::KIND).is(vcard::ORGANIZATION).plain(vcard::FN, publisher.name).link(how, &address);
    Ok(Some(name))
}

/// Whether a contact is a web address; if not, it is an e-mail address.
pub(crate) fn is_web_address(contact: &str) -> bool {
    contact.starts_with("https://") || contact.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn a_contact_is_an_address_for_mail_or_of_the_web() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Open);
        let addresses = Addresses::of(&described).unwrap();
        let said = |address: Option<&str>| {
            let mut graph = Graph::default();
            contact(&mut graph, &Publisher { contact: address, ..described.publisher }, &addresses).unwrap();
            graph.sorted().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        assert!(said(Some("duomenys@pavyzdys.lt")).contains("#hasEmail> <mailto:duomenys@pavyzdys.lt>"));
        assert!(said(Some("https://pavyzdys.lt/klausk")).contains("#hasURL> <https://pavyzdys.lt/klausk>"));
        assert_eq!(said(None), "");
        let wrong = Publisher { contact: Some("ne adresas"), ..described.publisher };
        assert!(contact(&mut Graph::default(), &wrong, &addresses).unwrap_err().to_string().contains("publication.contact"));
    }
}
