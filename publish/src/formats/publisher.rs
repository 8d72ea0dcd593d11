//! What every format has in common.

use std::io::Write;
use std::path::Path;

use catalog::Released;

use crate::error::Error;

/// Turns a released table into one file. It knows no database, no other format and no final path.
pub trait Publisher: Sync {
    /// The format's name, for people and errors.
    fn name(&self) -> &'static str;

    /// File extension without the point.
    fn extension(&self) -> &'static str;

    /// Media type for HTTP and DCAT.
    fn media_type(&self) -> &'static str;

    /// One Lithuanian sentence on what the format suits, for the download page.
    fn hint(&self) -> &'static str;

    /// Writes the whole table; the same table gives the same bytes.
    ///
    /// # Errors
    /// [`Error::Format`] when `out` or the format's own writer refuses.
    fn write(&self, table: &Released, out: &mut (dyn Write + Send)) -> Result<(), Error>;

    /// Reads the columns and the number of rows of a written file back, to be compared with the columns that it should have.
    ///
    /// # Errors
    /// Why the file cannot be read, without a value of it.
    fn shape(&self, file: &Path, expected: &[&str]) -> Result<Shape, String>;
}

/// What a file turns out to have.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its columns, in order; of a format in which every row names them, those of the first row that has others than expected.
    pub columns: Vec<String>,
    /// Its rows, or those up to that one.
    pub rows: u64,
}

/// Text gathers to this size before it is handed on.
const CHUNK: usize = 64 * 1024;

/// Hands gathered text on when there is enough of it.
pub(super) fn flush_full(text: &mut Vec<u8>, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    if text.len() >= CHUNK {
        out.write_all(text)?;
        text.clear();
    }
    Ok(())
}

/// For `map_err`: which table in which format could not be written.
pub(super) fn refused<E: ToString>(publisher: &dyn Publisher, table: &Released) -> impl Fn(E) -> Error {
    let (format, table) = (publisher.name(), table.table().name.clone());
    move |error| Error::Format { table: table.clone(), format, reason: error.to_string() }
}
