//! Parquet: zstd, small row groups, titles and units in the metadata, no clock and no version of this build in the bytes.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use arrow::datatypes::{Field, Schema, SchemaRef};
use catalog::Released;

use super::publisher::{Publisher, Shape, refused};
use crate::error::Error;
use crate::language::say;

/// Rows of one row group: DuckDB reads in vectors of 2 048 and wants at least 122 880 rows for each thread.
const ROW_GROUP: usize = 131_072;

/// Written into every file instead of the library's version, so that an update of it alone changes nothing.
const CREATED_BY: &str = "virsis-open";

/// The Parquet publisher.
pub(super) struct Parquet;

impl Publisher for Parquet {
    fn name(&self) -> &'static str {
        "Parquet"
    }

    fn extension(&self) -> &'static str {
        "parquet"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.apache.parquet"
    }

    fn hint(&self) -> &'static str {
        say!("analizei (DuckDB, pandas, R); stulpelių tipai ir pavadinimai įrašyti faile")
    }

    fn write(&self, table: &Released, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let failed = refused(self, table);
        let pair = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
        let definition = table.table();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_created_by(CREATED_BY.to_owned())
            .set_key_value_metadata(Some(vec![
                pair("table", &definition.name),
                pair("title_lt", &definition.title.lt),
                pair("title_en", &definition.title.en),
                pair("description_lt", &definition.description.lt),
                pair("description_en", &definition.description.en),
            ]))
            .build();
        let schema = titled_schema(table);
        let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(&failed)?;
        let rows = table.rows().clone().with_schema(schema).map_err(|error| failed(error.into()))?;
        writer.write(&rows).map_err(&failed)?;
        writer.close().map_err(&failed)?;
        Ok(())
    }

    fn shape(&self, file: &Path, _: &[&str]) -> Result<Shape, String> {
        let file = File::open(file).map_err(|error| error.to_string())?;
        let reader = SerializedFileReader::new(file).map_err(|error| error.to_string())?;
        let metadata = reader.metadata().file_metadata();
        let columns = metadata.schema_descr().columns().iter().map(|column| column.path().string()).collect();
        Ok(Shape { columns, rows: u64::try_from(metadata.num_rows()).map_err(|error| error.to_string())? })
    }
}

/// The tier's schema with each column's titles, unit and classifier in the field's metadata.
fn titled_schema(table: &Released) -> SchemaRef {
    let titled = |field: &Arc<Field>| {
        let mut metadata = HashMap::new();
        if let Some(column) = table.table().column(field.name()) {
            metadata.insert("title_lt".to_owned(), column.column.title.lt.clone());
            metadata.insert("title_en".to_owned(), column.column.title.en.clone());
            if let Some(unit) = &column.column.unit {
                metadata.insert("unit".to_owned(), unit.clone());
            }
            if let Some(catalog::Check::Classifier(name)) = &column.column.check {
                metadata.insert("classifier".to_owned(), name.clone());
            }
        }
        field.as_ref().clone().with_metadata(metadata)
    };
    Arc::new(Schema::new(table.rows().schema().fields().iter().map(titled).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use arrow::compute::concat_batches;

    use super::super::samples;
    use super::*;

    #[test]
    fn all_kinds_come_back_from_parquet_with_titles() {
        let table = samples::all_kinds();
        let path = tempfile::NamedTempFile::new().unwrap();
        Parquet.write(&table, &mut path.reopen().unwrap()).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(path.reopen().unwrap()).unwrap();
        let schema = reader.schema().clone();
        assert_eq!(schema.field_with_name("suma").unwrap().metadata()["title_lt"], "suma ąž");
        assert_eq!(schema.field_with_name("suma").unwrap().metadata()["unit"], "EUR");
        let file = reader.metadata().file_metadata();
        assert_eq!(file.created_by(), Some(CREATED_BY));
        assert!(file.key_value_metadata().unwrap().iter().any(|pair| pair.key == "title_en"));
        let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
        let got = concat_batches(&schema, &batches).unwrap();
        assert_eq!(got.columns(), table.rows().columns());
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let path = tempfile::NamedTempFile::new().unwrap();
        Parquet.write(&samples::empty(), &mut path.reopen().unwrap()).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(path.reopen().unwrap()).unwrap();
        assert_eq!(reader.schema().fields().len(), samples::empty().rows().num_columns());
    }
}
