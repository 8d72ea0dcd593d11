//! LIBIS, the national library's catalogue. Owner: LNB (IDS8): ISSN and ISBN of publications. Odd: Windows-1257.

use crate::extract::{About, Connector, Encoding, Extract};

/// One extract in format 1, in the code page of an older system.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "libis",
    extracts: &[Extract::format_one("raw_libis__numeriai", "libis_numeriai.v1.csv")
        .encoded(Encoding::Windows1257)
        .asked_by("ja_kodas", About::Entities)],
};
