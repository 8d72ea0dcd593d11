//! Where personal codes end: rows of a register go on with a surrogate id instead.
//!
//! What of an extract outlives the reading has no personal code and no foreigner's birth date. The one exception is what people
//! submitted themselves ([`Table::submitted`]): those codes belong to this system and go to the internal tier.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Date32Type, Field, Schema, SchemaRef};
use catalog::{EXTRACT_DATE, Personal, Table};

use crate::Error;
use crate::cells::{cell, day};
use crate::persons::{PersonCells, PersonKey};

/// The surrogate id.
pub(crate) const PERSON_ID: &str = "asmens_id";
/// Whether the register named the person without a Lithuanian code.
pub(crate) const WITHOUT_CODE: &str = "be_kodo";
/// Where in its file a row stood, of tables whose rows may meet those of others in a core table and be named then.
pub(crate) const ROW_NUMBER: &str = "eilutes_nr";

/// Whether rows of this raw table name natural persons.
#[must_use]
pub fn names_persons(table: &Table) -> bool {
    table.columns.iter().any(|column| column.column.personal == Personal::Code)
}

/// The schema of what is kept of a raw table.
#[must_use]
pub fn kept_schema(table: &Table) -> SchemaRef {
    let gone = |name: &str| {
        let personal = table.column(name).map_or(Personal::None, |column| column.column.personal);
        name == EXTRACT_DATE || !table.submitted && matches!(personal, Personal::Code | Personal::BirthDate)
    };
    let schema = table.schema();
    let mut fields: Vec<Field> = schema.fields().iter().filter(|field| !gone(field.name())).map(|field| field.as_ref().clone()).collect();
    if names_persons(table) {
        fields.push(Field::new(PERSON_ID, DataType::Utf8, true));
        fields.push(Field::new(WITHOUT_CODE, DataType::Boolean, false));
    }
    if table.feeds.is_some() {
        fields.push(Field::new(ROW_NUMBER, DataType::Int64, false));
    }
    Arc::new(Schema::new(fields))
}

/// Clean rows of a raw table as they are kept; `numbers` says where in the file each stood.
pub(crate) fn pseudonymise(
    table: &Table,
    schema: &SchemaRef,
    rows: &RecordBatch,
    numbers: impl Iterator<Item = u64>,
    key: &PersonKey,
) -> Result<RecordBatch, Error> {
    let numbers: ArrayRef = Arc::new(numbers.map(|number| i64::try_from(number).ok()).collect::<Int64Array>());
    let persons = if names_persons(table) { Some(persons(rows, key)) } else { None };
    let columns = schema.fields().iter().map(|field| match (&persons, field.name().as_str()) {
        (Some((ids, _)), PERSON_ID) => Ok(ids.clone()),
        (Some((_, without_code)), WITHOUT_CODE) => Ok(without_code.clone()),
        (_, ROW_NUMBER) => Ok(numbers.clone()),
        (_, name) => {
            let missing = || arrow::error::ArrowError::SchemaError(format!("column {name} is missing"));
            rows.column_by_name(name).cloned().ok_or_else(missing)
        }
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>, _>>().map_err(Error::arrow(&table.name))?;
    RecordBatch::try_new(schema.clone(), columns).map_err(Error::arrow(&table.name))
}

/// Surrogate ids of the persons that the rows name, and who of them has no code.
fn persons(rows: &RecordBatch, key: &PersonKey) -> (ArrayRef, ArrayRef) {
    let text = |name| rows.column_by_name(name).map(|column| column.as_string::<i32>());
    let (given, family, code, state) = (text("vardas"), text("pavarde"), text("asmens_kodas"), text("valstybe"));
    let born = rows.column_by_name("gimimo_data").map(|column| column.as_primitive::<Date32Type>());
    let mut ids = StringBuilder::with_capacity(rows.num_rows(), 0);
    let mut without_code = Vec::with_capacity(rows.num_rows());
    for row in 0..rows.num_rows() {
        let cells = PersonCells {
            given: cell(given, row),
            family: cell(family, row),
            code: cell(code, row),
            born: born.filter(|column| column.is_valid(row)).map(|column| day(column.value(row))),
            state: cell(state, row),
        };
        ids.append_option(key.id(&cells));
        without_code.push(cells.code.is_none());
    }
    (Arc::new(ids.finish()), Arc::new(BooleanArray::from(without_code)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use catalog::{Catalog, Layer};

    #[test]
    fn nothing_kept_of_a_register_has_a_code_or_a_birth_date() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        for table in catalog.tables(Layer::Raw).filter(|table| !table.submitted) {
            for field in kept_schema(table).fields() {
                let personal = table.column(field.name()).map(|column| column.column.personal);
                assert!(!matches!(personal, Some(Personal::Code | Personal::BirthDate)), "{}.{}", table.name, field.name());
            }
        }
    }
}
