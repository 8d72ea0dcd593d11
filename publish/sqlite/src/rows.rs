//! The rows of a batch, written in the order of their key.

use std::path::Path;

use arrow::array::{Array, AsArray, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::{SortColumn, lexsort_to_indices};
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use catalog::Cells;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use crate::Error;
use crate::error::failed;
use crate::layout::Layout;

/// What a printed date has: `2026-10-31`. Beyond the years 0 to 9999, which SQLite's functions know, it would have more.
const DATE: usize = 10;

/// Writes all rows of a batch. In the order of the key pages are filled one after the other, and nothing is moved.
pub(crate) fn insert(connection: &Connection, layout: &Layout<'_>, rows: &RecordBatch, path: &Path) -> Result<(), Error> {
    let failed = failed(layout.name(), path);
    let mut statement = connection.prepare(&layout.insert()).map_err(&failed)?;
    let columns: Vec<Values<'_>> = rows.columns().iter().map(|column| Values::of(column)).collect();
    let mut date = Vec::with_capacity(DATE);
    for row in order(layout, rows)? {
        for (place, values) in columns.iter().enumerate() {
            let cell = |reason| Error::Cell {
                table: layout.table.name.clone(),
                column: layout.columns[place].column.name.clone(),
                row: row + 1,
                reason,
            };
            let value = Bound(values.at(row, &mut date).map_err(cell)?);
            statement.raw_bind_parameter(place + 1, value).map_err(&failed)?;
        }
        statement.raw_execute().map_err(&failed)?;
    }
    Ok(())
}

/// Row numbers in the order of the primary key: SQLite's own, which compares text byte by byte. Without a key, as they come.
fn order(layout: &Layout<'_>, rows: &RecordBatch) -> Result<Vec<usize>, Error> {
    if layout.key.is_empty() {
        return Ok((0..rows.num_rows()).collect());
    }
    let by: Vec<SortColumn> = layout.key.iter().map(|&place| SortColumn { values: rows.column(place).clone(), options: None }).collect();
    let sorted = lexsort_to_indices(&by, None);
    let sorted = sorted.map_err(|error| Error::Order { table: layout.table.name.clone(), reason: error.to_string() })?;
    Ok(sorted.values().iter().map(|&row| row as usize).collect())
}

/// A column whose type is determined once.
enum Values<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Decimal(&'a Decimal128Array),
    Boolean(&'a BooleanArray),
    Date(Cells<'a>),
}

impl<'a> Values<'a> {
    /// # Panics
    /// When the column has a type that no [`catalog::Kind`] maps to; the layout has refused it.
    fn of(array: &'a dyn Array) -> Self {
        match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::Int64 => Self::Integer(array.as_primitive::<Int64Type>()),
            DataType::Decimal128(..) => Self::Decimal(array.as_primitive::<Decimal128Type>()),
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Date32 => Self::Date(Cells::of(array)),
            _ => unreachable!("Kind::arrow has no other type"),
        }
    }

    /// The cell as SQLite stores it, or why it cannot be stored. What lies below an empty cell is not looked at.
    fn at<'b>(&'b self, row: usize, date: &'b mut Vec<u8>) -> Result<ValueRef<'b>, &'static str> {
        Ok(match self {
            Self::Text(values) if values.is_valid(row) => match values.value(row).as_bytes() {
                text if text.contains(&0) => return Err("a text with a NUL character, at which many programs would end it"),
                text => ValueRef::Text(text),
            },
            Self::Integer(values) if values.is_valid(row) => ValueRef::Integer(values.value(row)),
            Self::Decimal(values) if values.is_valid(row) => {
                ValueRef::Integer(i64::try_from(values.value(row)).map_err(|_| "a decimal of more than 18 digits")?)
            }
            Self::Boolean(values) if values.is_valid(row) => ValueRef::Integer(i64::from(values.value(row))),
            Self::Date(cells) if !cells.is_null(row) => {
                date.clear();
                cells.print(row, date);
                if date.len() != DATE {
                    return Err("a date outside the years 0 to 9999");
                }
                ValueRef::Text(date)
            }
            _ => ValueRef::Null,
        })
    }
}

/// A value bound without a copy.
struct Bound<'a>(ValueRef<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}
