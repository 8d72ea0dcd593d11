//! What a VIRS's page says first: whose it is and who paid it, in a few sentences.

use catalog::{Kind, Tier};

use super::owners::OwnersSummary;
use super::payments::NewestYear;
use super::text::{counted, percent, push_escaped, push_linked, push_units};

const OWNERS: [&str; 3] = ["savininkas", "savininkai", "savininkų"];

/// What the sections of a page have to say, gathered while they are printed.
#[derive(Default)]
pub(super) struct Summary<'a> {
    pub(super) owners: Option<OwnersSummary>,
    /// Title of each table of payments, and what it says of its newest year.
    pub(super) payments: Vec<(&'a str, NewestYear)>,
}

impl Summary<'_> {
    /// The sentences as safe HTML; nothing if there is nothing to say.
    pub(super) fn print(&self, tier: Tier) -> String {
        let mut out = String::new();
        if let Some(owners) = &self.owners {
            push_owners(owners, &mut out);
        }
        self.push_payments(tier, &mut out);
        out
    }

    /// Only what was paid in the newest year of all, so that sums stand side by side.
    fn push_payments(&self, tier: Tier, out: &mut String) {
        let Some(year) = self.payments.iter().map(|(_, newest)| newest.year).max() else { return };
        out.push_str(if out.is_empty() { "Gauta " } else { " Gauta " });
        out.push_str(&year.to_string());
        let goes_on = self.payments.iter().any(|(_, newest)| newest.year == year && newest.goes_on);
        out.push_str(if goes_on { "\u{a0}m. (metai dar nesibaigė): " } else { "\u{a0}m.: " });
        for (place, (title, newest)) in self.payments.iter().filter(|(_, newest)| newest.year == year).enumerate() {
            if place > 0 {
                out.push_str(", ");
            }
            push_escaped(&title.to_lowercase(), out);
            out.push_str("\u{a0}– <strong>");
            push_units(newest.cents, Kind::Money, out);
            out.push_str("\u{a0}Eur</strong>");
        }
        out.push_str(if tier == Tier::Open { " (be to, ką sumokėjo fiziniai asmenys ir jų įmonės)." } else { "." });
    }
}

fn push_owners(owners: &OwnersSummary, out: &mut String) {
    match owners.known {
        0 => out.push_str("Kam priklauso, nežinoma."),
        1 if owners.unknown == 0 => {
            out.push_str("Vienintelis savininkas – <strong>");
            push_linked(&owners.greatest, owners.greatest_page.as_deref(), out);
            out.push_str("</strong>.");
        }
        known => {
            out.push_str(&counted(known, OWNERS));
            out.push_str(", didžiausią dalį (");
            push_escaped(&percent(owners.greatest_share), out);
            out.push_str(") turi <strong>");
            push_linked(&owners.greatest, owners.greatest_page.as_deref(), out);
            let controls = owners.controlling.as_ref() == Some(&owners.greatest);
            out.push_str(if controls { "</strong>; tai ir kontroliuojantis savininkas." } else { "</strong>." });
        }
    }
    if let Some(controlling) = owners.controlling.as_ref().filter(|name| owners.known > 1 && **name != owners.greatest) {
        out.push_str(" Kontroliuoja <strong>");
        push_escaped(controlling, out);
        out.push_str("</strong>.");
    }
    if owners.known > 0 && owners.unknown > 0 {
        out.push_str(" Nežinoma, kam priklauso ");
        push_escaped(&percent(owners.unknown), out);
        out.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owners(known: u64, unknown: i128, controlling: Option<&str>) -> Summary<'static> {
        let greatest = "UAB <Rasa>".to_owned();
        let controlling = controlling.map(str::to_owned);
        Summary {
            owners: Some(OwnersSummary { known, unknown, greatest, greatest_page: None, greatest_share: 500_000_000_000, controlling }),
            payments: Vec::new(),
        }
    }

    #[test]
    fn owners_are_said_in_sentences() {
        assert_eq!(owners(0, 1_000_000_000_000, None).print(Tier::Public), "Kam priklauso, nežinoma.");
        assert_eq!(owners(1, 0, None).print(Tier::Public), "Vienintelis savininkas – <strong>UAB &lt;Rasa&gt;</strong>.");
        assert_eq!(
            owners(3, 230_000_000_000, Some("Ona")).print(Tier::Public).replace('\u{a0}', " "),
            "3 savininkai, didžiausią dalį (50 %) turi <strong>UAB &lt;Rasa&gt;</strong>. Kontroliuoja <strong>Ona</strong>. Nežinoma, kam priklauso 23 %."
        );
        let said = owners(2, 0, Some("UAB <Rasa>")).print(Tier::Public);
        assert!(said.ends_with("turi <strong>UAB &lt;Rasa&gt;</strong>; tai ir kontroliuojantis savininkas."), "{said}");
    }

    #[test]
    fn only_payments_of_the_newest_year_stand_side_by_side() {
        let newest = |year, cents| NewestYear { year, goes_on: year == 2026, cents, others: 1, largest: Default::default() };
        let payments = vec![("Parama", newest(2024, 100)), ("Lėšos", newest(2025, 123_450)), ("Politinė reklama", newest(2025, 5))];
        let said = Summary { owners: None, payments }.print(Tier::Public).replace('\u{a0}', " ");
        assert_eq!(said, "Gauta 2025 m.: lėšos – <strong>1 234,50 Eur</strong>, politinė reklama – <strong>0,05 Eur</strong>.");
        let said = Summary { owners: None, payments: vec![("Parama", newest(2026, 100))] }.print(Tier::Public).replace('\u{a0}', " ");
        assert_eq!(said, "Gauta 2026 m. (metai dar nesibaigė): parama – <strong>1,00 Eur</strong>.");
        assert_eq!(Summary::default().print(Tier::Public), "");
    }
}
