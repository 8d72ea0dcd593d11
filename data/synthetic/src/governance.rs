//! Members of governing bodies and annual accounts of VIRS: the register's contract-only extracts.

use chrono::NaiveDate;

use crate::bad_rows::Fault;
use crate::casting::Casting;
use crate::country::Country;
use crate::draws::{Draws, date};
use crate::entities::{JOINT_STOCK, LIMITED, SOLE_PROPRIETOR};
use crate::extract::Extract;
use crate::format::{Layout, Maybe};
use crate::people::{People, PersonId};
use crate::{AS_OF, Error};

const MEMBERS: Layout<11> = Layout::new(
    "raw_jar__valdymas",
    "jar_valdymas.v1.csv",
    ["ja_kodas", "organas", "pareigos", "vardas", "pavarde", "asmens_kodas", "gimimo_data", "valstybe", "nuo", "iki", "formavimo_data"],
    &[
        Fault::Required("pavarde"),
        Fault::PersonalCode("asmens_kodas"),
        Fault::Classifier("organas"),
        Fault::Date("nuo", "2018-00-10"),
        Fault::NoneOf(&["asmens_kodas", "gimimo_data"]),
        Fault::Order("nuo", "iki"),
    ],
);

const ACCOUNTS: Layout<6> = Layout::new(
    "raw_jar__finansai",
    "jar_finansai.v1.csv",
    ["ja_kodas", "metai", "dokumentas", "patvirtinimo_data", "pateikimo_data", "formavimo_data"],
    &[
        Fault::Integer("metai"),
        Fault::Date("pateikimo_data", "2024-04-31"),
        Fault::Order("patvirtinimo_data", "pateikimo_data"),
        Fault::Key("pateikimo_data", "2026-10-30"),
    ],
);

const HEAD: (&str, &str) = ("vadovas", "Direktorius");
const DOCUMENTS: [&str; 2] = ["Balansas", "Pelno (nuostolių) ataskaita"];

/// Writes both extracts.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    write_members(country)?;
    write_accounts(country)
}

fn write_members(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("jar__valdymas");
    let (mut heads, mut members) = (Casting::default(), Casting::default());
    let mut supervised = false;
    let mut file = country.extract(&MEMBERS, country.virs.len())?;
    for virs in &country.virs {
        let entity = &country.entities.all[virs.entity];
        let mut from = entity.registered;
        if draws.percent(35) {
            let until = draws.day(from, date(2025, 12, 31));
            let former = country.people.lithuanian(&mut draws);
            write_member(&mut file, country, entity.code, HEAD, former, from, Some(until))?;
            from = until;
        }
        let owner = virs.owner.filter(|_| entity.form == SOLE_PROPRIETOR || draws.percent(40));
        let head = match owner {
            Some(owner) => owner,
            None => heads.person(&mut country.people, &country.owners, &mut draws),
        };
        write_member(&mut file, country, entity.code, HEAD, head, from, virs.end())?;
        let (body, seats) = match entity.form {
            // The first company, so that no country is without a supervisory board.
            LIMITED | JOINT_STOCK if !supervised => {
                supervised = true;
                ("stebetoju_taryba", 3)
            }
            JOINT_STOCK if draws.percent(40) => ("stebetoju_taryba", 3),
            JOINT_STOCK => ("valdyba", 5),
            SOLE_PROPRIETOR => continue,
            _ if draws.percent(20) => ("valdyba", 3),
            _ => continue,
        };
        let since = draws.day(entity.registered, date(2025, 12, 31)).min(virs.until.unwrap_or(AS_OF));
        for seat in 0..seats {
            let position = if seat == 0 { "Pirmininkas" } else { "Narys" };
            let member = member(&mut country.people, &country.owners, &mut members, &mut draws);
            write_member(&mut file, country, entity.code, (body, position), member, since, virs.end())?;
        }
    }
    for virs in &country.newcomers {
        if let Some(head) = virs.owner {
            write_member(&mut file, country, country.entities.all[virs.entity].code, HEAD, head, virs.since, virs.end())?;
        }
    }
    country.close(file)
}

/// One in ten members of a board is a foreigner.
fn member(people: &mut People, owners: &[PersonId], casting: &mut Casting, draws: &mut Draws) -> PersonId {
    match draws.below(20) {
        0 => people.foreign(draws),
        1 if draws.percent(30) => people.foreign_with_code(draws),
        _ => casting.person(people, owners, draws),
    }
}

fn write_member(
    file: &mut Extract<11>,
    country: &Country,
    code: u64,
    (body, position): (&str, &str),
    person: PersonId,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<(), Error> {
    let person = country.people.get(person);
    let (personal, birth, state) = (Maybe(person.code), Maybe(person.birth), Maybe(person.state));
    let until = Maybe(until.filter(|&until| until >= from));
    file.row([&code, &body, &position, &person.given, &person.family, &personal, &birth, &state, &from, &until, &country.day])
}

fn write_accounts(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("jar__finansai");
    let mut file = country.extract(&ACCOUNTS, country.virs.len())?;
    for (place, virs) in country.virs.iter().enumerate() {
        let code = country.entities.all[virs.entity].code;
        let last = if virs.until.is_some() { 2021 } else { 2025 };
        for year in 2020..=last {
            // The first VIRS has filed everything, so that no country is without accounts.
            if place > 0 && draws.percent(10) {
                continue;
            }
            let filed = draws.day(date(year + 1, 4, 1), date(year + 1, 7, 31));
            let approved = draws.day(date(year + 1, 2, 1), filed);
            let approved = draws.percent(95).then_some(approved);
            for document in DOCUMENTS {
                file.row([&code, &year, &document, &Maybe(approved), &filed, &country.day])?;
            }
        }
    }
    country.close(file)
}
