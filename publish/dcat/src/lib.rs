//! Describes a tier of a release in RDF, for catalogues of data: DCAT-AP and its Lithuanian profile.
