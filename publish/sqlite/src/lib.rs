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
mod scratch;

use std::fs::File;
use std::path::Path;

use catalog::DatabaseTable;

pub use error::Error;
use layout::Layout;
use scratch::Scratch;

/// What tells the file from other SQLite databases (`PRAGMA application_id`): `VIRS`.
pub const APPLICATION_ID: i32 = i32::from_be_bytes(*b"VIRS");
/// Which rules the file follows (`PRAGMA user_version`); another number where a reader of the file would have to know.
pub const FORMAT: i32 = 1;

/// Where more than one row in so many is new, all rows are written anew: a row that comes into a table with indices costs several times one
/// of which an index is made later.
const ONE_NEW_IN: usize = 3;

/// Writes these tables to a file that is not there yet: each under its subject's name, with the columns that it has here. The same tables give the
/// same bytes, which hold nothing but these rows and what the definitions say of them, also where unchanged tables are taken from the file of
/// the `last` release. Whether the bytes are on the disk is the caller's concern, and so is a file that an error leaves unfinished.
///
/// Rows are put in order in a scratch file beside it, from which SQLite packs them into this one: so the bytes do not tell in which order they
/// were written, nor in how many nights.
///
/// # Errors
/// The file is there or cannot be written, a table is not what its definition says, or a cell cannot be said in SQLite ([`Error`]).
pub fn write(path: &Path, tables: &[&dyn DatabaseTable], last: Option<&Path>) -> Result<(), Error> {
    File::create_new(path).map_err(|source| Error::Create { path: path.to_owned(), source })?;
    let layouts = tables.iter().map(|&table| Layout::of(table)).collect::<Result<Vec<_>, _>>()?;
    let copied = last.filter(|_| few_rows_are_new(tables)).map(|last| Scratch::copied(path, last, tables, &layouts)).transpose()?;
    copied.flatten().map_or_else(|| Scratch::made(path, tables, &layouts), Ok)?.pack_into(path)
}

fn few_rows_are_new(tables: &[&dyn DatabaseTable]) -> bool {
    let new: usize = tables.iter().filter(|table| !table.is_unchanged()).map(|table| table.count()).sum();
    new * ONE_NEW_IN <= tables.iter().map(|table| table.count()).sum()
}

#[cfg(test)]
mod tests;
