//! The population register: nearly every Lithuanian whom another extract names. Written last, when all of them are known.

use crate::Error;
use crate::bad_rows::Fault;
use crate::country::Country;
use crate::format::Layout;

const PERSONS: Layout<3> = Layout::new(
    "raw_gr__asmenys",
    "gr_asmenys.v1.csv",
    ["asmens_kodas", "vardas", "pavarde"],
    &[
        Fault::MissingField,
        Fault::Encoding("pavarde"),
        Fault::PersonalCode("asmens_kodas"),
        Fault::Required("vardas"),
        Fault::Key("vardas", "Pakartotas"),
    ],
);

/// Of a hundred persons so many are missing from the register.
const PERCENT_MISSING: u32 = 2;

/// Writes the extract, ordered by code as a register would.
pub(crate) fn write(country: &mut Country) -> Result<(), Error> {
    let mut draws = country.draws("gr__asmenys");
    let mut persons: Vec<_> =
        country.people.all().iter().filter(|person| person.state.is_none()).filter_map(|person| Some((person.code?, person))).collect();
    persons.sort_by_key(|&(code, _)| code);
    let mut file = country.extract(&PERSONS, persons.len() * 9 / 10)?;
    let mut missing = 0;
    let all = persons.len();
    for (code, person) in persons {
        if !person.newcomer && draws.percent(PERCENT_MISSING) {
            missing += 1;
        } else {
            file.row([&code, &person.given, &person.family])?;
        }
    }
    country.count("persons", all);
    country.count("persons_missing_from_gr", missing);
    country.close(file)
}
