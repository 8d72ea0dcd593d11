//! Which rows hold the name of a natural person where something else is called: `asmenvardis` of outlets, publications and assets, and of
//! foreign entities that may be persons. `docs/disclosure.md` says what follows from it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch, StringArray};
use catalog::{ASMENVARDIS, ENTITY};
use foldhash::fast::RandomState;

use super::Build;
use crate::Error;
use crate::cells::cell;
use crate::person_names::{Names, may_be_a_person};
use crate::persons::Persons;
use crate::pseudonyms::PERSON_ID;

const OUTLET: &str = "vip_nr";

/// Tables that tie a person to an entity.
const TIES: &[&str] = &["core_dalyvis", "core_savininkas", "core_kontrole", "core_valdymas", "core_parama", "core_reklama"];
/// Tells who answers for an outlet, and so whom it ties to the outlet's VIRS.
const RESPONSIBLE: &str = "core_atsakingas";
const OUTLETS: &str = "core_vip";

/// Columns that say what something is called.
const TITLES: &[(&str, &str)] = &[(OUTLETS, "vip_pavadinimas"), ("core_numeris", "leidinys"), ("core_parama", "turtas")];

/// Names of foreign entities: the table, the column of their kind and what it says of them, the name.
const FOREIGN: &[(&str, &str, &str, &str)] = &[
    ("core_dalyvis", "dalyvio_rusis", "UJ", "dal_pavadinimas"),
    ("core_savininkas", "savininko_rusis", "uzsienio_juridinis", "dal_pavadinimas"),
    ("core_kontrole", "dalyvio_rusis", "UJ", "dal_pavadinimas"),
    ("core_parama", "davejo_rusis", "UJ", "dav_pavadinimas"),
];

/// Fills the marks of all core tables that have them.
pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let tables = build.core.tables.clone();
    let mut tied = Tied::of(|name| tables.get(name), &build.persons);
    let law = build.catalog.law();
    let mut marks: HashMap<&str, Vec<bool>> = HashMap::new();
    let mut mark = |table: &'static str, row: usize, rows: usize| marks.entry(table).or_insert_with(|| vec![false; rows])[row] = true;
    for (table, column) in TITLES {
        let Some((rows, titles)) = tables.get(*table).and_then(|rows| Some((rows, text(rows, column)?))) else { continue };
        for (row, title) in titles.iter().enumerate().filter_map(|(row, title)| Some((row, title?))) {
            if cell(text(rows, ENTITY), row).is_some_and(|entity| tied.to(entity).stand_in(title)) {
                mark(table, row, rows.num_rows());
            }
        }
    }
    // Whoever may be a person in one row is one in all rows of that name.
    let foreign = || {
        FOREIGN.iter().filter_map(|(table, kind, is, name)| {
            let rows = tables.get(*table)?;
            let (kinds, names, entities) = (text(rows, kind)?, text(rows, name)?, text(rows, ENTITY)?);
            let named = (0..rows.num_rows()).filter(move |row| cell(kinds, *row) == Some(*is));
            Some(named.filter_map(move |row| Some((*table, row, cell(entities, row)?, cell(names, row)?))))
        })
    };
    let mut persons: HashSet<&str> = HashSet::new();
    for (_, _, entity, name) in foreign().flatten() {
        if !persons.contains(name) && may_be_a_person(name, tied.to(entity), law) {
            persons.insert(name);
        }
    }
    for (table, row, _, _) in foreign().flatten().filter(|(.., name)| persons.contains(name)) {
        mark(table, row, tables[table].num_rows());
    }
    for (table, marked) in marks {
        let rows = &tables[table];
        let mut columns = rows.columns().to_vec();
        columns[rows.schema().index_of(ASMENVARDIS).map_err(Error::arrow(table))?] = Arc::new(BooleanArray::from(marked));
        build.keep(table, &RecordBatch::try_new(rows.schema(), columns).map_err(Error::arrow(table))?)?;
    }
    Ok(())
}

/// Names of the persons tied to each entity.
struct Tied<'a> {
    persons: &'a Persons,
    ids: HashMap<&'a str, HashSet<&'a str, RandomState>, RandomState>,
    names: HashMap<&'a str, Names>,
    nobody: Names,
}

impl<'a> Tied<'a> {
    fn of(table: impl Fn(&str) -> Option<&'a RecordBatch>, persons: &'a Persons) -> Self {
        let mut ids: HashMap<&str, HashSet<&str, RandomState>, RandomState> = HashMap::default();
        let pairs = |name: &str, by: &str| {
            let columns = table(name).and_then(|rows| Some((text(rows, by)?, text(rows, PERSON_ID)?)));
            columns.into_iter().flat_map(|(by, person)| by.iter().zip(person.iter())).filter_map(|(by, person)| Some((by?, person?)))
        };
        for (entity, person) in TIES.iter().flat_map(|name| pairs(name, ENTITY)) {
            ids.entry(entity).or_default().insert(person);
        }
        let owners = table(OUTLETS).and_then(|rows| Some((text(rows, OUTLET)?, text(rows, ENTITY)?)));
        let owner: HashMap<&str, &str> =
            owners.into_iter().flat_map(|(outlet, entity)| outlet.iter().zip(entity.iter())).filter_map(|(a, b)| Some((a?, b?))).collect();
        for (outlet, person) in pairs(RESPONSIBLE, OUTLET) {
            if let Some(entity) = owner.get(outlet) {
                ids.entry(entity).or_default().insert(person);
            }
        }
        Self { persons, ids, names: HashMap::new(), nobody: Names::default() }
    }

    /// Those tied to one entity.
    fn to(&mut self, entity: &str) -> &Names {
        let Some((entity, ids)) = self.ids.get_key_value(entity) else { return &self.nobody };
        let persons = self.persons;
        self.names.entry(*entity).or_insert_with(|| Names::of(ids.iter().filter_map(|id| persons.names_of(id))))
    }
}

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string())
}
