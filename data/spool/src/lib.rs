//! Rows that a night holds for long lie in files and are read through memory maps: the system may take the memory for something else and read them
//! again, so what a night needs does not grow with its tables.
//!
//! The files have no names, are open to this process alone, and are gone when it ends, however it ends. What is in them lies in `state/kept` or in
//! the internal tier, too; columns of personal codes and birth dates stay in memory all the same.

mod column;
mod error;
mod join;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use catalog::{Personal, Table};

use self::column::Column;
pub use self::error::Error;
pub use self::join::join;

/// Bytes of a table up to which it stays in memory.
const SMALL: usize = 1 << 20;

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
        Error::File { table: self.name.clone(), folder: self.folder.clone().unwrap_or_default(), source }
    }
}

#[cfg(test)]
mod tests;
