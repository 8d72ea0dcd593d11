//! The file formats: one publisher per file, all in one list.

mod csv;
mod json;
mod json_row;
mod jsonl;
mod parquet;

use std::io::Write;

use catalog::Released;

use crate::Error;

pub use self::csv::{guard, strip_guard};

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
}

/// Every format, in the order in which downloads are listed.
pub static PUBLISHERS: [&dyn Publisher; 4] = [&csv::Csv, &json::Json, &jsonl::JsonLines, &parquet::Parquet];

/// The publisher of files with this extension.
#[must_use]
pub fn publisher(extension: &str) -> Option<&'static dyn Publisher> {
    PUBLISHERS.into_iter().find(|publisher| publisher.extension() == extension)
}

/// Text gathers to this size before it is handed on.
const CHUNK: usize = 64 * 1024;

/// Hands gathered text on when there is enough of it.
fn flush_full(text: &mut Vec<u8>, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    if text.len() >= CHUNK {
        out.write_all(text)?;
        text.clear();
    }
    Ok(())
}

/// For `map_err`: which table in which format could not be written.
fn refused<E: ToString>(publisher: &dyn Publisher, table: &Released) -> impl Fn(E) -> Error {
    let (format, table) = (publisher.name(), table.table().name.clone());
    move |error| Error::Format { table: table.clone(), format, reason: error.to_string() }
}

#[cfg(test)]
pub(crate) mod samples;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_extensions_are_unique() {
        let names: BTreeSet<_> = PUBLISHERS.iter().map(|publisher| publisher.name()).collect();
        let extensions: BTreeSet<_> = PUBLISHERS.iter().map(|publisher| publisher.extension()).collect();
        assert_eq!((names.len(), extensions.len()), (PUBLISHERS.len(), PUBLISHERS.len()));
        assert!(publisher("csv").is_some() && publisher("xls").is_none());
    }

    #[test]
    fn every_format_gives_the_same_bytes_twice() {
        for publisher in PUBLISHERS {
            let write = || {
                let mut out = Vec::new();
                publisher.write(&samples::all_kinds(), &mut out).unwrap();
                out
            };
            assert!(!write().is_empty() && write() == write(), "{}", publisher.name());
        }
    }
}
