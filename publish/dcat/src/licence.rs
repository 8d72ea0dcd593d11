//! The licence, by the name under which catalogues know it.

use catalog::Text;
use metadata::Publisher;
use oxrdf::NamedNode;

use crate::addresses::iri;
use crate::error::Error;
use crate::graph::Graph;
use crate::vocabulary::{AUTHORITY, dct, rdfs};

/// Licences that the authority list `licence` has, by what their web addresses have in common.
const KNOWN: [(&str, &str); 3] = [
    ("creativecommons.org/licenses/by/4.0", "CC_BY_4_0"),
    ("creativecommons.org/licenses/by-sa/4.0", "CC_BYSA_4_0"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0"),
];

/// Describes the licence. One that the authority list has is called as it is there, so that harvesters know it; any other by its web address.
pub(crate) fn licence(graph: &mut Graph, publisher: &Publisher<'_>) -> Result<NamedNode, Error> {
    let page = iri(publisher.licence_url.to_owned(), "publication.licence_url")?;
    let known = KNOWN.iter().find(|(address, _)| publisher.licence_url.contains(address));
    let name = known.map_or_else(|| page.clone(), |(_, code)| NamedNode::new_unchecked(format!("{AUTHORITY}licence/{code}")));
    let title = Text { lt: publisher.licence.to_owned(), en: publisher.licence.to_owned() };
    graph.thing(name.clone(), dct::LICENSE_DOCUMENT).text(dct::TITLE, &title).link(rdfs::SEE_ALSO, &page);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_of_the_authority_list_is_called_as_it_is_there() {
        let called = |licence_url: &str| {
            let publisher = Publisher { name: "Pavyzdinė įstaiga", code: None, contact: None, licence: "Pavyzdys", licence_url };
            licence(&mut Graph::default(), &publisher).map(|name| name.into_string())
        };
        let authority = "http://publications.europa.eu/resource/authority/licence/";
        assert_eq!(called("https://creativecommons.org/licenses/by/4.0/deed.lt").unwrap(), format!("{authority}CC_BY_4_0"));
        assert_eq!(called("https://creativecommons.org/publicdomain/zero/1.0/").unwrap(), format!("{authority}CC0"));
        assert_eq!(called("https://pavyzdys.lt/licencija").unwrap(), "https://pavyzdys.lt/licencija");
        assert!(called("CC BY 4.0").unwrap_err().to_string().contains("publication.licence_url"));
    }
}
