//! VRK IS, the election commission's system: income from political advertising (IDS9). Owner: VRK; headings follow its open
//! dataset `vrk/reklama`, with the participant's identity added under contract.

use crate::extract::{Connector, Encoding, Extract, HeadingLine, Headings, Maps};
use Maps::{Ignore, To};

/// One extract; one row is one advertisement.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "vrk",
    extracts: &[Extract {
        table: "raw_vrk__reklama",
        file: "vrk_reklama.v1.csv",
        encoding: Encoding::Utf8,
        heading_line: HeadingLine::Required,
        headings: Headings::Own(&[
            ("reklamos_id", To("reklamos_nr")),
            ("p_kamp_rusis", To("kampanija")),
            ("dal_tipo_kodas", To("kampanijos_dalyvis")),
            ("p_kamp_dal_vardas", To("vardas")),
            ("p_kamp_dal_pavarde", To("pavarde")),
            ("p_kamp_dal_asmens_kodas", To("asmens_kodas")),
            ("p_kamp_dal_gimimo_data", To("gimimo_data")),
            ("p_kamp_dal_valstybe", To("valstybe")),
            ("p_kamp_dal_kodas", To("dal_kodas")),
            ("p_kamp_dal_pavad", To("dal_pavadinimas")),
            ("grupes_pavad", To("grupe")),
            ("virs_ja_kodas", To("ja_kodas")),
            ("virs_pavad", Ignore),
            ("virs_tipo_kodas", Ignore),
            ("reklamos_data_nuo", To("reklamos_nuo")),
            ("reklamos_data_iki", To("reklamos_iki")),
            ("reklamos_kaina", To("kaina")),
        ]),
        // `vrk/reklama/Reklama` of the state data API says nothing that tells one participant from another, as the table requires.
        uapi: None,
        asked_by: None,
        history: false,
    }],
};
