//! Persons advertise in a campaign after all, the price is corrected, or they have not advertised.

use std::collections::BTreeSet;

use chrono::Datelike;

use super::{File, Night, What, nights};
use crate::advertisement::{Advertisement, Client, PRICES, SINGLE_SEATS};
use crate::country::Country;
use crate::draws::Draws;

/// Changes the advertisements of natural persons night by night.
pub(crate) fn change_advertisements(country: &mut Country, clients: &mut Vec<Client>, placed: &mut Vec<Advertisement>) {
    for night in nights(country) {
        let mut draws = night.draws(country, "advertisements");
        let persons: Vec<usize> =
            placed.iter().map(|placed| placed.client).filter(|&client| matches!(clients[client], Client::Person(_))).collect();
        let concerned = night.concerned(&persons, &mut draws);
        let about = match night.what(File::Advertising) {
            What::Added => night.persons(persons.len()),
            What::Corrected | What::Removed => concerned.len(),
        };
        night.note(country, File::Advertising, about);
        match night.what(File::Advertising) {
            What::Added => {
                for earlier in 0..about {
                    clients.push(Client::Person(country.people.newcomer(&mut draws)));
                    add(country, night, 2 * earlier, clients.len() - 1, placed, &mut draws);
                }
            }
            What::Corrected => correct(placed, concerned, &mut draws),
            What::Removed => remove(placed, concerned),
        }
    }
}

/// One price of each of these clients.
fn correct(placed: &mut [Advertisement], mut clients: BTreeSet<usize>, draws: &mut Draws) {
    for placed in placed {
        if clients.remove(&placed.client) {
            placed.cents = draws.skewed(PRICES.0, PRICES.1);
        }
    }
}

/// Everything that each of these clients placed in one campaign of one year.
fn remove(placed: &mut Vec<Advertisement>, mut clients: BTreeSet<usize>) {
    let campaign = |placed: &Advertisement| (placed.client, placed.campaign, placed.from.year());
    let removed: BTreeSet<_> = placed.iter().filter(|placed| clients.remove(&placed.client)).map(campaign).collect();
    placed.retain(|placed| !removed.contains(&campaign(placed)));
}

/// Once or twice, in a campaign in which others have advertised; often for a single seat, where they are few.
fn add(country: &Country, night: Night, earlier: usize, client: usize, placed: &mut Vec<Advertisement>, draws: &mut Draws) {
    let of_single_seats = placed.iter().take_while(|placed| SINGLE_SEATS.iter().any(|seat| (seat.1..=seat.2).contains(&placed.from)));
    let few = of_single_seats.count();
    let rows = if few > 0 && draws.percent(30) { few } else { placed.len() };
    let &Advertisement { campaign, medium, from, until, .. } = &placed[draws.below(rows)];
    for another in 0..=draws.below(2) {
        placed.push(Advertisement {
            number: night.row_number(earlier + another),
            campaign,
            client,
            recipient: night.recipient(country, draws),
            medium,
            from,
            until,
            cents: draws.skewed(PRICES.0, PRICES.1),
        });
    }
}
