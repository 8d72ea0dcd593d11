//! Persons of the core tables: the surrogate id in place of codes, and the one table that holds names beside it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::Date32Type;

use super::Build;
use crate::holdings::day;
use crate::persons::{Identity, PersonCells, PersonNumber};
use crate::{Error, persons::Persons};

/// The surrogate id of the person each row names; empty where it names nobody.
pub(super) fn identify(build: &mut Build<'_>, rows: &RecordBatch) -> Result<ArrayRef, Error> {
    let numbers = numbers(&mut build.persons, rows);
    // Many rows name the same person; one HMAC each is enough.
    let mut ids: HashMap<PersonNumber, String> = HashMap::new();
    let (persons, key) = (&build.persons, &build.settings.key);
    let mut column = StringBuilder::with_capacity(numbers.len(), 0);
    for number in numbers {
        match number {
            Some(number) => column.append_value(ids.entry(number).or_insert_with(|| persons.id(number, key))),
            None => column.append_null(),
        }
    }
    Ok(Arc::new(column.finish()))
}

/// The number of the person each row names.
pub(super) fn numbers(persons: &mut Persons, rows: &RecordBatch) -> Vec<Option<PersonNumber>> {
    let text = |name| rows.column_by_name(name).map(|column| column.as_string::<i32>());
    let (given, family, code, state) = (text("vardas"), text("pavarde"), text("asmens_kodas"), text("valstybe"));
    let born = rows.column_by_name("gimimo_data").map(|column| column.as_primitive::<Date32Type>());
    (0..rows.num_rows())
        .map(|row| {
            persons.identify(&PersonCells {
                given: cell(given, row),
                family: cell(family, row),
                code: cell(code, row),
                born: born.filter(|column| column.is_valid(row)).map(|column| day(column.value(row))),
                state: cell(state, row),
            })
        })
        .collect()
}

fn cell(column: Option<&StringArray>, row: usize) -> Option<&str> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
}

/// Remembers that a form, not a register, named these persons: their codes belong to this system and go to the internal tier.
pub(super) fn keep_handed_in(build: &mut Build<'_>, rows: &RecordBatch) {
    let numbers = numbers(&mut build.persons, rows);
    build.handed_in.extend(numbers.into_iter().flatten());
}

/// Names from the population register, then `core_asmuo` and `core_asmens_duomenys`.
pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let register = build.raw("raw_gr__asmenys")?;
    let text = |name| register.column_by_name(name).map(|column| column.as_string::<i32>());
    if let (Some(codes), Some(given), Some(family)) = (text("asmens_kodas"), text("vardas"), text("pavarde")) {
        for row in 0..register.num_rows() {
            build.persons.correct_names(codes.value(row), given.value(row), family.value(row));
        }
    }
    let key = &build.settings.key;
    let mut people: Vec<(String, PersonNumber)> = build.persons.numbers().map(|number| (build.persons.id(number, key), number)).collect();
    people.sort();
    let persons = &build.persons;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("asmens_id", super::text(people.iter().map(|(id, _)| Some(id)))),
        ("vardas", super::text(people.iter().map(|(_, number)| Some(persons.names(*number).0)))),
        ("pavarde", super::text(people.iter().map(|(_, number)| Some(persons.names(*number).1)))),
        ("uzsienietis", Arc::new(people.iter().map(|(_, number)| Some(persons.is_foreign(*number))).collect::<BooleanArray>())),
    ];
    let handed_in: BTreeSet<(&str, PersonNumber)> =
        people.iter().filter(|(_, number)| build.handed_in.contains(number)).map(|(id, number)| (id.as_str(), *number)).collect();
    let code = |number| match persons.identity(number) {
        Identity::Code(code) => Some(code.as_str()),
        Identity::Foreign { .. } => None,
    };
    let born = |number| match persons.identity(number) {
        Identity::Foreign { born, .. } => born.map(Date32Type::from_naive_date),
        Identity::Code(_) => None,
    };
    let own: Vec<(&str, ArrayRef)> = vec![
        ("asmens_id", super::text(handed_in.iter().map(|(id, _)| Some(id)))),
        ("asmens_kodas", super::text(handed_in.iter().map(|(_, number)| code(*number)))),
        ("gimimo_data", Arc::new(handed_in.iter().map(|(_, number)| born(*number)).collect::<Date32Array>())),
    ];
    build.put("core_asmuo", columns)?;
    build.put("core_asmens_duomenys", own)
}
