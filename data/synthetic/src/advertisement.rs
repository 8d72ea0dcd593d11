//! One political advertisement, and the file that the election commission gives of them.

use std::fmt::Display;

use chrono::NaiveDate;

use crate::Error;
use crate::bad_rows::Fault;
use crate::country::Country;
use crate::draws::date;
use crate::extract::Extract;
use crate::format::{Euros, Layout, Maybe};
use crate::people::PersonId;

/// The commission's extract.
pub(crate) const ADVERTISEMENTS: Layout<17> = Layout::new(
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

/// Elections to fill single seats: kind, first and last day, and how many persons advertise, each of them twice, and nobody else.
/// Their advertisements are the first of all.
pub(crate) const SINGLE_SEATS: [(&str, NaiveDate, NaiveDate, usize); 3] = [
    ("SAV", date(2021, 3, 1), date(2021, 4, 23), 1),
    ("SEI", date(2022, 5, 2), date(2022, 6, 24), 2),
    ("SAV", date(2025, 9, 1), date(2025, 10, 17), 3),
];

/// Prices, in cents.
pub(crate) const PRICES: (i64, i64) = (5_000, 20_000_000);

/// Those on whose behalf advertisements are placed.
pub(crate) enum Client {
    /// A candidate.
    Person(PersonId),
    /// A party and the like, by its place among all entities.
    Entity(usize),
    /// A group of voters.
    Group(String),
}

/// One advertisement.
pub(crate) struct Advertisement {
    /// Its number, which no other one ever has.
    pub(crate) number: usize,
    /// Code of the campaign's kind.
    pub(crate) campaign: &'static str,
    /// On whose behalf: a place among all clients.
    pub(crate) client: usize,
    /// Who is paid, by its place among all entities.
    pub(crate) recipient: usize,
    /// Code of the medium's kind.
    pub(crate) medium: i64,
    /// First day.
    pub(crate) from: NaiveDate,
    /// Last day, if known.
    pub(crate) until: Option<NaiveDate>,
    /// Price.
    pub(crate) cents: i64,
}

/// Writes one advertisement.
pub(crate) fn write(file: &mut Extract<17>, country: &Country, clients: &[Client], placed: &Advertisement) -> Result<(), Error> {
    let number = format!("R{:07}", placed.number);
    let recipient = &country.entities.all[placed.recipient];
    let mut write = |kind: &str, client: [&dyn Display; 8]| {
        let [given, family, personal, birth, state, code, name, group] = client;
        file.row([
            &number,
            &placed.campaign,
            &kind,
            given,
            family,
            personal,
            birth,
            state,
            code,
            name,
            group,
            &recipient.code,
            &recipient.name,
            &placed.medium,
            &placed.from,
            &Maybe(placed.until),
            &Euros(placed.cents),
        ])
    };
    match &clients[placed.client] {
        Client::Person(id) => {
            let person = country.people.get(*id);
            let (personal, birth, state) = (Maybe(person.code), Maybe(person.birth), Maybe(person.state));
            write("F", [&person.given, &person.family, &personal, &birth, &state, &"", &"", &""])
        }
        Client::Entity(place) => {
            let entity = &country.entities.all[*place];
            write("J", [&"", &"", &"", &"", &"", &entity.code, &entity.name, &""])
        }
        Client::Group(name) => write("G", [&"", &"", &"", &"", &"", &"", &"", name]),
    }
}
