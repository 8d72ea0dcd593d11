//! Income from political advertising: who advertises in which campaign, where, and for how much.

use chrono::{Datelike, NaiveDate};

use crate::advertisement::{self, ADVERTISEMENTS, Advertisement, Client, PRICES, SINGLE_SEATS};
use crate::casting::Casting;
use crate::country::Country;
use crate::dominance::{Sum, raises};
use crate::draws::{Draws, date};
use crate::format::Euros;
use crate::money::Recipients;
use crate::{Error, names, nights};

/// Kind of campaign, first and last day of advertising.
const CAMPAIGNS: [(&str, NaiveDate, NaiveDate); 9] = [
    ("SAV", date(2019, 1, 7), date(2019, 3, 1)),
    ("PRE", date(2019, 3, 4), date(2019, 5, 24)),
    ("EP", date(2019, 3, 4), date(2019, 5, 24)),
    ("SEI", date(2020, 7, 1), date(2020, 10, 23)),
    ("SAV", date(2023, 1, 2), date(2023, 3, 17)),
    ("PRE", date(2024, 3, 1), date(2024, 5, 24)),
    ("REF", date(2024, 3, 1), date(2024, 5, 10)),
    ("EP", date(2024, 4, 1), date(2024, 6, 7)),
    ("SEI", date(2024, 7, 1), date(2024, 10, 25)),
];

/// Writes the extract.
pub(crate) fn write(country: &mut Country, rows: usize) -> Result<(), Error> {
    let mut draws = country.draws("vrk__reklama");
    let rows = rows.max(Recipients::of(country).strangers + 1);
    let mut clients = clients(country, rows, &mut draws);
    let mut placed = advertisements(country, rows, &mut clients, &mut draws);
    dominate(country, &clients, &mut placed, &mut draws);
    nights::change_advertisements(country, &mut clients, &mut placed);
    let mut file = country.extract(&ADVERTISEMENTS, rows)?;
    let mut sum = 0;
    for advertisement in &placed {
        if country.is_virs(advertisement.recipient) {
            sum += advertisement.cents;
        } else {
            country.count("advertising_not_to_virs", 1);
        }
        advertisement::write(&mut file, country, &clients, advertisement)?;
    }
    country.money.advertising_sum = Euros(sum).to_string();
    country.count("money_rows", placed.len());
    country.close(file)
}

/// Mostly candidates, then parties and the like, one of them somebody's own firm for certain, then groups of voters.
fn clients(country: &mut Country, rows: usize, draws: &mut Draws) -> Vec<Client> {
    let others = country.entities.others.clone();
    let mut casting = Casting::default();
    let candidate = |country: &mut Country, casting: &mut Casting, draws: &mut Draws| {
        Client::Person(casting.person(&mut country.people, &country.owners, draws))
    };
    let count = 30 + rows / 100;
    let mut clients = Vec::with_capacity(count);
    for number in 0..count {
        clients.push(match number % 10 {
            0..6 => candidate(country, &mut casting, draws),
            6 if number % 50 == 6 => Client::Person(country.people.foreign(draws)),
            8 if number == 8 => Client::Entity(country.entities.of_a_person(draws)),
            6..9 => Client::Entity(others.start + draws.below(others.len())),
            _ => Client::Group(format!("Rinkėjų sambūris „{}“", names::entity(number, draws))),
        });
    }
    clients
}

/// First those for single seats, whose candidates stand nowhere else, then all others.
fn advertisements(country: &mut Country, rows: usize, clients: &mut Vec<Client>, draws: &mut Draws) -> Vec<Advertisement> {
    let recipients = Recipients::of(country);
    let usual = clients.len();
    let mut single_seats = Vec::new();
    for (campaign, first, last, persons) in SINGLE_SEATS {
        for _ in 0..persons {
            clients.push(Client::Person(country.people.lithuanian(draws)));
            single_seats.extend([((campaign, first, last), clients.len() - 1); 2]);
        }
    }
    let advertisement = |row| {
        let ((campaign, first, last), client) =
            single_seats.get(row).copied().unwrap_or_else(|| (*draws.pick(&CAMPAIGNS), draws.below(usual)));
        let from = draws.day(first, last);
        // Spread evenly: one stranger in the middle of each part of the file.
        let part = rows / recipients.strangers;
        let is_stranger = row % part == part / 2 && row / part < recipients.strangers;
        Advertisement {
            number: row + 1,
            campaign,
            client,
            recipient: if is_stranger { recipients.stranger(country, draws) } else { country.virs[recipients.virs(draws)].entity },
            medium: draws.between(1, 8),
            from,
            until: draws.percent(85).then(|| draws.day(from, last)),
            cents: draws.skewed(PRICES.0, PRICES.1),
        }
    };
    (0..rows).map(advertisement).collect()
}

/// In some campaigns one client pays most of what its kind pays.
fn dominate(country: &Country, clients: &[Client], placed: &mut [Advertisement], draws: &mut Draws) {
    let kind = |client: &Client| match client {
        Client::Person(_) => 'F',
        Client::Entity(_) => 'J',
        Client::Group(_) => 'G',
    };
    let to_virs = placed.iter().enumerate().filter(|(_, placed)| country.is_virs(placed.recipient));
    let sums = to_virs.map(|(place, placed)| Sum {
        cell: (placed.from.year(), placed.campaign, kind(&clients[placed.client])),
        contributor: placed.client,
        cents: placed.cents,
        place,
        fixed: false,
    });
    for (place, more) in raises(sums.collect(), draws) {
        placed[place].cents += more;
    }
}
