//! GYPAS, personal income tax. Owner: VMI; under contract only (IDS6): gifts of natural persons.

use crate::extract::{About, Connector, Extract};

/// One extract, in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "gypas",
    extracts: &[Extract::format_one("raw_gypas__parama", "gypas_parama.v1.csv").asked_by("ja_kodas", About::Entities)],
};
