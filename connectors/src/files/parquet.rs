//! Parquet: columns by name, cast to text, batch after batch.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use catalog::Table;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, Type};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use super::guarded::guarded;
use super::numbers::{date, number, plain};
use crate::headings::KnownHeadings;
use crate::place::Place;
use crate::row_builder::{BATCH_ROWS, RowBuilder};
use crate::transport::Batch;
use crate::{Error, Extract};

/// The first and the last bytes of every Parquet file.
const MARK: &[u8] = b"PAR1";

/// Splits a Parquet file into batches; an iterator.
pub(super) struct Parquet {
    place: Place,
    schema: SchemaRef,
    /// For each column that is read, the column it fills.
    targets: Vec<usize>,
    reader: ParquetRecordBatchReader,
    row_number: u64,
    failed: bool,
}

/// One column of a batch.
enum Texts {
    Written(StringArray),
    /// Decimal numbers with all places of their scale.
    Decimals(StringArray),
    /// Floating-point numbers, some of which cannot be written.
    Numbers(ArrayRef),
    /// Points in time.
    Moments(StringArray),
}

impl Parquet {
    /// Begins to read and settles the columns.
    ///
    /// # Errors
    /// It is no Parquet file, was cut, or its columns are not those the connector knows.
    pub(super) fn open<R: ChunkReader + 'static>(place: &Place, extract: &Extract, table: &Table, file: R) -> Result<Self, Error> {
        let (bytes, mark) = (file.len(), MARK.len() as u64);
        if bytes == 0 {
            return Err(place.truncated("it is empty"));
        }
        let is_mark = |start| file.get_bytes(start, MARK.len()).is_ok_and(|found| found == MARK);
        if !is_mark(0) {
            return Err(place.wrong_form("it is no Parquet file"));
        }
        if bytes <= 2 * mark || !is_mark(bytes - mark) {
            return Err(place.truncated("its last bytes are missing"));
        }
        // What these crates say may hold a cell's value: statistics do.
        let metadata = metadata(&file).map_err(|_| place.damaged("its footer cannot be read"))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let columns = builder.metadata().row_groups().iter().flat_map(|group| group.columns());
        let readable = |compression| matches!(compression, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_));
        if !columns.map(|column| column.compression()).all(readable) {
            return Err(place.wrong_form("it is compressed otherwise than with Snappy or Zstandard"));
        }
        let found: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let settled = KnownHeadings::new(extract, table).settle(&found, place)?;
        if settled.is_data {
            return Err(place.no_headings());
        }
        let used = |at: &usize| settled.targets[*at].is_some();
        let picked: Vec<usize> = (0..found.len()).filter(used).collect();
        for &at in &picked {
            let kind = builder.schema().field(at).data_type();
            if !is_text_like(kind) {
                let (source_name, path) = (place.source, place.path.clone());
                return Err(Error::ColumnType { source_name, path, heading: found[at].clone(), found: kind.to_string() });
            }
        }
        let targets = picked.iter().filter_map(|&at| settled.targets[at]).collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), picked);
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
        let reader = reader.map_err(|_| place.damaged("its footer cannot be read"))?;
        Ok(Self { place: place.clone(), schema: table.raw_schema(), targets, reader, row_number: 0, failed: false })
    }

    fn batch(&mut self, read: Result<RecordBatch, ArrowError>) -> Result<Option<Batch>, Error> {
        let undecodable = |_| self.place.damaged("its columns cannot be decoded");
        let read = read.map_err(undecodable)?;
        let columns = read.columns().iter().map(Texts::of).collect::<Result<Vec<_>, _>>().map_err(undecodable)?;
        let mut rows = RowBuilder::new(&self.schema);
        for row in 0..read.num_rows() {
            self.row_number += 1;
            let cells: Option<Vec<Cow<'_, str>>> = columns.iter().map(|column| column.cell(row)).collect();
            let Some(cells) = cells else {
                rows.reject(self.row_number, "cell");
                continue;
            };
            for (column, cell) in self.targets.iter().zip(cells) {
                rows.cell(*column, &cell);
            }
            rows.row(self.row_number);
        }
        rows.finish().map_err(|error| self.place.read(std::io::Error::other(error)))
    }
}

impl Texts {
    fn of(column: &ArrayRef) -> Result<Self, ArrowError> {
        let written = |column: &ArrayRef| Ok::<_, ArrowError>(cast(column, &DataType::Utf8)?.as_string::<i32>().clone());
        Ok(match column.data_type() {
            DataType::Float64 => Self::Numbers(column.clone()),
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
                Self::Decimals(written(column)?)
            }
            DataType::Timestamp(..) | DataType::Date64 => Self::Moments(written(column)?),
            // As extract format 1 writes yes and no.
            DataType::Boolean => Self::Written(written(&cast(column, &DataType::Int8)?)?),
            _ => Self::Written(written(column)?),
        })
    }

    /// The text of a cell; `None` where its digits may be lost.
    fn cell(&self, row: usize) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Written(texts) if texts.is_valid(row) => texts.value(row).into(),
            Self::Decimals(texts) if texts.is_valid(row) => plain(texts.value(row))?.into(),
            Self::Moments(texts) if texts.is_valid(row) => date(texts.value(row)).into(),
            Self::Numbers(numbers) if numbers.is_valid(row) => number(numbers.as_primitive::<Float64Type>().value(row))?.into(),
            _ => "".into(),
        })
    }
}

/// What a file says of itself, with the types as which its columns are read.
///
/// Points in time of older writers (INT96) count days and reach further than 64 bits of nanoseconds do, as which they would be read:
/// 9999-12-31, an end that is open, would come out as a day of the year 1816.
fn metadata<R: ChunkReader>(file: &R) -> Result<ArrowReaderMetadata, ParquetError> {
    let read = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
    let columns = read.metadata().file_metadata().schema_descr();
    let old = |leaf: &usize| columns.column(*leaf).physical_type() == Type::INT96;
    let old: Vec<usize> = (0..columns.num_columns()).filter(old).map(|leaf| columns.get_column_root_idx(leaf)).collect();
    if old.is_empty() {
        return Ok(read);
    }
    let as_read = |(at, field): (usize, &Arc<Field>)| match field.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, zone) if old.contains(&at) => {
            field.as_ref().clone().with_data_type(DataType::Timestamp(TimeUnit::Millisecond, zone.clone()))
        }
        _ => field.as_ref().clone(),
    };
    let schema = Schema::new(read.schema().fields().iter().enumerate().map(as_read).collect::<Vec<_>>());
    ArrowReaderMetadata::try_new(read.metadata().clone(), ArrowReaderOptions::new().with_schema(Arc::new(schema)))
}

/// Whether a type has one reading as text. Short floating-point numbers have lost digits of codes; times of a zone leave their day open.
fn is_text_like(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
        DataType::Timestamp(_, zone) => zone.is_none(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null => true,
        DataType::Float64 | DataType::Date32 | DataType::Date64 => true,
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => true,
        _ => kind.is_integer(),
    }
}

impl Iterator for Parquet {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.failed {
                return None;
            }
            let batch = match guarded(&self.place, || self.reader.next()) {
                Ok(read) => self.batch(read?),
                Err(error) => Err(error),
            };
            self.failed = batch.is_err();
            // A batch of no rows is none.
            if let Some(batch) = batch.transpose() {
                return Some(batch);
            }
        }
    }
}
