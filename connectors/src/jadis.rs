//! JADIS, participants of legal entities. Owner: Registrų centras; persons come under contract only (IDS4).
//!
//! One row is one holding. Odd: co-owners of a jointly owned holding repeat its size in a row each, tied by `jungtine`.

use crate::extract::{About, Connector, Extract};

/// One extract, in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "jadis",
    extracts: &[Extract::format_one("raw_jadis__dalyviai", "jadis_dalyviai.v1.csv").asked_by("ja_kodas", About::EntitiesAndOwners)],
};
