//! Tables as Parquet in the shared folder: written here in one part, or by workers in several, whose names tell the order of the rows.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, new_empty_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::trouble::Trouble;

/// Rows of a row group: workers share a file out by them.
const GROUP: usize = 128 * 1024;

/// A table in the shared folder.
#[derive(Debug)]
pub(crate) struct Parts {
    folder: PathBuf,
    files: Vec<PathBuf>,
    /// What the files say of their columns; all may be null, as DuckDB has them.
    schema: SchemaRef,
    pub(crate) rows: u64,
}

impl Parts {
    /// Writes a table into a new folder.
    pub(crate) fn write(folder: &Path, rows: &RecordBatch) -> Result<Self, Trouble> {
        let path = folder.join("part-00000.parquet");
        let open = || -> io::Result<File> {
            fs::create_dir(folder)?;
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)
        };
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let file = open().map_err(|error| of_io(&error))?;
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).map_err(|error| of_parquet(&error))?;
        writer.write(rows).map_err(|error| of_parquet(&error))?;
        writer.close().map_err(|error| of_parquet(&error))?;
        Ok(Self { folder: folder.to_owned(), files: vec![path], schema: nullable(&rows.schema()), rows: rows.num_rows() as u64 })
    }

    /// Finds what workers wrote: `rows` in all, or it is refused. A worker that does not see the shared folder writes its part somewhere else.
    pub(crate) fn find(folder: &Path, rows: u64) -> Result<Self, Trouble> {
        let files = in_order(folder)?;
        let mut schema: Option<SchemaRef> = None;
        let mut found = 0;
        for file in &files {
            let part = reader(file)?;
            found += u64::try_from(part.metadata().file_metadata().num_rows()).unwrap_or_default();
            let columns = nullable(part.schema());
            if schema.get_or_insert_with(|| columns.clone()) != &columns {
                return Err(Trouble::new("the parts of a result have different columns; run again"));
            }
        }
        let schema = schema.ok_or_else(|| missing(rows, 0))?;
        if found != rows {
            return Err(missing(rows, found));
        }
        Ok(Self { folder: folder.to_owned(), files, schema, rows })
    }

    /// All rows, in their order.
    pub(crate) fn read(&self) -> Result<RecordBatch, Trouble> {
        let mut columns: Vec<Vec<ArrayRef>> = vec![Vec::new(); self.schema.fields().len()];
        self.each(|trouble| trouble, &mut |batch| {
            let (_, arrays, _) = batch.into_parts();
            columns.iter_mut().zip(arrays).for_each(|(column, array)| column.push(array));
            Ok(())
        })?;
        let joined = columns.into_iter().zip(self.schema.fields()).map(|(mut parts, field)| match parts.len() {
            0 => Ok(new_empty_array(field.data_type())),
            1 => Ok(parts.swap_remove(0)),
            _ => concat(&parts.iter().map(AsRef::as_ref).collect::<Vec<_>>()),
        });
        let columns =
            joined.collect::<Result<_, _>>().map_err(|_| Trouble::new("a column of text is longer than one table can hold (2 GiB)"))?;
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|_| unreadable())
    }

    /// Hands out all rows in parts, in their order. That rows are missing is said at the end.
    pub(crate) fn each<E>(&self, of: impl Fn(Trouble) -> E, part: &mut dyn FnMut(RecordBatch) -> Result<(), E>) -> Result<(), E> {
        let mut found = 0;
        for file in &self.files {
            let batches = reader(file).and_then(|reader| reader.with_batch_size(GROUP).build().map_err(|error| of_parquet(&error)));
            for batch in batches.map_err(&of)? {
                let batch = batch.map_err(|_| of(unreadable()))?;
                found += batch.num_rows() as u64;
                part(batch)?;
            }
        }
        if found == self.rows { Ok(()) } else { Err(of(missing(self.rows, found))) }
    }

    /// Removes the table.
    pub(crate) fn remove(&self) -> Result<(), Trouble> {
        fs::remove_dir_all(&self.folder).map_err(|error| of_io(&error))
    }

    /// As Spark names the folder.
    pub(crate) fn address(&self) -> String {
        address(&self.folder)
    }

    /// Whether a file that a statement reads is one of it.
    pub(crate) fn holds(&self, address: &str) -> bool {
        let path = address.strip_prefix("file:").map(|path| Path::new("/").join(path.trim_start_matches('/')));
        path.is_some_and(|path| path.parent() == Some(&self.folder))
    }

    /// The columns in the words of a CREATE TABLE.
    pub(crate) fn columns(&self) -> Result<String, Trouble> {
        let column = |field: &Arc<Field>| {
            let kind = match field.data_type() {
                DataType::Utf8 => "STRING".to_owned(),
                DataType::Int64 => "BIGINT".to_owned(),
                DataType::Int32 => "INT".to_owned(),
                DataType::Float64 => "DOUBLE".to_owned(),
                DataType::Date32 => "DATE".to_owned(),
                DataType::Boolean => "BOOLEAN".to_owned(),
                DataType::Decimal128(width, places) => format!("DECIMAL({width},{places})"),
                kind => return Err(Trouble(format!("column {} is of type {kind}, which tables do not have", field.name()))),
            };
            Ok(format!("`{}` {kind}", field.name().replace('`', "``")))
        };
        Ok(self.schema.fields().iter().map(column).collect::<Result<Vec<_>, Trouble>>()?.join(", "))
    }
}

/// As Spark names a folder.
pub(crate) fn address(folder: &Path) -> String {
    format!("file://{}", folder.display())
}

/// The parts that workers wrote, in the order of the rows: `part-00012-…-c000.zstd.parquet`.
fn in_order(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| of_io(&error))? {
        let entry = entry.map_err(|error| of_io(&error))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Sums of parts, and the sign that all of them are there.
        if name.starts_with(['.', '_']) {
            continue;
        }
        let place = place(&name).filter(|_| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let place = place
            .ok_or_else(|| Trouble::new("something lies beside the parts of a result that no worker writes; see who may write there"))?;
        parts.push((place, entry.path()));
    }
    parts.sort();
    if parts.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Trouble::new("a part of a result is there twice; run again"));
    }
    Ok(parts.into_iter().map(|(_, path)| path).collect())
}

/// Number of a part, and of a file of it.
fn place(name: &str) -> Option<(u64, u64)> {
    let rest = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
    let (part, rest) = rest.split_once('-')?;
    let (_, file) = rest.rsplit_once("-c")?;
    let (file, _) = file.split_once('.')?;
    Some((part.parse().ok()?, file.parse().ok()?))
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, Trouble> {
    let file = File::open(path).map_err(|error| of_io(&error))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| of_parquet(&error))
}

fn nullable(schema: &Schema) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().iter().map(|field| Field::new(field.name(), field.data_type().clone(), true)).collect::<Vec<_>>()))
}

fn missing(rows: u64, found: u64) -> Trouble {
    Trouble(format!(
        "workers made {rows} rows, and {found} are in the shared folder: not every worker sees it, or somebody else writes there; see engine.shared"
    ))
}

fn unreadable() -> Trouble {
    Trouble::new("a part of a table in the shared folder cannot be read; run again")
}

fn of_io(error: &io::Error) -> Trouble {
    if error.kind() == io::ErrorKind::StorageFull {
        return Trouble::new("the shared folder is full; engine.shared needs room for all tables of a night at once");
    }
    Trouble(format!("the shared folder cannot be read or written ({}); see engine.shared", error.kind()))
}

fn of_parquet(error: &ParquetError) -> Trouble {
    match error {
        ParquetError::External(cause) => cause.downcast_ref::<io::Error>().map_or_else(unreadable, of_io),
        // It holds words alone.
        ParquetError::General(words) if words.contains("os error 28") => of_io(&io::ErrorKind::StorageFull.into()),
        _ => unreadable(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};

    fn rows(first: i64) -> RecordBatch {
        let decimals = Decimal128Array::from(vec![Some(-105), None, Some(99)]);
        RecordBatch::try_from_iter([
            ("n", Arc::new(Int64Array::from(vec![Some(first), None, Some(i64::MAX)])) as ArrayRef),
            ("t", Arc::new(StringArray::from(vec![Some("Žalčių karalienė"), None, Some("")]))),
            ("d", Arc::new(Date32Array::from(vec![Some(20_757), None, Some(-1)]))),
            ("b", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
            ("m", Arc::new(decimals.with_precision_and_scale(18, 2).unwrap())),
            ("s", Arc::new(Decimal128Array::from(vec![Some(7), None, Some(99)]).with_precision_and_scale(38, 12).unwrap())),
        ])
        .unwrap()
    }

    /// As a worker writes a part.
    fn part(folder: &Path, name: &str, first: i64) {
        let beside = folder.join("_beside");
        let _ = fs::remove_dir_all(&beside);
        Parts::write(&beside, &rows(first)).unwrap();
        fs::rename(beside.join("part-00000.parquet"), folder.join(name)).unwrap();
    }

    #[test]
    fn a_table_comes_back_with_its_types_and_every_column_may_be_null() {
        let folder = tempfile::tempdir().unwrap();
        let parts = Parts::write(&folder.path().join("a"), &rows(1)).unwrap();
        assert_eq!(parts.read().unwrap(), rows(1));
        assert_eq!(parts.columns().unwrap(), "`n` BIGINT, `t` STRING, `d` DATE, `b` BOOLEAN, `m` DECIMAL(18,2), `s` DECIMAL(38,12)");
        let file = format!("{}/part-00000.parquet", parts.address());
        assert!(parts.holds(&file) && parts.holds(&file.replace("file:///", "file:/")));
        assert!(!parts.holds("file:/etc/passwd") && !parts.holds("hdfs://x/part-00000.parquet"));
        parts.remove().unwrap();
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    }

    #[test]
    fn parts_are_read_in_their_order_and_must_be_all_that_was_written() {
        let folder = tempfile::tempdir().unwrap();
        for (name, first) in
            [("part-00010-x-c000.zstd.parquet", 2), ("part-00002-x-c001.zstd.parquet", 1), ("part-00002-x-c000.zstd.parquet", 0)]
        {
            part(folder.path(), name, first);
        }
        part(folder.path(), "part-100000-x-c000.zstd.parquet", 3);
        fs::write(folder.path().join("_SUCCESS"), "").unwrap();
        let read = Parts::find(folder.path(), 12).unwrap().read().unwrap();
        let wanted: Vec<RecordBatch> = (0..4).map(rows).collect();
        assert_eq!(read, arrow::compute::concat_batches(&rows(0).schema(), &wanted).unwrap());
        assert!(Parts::find(folder.path(), 13).unwrap_err().0.contains("not every worker"));
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("part-00011-x-c000.zstd.parquet")).unwrap();
        assert!(Parts::find(folder.path(), 12).is_err(), "a link");
    }
}
