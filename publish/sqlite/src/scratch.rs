//! The file in which rows are put in order before SQLite packs them into the one that is published.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use catalog::DatabaseTable;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, failed};
use crate::layout::{Layout, identifying_columns};
use crate::{APPLICATION_ID, FORMAT, description, rows};

/// Nobody else sees the file, so nothing guards it; what its checks ask of dates and booleans follows from the types of the columns that rows
/// come from. The cache has 32 MiB, with which indices are made a third faster.
const SETTINGS: &str = "
    PRAGMA encoding = 'UTF-8';
    PRAGMA page_size = 4096;
    PRAGMA auto_vacuum = NONE;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    PRAGMA ignore_check_constraints = ON;
    PRAGMA trusted_schema = OFF;
    BEGIN;
";

/// A scratch file with all rows; it is removed when it is dropped.
pub(crate) struct Scratch {
    path: PathBuf,
    connection: Connection,
}

impl Scratch {
    /// One in which all rows are written.
    pub(crate) fn made(beside: &Path, tables: &[&dyn DatabaseTable], layouts: &[Layout<'_>]) -> Result<Self, Error> {
        let path = path(beside);
        let failed = failed("making the scratch file", &path);
        File::create_new(&path).map_err(|source| Error::Create { path: path.clone(), source })?;
        let scratch = Self::opened(path.clone())?;
        create(&scratch.connection, layouts, |place| scratch.insert(&layouts[place], tables[place]), &failed)?;
        scratch.described(layouts)
    }

    /// A copy of the last release's file in which changed tables have their new rows. None if tables stand otherwise in that file than they
    /// would be made now.
    pub(crate) fn copied(beside: &Path, last: &Path, tables: &[&dyn DatabaseTable], layouts: &[Layout<'_>]) -> Result<Option<Self>, Error> {
        let path = path(beside);
        let failed = failed("making the scratch file", &path);
        let expected = Connection::open_in_memory().map_err(&failed)?;
        create(&expected, layouts, |_| Ok(()), &failed)?;
        fs::copy(last, &path).map_err(|source| Error::Create { path: path.clone(), source })?;
        let scratch = Self::opened(path.clone())?;
        if schema(&scratch.connection).map_err(&failed)? != schema(&expected).map_err(&failed)? {
            return Ok(None);
        }
        for (layout, table) in layouts.iter().zip(tables).filter(|(_, table)| !table.is_unchanged()) {
            scratch.connection.execute_batch(&layout.clear()).map_err(&failed)?;
            scratch.insert(layout, *table)?;
        }
        scratch.described(layouts).map(Some)
    }

    fn opened(path: PathBuf) -> Result<Self, Error> {
        let open = || {
            let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.execute_batch(SETTINGS)?;
            Ok(connection)
        };
        let connection = open().map_err(failed("making the scratch file", &path))?;
        Ok(Self { path, connection })
    }

    fn insert(&self, layout: &Layout<'_>, table: &dyn DatabaseTable) -> Result<(), Error> {
        let rows = table.rows().map_err(|reason| Error::Rows { table: layout.table.name.clone(), reason })?;
        rows::insert(&self.connection, layout, &rows, &self.path)
    }

    /// Ends it with what says of the tables what they are. How often its tables were made does not show.
    fn described(self, layouts: &[Layout<'_>]) -> Result<Self, Error> {
        let end = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; PRAGMA schema_version = 1; COMMIT;");
        let described = description::write(&self.connection, layouts).and_then(|()| self.connection.execute_batch(&end));
        described.map_err(failed("describing the tables", &self.path))?;
        Ok(self)
    }

    /// Packs what it has into an empty file: table after table, each in the order of its key, its indices behind it. A page keeps nothing of what
    /// was moved off it.
    pub(crate) fn pack_into(&self, path: &Path) -> Result<(), Error> {
        // Any other spelling would be another file.
        let named = path.to_str().ok_or_else(|| Error::Create { path: path.to_owned(), source: ErrorKind::InvalidFilename.into() })?;
        let pack = || {
            self.connection.execute_batch("PRAGMA secure_delete = ON;")?;
            self.connection.execute("VACUUM INTO ?", [named])
        };
        pack().map(drop).map_err(failed("packing the file", path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It lies in the staging folder, which goes as a whole if this fails.
        let _ = fs::remove_file(&self.path);
    }
}

fn path(beside: &Path) -> PathBuf {
    beside.with_extension("scratch")
}

/// Makes all tables, each filled by whom it is given its place, and then indexed.
fn create(
    connection: &Connection,
    layouts: &[Layout<'_>],
    mut fill: impl FnMut(usize) -> Result<(), Error>,
    failed: impl Fn(rusqlite::Error) -> Error,
) -> Result<(), Error> {
    let identifying = identifying_columns(layouts.iter().map(|layout| layout.table));
    for (place, layout) in layouts.iter().enumerate() {
        connection.execute_batch(&layout.create()).map_err(&failed)?;
        fill(place)?;
        connection.execute_batch(&layout.create_indices(&identifying)).map_err(&failed)?;
    }
    description::create(connection).map_err(failed)
}

/// The statements by which tables and indices were made, in the order in which packing makes them: first all tables.
fn schema(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'index', rowid")?;
    statement.query_map([], |row| row.get(0))?.collect()
}
