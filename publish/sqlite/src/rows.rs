//! The rows of a batch, written in the order of their key.

use std::path::Path;

use arrow::array::{Array, AsArray, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{SortColumn, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use arrow::error::ArrowError;
use catalog::Cells;
use memchr::memchr;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use crate::Error;
use crate::error::failed;
use crate::layout::Layout;

/// What a printed date has: `2026-10-31`. Beyond the years 0 to 9999, which SQLite's functions know, it would have more.
const DATE: usize = 10;

/// So many rows are put in order at a time: what they hold stays in the processor's cache until it is written.
const TOGETHER: usize = 4_096;

/// Writes all rows of a batch. In the order of the key pages are filled one after the other, and nothing is moved.
pub(crate) fn insert(connection: &Connection, layout: &Layout<'_>, rows: &RecordBatch, path: &Path) -> Result<(), Error> {
    let failed = failed(layout.name(), path);
    let unreadable = |error: ArrowError| Error::Rows { table: layout.table.name.clone(), reason: error.to_string() };
    let mut statement = connection.prepare(&layout.insert()).map_err(&failed)?;
    let mut date = Vec::with_capacity(DATE);
    let order = order(layout, rows).map_err(unreadable)?;
    for numbers in order.values().chunks(TOGETHER) {
        let together = take_record_batch(rows, &UInt32Array::from(numbers.to_vec())).map_err(unreadable)?;
        let columns: Vec<Values<'_>> = together.columns().iter().map(|column| Values::of(column)).collect();
        for (row, number) in numbers.iter().enumerate() {
            for (place, values) in columns.iter().enumerate() {
                let cell = |reason| Error::Cell {
                    table: layout.table.name.clone(),
                    column: layout.columns[place].column.name.clone(),
                    row: *number as usize + 1,
                    reason,
                };
                let value = Bound(values.at(row, &mut date).map_err(cell)?);
                statement.raw_bind_parameter(place + 1, value).map_err(&failed)?;
            }
            statement.raw_execute().map_err(&failed)?;
        }
    }
    Ok(())
}

/// Row numbers in the order of the primary key: SQLite's own, which compares text byte by byte. Without a key, as they come.
fn order(layout: &Layout<'_>, rows: &RecordBatch) -> Result<UInt32Array, ArrowError> {
    if layout.key.is_empty() {
        let count = u32::try_from(rows.num_rows()).map_err(|_| ArrowError::InvalidArgumentError("too many rows".to_owned()))?;
        return Ok((0..count).collect());
    }
    let by: Vec<SortColumn> = layout.key.iter().map(|&place| SortColumn { values: rows.column(place).clone(), options: None }).collect();
    lexsort_to_indices(&by, None)
}

/// A column whose type is determined once.
enum Values<'a> {
    /// Of texts it is known whether any has a NUL character.
    Text(&'a StringArray, bool),
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
            DataType::Utf8 => {
                let texts: &StringArray = array.as_string();
                Self::Text(texts, memchr(0, texts.value_data()).is_some())
            }
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
            Self::Text(values, may_have_nul) if values.is_valid(row) => match values.value(row).as_bytes() {
                text if *may_have_nul && text.contains(&0) => {
                    return Err("a text with a NUL character, at which many programs would end it");
                }
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
