//! Writes a sample of two pages and one of 500 records, and tells how long forming takes:
//! `cargo run -p document --example sample -- <folder>`.

use std::path::PathBuf;
use std::time::Instant;

use chrono::{TimeZone, Utc};
use document::{Document, Record, Section};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

fn owner(index: usize) -> Record {
    Record {
        title: format!("{}. UAB „Šiaulių žinios“", index + 1),
        fields: pairs(&[
            ("Juridinio asmens kodas", "305123456"),
            ("Dalyvio rūšis", "Akcininkas"),
            ("Akcijų dalis, %", "33,34"),
            ("Balsų dalis visuotiniame dalyvių susirinkime, %", "33,34"),
            ("Nuo kada", "2024-05-17"),
        ]),
    }
}

fn sample(owners: usize) -> Document {
    Document {
        title: "Viešosios informacijos rengėjo ir skleidėjo duomenys apie dalyvius ir pajamas".into(),
        number: "Pateiktis 000123".into(),
        facts: pairs(&[
            ("Registras", "Viešosios informacijos rengėjų ir skleidėjų informacinė sistema (VIRSIS)"),
            ("Forma", "Metiniai duomenys už 2024 m. (VIPT 1)"),
            ("Teikėjas", "VšĮ „Žemaitijos ąžuolas“, kodas 302345678"),
            ("Pateikė", "Rūta Žukauskaitė-Čepėnienė, įgaliota atstovė"),
            ("Suformuota", "2025 m. kovo 31 d. 14.05 val."),
        ]),
        sections: vec![
            Section {
                title: "Rengėjas".into(),
                note: None,
                records: vec![Record {
                    title: String::new(),
                    fields: pairs(&[
                        ("Pavadinimas", "VšĮ „Žemaitijos ąžuolas“"),
                        ("Buveinės adresas", "Laisvės al. 12-3, LT-44238 Kaunas"),
                        ("Interneto svetainė", "https://www.zemaitijos-azuolas.example.lt/apie-mus/redakcija/kontaktai-ir-rekvizitai?kalba=lt"),
                        ("El. paštas", "redakcija@zemaitijos-azuolas.example.lt"),
                        ("Telefonas", "+370 600 00000"),
                    ]),
                }],
            },
            Section {
                title: "Dalyviai, turintys ne mažiau kaip 10 procentų akcijų ar balsų".into(),
                note: Some(
                    "Nurodomi dalyviai 2024 m. gruodžio 31 d., kaip juos apibrėžia Visuomenės informavimo įstatymas. Akcijų ir balsų dalys \
                     pateikiamos dviejų skaitmenų po kablelio tikslumu."
                        .into(),
                ),
                records: (0..owners).map(owner).collect(),
            },
            Section {
                title: "Pajamos".into(),
                note: None,
                records: vec![Record {
                    title: "2024 metai".into(),
                    fields: pairs(&[
                        ("Pajamos iš viso, €", "1 234 567,89"),
                        ("Iš jų reklama – valstybės ir savivaldybių įstaigos, €", "98 765,43"),
                        ("Parama", ""),
                        (
                            "Paaiškinimas",
                            "Pajamos palyginti su praėjusiais metais padidėjo dėl dviejų priežasčių:\n– išaugo prenumeratorių skaičius (§ 4);\n– \
                             pasirašyta nauja sutartis su „Lietuvos paštu“.\n\nDuomenys patikslinti pagal nepriklausomo auditoriaus išvadą, \
                             kuri pateikta kartu su metinių finansinių ataskaitų rinkiniu. Užsienio partneris: 漢字 Вікно 😀 Łódź.",
                        ),
                    ]),
                }],
            },
            Section { title: "Kampanijos".into(), records: Vec::new(), note: Some("Įrašų nėra.".into()) },
        ],
        notice: String::new(),
        closing: "Pasirašydamas patvirtinu, kad pateikti duomenys yra teisingi ir išsamūs. Man žinoma, kad už neteisingų duomenų pateikimą \
                  atsakoma Lietuvos Respublikos įstatymų nustatyta tvarka."
            .into(),
        formed: Utc.with_ymd_and_hms(2025, 3, 31, 11, 5, 0).single().unwrap_or_default(),
    }
}

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    for (name, owners, times) in [("sample.pdf", 3, 1000), ("records.pdf", 500, 10)] {
        let document = sample(owners);
        let file = document.to_pdf();
        let begin = Instant::now();
        for _ in 0..times {
            std::hint::black_box(std::hint::black_box(&document).to_pdf());
        }
        println!("{name}: {} bytes, {:.3} ms each", file.len(), begin.elapsed().as_secs_f64() * 1000.0 / f64::from(times));
        std::fs::write(folder.join(name), file)?;
    }
    Ok(())
}
