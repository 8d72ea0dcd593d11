//! In which form an extract lies in a folder: under its name, with another ending.

use std::path::{Path, PathBuf};

use crate::place::Place;
use crate::{Error, Extract};

/// Ending of the file names that connectors declare.
const DECLARED: &str = "csv";

/// A form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Delimited,
    DelimitedGzip,
    JsonLines,
    Workbook,
    Parquet,
    Zip,
}

/// Every form, by the ending of its name.
const FORMS: &[(&str, Form)] = &[
    (DECLARED, Form::Delimited),
    ("csv.gz", Form::DelimitedGzip),
    ("jsonl", Form::JsonLines),
    ("xlsx", Form::Workbook),
    ("parquet", Form::Parquet),
    ("zip", Form::Zip),
];
/// What an archive may hold; an archive within it is none of them.
const PACKED: &[Form] = &[Form::Delimited, Form::JsonLines, Form::Workbook, Form::Parquet];

impl Form {
    /// The form of a member of an archive, by the ending of its name in any letter case.
    pub(super) fn of_member(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        FORMS.iter().find(|(known, form)| known.eq_ignore_ascii_case(ending) && PACKED.contains(form)).map(|(_, form)| *form)
    }

    pub(super) fn ending(self) -> &'static str {
        FORMS.iter().find(|(_, form)| *form == self).map_or(DECLARED, |(ending, _)| ending)
    }
}

/// An extract that is there.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) form: Form,
}

/// Under which names an extract may lie in a folder.
pub(super) fn names(extract: &Extract) -> impl Iterator<Item = (String, Form)> {
    let stem = extract.file.strip_suffix(DECLARED).and_then(|stem| stem.strip_suffix('.')).unwrap_or(extract.file);
    FORMS.iter().map(move |(ending, form)| (format!("{stem}.{ending}"), *form))
}

/// Looks for an extract in a folder.
///
/// # Errors
/// It is there in two forms, or the folder cannot be looked into.
pub(super) fn find(source: &'static str, extract: &Extract, folder: &Path) -> Result<Option<Found>, Error> {
    let mut found: Option<Found> = None;
    for (name, form) in names(extract) {
        let place = Place { source, path: folder.join(name) };
        if !exists(&place)? {
            continue;
        }
        if let Some(first) = found {
            return Err(Error::TwoForms { source_name: source, first: first.place.path, second: place.path });
        }
        found = Some(Found { place, form });
    }
    Ok(found)
}

/// Whether anything lies there, be it a link to nothing.
fn exists(place: &Place) -> Result<bool, Error> {
    match place.path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(reason) => Err(place.read(reason)),
    }
}

/// Where an extract is put, in its first form.
pub(super) fn declared(extract: &Extract, folder: &Path) -> PathBuf {
    folder.join(extract.file)
}
