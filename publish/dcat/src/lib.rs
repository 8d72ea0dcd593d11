//! Describes a tier of a release for catalogues of data, for search engines and for tools of machine learning.
//!
//! One RDF graph is built from the definitions ([`describe()`]) and printed as Turtle and as JSON-LD. It holds to DCAT-AP-LT 2.0 and to DCAT-AP 3.0.0 at the same
//! time. DCAT-AP 2.1.1 contradicts both in one point: a checksum may only be SHA-1 there, which nothing of ours is. The graph without its checksums is
//! printed once more for whoever asks for 2.1.1. [`dataset_json_ld`] is what a page of a dataset says of itself to search engines (schema.org), and
//! `croissant.json` is Croissant 1.0.
//!
//! None of this exists for the internal tier, nor for a portal without a web address.

mod addresses;
mod agents;
mod catalogue;
mod croissant;
mod dataset;
mod describe;
mod distribution;
mod error;
mod files;
mod format;
mod graph;
mod json_ld;
mod keywords;
mod licence;
#[cfg(test)]
mod peers;
mod persons;
mod provenance;
#[cfg(test)]
mod sample;
mod schema_org;
mod script;
mod standards;
mod theme;
mod turtle;
mod vocabulary;

pub use describe::describe;
pub use error::Error;
pub use files::{CROISSANT, DCAT_AP_2, JSON_LD, TURTLE};
pub use schema_org::dataset_json_ld;
pub use script::for_script;
