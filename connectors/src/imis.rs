//! IMIS, taxes of legal entities. Owner: VMI; under contract only (IDS7): gifts of legal entities. Odd: CRLF line ends, decimal commas.

use crate::extract::{About, Connector, Extract};

/// One extract, in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "imis",
    extracts: &[Extract::format_one("raw_imis__parama", "imis_parama.v1.csv").asked_by("ja_kodas", About::Entities)],
};
