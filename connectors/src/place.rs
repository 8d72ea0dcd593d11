//! Where something is read, and the errors that say so.

use std::path::PathBuf;

use crate::Error;

/// A file of a register, or an address.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) source: &'static str,
    pub(crate) path: PathBuf,
}

impl Place {
    pub(crate) fn read(&self, reason: std::io::Error) -> Error {
        Error::read(self.source, self.path.clone(), reason)
    }

    pub(crate) fn truncated(&self, found: &'static str) -> Error {
        Error::Truncated { source_name: self.source, path: self.path.clone(), found }
    }

    pub(crate) fn damaged(&self, found: &'static str) -> Error {
        Error::Damaged { source_name: self.source, path: self.path.clone(), found }
    }

    pub(crate) fn wrong_form(&self, found: &'static str) -> Error {
        Error::WrongForm { source_name: self.source, path: self.path.clone(), found }
    }

    pub(crate) fn too_large(&self, most: u64) -> Error {
        Error::TooLarge { source_name: self.source, path: self.path.clone(), most }
    }

    pub(crate) fn late(&self) -> Error {
        Error::Late { source_name: self.source, path: self.path.clone() }
    }

    pub(crate) fn no_headings(&self) -> Error {
        Error::NoHeadings { source_name: self.source, path: self.path.clone() }
    }

    pub(crate) fn missing_heading(&self, heading: &str) -> Error {
        Error::MissingHeading { source_name: self.source, path: self.path.clone(), heading: heading.to_owned() }
    }

    pub(crate) fn endless_row(&self, row_number: u64) -> Error {
        Error::EndlessRow { source_name: self.source, path: self.path.clone(), row_number }
    }
}
