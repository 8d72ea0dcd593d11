//! What a VIRS's page says first: whose it is and who paid it, in a few sentences.

use catalog::{Kind, Tier};

use super::owners::OwnersSummary;
use super::payments::NewestYear;
use super::text::{counted, percent, push_escaped, push_linked, push_units};
use crate::language::{both, in_each, said, say};

const OWNERS: &str = say!("savininkas|savininkai|savininkų");

/// What the sections of a page have to say, gathered while they are printed.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) owners: Option<OwnersSummary>,
    /// Title of each table of payments, and what it says of its newest year.
    pub(super) payments: Vec<(String, NewestYear)>,
}

impl Summary {
    /// The sentences as safe HTML; nothing if there is nothing to say.
    pub(super) fn print(&self, tier: Tier) -> String {
        let mut sentences = self.owners.as_ref().map(of_owners).unwrap_or_default();
        sentences.extend(self.of_payments(tier));
        sentences.join(" ")
    }

    /// Only what was paid in the newest year of all, so that sums stand side by side.
    fn of_payments(&self, tier: Tier) -> Option<String> {
        let year = self.payments.iter().map(|(_, newest)| newest.year).max()?;
        let newest = || self.payments.iter().filter(move |(_, newest)| newest.year == year);
        let sums = newest().map(|(title, newest)| sum(title, newest.cents)).collect::<Vec<_>>().join(", ");
        let when = both(&format!("{year}\u{a0}m."), &year.to_string());
        let when = if newest().any(|(_, newest)| newest.goes_on) { said!("{0} (metai dar nesibaigė)", when) } else { when };
        Some(match tier {
            Tier::Open => said!("Gauta {0}: {1} (be to, ką sumokėjo fiziniai asmenys ir jų įmonės).", when, sums),
            _ => said!("Gauta {0}: {1}.", when, sums),
        })
    }
}

/// „lėšos – 1 234,50 Eur“.
fn sum(title: &str, cents: i128) -> String {
    let mut out = String::new();
    push_escaped(&in_each(title, str::to_lowercase), &mut out);
    out.push_str("\u{a0}– <strong>");
    push_units(cents, Kind::Money, &mut out);
    out.push('\u{a0}');
    out.push_str(say!("Eur"));
    out.push_str("</strong>");
    out
}

fn of_owners(owners: &OwnersSummary) -> Vec<String> {
    let mut greatest = String::new();
    push_linked(&owners.greatest, owners.greatest_page.as_deref(), &mut greatest);
    let mut sentences = vec![match owners.known {
        0 => say!("Kam priklauso, nežinoma.").to_owned(),
        1 if owners.unknown == 0 => said!("Vienintelis savininkas – <strong>{0}</strong>.", greatest),
        known => {
            let (known, share) = (counted(known, OWNERS), escaped(&percent(owners.greatest_share)));
            if owners.controlling.as_ref() == Some(&owners.greatest) {
                said!("{0}, didžiausią dalį ({1}) turi <strong>{2}</strong>; tai ir kontroliuojantis savininkas.", known, share, greatest)
            } else {
                said!("{0}, didžiausią dalį ({1}) turi <strong>{2}</strong>.", known, share, greatest)
            }
        }
    }];
    if let Some(controlling) = owners.controlling.as_ref().filter(|name| owners.known > 1 && **name != owners.greatest) {
        sentences.push(said!("Kontroliuoja <strong>{0}</strong>.", escaped(controlling)));
    }
    if owners.known > 0 && owners.unknown > 0 {
        sentences.push(said!("Nežinoma, kam priklauso {0}.", escaped(&percent(owners.unknown))));
    }
    sentences
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    push_escaped(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, in_language};

    fn read(summary: &Summary, language: Language) -> String {
        in_language(&summary.print(Tier::Public), language).replace('\u{a0}', " ")
    }

    fn lithuanian(summary: &Summary) -> String {
        read(summary, Language::Lithuanian)
    }

    fn owners(known: u64, unknown: i128, controlling: Option<&str>) -> Summary {
        let greatest = "UAB <Rasa>".to_owned();
        let controlling = controlling.map(str::to_owned);
        Summary {
            owners: Some(OwnersSummary { known, unknown, greatest, greatest_page: None, greatest_share: 500_000_000_000, controlling }),
            payments: Vec::new(),
        }
    }

    #[test]
    fn owners_are_said_in_sentences() {
        assert_eq!(lithuanian(&owners(0, 1_000_000_000_000, None)), "Kam priklauso, nežinoma.");
        assert_eq!(lithuanian(&owners(1, 0, None)), "Vienintelis savininkas – <strong>UAB &lt;Rasa&gt;</strong>.");
        let three = owners(3, 230_000_000_000, Some("Ona"));
        assert_eq!(
            lithuanian(&three),
            "3 savininkai, didžiausią dalį (50 %) turi <strong>UAB &lt;Rasa&gt;</strong>. Kontroliuoja <strong>Ona</strong>. Nežinoma, kam priklauso 23 %."
        );
        assert_eq!(
            read(&three, Language::English),
            "3 owners; <strong>UAB &lt;Rasa&gt;</strong> has the largest share (50 %). The controlling owner is <strong>Ona</strong>. It is not known who owns 23 %."
        );
        let said = lithuanian(&owners(2, 0, Some("UAB <Rasa>")));
        assert!(said.ends_with("turi <strong>UAB &lt;Rasa&gt;</strong>; tai ir kontroliuojantis savininkas."), "{said}");
    }

    #[test]
    fn only_payments_of_the_newest_year_stand_side_by_side() {
        let newest = |year, cents| NewestYear { year, goes_on: year == 2026, cents, others: 1, largest: Default::default() };
        let summary = |payments: Vec<(String, NewestYear)>| Summary { owners: None, payments };
        let (support, funds) = (both("Parama", "Support"), both("Lėšos", "Public funds"));
        let two = summary(vec![
            (support.clone(), newest(2024, 100)),
            (funds, newest(2025, 123_450)),
            ("Politinė reklama".to_owned(), newest(2025, 5)),
        ]);
        assert_eq!(lithuanian(&two), "Gauta 2025 m.: lėšos – <strong>1 234,50 Eur</strong>, politinė reklama – <strong>0,05 Eur</strong>.");
        assert!(read(&two, Language::English).starts_with("Received in 2025: public funds – <strong>1 234.50 EUR</strong>, "));
        let one = summary(vec![(support, newest(2026, 100))]);
        assert_eq!(lithuanian(&one), "Gauta 2026 m. (metai dar nesibaigė): parama – <strong>1,00 Eur</strong>.");
        assert_eq!(Summary::default().print(Tier::Public), "");
    }
}
