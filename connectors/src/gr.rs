//! GR, the population register. Owner: Registrų centras; under contract only (IDS3): code, given names, family names.
//! Every row is a natural person; only those the ownership chains need go further.

use crate::extract::{About, Connector, Extract};

/// One extract, in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "gr",
    extracts: &[Extract::format_one("raw_gr__asmenys", "gr_asmenys.v1.csv").asked_by("asmens_kodas", About::Persons)],
};
