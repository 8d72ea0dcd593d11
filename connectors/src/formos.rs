//! The manual feeds: what VIRS, the ministry, LRTK, ŽEIT, VIEA and institutions hand in through forms (specification, section 5).

use crate::extract::{Connector, Extract};

/// 11 extract(s) in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "formos",
    extracts: &[
        Extract::format_one("raw_formos__virs", "formos_virs.v1.csv"),
        Extract::format_one("raw_formos__vip", "formos_vip.v1.csv"),
        Extract::format_one("raw_formos__atsakingi", "formos_atsakingi.v1.csv"),
        Extract::format_one("raw_formos__dalyviai", "formos_dalyviai.v1.csv"),
        Extract::format_one("raw_formos__tirazai", "formos_tirazai.v1.csv"),
        Extract::format_one("raw_formos__imokos", "formos_imokos.v1.csv"),
        Extract::format_one("raw_formos__auditai", "formos_auditai.v1.csv"),
        Extract::format_one("raw_formos__pazeidimai_lrtk", "formos_pazeidimai_lrtk.v1.csv"),
        Extract::format_one("raw_formos__pazeidimai_zeit", "formos_pazeidimai_zeit.v1.csv"),
        Extract::format_one("raw_formos__etika", "formos_etika.v1.csv"),
        Extract::format_one("raw_formos__lesos", "formos_lesos.v1.csv"),
    ],
};
