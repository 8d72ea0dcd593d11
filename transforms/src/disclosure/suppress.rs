//! Cells of open statistics behind which too few natural persons stand: they are emptied and marked.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::nullif;
use arrow::datatypes::{Int64Type, Schema};
use catalog::{CONFIDENTIAL_MARK, Protect, Table};

use crate::Error;

/// Empties protected cells and lists them in the row's mark.
pub(super) fn suppress(table: &Table, rows: &RecordBatch, minimum: i64) -> Result<RecordBatch, Error> {
    if table.protect.is_empty() {
        return Ok(rows.clone());
    }
    let mut marks: Vec<Vec<&str>> = vec![Vec::new(); rows.num_rows()];
    let mut columns: Vec<ArrayRef> = rows.columns().to_vec();
    let schema = rows.schema();
    for rule in &table.protect {
        let few = few(rows, rule, minimum);
        for name in rule.values.iter().chain([&rule.persons]) {
            let Ok(place) = schema.index_of(name) else { continue };
            columns[place] = nullif(&columns[place], &few).map_err(Error::arrow(&table.name))?;
            for (mark, _) in marks.iter_mut().zip(few.iter()).filter(|(_, few)| *few == Some(true)) {
                if !mark.contains(&name.as_str()) {
                    mark.push(name);
                }
            }
        }
    }
    if let Ok(place) = schema.index_of(CONFIDENTIAL_MARK) {
        columns[place] = Arc::new(marks.iter().map(|mark| (!mark.is_empty()).then(|| mark.join(";"))).collect::<StringArray>());
    }
    let nullable: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(nullable)), columns).map_err(Error::arrow(&table.name))
}

/// Rows behind which some natural persons stand, but too few. A cell without any person protects nobody.
fn few(rows: &RecordBatch, rule: &Protect, minimum: i64) -> BooleanArray {
    let persons = rows.column_by_name(&rule.persons).map(|column| column.as_primitive::<Int64Type>());
    (0..rows.num_rows())
        .map(|row| Some(persons.is_none_or(|persons| persons.is_null(row) || (1..minimum).contains(&persons.value(row)))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclose;
    use crate::disclosure::invented::{column, key, table};
    use arrow::array::Int64Array;
    use catalog::{Kind, Personal, Tier};

    #[test]
    fn a_cell_of_one_or_two_persons_is_emptied_and_marked_in_the_open_tier_only() {
        let protect = Protect { values: vec!["suma".to_owned()], persons: "asmenu".to_owned() };
        let table = table(
            vec![
                column("suma", Kind::Integer, Personal::None),
                column("asmenu", Kind::Integer, Personal::None),
                column(CONFIDENTIAL_MARK, Kind::Text, Personal::None),
            ],
            vec![protect],
        );
        let numbers = |values: [i64; 4]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
        let none: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>; 4]));
        let rows = RecordBatch::try_new(table.schema(), vec![numbers([10, 20, 30, 40]), numbers([0, 1, 2, 3]), none]).unwrap();
        let open = disclose(&table, Tier::Open, &rows, &key(), 3).unwrap();
        let sums: Vec<_> = open.column(0).as_primitive::<Int64Type>().iter().collect();
        assert_eq!(sums, [Some(10), None, None, Some(40)]);
        let persons: Vec<_> = open.column(1).as_primitive::<Int64Type>().iter().collect();
        assert_eq!(persons, [Some(0), None, None, Some(3)]);
        let marks: Vec<_> = open.column(2).as_string::<i32>().iter().collect();
        assert_eq!(marks, [None, Some("suma;asmenu"), Some("suma;asmenu"), None]);
        assert_eq!(disclose(&table, Tier::Public, &rows, &key(), 3).unwrap().column(0), rows.column(0));
    }
}
