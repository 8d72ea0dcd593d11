//! Points in time for printing: all in UTC.
//!
//! What an engine calls a time with zone is a number of microseconds since 1970 in UTC, with the name of a zone beside it. Arrow prints
//! only zones that are offsets, so the name is replaced; the point in time stays the same.

use std::sync::Arc;

use arrow::array::{ArrayData, ArrayRef, make_array};
use arrow::datatypes::{DataType, Field, Fields};
use arrow::error::ArrowError;

const UTC: &str = "+00:00";

/// The same values, with every time in UTC, those in lists and records too.
pub(crate) fn told(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let kind = kind(array.data_type());
    if kind == *array.data_type() { Ok(array.clone()) } else { Ok(make_array(data(array.to_data())?)) }
}

fn data(data: ArrayData) -> Result<ArrayData, ArrowError> {
    let children = data.child_data().iter().cloned().map(self::data).collect::<Result<Vec<_>, _>>()?;
    let kind = kind(data.data_type());
    data.into_builder().data_type(kind).child_data(children).build()
}

fn kind(of: &DataType) -> DataType {
    let field = |field: &Arc<Field>| Arc::new(field.as_ref().clone().with_data_type(kind(field.data_type())));
    match of {
        DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some(UTC.into())),
        DataType::List(of) => DataType::List(field(of)),
        DataType::LargeList(of) => DataType::LargeList(field(of)),
        DataType::FixedSizeList(of, length) => DataType::FixedSizeList(field(of), *length),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect::<Fields>()),
        DataType::Map(of, sorted) => DataType::Map(field(of), *sorted),
        DataType::Union(fields, mode) => DataType::Union(fields.iter().map(|(id, of)| (id, field(of))).collect(), *mode),
        other => other.clone(),
    }
}
