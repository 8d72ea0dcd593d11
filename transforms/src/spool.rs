//! Rows that a night holds for long lie in files and are read through memory maps: the system may take the memory for something else and read them
//! again, so what a night needs does not grow with its tables.
//!
//! The files have no names, are open to this process alone, and are gone when it ends, however it ends. What is in them lies in `state/kept` or in
//! the internal tier, too; columns of personal codes and birth dates stay in memory all the same.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayData, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, RecordBatch, StringArray, make_array};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use catalog::{Personal, Table};
use memmap2::Mmap;

use crate::Error;
use crate::join::join;

/// Bytes of a table up to which it stays in memory.
const SMALL: usize = 1 << 20;
/// Bytes written at a time.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// Where such files are.
#[derive(Debug, Clone, Default)]
pub struct Spool {
    folder: Option<PathBuf>,
}

impl Spool {
    /// In a folder on whose file system is room for all tables of a night, unpacked.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// Nowhere: rows stay in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::default()
    }

    /// A table that is put here in parts, with some of its columns; in memory, if personal codes or birth dates are among them.
    #[must_use]
    pub fn table(&self, table: &Table, schema: SchemaRef) -> SpooledTable {
        let is_secret = |field: &FieldRef| {
            let mut columns = table.columns.iter().filter(|used| used.column.name == *field.name());
            columns.any(|used| matches!(used.column.personal, Personal::Code | Personal::BirthDate))
        };
        let folder = self.folder.clone().filter(|_| !schema.fields().iter().any(is_secret));
        SpooledTable { name: table.name.clone(), folder, schema, bytes: 0, parts: Vec::new(), columns: None }
    }

    /// Rows of a table with its large columns here; those that are columns of `others`, too, wait already.
    ///
    /// # Errors
    /// As [`SpooledTable::push`] and [`SpooledTable::finish`].
    pub fn put(&self, table: &Table, rows: &RecordBatch, others: Option<&RecordBatch>) -> Result<RecordBatch, Error> {
        let put = |(field, column): (&FieldRef, &ArrayRef)| {
            if others.is_some_and(|others| others.columns().iter().any(|other| Arc::ptr_eq(other, column))) {
                return Ok(column.clone());
            }
            let schema: SchemaRef = Arc::new(Schema::new(vec![field.clone()]));
            let mut spooled = self.table(table, schema.clone());
            spooled.push(RecordBatch::try_new(schema, vec![column.clone()]).map_err(Error::arrow(&table.name))?)?;
            Ok(spooled.finish()?.column(0).clone())
        };
        let columns = rows.schema().fields().iter().zip(rows.columns()).map(put).collect::<Result<_, Error>>()?;
        RecordBatch::try_new(rows.schema(), columns).map_err(Error::arrow(&table.name))
    }
}

/// A table that is being put together: in memory as long as it is small, then in files. Not to be printed: it has rows.
pub struct SpooledTable {
    name: String,
    folder: Option<PathBuf>,
    schema: SchemaRef,
    bytes: usize,
    parts: Vec<RecordBatch>,
    columns: Option<Vec<Column>>,
}

impl std::fmt::Debug for SpooledTable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SpooledTable({})", self.name)
    }
}

impl SpooledTable {
    /// Appends rows of its schema.
    ///
    /// # Errors
    /// The disk is full, a column of text gets longer than 2 GiB, or the rows have other columns.
    pub fn push(&mut self, rows: RecordBatch) -> Result<(), Error> {
        self.bytes += rows.columns().iter().map(|column| column.get_array_memory_size()).sum::<usize>();
        self.parts.push(rows);
        match self.folder.clone().filter(|_| self.columns.is_some() || self.bytes > SMALL) {
            Some(folder) => self.write(&folder).map_err(|source| self.failed(source)),
            None => Ok(()),
        }
    }

    /// All of them, in their order.
    ///
    /// # Errors
    /// A file cannot be mapped into memory.
    pub fn finish(mut self) -> Result<RecordBatch, Error> {
        let Some(columns) = self.columns.take() else {
            return join(&self.schema, self.parts).map_err(Error::arrow(&self.name));
        };
        let fields = self.schema.fields().iter();
        let arrays = columns.into_iter().zip(fields).map(|(column, field)| column.finish(field.data_type())).collect::<Result<_, _>>();
        let arrays = arrays.map_err(|source| self.failed(source))?;
        RecordBatch::try_new(self.schema.clone(), arrays).map_err(Error::arrow(&self.name))
    }
}

impl SpooledTable {
    /// Writes what waits in memory to the files.
    fn write(&mut self, folder: &Path) -> io::Result<()> {
        let columns = match &mut self.columns {
            Some(columns) => columns,
            None => {
                let columns = self.schema.fields().iter().map(|field| Column::create(folder, field.data_type()));
                self.columns.insert(columns.collect::<Result<_, _>>()?)
            }
        };
        for part in self.parts.drain(..) {
            columns.iter_mut().zip(part.columns()).try_for_each(|(column, array)| column.push(array))?;
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Spool { table: self.name.clone(), folder: self.folder.clone().unwrap_or_default(), source }
    }
}

/// One column: which cells are filled, and the values as Arrow lays them out.
#[derive(Debug)]
struct Column {
    filled: BooleanBufferBuilder,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// A bit each, so they stay in memory.
    Bits(BooleanBufferBuilder),
    /// Values of so many bytes.
    Fixed(usize, SpoolFile),
    Text {
        /// Where each text ends.
        ends: SpoolFile,
        letters: SpoolFile,
        length: i32,
    },
}

impl Column {
    fn create(folder: &Path, kind: &DataType) -> io::Result<Self> {
        let values = match kind {
            DataType::Boolean => Values::Bits(BooleanBufferBuilder::new(0)),
            DataType::Utf8 => {
                let mut ends = SpoolFile::create(folder)?;
                ends.write(&0_i32.to_ne_bytes())?;
                Values::Text { ends, letters: SpoolFile::create(folder)?, length: 0 }
            }
            kind => match kind.primitive_width() {
                Some(width) => Values::Fixed(width, SpoolFile::create(folder)?),
                None => return Err(io::Error::other(format!("columns of type {kind} cannot be put there"))),
            },
        };
        Ok(Self { filled: BooleanBufferBuilder::new(0), values })
    }

    fn push(&mut self, array: &ArrayRef) -> io::Result<()> {
        match array.nulls() {
            Some(nulls) => self.filled.append_buffer(nulls.inner()),
            None => self.filled.append_n(array.len(), true),
        }
        match &mut self.values {
            Values::Bits(bits) => bits.append_buffer(array.as_boolean().values()),
            Values::Fixed(width, file) => {
                let data = array.to_data();
                let (begin, length) = (data.offset() * *width, data.len() * *width);
                file.write(&data.buffers()[0][begin..begin + length])?;
            }
            Values::Text { ends, letters, length } => {
                let texts = array.as_string::<i32>();
                let (begin, end) = (texts.value_offsets()[0], texts.value_offsets()[texts.len()]);
                length.checked_add(end - begin).ok_or_else(|| io::Error::other("a column of text ends at 2 GiB"))?;
                for place in &texts.value_offsets()[1..] {
                    ends.write(&(*length + (place - begin)).to_ne_bytes())?;
                }
                letters.write(&texts.value_data()[begin as usize..end as usize])?;
                *length += end - begin;
            }
        }
        Ok(())
    }

    fn finish(mut self, kind: &DataType) -> io::Result<ArrayRef> {
        let rows = self.filled.len();
        let filled = Some(NullBuffer::new(self.filled.finish())).filter(|filled| filled.null_count() > 0);
        let wrong = |error: ArrowError| io::Error::other(error.to_string());
        Ok(match self.values {
            Values::Bits(mut bits) => Arc::new(BooleanArray::new(bits.finish(), filled)),
            Values::Fixed(_, file) => {
                let data = ArrayData::builder(kind.clone()).len(rows).nulls(filled).add_buffer(file.map()?);
                make_array(data.build().map_err(wrong)?)
            }
            Values::Text { ends, letters, .. } => {
                let ends = OffsetBuffer::new(ScalarBuffer::new(ends.map()?, 0, rows + 1));
                Arc::new(StringArray::try_new(ends, letters.map()?, filled).map_err(wrong)?)
            }
        })
    }
}

/// A file without a name.
#[derive(Debug)]
struct SpoolFile(BufWriter<File>);

impl SpoolFile {
    fn create(folder: &Path) -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(WRITTEN_AT_ONCE, tempfile::tempfile_in(folder)?)))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// What was written, as memory.
    #[expect(unsafe_code, reason = "a memory map is only sound while nobody changes the file, which no type can say")]
    fn map(self) -> io::Result<Buffer> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        // SAFETY: the file has no name, so no other process can open it, and this one writes no more: its only handle is dropped here.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Buffer::from(bytes::Bytes::from_owner(map)))
    }
}

#[cfg(test)]
mod tests;
