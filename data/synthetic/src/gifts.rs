//! The two files of gifts: those of natural persons and those of legal entities.

use chrono::NaiveDate;

use crate::Error;
use crate::bad_rows::Fault;
use crate::country::Country;
use crate::extract::Extract;
use crate::format::{Encoding, Euros, EurosWithComma, Layout, Maybe};
use crate::people::PersonId;

/// Gifts of natural persons.
pub(crate) const BY_PERSONS: Layout<10> = Layout::new(
    "raw_gypas__parama",
    "gypas_parama.v1.csv",
    ["ja_kodas", "vardas", "pavarde", "asmens_kodas", "gimimo_data", "valstybe", "data", "suma", "turtas", "turto_verte"],
    &[
        Fault::PersonalCode("asmens_kodas"),
        Fault::Money("suma"),
        Fault::Negative("turto_verte"),
        Fault::NoneOf(&["asmens_kodas", "gimimo_data"]),
        Fault::NoneOf(&["suma", "turto_verte"]),
        Fault::Required("pavarde"),
        Fault::Date("data", "2022-11-31"),
        Fault::Classifier("valstybe"),
    ],
);

/// Gifts of legal entities.
pub(crate) const BY_ENTITIES: Layout<9> = Layout::new(
    "raw_imis__parama",
    "imis_parama.v1.csv",
    ["ja_kodas", "dav_kodas", "dav_pavadinimas", "valstybe", "registras", "data", "suma", "turtas", "turto_verte"],
    &[
        Fault::MissingField,
        Fault::Encoding("dav_pavadinimas"),
        Fault::EntityCode("ja_kodas"),
        Fault::Money("suma"),
        Fault::Negative("suma"),
        Fault::NoneOf(&["suma", "turto_verte"]),
    ],
)
.encoded(Encoding::Utf8)
.with_carriage_returns();

/// Who gives; equal for the same donor only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Donor {
    /// A natural person.
    Person(PersonId),
    /// An entity, by its place among all.
    Entity(usize),
    /// A company abroad, by its place among those.
    Foreign(usize),
}

/// One gift, in money, in kind or both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gift {
    /// Who gives.
    pub(crate) donor: Donor,
    /// Who receives, by its place among all entities.
    pub(crate) recipient: usize,
    /// When.
    pub(crate) day: NaiveDate,
    /// Cents in money.
    pub(crate) cash: Option<i64>,
    /// What is given in kind, and its value in cents.
    pub(crate) asset: Option<(&'static str, i64)>,
    /// Whether a case is planted in it, so that it must stay as it is.
    pub(crate) planted: bool,
}

impl Gift {
    /// Cents in money and in kind.
    pub(crate) fn cents(&self) -> i64 {
        self.cash.unwrap_or(0) + self.asset.map_or(0, |asset| asset.1)
    }
}

/// Writes a natural person's gift.
pub(crate) fn write_by_person(file: &mut Extract<10>, country: &Country, gift: &Gift) -> Result<(), Error> {
    let Donor::Person(id) = gift.donor else {
        return Ok(());
    };
    let person = country.people.get(id);
    let recipient = country.entities.all[gift.recipient].code;
    let (code, birth, state) = (Maybe(person.code), Maybe(person.birth), Maybe(person.state));
    let (cash, asset, value) =
        (Maybe(gift.cash.map(Euros)), Maybe(gift.asset.map(|asset| asset.0)), Maybe(gift.asset.map(|asset| Euros(asset.1))));
    file.row([&recipient, &person.given, &person.family, &code, &birth, &state, &gift.day, &cash, &asset, &value])
}

/// Writes a legal entity's gift.
pub(crate) fn write_by_entity(file: &mut Extract<9>, country: &Country, gift: &Gift) -> Result<(), Error> {
    let recipient = country.entities.all[gift.recipient].code;
    let cash = Maybe(gift.cash.map(EurosWithComma));
    let (asset, value) = (Maybe(gift.asset.map(|asset| asset.0)), Maybe(gift.asset.map(|asset| EurosWithComma(asset.1))));
    match gift.donor {
        Donor::Entity(place) => {
            let donor = &country.entities.all[place];
            file.row([&recipient, &donor.code, &donor.name, &"", &"", &gift.day, &cash, &asset, &value])
        }
        Donor::Foreign(place) => {
            let donor = &country.entities.foreign[place];
            file.row([
                &recipient,
                &Maybe(donor.code.as_ref()),
                &donor.name,
                &donor.state,
                &donor.register,
                &gift.day,
                &cash,
                &asset,
                &value,
            ])
        }
        Donor::Person(_) => Ok(()),
    }
}
