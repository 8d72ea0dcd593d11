//! What the files that describe a tier are called.

/// The catalogue as Turtle. The fragments of its address name everything that it describes.
pub const TURTLE: &str = "dcat.ttl";
/// The same graph as JSON-LD.
pub const JSON_LD: &str = "dcat.jsonld";
/// The same graph as far as DCAT-AP 2.1.1 allows: without checksums.
pub const DCAT_AP_2: &str = "dcat-ap-2.1.1.ttl";
/// The tables as Croissant 1.0.
pub const CROISSANT: &str = "croissant.json";
