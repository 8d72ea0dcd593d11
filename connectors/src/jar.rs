//! JAR, the register of legal entities. Owner: Registrų centras; open files CC-BY 4.0, made anew every night;
//! contacts, governing bodies and accounts come under contract only (IDS2) and use extract format 1.
//!
//! Odd: some open files begin with a byte-order mark, some come without their heading line, old ones write headings in capitals;
//! the status text varies, so only the code is kept. The state data API has three of the open files, without `formavimo_data`;
//! its deregistered entities are no model of their own, so they come as a file only.

use crate::extract::{About, Connector, Encoding, Extract, HeadingLine, Headings, Maps};
use Maps::{Ignore, To};

const fn open_file(table: &'static str, file: &'static str, headings: &'static [(&'static str, Maps)]) -> Extract {
    Extract {
        table,
        file,
        encoding: Encoding::Utf8,
        heading_line: HeadingLine::MayBeMissing,
        headings: Headings::Own(headings),
        uapi: None,
        asked_by: None,
        history: false,
    }
}

/// Seven extracts: four open, three under contract.
pub(crate) const CONNECTOR: Connector = Connector {
    source: "jar",
    extracts: &[
        open_file(
            "raw_jar__iregistruoti",
            "JAR_IREGISTRUOTI.csv",
            &[
                ("ja_kodas", To("ja_kodas")),
                ("ja_pavadinimas", To("pavadinimas")),
                ("adresas", To("adresas")),
                ("ja_reg_data", To("reg_data")),
                ("form_kodas", To("forma")),
                ("form_pavadinimas", Ignore),
                ("stat_kodas", To("statusas")),
                ("stat_pavadinimas", Ignore),
                ("stat_data_nuo", To("statusas_nuo")),
                ("formavimo_data", To("formavimo_data")),
            ],
        )
        .with_uapi(
            "datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo",
            &[
                ("ja_kodas", "ja_kodas"),
                ("ja_pavadinimas", "pavadinimas"),
                ("pilnas_adresas", "adresas"),
                ("reg_data", "reg_data"),
                ("forma.kodas", "forma"),
                ("statusas.kodas", "statusas"),
                ("stat_data", "statusas_nuo"),
            ],
        ),
        open_file(
            "raw_jar__isregistruoti",
            "JAR_ISREGISTRUOTI.csv",
            &[
                ("ja_kodas", To("ja_kodas")),
                ("ja_pavadinimas", To("pavadinimas")),
                ("adresas", To("adresas")),
                ("ja_reg_data", To("reg_data")),
                ("form_kodas", To("forma")),
                ("form_pavadinimas", Ignore),
                ("isreg_data", To("isreg_data")),
                ("formavimo_data", To("formavimo_data")),
            ],
        ),
        open_file(
            "raw_jar__formos",
            "JAR_TEI_FORM_KLASIFIKATORIUS.csv",
            &[
                ("form_kodas", To("forma")),
                ("form_pavadinimas", To("forma_pavadinimas")),
                ("form_pav_ilgas", Ignore),
                ("form_name", Ignore),
                ("tipas", Ignore),
                ("type", Ignore),
                ("formavimo_data", To("formavimo_data")),
            ],
        )
        .with_uapi("datasets/gov/rc/jar/formos_statusai/Forma", &[("kodas", "forma"), ("pavadinimas", "forma_pavadinimas")]),
        open_file(
            "raw_jar__statusai",
            "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv",
            &[
                ("stat_kodas", To("statusas")),
                ("stat_pavadinimas", To("statusas_pavadinimas")),
                ("stat_name", Ignore),
                ("formavimo_data", To("formavimo_data")),
            ],
        )
        .with_uapi("datasets/gov/rc/jar/formos_statusai/Statusas", &[("kodas", "statusas"), ("pavadinimas", "statusas_pavadinimas")]),
        Extract::format_one("raw_jar__kontaktai", "jar_kontaktai.v1.csv").asked_by("ja_kodas", About::Entities),
        Extract::format_one("raw_jar__valdymas", "jar_valdymas.v1.csv").asked_by("ja_kodas", About::Entities),
        Extract::format_one("raw_jar__finansai", "jar_finansai.v1.csv").asked_by("ja_kodas", About::Entities),
    ],
};
