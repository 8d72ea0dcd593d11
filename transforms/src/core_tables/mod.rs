//! The core tables: typed, about VIRS and the owners above them only, persons replaced by surrogate ids.

mod classify;
mod entities;
mod facts;
mod money;
mod owners;
mod people;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use catalog::{BsiPolicy, Catalog, Table};
use chrono::NaiveDate;

use crate::persons::{PersonKey, PersonNumber, Persons};
use crate::{Cleaned, Error, virs};

/// What a run decides before it looks at data.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The day for which owners are resolved.
    pub as_of: NaiveDate,
    /// Which day's BSI measures a year's support.
    pub bsi_policy: BsiPolicy,
    /// Secret key of the surrogate ids.
    pub key: PersonKey,
}

/// How one table of a source arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Code of classifier `saltiniai`.
    pub source: String,
    /// Raw table.
    pub table: String,
    /// Date the extract was made, where it says so.
    pub extract_date: Option<NaiveDate>,
    /// Code of classifier `saltinio_busenos`.
    pub state: String,
    /// Rows received.
    pub rows: u64,
    /// Rows quarantined, by rule.
    pub quarantined: BTreeMap<String, u64>,
}

/// All core tables by name.
#[derive(Debug, Default)]
pub struct Core {
    /// Rows of each table, with the definition's schema.
    pub tables: BTreeMap<String, RecordBatch>,
    /// Rows of money and facts that name an entity which is no VIRS, by raw table: counted, not published.
    pub not_virs: BTreeMap<String, u64>,
    /// Gifts of days before the first known BSI: counted, not published.
    pub gifts_before_bsi: u64,
    /// VIRS, and entities above them, that were resolved.
    pub entities: usize,
    /// Natural persons met.
    pub persons: usize,
}

/// Cleaned raw tables by name; each is taken out when it is used, so that codes of persons live no longer than needed.
pub(crate) struct Raw(BTreeMap<String, Cleaned>);

impl Raw {
    fn take(&mut self, catalog: &Catalog, name: &str) -> Result<RecordBatch, Error> {
        match self.0.remove(name) {
            Some(cleaned) => Ok(cleaned.rows),
            None => Ok(RecordBatch::new_empty(catalog.table(name)?.schema())),
        }
    }
}

/// What the parts of the build share.
pub(crate) struct Build<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) settings: &'a Settings,
    pub(crate) raw: Raw,
    pub(crate) persons: Persons,
    /// Persons named in submissions: this system itself holds their codes.
    pub(crate) handed_in: HashSet<PersonNumber>,
    pub(crate) core: Core,
}

impl Build<'_> {
    pub(crate) fn raw(&mut self, name: &str) -> Result<RecordBatch, Error> {
        self.raw.take(self.catalog, name)
    }

    pub(crate) fn put(&mut self, name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<(), Error> {
        let table = self.catalog.table(name)?.clone();
        let rows = assemble(&table, columns)?;
        self.core.tables.insert(name.to_owned(), rows);
        Ok(())
    }
}

/// Builds every core table.
///
/// # Errors
/// A definition or a legal parameter is missing, or an engine fails. Rows cannot fail here: cleaning came before.
pub fn build(catalog: &Catalog, cleaned: BTreeMap<String, Cleaned>, settings: &Settings, sources: &[SourceState]) -> Result<Core, Error> {
    let mut build =
        Build { catalog, settings, raw: Raw(cleaned), persons: Persons::default(), handed_in: HashSet::new(), core: Core::default() };
    let (registered, licences) = (build.raw("raw_formos__virs")?, build.raw("raw_lis__licencijos")?);
    let list = virs::list(&registered, &licences).unwrap_or_default();
    let codes: Vec<String> = list.keys().cloned().collect();
    let known = facts::Known::new(&codes)?;

    let entities = owners::build(&mut build, &codes)?;
    money::build(&mut build, &known)?;
    facts::build(&mut build, &known, licences)?;
    entities::build(&mut build, &list, &entities)?;
    people::build(&mut build)?;
    classify::build(&mut build, sources)?;
    build.core.persons = build.persons.numbers().len();
    Ok(build.core)
}

/// Columns by name as a table with the definition's schema; extra columns are left aside, so a wider source can be passed whole.
pub(crate) fn assemble(table: &Arc<Table>, columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Error> {
    let by_name: BTreeMap<&str, ArrayRef> = columns.into_iter().collect();
    let schema = table.schema();
    let arrays = schema
        .fields()
        .iter()
        .map(|field| {
            let missing = || arrow::error::ArrowError::SchemaError(format!("column {} is not filled", field.name()));
            by_name.get(field.name().as_str()).cloned().ok_or_else(missing)
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::arrow(&table.name))?;
    RecordBatch::try_new(schema, arrays).map_err(Error::arrow(&table.name))
}

/// All columns of a table, to be passed on to [`assemble`] with others.
pub(crate) fn columns(rows: &RecordBatch) -> Vec<(String, ArrayRef)> {
    rows.schema().fields().iter().map(|field| field.name().clone()).zip(rows.columns().iter().cloned()).collect()
}

pub(crate) fn text<S: AsRef<str>>(values: impl IntoIterator<Item = Option<S>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}
