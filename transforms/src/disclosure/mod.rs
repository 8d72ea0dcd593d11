//! Disclosure control, in one place: what each tier gets of a table.
//!
//! Columns go by their class; cells of some classes are emptied in rows that are marked (`docs/disclosure.md`). The open tier loses every
//! row about a person, is k-anonymous where persons stand behind others (`k_anonymity.rs`), and stands in an order of its own (`order.rs`); numbers of records become pseudonyms (`numbers.rs`).
//! Counts of what sources gave are rounded outside the internal tier. Statistics about persons have been protected before (`statistics/`).

pub(crate) mod attack;
#[cfg(test)]
pub(crate) mod invented;
mod k_anonymity;
mod numbers;
mod order;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::{filter_record_batch, nullif};
use arrow::datatypes::{Int64Type, Schema};
use arrow::error::ArrowError;
use catalog::{APIE_ASMENI, Personal, Table, TableColumn, Tier};

use crate::{Error, PersonKey};
use numbers::Pseudonyms;

/// Rows and columns of `rows` that `tier` may see; pseudonyms come from `key`.
///
/// # Errors
/// The rows have not the columns of the definition.
pub fn disclose(table: &Table, tier: Tier, rows: &RecordBatch, key: &PersonKey) -> Result<RecordBatch, Error> {
    let failed = Error::arrow(&table.name);
    if tier != Tier::Open {
        return show(table, tier, rows, key).map_err(failed);
    }
    let rows = without_persons(rows).map_err(&failed)?;
    let shown = show(table, tier, &rows, key).and_then(|shown| k_anonymity::anonymise(table, shown, key));
    shown.and_then(|shown| order::arrange(table, &shown)).map_err(failed)
}

/// Rows that are not about a person.
fn without_persons(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let Some(about) = rows.column_by_name(APIE_ASMENI).map(|about| about.as_boolean()) else { return Ok(rows.clone()) };
    // An empty mark counts as a person: when in doubt, leave out.
    let keep: BooleanArray = (0..about.len()).map(|row| Some(about.is_valid(row) && !about.value(row))).collect();
    filter_record_batch(rows, &keep)
}

/// The columns that `tier` may see, as it may see them.
fn show(table: &Table, tier: Tier, rows: &RecordBatch, key: &PersonKey) -> Result<RecordBatch, ArrowError> {
    let shown = |used: &TableColumn| -> Result<ArrayRef, ArrowError> {
        let (name, class) = (&used.column.name, used.column.personal);
        let column = rows.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column {name} is missing")))?;
        match class.withheld_by(tier) {
            Some(mark) => nullif(column, &withheld(rows, mark)),
            None if class == Personal::RecordNumber && tier == Tier::Open => Ok(Pseudonyms::of(key, name).replace(column)),
            None => Ok(table.rounded_to(name, tier).map_or_else(|| column.clone(), |base| round(column, base))),
        }
    };
    let columns = table.visible(tier).map(shown).collect::<Result<Vec<_>, _>>()?;
    let nullable: Vec<_> = table.schema_for(tier).fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(nullable)), columns)
}

/// Whole numbers rounded to `base` and to two significant digits.
fn round(counts: &ArrayRef, base: i64) -> ArrayRef {
    Arc::new(counts.as_primitive::<Int64Type>().unary::<_, Int64Type>(|count| catalog::rounded(count, base)))
}

/// Rows in which this mark withholds what its tier sees in others. An empty mark, or none at all, withholds: when in doubt, leave out.
pub(crate) fn withheld(rows: &RecordBatch, mark: &str) -> BooleanArray {
    let mark = rows.column_by_name(mark).map(|mark| mark.as_boolean());
    (0..rows.num_rows()).map(|row| Some(mark.is_none_or(|mark| mark.is_null(row) || mark.value(row)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringArray;
    use catalog::{ASMENVARDIS, Kind, SAVA_IMONE, SU_ASMENIMIS};
    use invented::{column, key, table};

    #[test]
    fn rows_about_persons_and_personal_columns_stay_out_of_the_open_tier() {
        let table = table(
            vec![
                column("vardas", Kind::Text, Personal::Name),
                column("kodas", Kind::Text, Personal::Code),
                column("forma", Kind::Text, Personal::None),
                column(APIE_ASMENI, Kind::Boolean, Personal::None),
            ],
            Vec::new(),
        );
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let about: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![texts.clone(), texts.clone(), texts, about]).unwrap();
        let columns = |tier| {
            let seen = disclose(&table, tier, &rows, &key()).unwrap();
            (seen.num_columns(), seen.num_rows())
        };
        assert_eq!(columns(Tier::Internal), (4, 3));
        assert_eq!(columns(Tier::Public), (3, 3));
        assert_eq!(columns(Tier::Open), (1, 1));
    }

    #[test]
    fn contacts_of_natural_persons_undertakings_are_internal_and_no_contact_is_open() {
        let table = table(
            vec![
                column("forma", Kind::Text, Personal::None),
                column("el_pastas", Kind::Text, Personal::Contact),
                column(SAVA_IMONE, Kind::Boolean, Personal::None),
            ],
            Vec::new(),
        );
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let marks: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![texts.clone(), texts.clone(), marks]).unwrap();
        let contacts = |tier| -> Option<Vec<Option<String>>> {
            let seen = disclose(&table, tier, &rows, &key()).unwrap();
            assert_eq!(seen.num_rows(), 3, "the rows themselves stay");
            let shown = seen.column_by_name("el_pastas")?.as_string::<i32>().iter();
            Some(shown.map(|text| text.map(str::to_owned)).collect())
        };
        assert_eq!(contacts(Tier::Internal).unwrap(), ["a", "b", "c"].map(|text| Some(text.to_owned())));
        assert_eq!(contacts(Tier::Public).unwrap(), [None, Some("b".to_owned()), None]);
        assert_eq!(contacts(Tier::Open), None);
        // The gate looks again.
        let public = disclose(&table, Tier::Public, &rows, &key()).unwrap();
        let admit = |rows| catalog::Released::admit(Arc::new(table.clone()), Tier::Public, rows, &catalog::Evidence::default());
        assert!(admit(public.clone()).is_ok());
        let mut columns = public.columns().to_vec();
        columns[1] = texts;
        let refused = admit(RecordBatch::try_new(public.schema(), columns).unwrap()).unwrap_err().to_string();
        assert!(refused.contains("2 rows show a natural person's el_pastas"), "{refused}");
    }

    #[test]
    fn an_outlets_name_with_a_persons_name_in_it_is_empty_in_the_open_tier_only() {
        let table = table(
            vec![column("vip_pavadinimas", Kind::Text, Personal::Title), column(ASMENVARDIS, Kind::Boolean, Personal::None)],
            Vec::new(),
        );
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
        let marks: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![names.clone(), marks]).unwrap();
        let open = disclose(&table, Tier::Open, &rows, &key()).unwrap();
        assert_eq!(open.num_columns(), 1, "the mark itself is not open");
        assert_eq!(open.column(0).as_string::<i32>().iter().collect::<Vec<_>>(), [None, Some("b"), None]);
        assert_eq!(disclose(&table, Tier::Public, &rows, &key()).unwrap().column(0), &names);
    }

    #[test]
    fn a_share_is_open_only_where_no_person_has_a_part() {
        let table =
            table(vec![column("dalis", Kind::Share, Personal::Share), column(SU_ASMENIMIS, Kind::Boolean, Personal::None)], Vec::new());
        let shares: ArrayRef =
            Arc::new(arrow::array::Decimal128Array::from(vec![600_000_000_000_i128; 3]).with_data_type(Kind::Share.arrow()));
        let marks: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![shares.clone(), marks]).unwrap();
        let open = disclose(&table, Tier::Open, &rows, &key()).unwrap();
        assert_eq!(open.num_columns(), 1, "the mark itself is not open");
        assert_eq!((0..3).map(|row| open.column(0).is_valid(row)).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(disclose(&table, Tier::Public, &rows, &key()).unwrap().column(0), &shares);
    }

    #[test]
    fn a_rounded_count_is_exact_in_the_internal_tier_only() {
        let rule = catalog::Round { columns: vec!["eiluciu".to_owned()], base: 10 };
        let counted = column("eiluciu", Kind::Integer, Personal::None);
        let table = Table { round: vec![rule], key: vec!["eiluciu".to_owned()], ..table(vec![counted], Vec::new()) };
        let counts: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![Some(12_345), Some(3), None]));
        let rows = RecordBatch::try_new(table.schema(), vec![counts]).unwrap();
        let shown = |tier| disclose(&table, tier, &rows, &key()).unwrap();
        assert_eq!(shown(Tier::Internal), rows);
        let admit = |tier, rows| catalog::Released::admit(Arc::new(table.clone()), tier, rows, &catalog::Evidence::default());
        for tier in [Tier::Public, Tier::Open] {
            let seen: Vec<_> = shown(tier).column(0).as_primitive::<Int64Type>().iter().collect();
            assert_eq!(seen, [Some(13_000), Some(0), None]);
            assert!(admit(tier, shown(tier)).is_ok());
            let refused = admit(tier, rows.clone()).unwrap_err().to_string();
            assert!(refused.contains("2 rows show an exact count in column eiluciu"), "{refused}");
        }
    }
}
