//! The two files of participants: JADIS for entities of the forms it covers, the forms for VIRS of any other.

use std::fmt::Display;

use crate::Error;
use crate::bad_rows::Fault;
use crate::country::Country;
use crate::entities::LIMITED;
use crate::extract::Extract;
use crate::format::{Euros, Flag, Layout, Maybe};
use crate::stakes::{Holder, Stake};

const HEADINGS: [&str; 20] = [
    "dalyvio_nr",
    "ja_kodas",
    "dalyvio_rusis",
    "vardas",
    "pavarde",
    "asmens_kodas",
    "gimimo_data",
    "valstybe",
    "dal_kodas",
    "dal_pavadinimas",
    "dal_forma",
    "registras",
    "akcijos",
    "inasas",
    "visos_akcijos",
    "visas_kapitalas",
    "jungtine",
    "igaliotas",
    "nuo",
    "iki",
];

/// Entities of forms 310 and 320.
pub(crate) const REGISTERED: Layout<20> = Layout::new(
    "raw_jadis__dalyviai",
    "jadis_dalyviai.v1.csv",
    HEADINGS,
    &[
        Fault::MissingField,
        Fault::Encoding("dal_pavadinimas"),
        Fault::Required("nuo"),
        Fault::EntityCode("ja_kodas"),
        Fault::PersonalCode("asmens_kodas"),
        Fault::Classifier("dalyvio_rusis"),
        Fault::Date("nuo", "2019-13-01"),
        Fault::Date("iki", "rytoj"),
        Fault::Integer("akcijos"),
        Fault::Money("inasas"),
        Fault::Boolean("igaliotas"),
        Fault::Negative("akcijos"),
        Fault::Order("nuo", "iki"),
        Fault::NoneOf(&["asmens_kodas", "gimimo_data", "dal_kodas", "dal_pavadinimas"]),
        Fault::NoneOf(&["akcijos", "inasas"]),
        Fault::Key("visos_akcijos", "1"),
    ],
);

/// VIRS of other forms.
pub(crate) const HANDED_IN: Layout<20> = Layout::new(
    "raw_formos__dalyviai",
    "formos_dalyviai.v1.csv",
    HEADINGS,
    &[Fault::Required("ja_kodas"), Fault::Money("visas_kapitalas"), Fault::Classifier("valstybe"), Fault::Key("visas_kapitalas", "1.00")],
);

/// Writes all holdings in one entity.
pub(crate) fn write_stake(country: &Country, stake: &Stake, file: &mut Extract<20>) -> Result<(), Error> {
    let owned = &country.entities.all[stake.owned];
    let in_register = country.entities.in_register(stake.owned);
    for holding in &stake.holdings {
        let number = format!("{}{:08}", if in_register { "D" } else { "FD" }, holding.number);
        let shares = Maybe(stake.in_shares.then_some(holding.part));
        let contribution = Maybe((!stake.in_shares).then_some(Euros(holding.part)));
        let all_shares = Maybe(stake.in_shares.then_some(stake.whole));
        let capital = Maybe((!stake.in_shares).then_some(Euros(stake.whole)));
        let group = Maybe(holding.joint.map(|joint| format!("B{:06}", joint.group)));
        let authorised = Maybe(holding.joint.map(|joint| Flag(joint.authorised)));
        let until = Maybe(holding.until);
        let mut write = |kind: &str, columns: [&dyn Display; 9]| {
            let [given, family, code, birth, state, entity, name, form, register] = columns;
            file.row([
                &number,
                &owned.code,
                &kind,
                given,
                family,
                code,
                birth,
                state,
                entity,
                name,
                form,
                register,
                &shares,
                &contribution,
                &all_shares,
                &capital,
                &group,
                &authorised,
                &holding.from,
                &until,
            ])
        };
        match holding.holder {
            Holder::Person(id) => {
                let person = country.people.get(id);
                let kind = if person.state.is_some() { "UF" } else { "F" };
                write(
                    kind,
                    [&person.given, &person.family, &Maybe(person.code), &Maybe(person.birth), &Maybe(person.state), &"", &"", &"", &""],
                )?;
            }
            Holder::Entity(place) => {
                let holder = &country.entities.all[place];
                write("J", [&"", &"", &"", &"", &"", &holder.code, &holder.name, &holder.form, &""])?;
            }
            Holder::Old(place) => {
                let holder = &country.entities.old[place];
                write("J", [&"", &"", &"", &"", &"", &holder.code, &holder.name, &LIMITED, &""])?;
            }
            Holder::Foreign(place) => {
                let holder = &country.entities.foreign[place];
                write("UJ", [&"", &"", &"", &"", &holder.state, &Maybe(holder.code.as_ref()), &holder.name, &"", &holder.register])?;
            }
        }
    }
    Ok(())
}
