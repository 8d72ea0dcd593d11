//! Entities that give or pay, as rows about money name them: who is one with whom, and in which spelling each is shown.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use catalog::compared_code;

use super::text;
use crate::cells::cell;
use crate::subjects::{ForeignEntities, ForeignEntity, Newness, is_abroad, lithuanian_code};

/// State of an entity of which a row says none.
const LITHUANIA: &str = "LT";

/// Where a table says who pays, and when.
pub(super) struct Columns {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) day: &'static str,
}

/// The entities of all rows.
pub(super) struct Payers<'a> {
    payers: Vec<Payer<'a>>,
    described: ForeignEntities,
    /// As the rows have them.
    names: Option<&'a StringArray>,
}

enum Payer<'a> {
    Nobody,
    /// Known to the registers of Lithuania by this code.
    Lithuanian(Cow<'a, str>),
    /// By number: abroad, or without a code.
    Described(u32),
}

impl<'a> Payers<'a> {
    pub(super) fn of(rows: &'a RecordBatch, columns: &Columns, today: i32) -> Self {
        let column = |name| rows.column_by_name(name).map(|column| column.as_string::<i32>());
        let (codes, names, states) = (column(columns.code), column(columns.name), column("valstybe"));
        let days = rows.column_by_name(columns.day).map(|column| column.as_primitive::<Date32Type>());
        let mut described = ForeignEntities::default();
        let payer = |row| {
            let (code, name, state) = (cell(codes, row), cell(names, row), cell(states, row));
            match code {
                Some(code) if !is_abroad(state) && compared_code(code).is_some() => Payer::Lithuanian(lithuanian_code(code)),
                None if name.is_none() => Payer::Nobody,
                code => {
                    let entity = ForeignEntity::new(state.or(Some(LITHUANIA)), code, name);
                    let day = days.filter(|days| days.is_valid(row)).map_or(i32::MIN, |days| days.value(row));
                    let newness = Newness::of(&entity, day, today, "");
                    Payer::Described(described.meet(entity, newness))
                }
            }
        };
        Self { payers: (0..rows.num_rows()).map(payer).collect(), described, names }
    }

    /// What tells one from another, by row; empty where a row names no entity.
    pub(super) fn ids(&self) -> ArrayRef {
        text(self.payers.iter().map(|payer| match payer {
            Payer::Nobody => None,
            Payer::Lithuanian(code) => Some(Cow::Borrowed(&**code)),
            Payer::Described(number) => Some(Cow::Owned(self.described.get(*number).identity().text())),
        }))
    }

    /// Codes, by row.
    pub(super) fn codes(&self) -> ArrayRef {
        text(self.payers.iter().map(|payer| match payer {
            Payer::Nobody => None,
            Payer::Lithuanian(code) => filled(code),
            Payer::Described(number) => filled(&self.described.get(*number).code),
        }))
    }

    /// Names, by row.
    pub(super) fn names(&self) -> ArrayRef {
        text(self.payers.iter().enumerate().map(|(row, payer)| match payer {
            Payer::Described(number) => filled(&self.described.get(*number).name),
            // What JAR calls it is known elsewhere.
            _ => cell(self.names, row),
        }))
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Names of groups of persons, who have nothing else: each as in its newest row. In two spellings one group would count as two, and hide less.
pub(super) fn groups(rows: &RecordBatch, column: &str, day: &str, today: i32) -> ArrayRef {
    let names = rows.column_by_name(column).map(|column| column.as_string::<i32>());
    let days = rows.column_by_name(day).map(|column| column.as_primitive::<Date32Type>());
    let mut all = ForeignEntities::default();
    let mut group = |row| {
        let group = ForeignEntity::new(None, None, Some(cell(names, row)?));
        let day = days.filter(|days| days.is_valid(row)).map_or(i32::MIN, |days| days.value(row));
        let newness = Newness::of(&group, day, today, "");
        Some(all.meet(group, newness))
    };
    let numbers: Vec<Option<u32>> = (0..rows.num_rows()).map(&mut group).collect();
    text(numbers.into_iter().map(|number| number.map(|number| all.get(number).name.as_str())))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Date32Array;

    use super::*;

    #[test]
    fn a_group_in_two_spellings_is_one() {
        let names =
            Arc::new(StringArray::from(vec![Some("Žalias kraštas"), None, Some("ŽALIAS  KRAŠTAS"), Some("Kitas kraštas")])) as ArrayRef;
        let days = Arc::new(Date32Array::from(vec![3, 1, 2, 1])) as ArrayRef;
        let rows = RecordBatch::try_from_iter_with_nullable([("grupe", names, true), ("nuo", days, true)]).unwrap();
        let shown = groups(&rows, "grupe", "nuo", 100);
        let shown: Vec<_> = shown.as_string::<i32>().iter().collect();
        assert_eq!(shown, [Some("Žalias kraštas"), None, Some("Žalias kraštas"), Some("Kitas kraštas")]);
    }

    /// Code, name, state and day.
    type Row = (&'static str, &'static str, Option<&'static str>, i32);

    #[test]
    fn payers_of_two_spellings_are_one_and_of_two_states_two() {
        let cells: [Row; 9] = [
            ("09361466", "Baltic Press Ltd", Some("GB"), 1),
            ("0936-1466", "BALTIC PRESS LIMITED", Some("GB"), 2),
            ("09361466", "Osa Meedia OÜ", Some("EE"), 3),
            ("124110246", "Bandymas", None, 4),
            ("124 110 246", "Bandymas", Some("LT"), 5),
            ("", "Šviesos  draugija", None, 6),
            ("", "ŠVIESOS DRAUGIJA", Some("LT"), 5),
            ("", "Šviesos draugija", Some("PL"), 7),
            ("", "", None, 8),
        ];
        let text = |of: fn(&Row) -> Option<&'static str>| {
            Arc::new(cells.iter().map(|row| of(row).filter(|text| !text.is_empty())).collect::<StringArray>()) as ArrayRef
        };
        let days = Arc::new(cells.iter().map(|row| Some(row.3)).collect::<Date32Array>()) as ArrayRef;
        let columns =
            [("dav_kodas", text(|row| Some(row.0))), ("dav_pavadinimas", text(|row| Some(row.1))), ("valstybe", text(|row| row.2))];
        let rows = columns.into_iter().chain([("data", days)]).map(|(name, column)| (name, column, true));
        let rows = RecordBatch::try_from_iter_with_nullable(rows).unwrap();
        let payers = Payers::of(&rows, &Columns { code: "dav_kodas", name: "dav_pavadinimas", day: "data" }, 100);
        let (ids, codes, names) = (payers.ids(), payers.codes(), payers.names());
        let (ids, codes, names) = (ids.as_string::<i32>(), codes.as_string::<i32>(), names.as_string::<i32>());
        let same = |one: usize, other: usize| ids.value(one) == ids.value(other);
        assert!(same(0, 1) && same(3, 4) && same(5, 6));
        assert!(!same(0, 2) && !same(5, 7) && !same(3, 0) && ids.is_null(8));
        assert_eq!([codes.value(0), codes.value(1)], ["0936-1466"; 2], "the newest row's spelling");
        assert_eq!([names.value(0), names.value(1)], ["BALTIC PRESS LIMITED"; 2]);
        assert_eq!((codes.value(4), names.value(6)), ("124110246", "Šviesos  draugija"));
    }
}
