//! A released table as the pages of one tier see it: made tonight, or lying in the latest release until its rows are asked for.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use arrow::array::{AsArray, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use catalog::{DatabaseTable, Kind, Released, Table, Tier};

use super::last_release::LastRelease;
use crate::error::Error;

/// Rows of a released table, all of them or those about some VIRS. Not to be printed: those of the internal tier hold codes.
#[derive(Clone)]
pub(crate) struct TierRows {
    table: Arc<Table>,
    tier: Tier,
    rows: RecordBatch,
}

impl TierRows {
    /// Rows of a table that the gate has let through for this tier.
    pub(crate) fn new(table: Arc<Table>, tier: Tier, rows: RecordBatch) -> Self {
        Self { table, tier, rows }
    }

    /// The definition.
    pub(crate) fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// Who may see it.
    pub(crate) fn tier(&self) -> Tier {
        self.tier
    }

    /// The rows; the schema is that of the tier.
    pub(crate) fn rows(&self) -> &RecordBatch {
        &self.rows
    }
}

impl From<&Released> for TierRows {
    fn from(released: &Released) -> Self {
        Self { table: released.table().clone(), tier: released.tier(), rows: released.rows().clone() }
    }
}

/// A released table of one tier.
pub(crate) struct TierTable<'a> {
    pub(crate) table: Arc<Table>,
    pub(crate) tier: Tier,
    /// How many rows it has.
    pub(crate) count: usize,
    /// Where its rows lie, if they were not made tonight.
    before: Option<(&'a LastRelease, String)>,
    whole: OnceLock<TierRows>,
}

impl<'a> TierTable<'a> {
    /// One that was made tonight.
    pub(crate) fn tonight(released: &Released) -> Self {
        let (table, tier, count) = (released.table().clone(), released.tier(), released.rows().num_rows());
        Self { table, tier, count, before: None, whole: OnceLock::from(TierRows::from(released)) }
    }

    /// One that lies in an earlier release at `path`.
    ///
    /// # Errors
    /// [`Error::LastRelease`] where it does not.
    pub(crate) fn before(table: &Arc<Table>, tier: Tier, last: &'a LastRelease, path: String) -> Result<Self, Error> {
        let rows = last.entry(tier, &path).and_then(|entry| usize::try_from(entry.rows?).ok());
        let missing = || Error::LastRelease { path: path.clone().into(), reason: "its manifest does not list it".to_owned() };
        Ok(Self { table: table.clone(), tier, count: rows.ok_or_else(missing)?, before: Some((last, path)), whole: OnceLock::new() })
    }

    /// Whether it was made tonight.
    pub(crate) fn is_new(&self) -> bool {
        self.before.is_none()
    }

    /// Whether the tier sees a column of this name that holds text.
    pub(crate) fn has_text(&self, name: &str) -> bool {
        self.table.visible(self.tier).any(|column| column.column.name == name && column.column.kind == Kind::Text)
    }

    /// All rows; read once.
    ///
    /// # Errors
    /// [`Error::LastRelease`].
    pub(crate) fn whole(&self) -> Result<&TierRows, Error> {
        if let (None, Some((last, path))) = (self.whole.get(), &self.before) {
            let rows = last.rows(&self.table, self.tier, path, None)?;
            let _ = self.whole.set(TierRows { table: self.table.clone(), tier: self.tier, rows });
        }
        Ok(self.whole.get_or_init(|| unreachable!("what was made tonight is at hand from the start")))
    }

    /// Every text that stands in a column of text, at least once, and perhaps an empty one.
    ///
    /// # Errors
    /// [`Error::LastRelease`].
    pub(crate) fn texts(&self, column: &str) -> Result<Vec<StringArray>, Error> {
        match (self.whole.get(), &self.before) {
            (None, Some((last, path))) => last.texts(self.tier, path, &[column]),
            _ => Ok(self.whole()?.rows().column_by_name(column).map(|texts| texts.as_string::<i32>().clone()).into_iter().collect()),
        }
    }

    /// At least the first rows, as many as `count` if there are so many.
    ///
    /// # Errors
    /// [`Error::LastRelease`].
    pub(crate) fn first(&self, count: usize) -> Result<TierRows, Error> {
        match (self.whole.get(), &self.before) {
            (None, Some((last, path))) => {
                let rows = last.first_rows(&self.table, self.tier, path, count)?;
                Ok(TierRows { table: self.table.clone(), tier: self.tier, rows })
            }
            _ => self.whole().cloned(),
        }
    }

    /// At least the rows that have one of these codes in `column`; all of them where they are at hand anyway.
    ///
    /// # Errors
    /// [`Error::LastRelease`].
    pub(crate) fn about(&self, column: &str, codes: &HashSet<String>) -> Result<TierRows, Error> {
        match (self.whole.get(), &self.before) {
            (None, Some((last, path))) => {
                let rows = last.rows_about(&self.table, self.tier, path, column, codes)?;
                Ok(TierRows { table: self.table.clone(), tier: self.tier, rows })
            }
            _ => self.whole().cloned(),
        }
    }
}

impl DatabaseTable for TierTable<'_> {
    fn table(&self) -> &Arc<Table> {
        &self.table
    }

    fn schema(&self) -> SchemaRef {
        self.table.schema_for(self.tier)
    }

    fn count(&self) -> usize {
        self.count
    }

    fn is_unchanged(&self) -> bool {
        !self.is_new()
    }

    fn rows(&self) -> Result<RecordBatch, String> {
        self.whole().map(|whole| whole.rows().clone()).map_err(|error| error.to_string())
    }
}
