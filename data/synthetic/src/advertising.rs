//! Income from political advertising, as the election commission gives it.

use std::fmt::Display;

use chrono::NaiveDate;

use crate::bad_rows::Fault;
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::format::{Euros, Layout, Maybe};
use crate::money::Recipients;
use crate::people::PersonId;
use crate::{Error, names};

const ADVERTISEMENTS: Layout<17> = Layout::new(
    "raw_vrk__reklama",
    "vrk_reklama.v1.csv",
    [
        "reklamos_id",
        "p_kamp_rusis",
        "dal_tipo_kodas",
        "p_kamp_dal_vardas",
        "p_kamp_dal_pavarde",
        "p_kamp_dal_asmens_kodas",
        "p_kamp_dal_gimimo_data",
        "p_kamp_dal_valstybe",
        "p_kamp_dal_kodas",
        "p_kamp_dal_pavad",
        "grupes_pavad",
        "virs_ja_kodas",
        "virs_pavad",
        "virs_tipo_kodas",
        "reklamos_data_nuo",
        "reklamos_data_iki",
        "reklamos_kaina",
    ],
    &[
        Fault::ExtraField,
        Fault::Classifier("p_kamp_rusis"),
        Fault::Money("reklamos_kaina"),
        Fault::Order("reklamos_data_nuo", "reklamos_data_iki"),
        Fault::NoneOf(&["p_kamp_dal_asmens_kodas", "p_kamp_dal_gimimo_data", "p_kamp_dal_kodas", "grupes_pavad"]),
        Fault::Key("reklamos_kaina", "9999999.99"),
        Fault::PersonalCode("p_kamp_dal_asmens_kodas"),
        Fault::Required("reklamos_data_nuo"),
        Fault::Negative("reklamos_kaina"),
        Fault::EntityCode("virs_ja_kodas"),
    ],
);

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

/// Those on whose behalf advertisements were placed.
enum Client {
    Person(PersonId),
    Entity(usize),
    Group(String),
}

/// Writes the extract.
pub(crate) fn write(country: &mut Country, rows: usize) -> Result<(), Error> {
    let mut draws = country.draws("vrk__reklama");
    let recipients = Recipients::of(country);
    let rows = rows.max(recipients.strangers + 1);
    let clients = clients(country, rows, &mut draws);
    let mut file = country.extract(&ADVERTISEMENTS, rows)?;
    let mut sum = 0;
    for row in 0..rows {
        let &(campaign, first, last) = draws.pick(&CAMPAIGNS);
        let from = draws.day(first, last);
        let until = draws.percent(85).then(|| draws.day(from, last));
        let cents = draws.between(2_000, 500_000);
        // Spread evenly: one stranger in the middle of each part of the file.
        let part = rows / recipients.strangers;
        let entity = if row % part == part / 2 && row / part < recipients.strangers {
            recipients.stranger(country, &mut draws)
        } else {
            sum += cents;
            country.virs[recipients.virs(&mut draws)].entity
        };
        let receiver = &country.entities.all[entity];
        let medium = draws.between(1, 8);
        let number = format!("R{:07}", row + 1);
        let mut write = |kind: &str, client: [&dyn Display; 8]| {
            let [given, family, personal, birth, state, code, name, group] = client;
            file.row([
                &number,
                &campaign,
                &kind,
                given,
                family,
                personal,
                birth,
                state,
                code,
                name,
                group,
                &receiver.code,
                &receiver.name,
                &medium,
                &from,
                &Maybe(until),
                &Euros(cents),
            ])
        };
        match draws.pick(&clients) {
            Client::Person(id) => {
                let person = country.people.get(*id);
                let (personal, birth, state) = (Maybe(person.code), Maybe(person.birth), Maybe(person.state));
                write("F", [&person.given, &person.family, &personal, &birth, &state, &"", &"", &""])?;
            }
            Client::Entity(place) => {
                let entity = &country.entities.all[*place];
                write("J", [&"", &"", &"", &"", &"", &entity.code, &entity.name, &""])?;
            }
            Client::Group(name) => write("G", [&"", &"", &"", &"", &"", &"", &"", name])?,
        }
    }
    country.money.advertising_sum = Euros(sum).to_string();
    country.count("advertising_not_to_virs", recipients.strangers);
    country.count("money_rows", rows);
    country.close(file)
}

/// Mostly candidates, then parties and the like, then groups of voters.
fn clients(country: &mut Country, rows: usize, draws: &mut Draws) -> Vec<Client> {
    let others = country.entities.others.clone();
    let count = 30 + rows / 100;
    let mut clients = Vec::with_capacity(count);
    for number in 0..count {
        clients.push(match number % 10 {
            0..6 => Client::Person(country.people.lithuanian(draws)),
            6 if number % 50 == 6 => Client::Person(country.people.foreign(draws)),
            6..9 => Client::Entity(others.start + draws.below(others.len())),
            _ => Client::Group(format!("Rinkėjų sambūris „{}“", names::entity(number, draws))),
        });
    }
    clients
}
