//! Whose parts could be told apart by subtraction: `su_asmenimis` of participants and VIRS. Where a natural person has or had a part, or
//! nobody knows who has one, what the others hold is not open, since one person may hold the rest. Persons who have left count, too: a successor
//! holds what they held. `docs/disclosure.md` says what follows from it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use catalog::{ASMENVARDIS, ENTITY, SU_ASMENIMIS};

use super::Build;
use crate::Error;
use crate::cells::cell;
use crate::pseudonyms::PERSON_ID;
use crate::subjects::FOREIGN_ENTITY;
use ::owners::WHOLE;

const PARTICIPANTS: &str = "core_dalyvis";
const OWNERS: &str = "core_savininkas";
const ENTITIES: &str = "core_juridinis";
const VIRS: &str = "core_virs";

/// Codes of classifiers `dalyviu_rusys` and `savininku_rusys`.
const LITHUANIAN_ENTITY: &str = "J";
const UNKNOWN: &str = "nezinomas";
/// Shares of a whole add up to it as nearly as this, in units of 10⁻¹².
const ROUNDING: i128 = 1_000_000;

/// Fills the marks of participants, by the entity they have a part in, and of VIRS, by all entities above them.
pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let today = Date32Type::from_naive_date(build.settings.as_of);
    let tables = &build.core.tables;
    let Some((participants, virs)) = tables.get(PARTICIPANTS).zip(tables.get(VIRS)) else { return Ok(()) };
    let firms = firms(tables.get(ENTITIES));
    let entities = Entities::of(participants, &firms, today);
    let unknown = tables.get(OWNERS).map(unknown_owners).unwrap_or_default();
    let mark = |rows: &RecordBatch, of: &dyn Fn(&str) -> bool| -> BooleanArray {
        text(rows, ENTITY).into_iter().flatten().map(|entity| Some(entity.is_none_or(of))).collect()
    };
    let marks = [
        (PARTICIPANTS, mark(participants, &|entity| entities.may_be_told_apart(entity))),
        (VIRS, mark(virs, &|entity| unknown.contains(entity) || firms.may_be_a_person(entity) || entities.any_above(entity))),
    ];
    for (table, marks) in marks {
        let rows = &build.core.tables[table];
        let mut columns = rows.columns().to_vec();
        columns[rows.schema().index_of(SU_ASMENIMIS).map_err(Error::arrow(table))?] = Arc::new(marks);
        let marked = RecordBatch::try_new(rows.schema(), columns).map_err(Error::arrow(table))?;
        build.keep(table, &marked)?;
    }
    Ok(())
}

/// Lithuanian entities, and whether each may bear a person's name.
struct Firms(HashMap<String, bool>);

impl Firms {
    /// An entity that JAR does not know may be a person's.
    fn may_be_a_person(&self, code: &str) -> bool {
        self.0.get(code).copied().unwrap_or(true)
    }
}

fn firms(entities: Option<&RecordBatch>) -> Firms {
    let pairs = entities.and_then(|rows| Some((text(rows, ENTITY)?, rows.column_by_name("individuali")?.as_boolean())));
    let pairs = pairs.into_iter().flat_map(|(codes, marks)| codes.iter().zip(marks.iter()));
    Firms(pairs.filter_map(|(code, mark)| Some((code?.to_owned(), mark.unwrap_or(true)))).collect())
}

fn unknown_owners(owners: &RecordBatch) -> HashSet<String> {
    let pairs = text(owners, ENTITY).zip(text(owners, "savininko_rusis")).into_iter().flat_map(|(codes, kinds)| codes.iter().zip(kinds));
    pairs.filter(|(_, kind)| *kind == Some(UNKNOWN)).filter_map(|(code, _)| code.map(str::to_owned)).collect()
}

/// Who has parts in an entity.
#[derive(Debug, Default)]
struct Entity<'a> {
    /// In any row, of whatever time.
    with_persons: bool,
    /// In some row of today no share stands.
    without_share: bool,
    /// Shares of today together, in units of 10⁻¹².
    known: i128,
    owners: Vec<&'a str>,
}

struct Entities<'a>(HashMap<&'a str, Entity<'a>>);

impl<'a> Entities<'a> {
    fn of(participants: &'a RecordBatch, firms: &Firms, today: i32) -> Self {
        let mut all: HashMap<&str, Entity<'_>> = HashMap::new();
        let columns = [ENTITY, "dalyvio_rusis", "dal_kodas", PERSON_ID].map(|name| text(participants, name));
        let [from, until] = ["nuo", "iki"].map(|name| participants.column_by_name(name).map(|column| column.as_primitive::<Date32Type>()));
        let shares = participants.column_by_name("dalis").map(|column| column.as_primitive::<Decimal128Type>());
        let foreign = participants.column_by_name(ASMENVARDIS).map(|column| column.as_boolean());
        for row in 0..participants.num_rows() {
            let [entity, kind, owner, person] = columns.map(|column| cell(column, row));
            let Some(entity) = entity else { continue };
            let about = match kind {
                Some(LITHUANIAN_ENTITY) => owner.is_none_or(|code| firms.may_be_a_person(code)),
                Some(FOREIGN_ENTITY) => foreign.is_none_or(|marks| marks.is_null(row) || marks.value(row)),
                _ => true,
            };
            let of = all.entry(entity).or_default();
            of.with_persons |= about || person.is_some() || firms.may_be_a_person(entity);
            of.owners.extend(owner.filter(|_| kind == Some(LITHUANIAN_ENTITY)));
            let day = |column: Option<&'a arrow::array::Date32Array>| {
                column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
            };
            if day(from).is_some_and(|from| from <= today) && day(until).is_none_or(|until| until > today) {
                match shares.filter(|shares| shares.is_valid(row)) {
                    Some(shares) => of.known += shares.value(row),
                    None => of.without_share = true,
                }
            }
        }
        Self(all)
    }

    /// Whether one person may hold what the others do not.
    fn may_be_told_apart(&self, entity: &str) -> bool {
        self.0.get(entity).is_none_or(|of| of.with_persons || of.without_share || (of.known - WHOLE).abs() > ROUNDING)
    }

    /// The same of an entity and of all those that have, or had, parts in it, directly or through others.
    fn any_above(&self, entity: &str) -> bool {
        let (mut seen, mut waiting) = (HashSet::from([entity]), vec![entity]);
        while let Some((of, parts)) = waiting.pop().and_then(|code| Some((code, self.0.get(code)?))) {
            if self.may_be_told_apart(of) {
                return true;
            }
            waiting.extend(parts.owners.iter().filter(|owner| self.0.contains_key(**owner) && seen.insert(**owner)));
        }
        false
    }
}

fn text<'a>(rows: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    rows.column_by_name(column).map(|column| column.as_string())
}
