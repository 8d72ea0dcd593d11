//! Letters to those who must look or hand in (specification, section 5), in Lithuanian.
//!
//! A letter names the feed and the VIRS, never what was entered: mail is read by others, too.

use chrono::NaiveDate;

use crate::notices::Night;

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

/// Somebody else handed in new data about the VIRS.
#[must_use]
pub(crate) fn new_data(virs: &str, provider: &str, feed: &str, receipt: &str, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: pateikta naujų duomenų apie {virs}"),
        &[
            format!("{provider} pateikė naujų duomenų apie {virs}: „{feed}“ (pateikimo numeris {receipt})."),
            "Peržiūrėkite juos prisijungę prie sistemos. Jei duomenys netikslūs, kreipkitės į juos pateikusią instituciją.".to_owned(),
        ],
        origin,
    )
}

/// The ministry asks to clarify a submission.
#[must_use]
pub(crate) fn clarify(feed: &str, receipt: &str, due: NaiveDate, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: patikslinkite duomenis iki {due}"),
        &[
            format!("Kultūros ministerija prašo iki {due} patikslinti pateikimą „{feed}“ (numeris {receipt})."),
            "Ką patikslinti, parašyta pradžios puslapyje prisijungus. Patikslinkite pateikdami pataisytus duomenis.".to_owned(),
        ],
        origin,
    )
}

/// What came overnight: changes in registers, to be checked by `due`, and what others handed in (where letters are gathered).
pub(crate) fn night(virs: &str, news: &Night, due: NaiveDate, origin: &str) -> Letter {
    let mut paragraphs = Vec::new();
    let changed = !news.registers.is_empty();
    if changed {
        paragraphs.push(format!("Registruose pasikeitė duomenys apie {virs}: {}. Jie jau rodomi sistemoje.", news.registers.join(", ")));
        let participants = if news.participants { "JADIS yra naujų duomenų apie dalyvius. " } else { "" };
        paragraphs.push(format!(
            "{participants}Prisijunkite ir patikrinkite iki {due} (per 14 kalendorinių dienų): pradžios puslapyje patvirtinkite, kad \
             duomenys teisingi, arba pateikite pataisytus savo duomenis."
        ));
    }
    if !news.handed_in.is_empty() {
        paragraphs.push(format!("Kiti teikėjai pateikė naujų duomenų: {}.", news.handed_in.join("; ")));
    }
    let subject = match (changed, news.participants) {
        (true, true) => format!("VIRSIS: iki {due} patikrinkite {virs} dalyvius"),
        (true, false) => format!("VIRSIS: iki {due} patikrinkite duomenis apie {virs}"),
        (false, _) => format!("VIRSIS: naujų duomenų apie {virs}"),
    };
    letter(subject, &paragraphs, origin)
}

/// Circulation is due.
pub(crate) fn circulation_due(virs: &str, half_year: &str, due: NaiveDate, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: iki {due} pateikite {half_year} tiražus"),
        &[format!(
            "Jei {virs} leidinių tiražas didesnis kaip 500 egzempliorių arba juose spausdinama reklama, iki {due} pateikite {half_year} tiražus."
        )],
        origin,
    )
}

/// Funds given are due.
pub(crate) fn funds_due(institution: &str, half_year: &str, due: NaiveDate, origin: &str) -> Letter {
    letter(
        format!("VIRSIS: iki {due} pateikite {half_year} VIRS skirtas lėšas"),
        &[format!(
            "Jei {institution} per {half_year} skyrė lėšų viešosios informacijos rengėjams ar skleidėjams, pateikite jas iki {due}."
        )],
        origin,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_say_what_where_and_by_when() {
        let due = NaiveDate::from_ymd_opt(2026, 12, 6).unwrap();
        let letter = clarify("Leidėjo ir leidinių duomenys", "VIRSIS-2026-000001", due, "https://example.invalid");
        assert_eq!(letter.subject, "VIRSIS: patikslinkite duomenis iki 2026-12-06");
        assert!(letter.body.contains("https://example.invalid") && letter.body.starts_with("Laba diena,\n\n"));
        for letter in [new_data("a", "b", "c", "d", "e"), circulation_due("a", "b", due, "e"), funds_due("a", "b", due, "e")] {
            assert!(!letter.subject.contains('\n') && letter.body.contains("VIRSIS"));
        }
    }
}
