//! Persons of the core tables: the surrogate id in place of codes, and the one table that holds names beside it.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, RecordBatch};
use arrow::datatypes::Date32Type;

use catalog::Role;

use super::Build;
use crate::Error;
use crate::cells::cell;
use crate::persons::{PersonNumber, Persons};
use crate::pseudonyms::{PERSON_ID, WITHOUT_CODE};

/// Meets the persons that the rows name.
pub(super) fn meet(build: &mut Build<'_>, rows: &RecordBatch) {
    numbers(&mut build.persons, rows);
}

/// The number of the person each row names.
fn numbers(persons: &mut Persons, rows: &RecordBatch) -> Vec<Option<PersonNumber>> {
    let text = |name| rows.column_by_name(name).map(|column| column.as_string::<i32>());
    let (id, given, family) = (text(PERSON_ID), text("vardas"), text("pavarde"));
    let without_code = rows.column_by_name(WITHOUT_CODE).map(|column| column.as_boolean());
    let name = |array, row| cell(array, row).unwrap_or_default();
    (0..rows.num_rows())
        .map(|row| {
            let has_code = without_code.is_some_and(|without| !without.value(row));
            Some(persons.meet(cell(id, row)?, name(given, row), name(family, row), has_code))
        })
        .collect()
}

/// Meets persons whom a submission, not a register, named: their codes belong to this system and go to the internal tier.
pub(super) fn meet_submitted(build: &mut Build<'_>, rows: &RecordBatch) {
    let codes = rows.column_by_name("asmens_kodas").map(|column| column.as_string::<i32>());
    let born = rows.column_by_name("gimimo_data").map(|column| column.as_primitive::<Date32Type>());
    for (row, number) in numbers(&mut build.persons, rows).into_iter().enumerate() {
        let Some(number) = number else { continue };
        let code = cell(codes, row).map(str::to_owned);
        // A birth date tells foreigners apart; of who has a code it is not kept.
        let born = born.filter(|column| code.is_none() && column.is_valid(row)).map(|column| column.value(row));
        build.handed_in.insert(number, (code, born));
    }
}

/// Names from the population register, then `core_asmuo` and `core_asmens_duomenys`.
pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let register = build.take(Role::Persons)?;
    let text = |name| register.column_by_name(name).map(|column| column.as_string::<i32>());
    if let (Some(ids), Some(given), Some(family)) = (text(PERSON_ID), text("vardas"), text("pavarde")) {
        for row in 0..register.num_rows() {
            build.persons.correct_names(ids.value(row), given.value(row), family.value(row));
        }
    }
    let persons = &build.persons;
    let mut people: Vec<(&str, PersonNumber)> = persons.numbers().map(|number| (persons.id(number), number)).collect();
    people.sort_unstable();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("asmens_id", super::text(people.iter().map(|(id, _)| Some(id)))),
        ("vardas", super::text(people.iter().map(|(_, number)| Some(persons.names(*number).0)))),
        ("pavarde", super::text(people.iter().map(|(_, number)| Some(persons.names(*number).1)))),
        ("uzsienietis", Arc::new(people.iter().map(|(_, number)| Some(persons.is_foreign(*number))).collect::<BooleanArray>())),
    ];
    let handed_in: Vec<_> = people.iter().filter_map(|(id, number)| Some((id, build.handed_in.get(number)?))).collect();
    let own: Vec<(&str, ArrayRef)> = vec![
        ("asmens_id", super::text(handed_in.iter().map(|(id, _)| Some(id)))),
        ("asmens_kodas", super::text(handed_in.iter().map(|(_, (code, _))| code.as_ref()))),
        ("gimimo_data", Arc::new(handed_in.iter().map(|(_, (_, born))| *born).collect::<Date32Array>())),
    ];
    build.put("core_asmuo", columns)?;
    build.put("core_asmens_duomenys", own)
}
