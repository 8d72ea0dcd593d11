//! The manual feeds: what VIRS, the ministry, LRTK, ŽEIT, VIEA and institutions hand in through forms (specification, section 5).
//! What the ministry's old internal database held comes once, as history beside the current feeds.

use crate::extract::{Connector, Extract};

const fn feed(table: &'static str, file: &'static str) -> Extract {
    Extract::format_one(table, file).with_history()
}

/// Eleven extracts, in format 1.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "formos",
    extracts: &[
        feed("raw_formos__virs", "formos_virs.v1.csv"),
        feed("raw_formos__vip", "formos_vip.v1.csv"),
        feed("raw_formos__atsakingi", "formos_atsakingi.v1.csv"),
        feed("raw_formos__dalyviai", "formos_dalyviai.v1.csv"),
        feed("raw_formos__tirazai", "formos_tirazai.v1.csv"),
        feed("raw_formos__imokos", "formos_imokos.v1.csv"),
        feed("raw_formos__auditai", "formos_auditai.v1.csv"),
        feed("raw_formos__pazeidimai_lrtk", "formos_pazeidimai_lrtk.v1.csv"),
        feed("raw_formos__pazeidimai_zeit", "formos_pazeidimai_zeit.v1.csv"),
        feed("raw_formos__etika", "formos_etika.v1.csv"),
        feed("raw_formos__lesos", "formos_lesos.v1.csv"),
    ],
};
