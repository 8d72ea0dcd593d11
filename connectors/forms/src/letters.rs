//! Letters to those who must look or submit (specification, section 5), in Lithuanian.
//!
//! A letter names the feed and the VIRS, never what was entered: mail is read by others, too.

use chrono::NaiveDate;

use crate::news::{NewData, OvernightChanges};

/// Subject and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// One line.
    pub(crate) subject: String,
    /// Plain text.
    pub(crate) body: String,
}

fn letter(subject: String, paragraphs: &[String], origin: &str) -> Letter {
    let mut body = String::from("Laba diena,\n\n");
    for paragraph in paragraphs {
        body.push_str(paragraph);
        body.push_str("\n\n");
    }
    body.push_str(&format!(
        "Prisijungti: {origin}\n\nŠis pranešimas išsiųstas automatiškai, į jį atsakyti nereikia.\nViešosios informacijos rengėjų ir skleidėjų informacinė sistema (VIRSIS)\n"
    ));
    Letter { subject, body }
}

/// Somebody else submitted new data about the VIRS.
#[must_use]
pub(crate) fn new_data(virs: &str, one: &NewData, origin: &str) -> Letter {
    let NewData { submission, provider, feed, receipt } = one;
    letter(
        format!("VIRSIS: pateikta naujų duomenų apie {virs}"),
        &[
            format!("{provider} pateikė naujų duomenų apie {virs}: „{feed}“ (pateikimo numeris {receipt})."),
            format!("Peržiūrėkite juos: {origin}/pateiktis/{submission}"),
            "Jei duomenys netikslūs, kreipkitės į juos pateikusią instituciją.".to_owned(),
        ],
        origin,
    )
}

/// A night could not take over everything of a submission that has a receipt; `where_` names the places.
#[must_use]
pub(crate) fn set_aside(feed: &str, receipt: &str, virs: &str, where_: &[String], origin: &str) -> Letter {
    letter(
        format!("VIRSIS: dalis pateikimo {receipt} duomenų nepaskelbta"),
        &[
            format!("Pateikimo „{feed}“ apie {virs} (numeris {receipt}) dalies įrašų sistema negalėjo paimti, todėl jie nepaskelbti:"),
            where_.iter().map(|place| format!("– {place}")).collect::<Vec<_>>().join("\n"),
            "Kiti to paties pateikimo įrašai paskelbti. Prisijunkite, pradžios puslapyje atverkite šį pateikimą ir pateikite pataisytus duomenis. \
             Šį pranešimą gauna ir pateikėjas, ir Kultūros ministerija."
                .to_owned(),
        ],
        origin,
    )
}

/// The ministry asks to clarify a submission.
#[must_use]
pub(crate) fn clarify(feed: &str, receipt: &str, submission: i64, due: NaiveDate, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: patikslinkite duomenis iki {due}"),
        &[
            format!("Kultūros ministerija prašo iki {due} patikslinti pateikimą „{feed}“ (numeris {receipt})."),
            format!("Ką patikslinti, parašyta prisijungus. Patikslinkite pateikdami pataisytus duomenis: {origin}/pateiktis/{submission}"),
        ],
        origin,
    )
}

/// What came overnight: changes in registers, to be checked by `due`, and what others submitted (where letters are gathered).
pub(crate) fn night(virs: &str, news: &OvernightChanges, due: NaiveDate, origin: &str) -> Letter {
    let mut paragraphs = Vec::new();
    let changed = !news.registers.is_empty();
    if changed {
        let changes: String = news.registers.iter().map(|what| format!("\n– {what}")).collect();
        paragraphs.push(format!("Registruose pasikeitė duomenys apie {virs}:{changes}"));
        if news.participants {
            paragraphs.push(
                "Pasikeitė JADIS įrašai apie dalyvius: privalote juos patikrinti ir, jei reikia, papildyti duomenis apie dalyvius."
                    .to_owned(),
            );
        }
        paragraphs.push(format!(
            "Patikrinkite kiekvieną pakeitimą iki {due} (per 14 kalendorinių dienų) ir tai patvirtinkite pradžios puslapyje: \
             {origin}/pradzia#pasikeite"
        ));
    }
    if !news.handed_in.is_empty() {
        let line = |one: &NewData| format!("\n– {}: „{}“ ({}): {origin}/pateiktis/{}", one.provider, one.feed, one.receipt, one.submission);
        let lines: String = news.handed_in.iter().map(line).collect();
        paragraphs.push(format!("Kiti teikėjai pateikė naujų duomenų apie {virs}:{lines}"));
    }
    let subject = match (changed, news.participants) {
        (true, true) => format!("VIRSIS: iki {due} patikrinkite {virs} dalyvius"),
        (true, false) => format!("VIRSIS: iki {due} patikrinkite registrų duomenis apie {virs}"),
        (false, _) => format!("VIRSIS: naujų duomenų apie {virs}"),
    };
    letter(subject, &paragraphs, origin)
}

/// Circulation of these outlets is due.
pub(crate) fn circulation_due(virs: &str, outlets: &[&str], half_year: &str, due: NaiveDate, origin: &str) -> Letter {
    let outlets: Vec<String> = outlets.iter().map(|name| format!("„{name}“")).collect();
    letter(
        format!("VIRSIS: iki {due} pateikite {half_year} tiražus"),
        &[
            format!("Iki {due} pateikite {virs} leidinių {half_year} tiražus. Dar nepateikta: {}.", outlets.join(", ")),
            "Tiražas teikiamas, kai laikraščio ar žurnalo tiražas didesnis kaip 500 egzempliorių arba jame spausdinama reklama.".to_owned(),
            format!("Pateikti: {origin}/pradzia"),
        ],
        origin,
    )
}

/// Funds given are due.
pub(crate) fn funds_due(institution: &str, half_year: &str, due: NaiveDate, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: iki {due} pateikite {half_year} VIRS skirtas lėšas"),
        &[
            format!(
                "Jei {institution} skyrė lėšų viešosios informacijos rengėjams ar skleidėjams, {half_year} lėšas pateikite iki {due}. Jei \
                 lėšų neskyrė, nieko daryti nereikia."
            ),
            format!("Pateikti: {origin}/pradzia"),
        ],
        origin,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://example.invalid";

    fn handed_in() -> NewData {
        NewData { submission: 7, provider: "Ministerija".into(), feed: "Metinė įmoka".into(), receipt: "VIRSIS-2026-000007".into() }
    }

    #[test]
    fn letters_say_what_where_and_by_when() {
        let due = NaiveDate::from_ymd_opt(2026, 12, 6).unwrap();
        let letter = clarify("Leidėjo ir leidinių duomenys", "VIRSIS-26-48291735", 1, due, ORIGIN);
        assert_eq!(letter.subject, "VIRSIS: patikslinkite duomenis iki 2026-12-06");
        assert!(
            letter.body.contains(
                "https://example.invalid/pateiktis/1\
"
            ) && letter.body.starts_with(
                "Laba diena,\
\
"
            )
        );
        let others = [
            new_data("a", &handed_in(), "e"),
            set_aside("a", "b", "c", &[], "e"),
            circulation_due("a", &["b"], "c", due, "e"),
            funds_due("a", "b", due, "e"),
        ];
        for letter in others {
            assert!(!letter.subject.contains('\n') && letter.body.contains("VIRSIS"));
        }
    }

    #[test]
    fn a_letter_of_a_night_names_each_change_and_leads_to_it_and_speaks_of_jadis_only_if_it_changed() {
        let due = NaiveDate::from_ymd_opt(2026, 12, 6).unwrap();
        let mut news = OvernightChanges {
            registers: vec!["Buveinės adresas (JAR)".into(), "Licencijos (LIS)".into()],
            ..OvernightChanges::default()
        };
        let letter = night("Pavyzdys", &news, due, ORIGIN);
        assert!(letter.body.contains("apie Pavyzdys:\n– Buveinės adresas (JAR)\n– Licencijos (LIS)\n"), "{}", letter.body);
        assert!(letter.body.contains("https://example.invalid/pradzia#pasikeite") && !letter.body.contains("JADIS"));
        assert!(!letter.subject.contains("dalyvius"));
        news.participants = true;
        assert!(night("Pavyzdys", &news, due, ORIGIN).body.contains("Pasikeitė JADIS įrašai"));
        let told = OvernightChanges { handed_in: vec![handed_in()], ..OvernightChanges::default() };
        let letter = night("Pavyzdys", &told, due, ORIGIN);
        assert!(letter.body.contains("„Metinė įmoka“ (VIRSIS-2026-000007): https://example.invalid/pateiktis/7\n"), "{}", letter.body);
        assert!(!letter.body.contains("Registruose") && !letter.body.contains("2026-12-06"), "nothing is to be done");
    }
}
