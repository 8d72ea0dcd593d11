//! How the headings of an extract map to the columns of its raw table, in whatever form the extract comes.

use catalog::Table;

use crate::place::Place;
use crate::{Error, Extract, HeadingLine};

/// The headings an extract may have.
#[derive(Debug)]
pub(crate) struct KnownHeadings {
    /// Each with the column of the raw table it fills; without one it is ignored.
    headings: Vec<(String, Option<usize>)>,
    may_be_missing: bool,
}

/// What the first row of a file is.
#[derive(Debug)]
pub(crate) struct FirstRow {
    /// For each field of the file, the column it fills.
    pub(crate) targets: Vec<Option<usize>>,
    /// No headings at all but data already, by position.
    pub(crate) is_data: bool,
}

/// A heading as it is compared: in any letter case.
pub(crate) fn normal(heading: &str) -> String {
    heading.trim().to_lowercase()
}

impl KnownHeadings {
    pub(crate) fn new(extract: &Extract, table: &Table) -> Self {
        let schema = table.raw_schema();
        let place = |(heading, column): (String, Option<String>)| (heading, column.and_then(|column| schema.index_of(&column).ok()));
        let headings = extract.headings(table).into_iter().map(place).collect();
        Self { headings, may_be_missing: extract.heading_line == HeadingLine::MayBeMissing }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.headings.len()
    }

    /// Which one this is.
    pub(crate) fn position(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|(name, _)| name == heading)
    }

    pub(crate) fn name(&self, position: usize) -> &str {
        &self.headings[position].0
    }

    /// The column that a heading fills.
    pub(crate) fn column(&self, position: usize) -> Option<usize> {
        self.headings[position].1
    }

    /// Compares the first row with the headings, in any order.
    ///
    /// # Errors
    /// It is neither these headings nor may it be data.
    pub(crate) fn settle(&self, found: &[String], place: &Place) -> Result<FirstRow, Error> {
        let (source_name, path) = (place.source, || place.path.clone());
        let positions: Vec<Option<usize>> = found.iter().map(|heading| self.position(&normal(heading))).collect();
        if positions.iter().all(Option::is_none) {
            if !self.may_be_missing || found.len() != self.count() {
                return Err(place.no_headings());
            }
            tracing::warn!(source = source_name, file = %place.path.display(), "no heading line: columns are taken by position");
            return Ok(FirstRow { targets: self.headings.iter().map(|(_, column)| *column).collect(), is_data: true });
        }
        if let Some(stranger) = positions.iter().position(Option::is_none) {
            return Err(Error::UnknownHeading { source_name, path: path(), place: stranger + 1 });
        }
        let positions: Vec<usize> = positions.into_iter().flatten().collect();
        if let Some(missing) = (0..self.count()).find(|position| !positions.contains(position)) {
            return Err(place.missing_heading(self.name(missing)));
        }
        if let Some(twice) = (0..positions.len()).find(|&at| positions[..at].contains(&positions[at])) {
            let heading = self.name(positions[twice]).to_owned();
            return Err(Error::RepeatedHeading { source_name, path: path(), heading });
        }
        Ok(FirstRow { targets: positions.into_iter().map(|position| self.column(position)).collect(), is_data: false })
    }
}
