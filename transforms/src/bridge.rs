//! The one bridge between arrow-rs (connectors, DuckDB, publishers) and Polars, which has an Arrow of its own.
//!
//! Both sides speak the Arrow C data interface, so columns cross without being copied.

use std::mem::transmute;

use arrow::array::{Array, ArrayRef, RecordBatch, make_array};
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use polars::prelude::{Column, CompatLevel, DataFrame, IntoColumn, Series};
use polars_arrow::ffi::{ArrowArray, ArrowSchema, export_array_to_c, export_field_to_c, import_array_from_c, import_field_from_c};

use crate::Error;

/// A table of arrow-rs as a Polars frame.
///
/// # Errors
/// A column's type has no counterpart; the types of the catalog all have one.
pub fn to_frame(rows: &RecordBatch, step: &'static str) -> Result<DataFrame, Error> {
    let columns = rows
        .schema()
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, array)| import(field.name(), array).map_err(Error::frame(step)))
        .collect::<Result<Vec<Column>, _>>()?;
    DataFrame::new(rows.num_rows(), columns).map_err(Error::frame(step))
}

/// A Polars frame as a table of arrow-rs with exactly the columns and types of `schema`.
///
/// # Errors
/// A column of `schema` is missing in the frame, or cannot be cast.
pub fn to_rows(frame: &DataFrame, schema: &SchemaRef, step: &'static str) -> Result<RecordBatch, Error> {
    let arrays = schema
        .fields()
        .iter()
        .map(|field| {
            let column = frame.column(field.name()).map_err(Error::frame(step))?;
            let array = export(column.as_materialized_series()).map_err(Error::arrow(step))?;
            cast(&array, field.data_type()).map_err(Error::arrow(step))
        })
        .collect::<Result<Vec<ArrayRef>, Error>>()?;
    RecordBatch::try_new(schema.clone(), arrays).map_err(Error::arrow(step))
}

#[expect(unsafe_code, reason = "the Arrow C data interface is the only door between the two Arrow libraries")]
fn import(name: &str, array: &ArrayRef) -> polars::prelude::PolarsResult<Column> {
    let failed = |error: arrow::error::ArrowError| polars::error::PolarsError::ComputeError(error.to_string().into());
    let (array, schema): (FFI_ArrowArray, FFI_ArrowSchema) = to_ffi(&array.to_data()).map_err(failed)?;
    // SAFETY: both crates declare the two structs of the Arrow C data interface field by field as the standard lays them out
    // (`repr(C)`, equal size, checked by `transmute`). Ownership moves: the originals are consumed here, and the release callback
    // inside is called exactly once, by the importer's drop.
    let array = unsafe {
        let schema = transmute::<FFI_ArrowSchema, ArrowSchema>(schema);
        let field = import_field_from_c(&schema)?;
        import_array_from_c(transmute::<FFI_ArrowArray, ArrowArray>(array), field.dtype)?
    };
    Ok(Series::from_arrow(name.into(), array)?.into_column())
}

#[expect(unsafe_code, reason = "the Arrow C data interface is the only door between the two Arrow libraries")]
fn export(series: &Series) -> Result<ArrayRef, arrow::error::ArrowError> {
    let series = series.rechunk();
    let field = series.field().to_arrow(CompatLevel::newest());
    let (array, schema) = (export_array_to_c(series.to_arrow(0, CompatLevel::newest())), export_field_to_c(&field));
    // SAFETY: as in `import`, in the other direction; `from_ffi` takes ownership of the array and only reads the schema,
    // which is dropped (and so released) at the end of this block.
    let data = unsafe {
        let schema = transmute::<ArrowSchema, FFI_ArrowSchema>(schema);
        from_ffi(transmute::<ArrowArray, FFI_ArrowArray>(array), &schema)?
    };
    Ok(make_array(data))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use arrow::array::{BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
    use arrow::datatypes::{Field, Schema};
    use catalog::Kind;

    #[test]
    fn every_kind_crosses_the_bridge_and_comes_back_unchanged() {
        let arrays: Vec<(Kind, ArrayRef)> = vec![
            (Kind::Text, Arc::new(StringArray::from(vec![Some("Žalčių karalienė ir jos devyni broliai"), None, Some("")]))),
            (Kind::Integer, Arc::new(Int64Array::from(vec![Some(-1), None, Some(i64::MAX)]))),
            (Kind::Money, Arc::new(Decimal128Array::from(vec![Some(-105), None, Some(99)]).with_data_type(Kind::Money.arrow()))),
            (
                Kind::Share,
                Arc::new(Decimal128Array::from(vec![Some(1_000_000_000_000), None, Some(1)]).with_data_type(Kind::Share.arrow())),
            ),
            (Kind::Date, Arc::new(Date32Array::from(vec![Some(20_757), None, Some(-1)]))),
            (Kind::Boolean, Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ];
        let fields: Vec<_> = arrays.iter().map(|(kind, _)| Field::new(format!("{kind:?}"), kind.arrow(), true)).collect();
        let rows = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays.into_iter().map(|(_, array)| array).collect()).unwrap();
        let back = to_rows(&to_frame(&rows, "test").unwrap(), &rows.schema(), "test").unwrap();
        assert_eq!(rows, back);
    }
}
