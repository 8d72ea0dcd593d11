//! Terms of the vocabularies that DCAT-AP is made of, and the prefixes under which they are printed.

use oxrdf::NamedNodeRef;

/// Prefixes of both formats, in the order of the alphabet.
pub(crate) const PREFIXES: [(&str, &str); 10] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

macro_rules! terms {
    ($(#[$of:meta])* $vocabulary:ident $namespace:literal { $($name:ident = $local:literal),+ $(,)? }) => {
        $(#[$of])*
        pub(crate) mod $vocabulary {
            use super::NamedNodeRef;
            $(pub(crate) const $name: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(concat!($namespace, $local));)+
        }
    };
}

terms! {
    /// Data Catalog Vocabulary, version 3.
    dcat "http://www.w3.org/ns/dcat#" {
        CATALOG = "Catalog",
        DATASET_CLASS = "Dataset",
        DISTRIBUTION_CLASS = "Distribution",
        ACCESS_URL = "accessURL",
        BYTE_SIZE = "byteSize",
        CONTACT_POINT = "contactPoint",
        DATASET = "dataset",
        DISTRIBUTION = "distribution",
        DOWNLOAD_URL = "downloadURL",
        KEYWORD = "keyword",
        LANDING_PAGE = "landingPage",
        MEDIA_TYPE = "mediaType",
        THEME = "theme",
        THEME_TAXONOMY = "themeTaxonomy",
        VERSION = "version",
    }
}

terms! {
    /// Dublin Core.
    dct "http://purl.org/dc/terms/" {
        FREQUENCY = "Frequency",
        LICENSE_DOCUMENT = "LicenseDocument",
        LINGUISTIC_SYSTEM = "LinguisticSystem",
        LOCATION = "Location",
        MEDIA_TYPE = "MediaType",
        MEDIA_TYPE_OR_EXTENT = "MediaTypeOrExtent",
        PROVENANCE_STATEMENT = "ProvenanceStatement",
        RIGHTS_STATEMENT = "RightsStatement",
        STANDARD = "Standard",
        ACCESS_RIGHTS = "accessRights",
        ACCRUAL_PERIODICITY = "accrualPeriodicity",
        CONFORMS_TO = "conformsTo",
        CREATOR = "creator",
        DESCRIPTION = "description",
        FORMAT = "format",
        HAS_PART = "hasPart",
        IDENTIFIER = "identifier",
        LANGUAGE = "language",
        LICENSE = "license",
        MODIFIED = "modified",
        PROVENANCE = "provenance",
        PUBLISHER = "publisher",
        RELATION = "relation",
        RIGHTS = "rights",
        SPATIAL = "spatial",
        TITLE = "title",
    }
}

terms! {
    /// Friend of a Friend.
    foaf "http://xmlns.com/foaf/0.1/" {
        AGENT = "Agent",
        DOCUMENT = "Document",
        HOMEPAGE = "homepage",
        NAME = "name",
    }
}

terms! {
    /// Web Ontology Language.
    owl "http://www.w3.org/2002/07/owl#" { VERSION_INFO = "versionInfo" }
}

terms! {
    /// RDF Schema.
    rdfs "http://www.w3.org/2000/01/rdf-schema#" { LABEL = "label", SEE_ALSO = "seeAlso" }
}

terms! {
    /// Simple Knowledge Organization System.
    skos "http://www.w3.org/2004/02/skos/core#" {
        CONCEPT = "Concept",
        CONCEPT_SCHEME = "ConceptScheme",
        IN_SCHEME = "inScheme",
        PREF_LABEL = "prefLabel",
    }
}

terms! {
    /// Software Package Data Exchange, for checksums.
    spdx "http://spdx.org/rdf/terms#" {
        CHECKSUM_CLASS = "Checksum",
        ALGORITHM = "algorithm",
        CHECKSUM = "checksum",
        CHECKSUM_VALUE = "checksumValue",
        SHA256 = "checksumAlgorithm_sha256",
    }
}

terms! {
    /// Visiting cards.
    vcard "http://www.w3.org/2006/vcard/ns#" {
        KIND = "Kind",
        ORGANIZATION = "Organization",
        FN = "fn",
        HAS_EMAIL = "hasEmail",
        HAS_URL = "hasURL",
    }
}

terms! {
    /// Authority lists of the Publications Office of the European Union, which DCAT-AP asks for.
    authority "http://publications.europa.eu/resource/authority/" {
        ACCESS_PUBLIC = "access-right/PUBLIC",
        COUNTRY_LITHUANIA = "country/LTU",
        DATA_THEME = "data-theme",
        ENGLISH = "language/ENG",
        FREQUENCY_DAILY = "frequency/DAILY",
        LITHUANIAN = "language/LIT",
    }
}

/// Where the authority lists of the Publications Office begin.
pub(crate) const AUTHORITY: &str = "http://publications.europa.eu/resource/authority/";
/// Where IANA's media types begin, as DCAT 3 spells them.
pub(crate) const IANA: &str = "https://www.iana.org/assignments/media-types/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vocabulary_has_a_prefix() {
        let terms = [dcat::CATALOG, dct::TITLE, foaf::AGENT, owl::VERSION_INFO, rdfs::LABEL, skos::CONCEPT, spdx::SHA256, vcard::KIND];
        for term in terms {
            assert!(PREFIXES.iter().any(|(_, namespace)| term.as_str().starts_with(namespace)), "{term}");
        }
        assert!(authority::DATA_THEME.as_str().starts_with(AUTHORITY));
    }
}
