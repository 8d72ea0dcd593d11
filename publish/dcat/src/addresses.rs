//! Web addresses of a tier: of what lies in its folder, and of the things that its description names.

use metadata::Described;
use oxrdf::NamedNode;

use crate::error::Error;
use crate::files::TURTLE;

/// Where a tier is found on the web.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    latest: String,
    immutable: Option<String>,
}

impl Addresses {
    /// None, if the tier has no web address.
    pub(crate) fn of(described: &Described<'_>) -> Option<Self> {
        let folder = |address: &String| format!("{}/", address.trim_end_matches('/'));
        Some(Self { latest: folder(described.latest.as_ref()?), immutable: described.immutable.as_ref().map(folder) })
    }

    /// The folder of the tier in the latest release.
    pub(crate) fn latest(&self) -> &str {
        &self.latest
    }

    /// Where a file of the tier is found, whatever release is the latest.
    pub(crate) fn current(&self, path: &str) -> String {
        format!("{}{path}", self.latest)
    }

    /// Where the very bytes of this release are found: under the address that never changes, or, where there is none, under the current one.
    pub(crate) fn lasting(&self, path: &str) -> String {
        format!("{}{path}", self.immutable.as_ref().unwrap_or(&self.latest))
    }

    /// What the description's own things are called: fragments of the Turtle file.
    pub(crate) fn namespace(&self) -> String {
        self.current(&format!("{TURTLE}#"))
    }

    /// A thing that the description names.
    pub(crate) fn thing(&self, name: &str) -> Result<NamedNode, Error> {
        iri(format!("{}{name}", self.namespace()), "publication.url")
    }

    /// [`Self::current`] as a node.
    pub(crate) fn current_iri(&self, path: &str) -> Result<NamedNode, Error> {
        iri(self.current(path), "publication.url")
    }

    /// [`Self::lasting`] as a node.
    pub(crate) fn lasting_iri(&self, path: &str) -> Result<NamedNode, Error> {
        iri(self.lasting(path), "publication.releases_url")
    }
}

/// An address as a node; `setting` is where it comes from.
pub(crate) fn iri(address: String, setting: &'static str) -> Result<NamedNode, Error> {
    NamedNode::new(address.clone()).map_err(|error| Error::Address { address, setting, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn what_never_changes_is_preferred_where_bytes_matter() {
        let catalog = sample::catalog();
        let mut described = sample::described(&catalog, Tier::Open);
        let both = Addresses::of(&described).unwrap();
        assert_eq!(both.current("data/a.csv"), "https://pavyzdys.lt/open/data/a.csv");
        assert_eq!(both.lasting("data/a.csv"), "https://pavyzdys.lt/releases/000012-2026-11-28/open/data/a.csv");
        assert_eq!(both.thing("publisher").unwrap().as_str(), "https://pavyzdys.lt/open/dcat.ttl#publisher");
        described.immutable = None;
        assert_eq!(Addresses::of(&described).unwrap().lasting("data/a.csv"), "https://pavyzdys.lt/open/data/a.csv");
        described.latest = None;
        assert!(Addresses::of(&described).is_none());
    }

    #[test]
    fn an_address_that_is_none_is_named_with_its_setting() {
        let error = iri("pavyzdys.lt/a b".to_owned(), "publication.url").unwrap_err().to_string();
        assert!(error.contains("\"pavyzdys.lt/a b\"") && error.contains("publication.url in virsis.toml"), "{error}");
    }
}
