//! All tables of a tier in one SQLite file, for the many programs that open such a file as it is.
//!
//! SQLite has no decimals and no dates, so three rules say how they stand; the file itself has them in its table `_pastabos`. A decimal (money, a
//! share, an average) is stored as a whole number of its smallest unit in a column `NAME_ePLACES`: `suma_e2` has cents. The column `NAME` beside
//! it is computed from that as a REAL, so that sums, comparisons and orders are right in units that people know; whoever must be exact takes the
//! whole numbers. Text was no choice: SQLite compares it letter by letter (`'99.00' > '100.00'`), and sums it as REAL all the same. Dates are ISO 8601
//! text, booleans 0 and 1. Every table is STRICT.

mod description;
mod error;
mod layout;
mod rows;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use catalog::Table;
use rusqlite::{Connection, OpenFlags};

pub use error::Error;
use error::failed;
use layout::{Layout, identifying_columns};

/// What tells the file from other SQLite databases (`PRAGMA application_id`): `VIRS`.
pub const APPLICATION_ID: i32 = i32::from_be_bytes(*b"VIRS");
/// Which rules the file follows (`PRAGMA user_version`); another number where a reader of the file would have to know.
pub const FORMAT: i32 = 1;

/// How the file is made. Only whoever reads a file while it is written, or finds it after a crash, would need a journal; the store of releases
/// waits until a file is on the disk. Nothing is put beside the file, and a page keeps nothing of what was moved off it.
const SETTINGS: &str = "
    PRAGMA encoding = 'UTF-8';
    PRAGMA page_size = 4096;
    PRAGMA auto_vacuum = NONE;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = MEMORY;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
";

/// Writes these tables to a file that is not there yet: each under its subject's name, with the columns of its batch. The same tables give the
/// same bytes, which hold nothing but these rows and what the definitions say of them. Whether the bytes are on the disk is the caller's
/// concern, and so is a file that an error leaves unfinished.
///
/// # Errors
/// The file is there or cannot be written, a batch is not what the definition of its table says, or a cell cannot be said in SQLite ([`Error`]).
pub fn write(path: &Path, tables: &[(Arc<Table>, RecordBatch)]) -> Result<(), Error> {
    File::create_new(path).map_err(|source| Error::Create { path: path.to_owned(), source })?;
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed("opening the file", path))?;
    connection.execute_batch(SETTINGS).map_err(failed("opening the file", path))?;
    connection.execute_batch("BEGIN").map_err(failed("opening the file", path))?;
    let layouts = tables.iter().map(|(table, rows)| Layout::of(table, rows)).collect::<Result<Vec<_>, _>>()?;
    let identifying = identifying_columns(tables.iter().map(|(table, _)| table.as_ref()));
    for (layout, (_, rows)) in layouts.iter().zip(tables) {
        let failed = failed(layout.name(), path);
        connection.execute_batch(&layout.create()).map_err(&failed)?;
        rows::insert(&connection, layout, rows, path)?;
        connection.execute_batch(&layout.create_indices(&identifying)).map_err(&failed)?;
    }
    description::write(&connection, &layouts).map_err(failed("describing the tables", path))?;
    let close = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; COMMIT;");
    connection.execute_batch(&close).map_err(failed("closing the file", path))?;
    connection.close().map_err(|(_, error)| failed("closing the file", path)(error))
}

#[cfg(test)]
mod tests;
