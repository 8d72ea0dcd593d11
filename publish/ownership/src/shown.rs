//! When rows of a history were shown: by the numbers of releases, since two releases can have one day.

use std::collections::BTreeMap;

use arrow::datatypes::{Date32Type, Int64Type};
use catalog::{FIRST_RELEASE, LAST_RELEASE, SHOWN_SINCE, SHOWN_UNTIL};

use crate::Error;
use crate::columns::{Columns, Numbers};

/// A release: its number, and its day since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Release {
    pub(crate) number: i64,
    pub(crate) day: i32,
}

/// The columns that say it.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    since: Numbers<'a, Date32Type>,
    until: Numbers<'a, Date32Type>,
    first: Numbers<'a, Int64Type>,
    last: Numbers<'a, Int64Type>,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(columns: &Columns<'a>) -> Result<Self, Error> {
        Ok(Self {
            since: columns.days(SHOWN_SINCE)?,
            until: columns.days(SHOWN_UNTIL)?,
            first: columns.integers(FIRST_RELEASE)?,
            last: columns.integers(LAST_RELEASE)?,
        })
    }

    /// Whether the latest release shows a row.
    pub(crate) fn is_shown(&self, row: usize) -> bool {
        self.last.at(row).is_none()
    }

    /// Whether a release showed it.
    pub(crate) fn was_shown_in(&self, row: usize, release: i64) -> bool {
        self.first.at(row).is_some_and(|first| first <= release) && self.last.at(row).is_none_or(|last| last >= release)
    }

    /// The release that showed it first.
    pub(crate) fn came(&self, row: usize) -> Option<Release> {
        Some(Release { number: self.first.at(row)?, day: self.since.at(row)? })
    }
}

/// Releases that the histories name, with their days.
#[derive(Debug, Default)]
pub(crate) struct Releases(BTreeMap<i64, i32>);

impl Releases {
    /// Notes the releases that the first `rows` rows of a history name.
    pub(crate) fn meet(&mut self, shown: &Shown<'_>, rows: usize) {
        self.0.extend((0..rows).filter_map(|row| shown.came(row)).map(|release| (release.number, release.day)));
    }

    /// The release that no longer showed a row. A history has its day and the number of the one before it; that its own is the next but
    /// one, since the next was withdrawn, is seen by another row that it showed first.
    pub(crate) fn went(&self, shown: &Shown<'_>, row: usize) -> Option<Release> {
        let (last, day) = (shown.last.at(row)?, shown.until.at(row)?);
        let number = self.0.range(last + 1..).next().filter(|(_, first)| **first == day).map_or(last + 1, |(number, _)| *number);
        Some(Release { number, day })
    }
}
