//! Describes what a tier of a release has in the formats of catalogues and tools: all of it follows from the definitions.

mod address;
mod complete;
mod csvw;
mod data_package;
mod described;
mod dsa;
mod error;
mod json_schema;
mod llms;
mod names;
mod object;
mod open_api;
mod reference;
#[cfg(test)]
mod sample;
mod shown;
#[cfg(test)]
mod tests;

pub use described::{DataFile, Described, DescribedDataset, DescribedTable, Description, Publisher};
pub use error::Error;

/// A format: what it makes of a tier.
type Format = fn(&Described<'_>) -> Result<Vec<Description>, Error>;

/// All formats.
const FORMATS: [Format; 6] =
    [dsa::describe, data_package::describe, csvw::describe, json_schema::describe, open_api::describe, llms::describe];

/// Files that describe a tier, in every format, by path. The same tier gives the same bytes.
///
/// # Errors
/// [`Error::Missing`] when a title or a description is missing in a language; [`Error::Address`] when a web address is none; [`Error::Print`]
/// when a file cannot be printed.
pub fn describe(described: &Described<'_>) -> Result<Vec<Description>, Error> {
    complete::check(described)?;
    described.check_addresses()?;
    let mut files = Vec::new();
    for format in FORMATS {
        files.extend(format(described)?);
    }
    files.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(files)
}
