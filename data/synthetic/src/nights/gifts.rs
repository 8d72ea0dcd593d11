//! Persons give, their gifts are corrected, or turn out not to have been gifts.

use chrono::Days;

use super::{File, Night, What, nights};
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::gifts::{Donor, Gift};
use crate::people::PersonId;

/// Cents of gifts that nights change: above the threshold of any year, so that the change is published.
const SUMS: (i64, i64) = (100_000, 10_000_000);

/// Changes the gifts of natural persons night by night.
pub(crate) fn change_gifts(country: &mut Country, gifts: &mut Vec<Gift>) {
    for night in nights(country) {
        let mut draws = night.draws(country, "gifts");
        let large: Vec<PersonId> = gifts.iter().filter(|gift| gift.cents() >= SUMS.0).filter_map(donor).collect();
        let mut concerned = night.concerned(&large, &mut draws);
        let about = match night.what(File::Gifts) {
            What::Added => night.persons(large.len()),
            What::Corrected | What::Removed => concerned.len(),
        };
        night.note(country, File::Gifts, about);
        match night.what(File::Gifts) {
            What::Added => {
                for _ in 0..about {
                    add(country, night, gifts, &mut draws);
                }
            }
            What::Corrected => {
                for gift in gifts.iter_mut().filter(|gift| gift.cents() >= SUMS.0) {
                    if donor(gift).is_some_and(|donor| concerned.remove(&donor)) {
                        gift.cash = Some(draws.skewed(SUMS.0, SUMS.1));
                    }
                }
            }
            What::Removed => gifts.retain(|gift| !donor(gift).is_some_and(|donor| concerned.contains(&donor))),
        }
    }
}

/// Somebody new gives to one VIRS, once or twice in one year: this one, or an earlier one that is handed in late.
fn add(country: &mut Country, night: Night, gifts: &mut Vec<Gift>, draws: &mut Draws) {
    let donor = Donor::Person(country.people.newcomer(draws));
    let recipient = night.recipient(country, draws);
    // The last year whose threshold is known.
    let latest = night.day.min(date(2026, 12, 31));
    let from = if draws.percent(50) { latest - Days::new(30) } else { date(2021, 1, 1) };
    let day = draws.day(from, latest);
    for _ in 0..=draws.below(2) {
        gifts.push(Gift { donor, recipient, day, cash: Some(draws.skewed(SUMS.0, SUMS.1)), asset: None, planted: false });
    }
}

/// The person whose gift this is, unless a case is planted in it.
fn donor(gift: &Gift) -> Option<PersonId> {
    match gift.donor {
        Donor::Person(person) if !gift.planted => Some(person),
        _ => None,
    }
}
