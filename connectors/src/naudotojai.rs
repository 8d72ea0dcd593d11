//! The Centre of Registers' user subsystem: who may act for whom in this system. No source of the nightly tables: what it says goes into the
//! endpoint's store, codes only as keyed hashes.

use crate::extract::{About, Connector, Extract};

/// One extract, asked for by the code of the institution that manages this system.
pub static MANDATES: Connector = Connector {
    source: "naudotojai",
    // By the code of the institution that manages this system: one question, all its users.
    extracts: &[
        Extract::format_one("raw_naudotojai__igaliojimai", "naudotojai_igaliojimai.v1.csv").asked_by("valdytojo_kodas", About::Entities)
    ],
};
