//! Ids of persons after a rotation of the key: in rows that have those of an earlier generation, each is replaced by the one that takes its place.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::error::ArrowError;
use catalog::Check;
use foldhash::fast::RandomState;

use crate::persons::PersonKey;
use crate::pseudonyms::PERSON_ID;

/// What `sql/models/out_faktai_pajamos.sql` writes before the id of a natural person.
const NATURAL: char = 'F';

/// Rows in which ids of a generation are replaced by those of the last one; rows without ids stay as they are.
///
/// # Errors
/// Arrow's.
pub fn renew_ids(key: &PersonKey, rows: &RecordBatch, generation: usize) -> Result<RecordBatch, ArrowError> {
    renew(key, rows, generation, |column| column == PERSON_ID, |id| key.renew(id, generation))
}

/// The same by one generation.
///
/// # Errors
/// Arrow's.
pub fn renew_ids_once(key: &PersonKey, rows: &RecordBatch, generation: usize) -> Result<RecordBatch, ArrowError> {
    renew(key, rows, generation, |column| column == PERSON_ID, |id| key.renew_once(id, generation))
}

/// The same of rows that statistics count: there an id stands in any column, alone or behind the letter of a natural person.
///
/// # Errors
/// Arrow's.
pub fn renew_ids_of_facts(key: &PersonKey, rows: &RecordBatch, generation: usize) -> Result<RecordBatch, ArrowError> {
    renew(key, rows, generation, |_| true, |id| key.renew(id, generation))
}

fn renew(
    key: &PersonKey,
    rows: &RecordBatch,
    generation: usize,
    has_ids: impl Fn(&str) -> bool,
    by: impl Fn(&str) -> String,
) -> Result<RecordBatch, ArrowError> {
    if generation >= key.generation() {
        return Ok(rows.clone());
    }
    let mut known: HashMap<String, String, RandomState> = HashMap::default();
    let mut renewed = |cell: &str| -> String {
        let Some(id) = Some(cell.strip_prefix(NATURAL).unwrap_or(cell)).filter(|id| Check::AsmensId.accepts(id)) else {
            return cell.to_owned();
        };
        let new = known.entry(id.to_owned()).or_insert_with(|| by(id));
        format!("{}{new}", &cell[..cell.len() - id.len()])
    };
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| -> ArrayRef {
        match column.as_string_opt::<i32>().filter(|_| has_ids(field.name())) {
            Some(cells) => Arc::new(cells.iter().map(|cell| cell.map(&mut renewed)).collect::<StringArray>()),
            None => column.clone(),
        }
    });
    RecordBatch::try_new(schema.clone(), columns.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KEY_BYTES;

    #[test]
    fn rows_get_ids_of_the_last_generation_once() {
        let bytes: [u8; 2 * KEY_BYTES] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let key = PersonKey::new(&bytes).unwrap();
        let (one, other) = ("0f".repeat(16), "a1".repeat(16));
        let ids: ArrayRef = Arc::new([Some(&one), None, Some(&other), Some(&one)].into_iter().collect::<StringArray>());
        let marks: ArrayRef = Arc::new(
            ["F".to_owned() + &one, "G".to_owned(), other.clone(), "J304155101".to_owned()].map(Some).into_iter().collect::<StringArray>(),
        );
        let rows = RecordBatch::try_from_iter_with_nullable([(PERSON_ID, ids, true), ("moketojas", marks.clone(), true)]).unwrap();
        let of = |rows: &RecordBatch, place: usize| -> Vec<String> {
            rows.column(place).as_string::<i32>().iter().map(|id| id.unwrap_or_default().to_owned()).collect()
        };
        let (new_one, new_other) = (key.renew(&one, 1), key.renew(&other, 1));
        let renewed = renew_ids(&key, &rows, 1).unwrap();
        assert_eq!(of(&renewed, 0), [&new_one, "", &new_other, &new_one]);
        assert_eq!(of(&renewed, 1), of(&rows, 1), "in no other column, whatever a register writes there");
        assert_eq!(renew_ids(&key, &renewed, 2).unwrap(), renewed, "once");
        let facts = renew_ids_of_facts(&key, &rows, 1).unwrap();
        assert_eq!(of(&facts, 0), of(&renewed, 0));
        assert_eq!(of(&facts, 1), [format!("F{new_one}"), "G".to_owned(), new_other, "J304155101".to_owned()]);
    }
}
