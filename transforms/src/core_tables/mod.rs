//! The core tables: typed, about VIRS and the owners above them only, persons replaced by surrogate ids.

mod classify;
mod entities;
mod facts;
mod joining;
mod marks;
mod money;
mod owners;
mod parts;
mod payers;
mod people;
mod seat;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use catalog::{ASMENVARDIS, BsiPolicy, Catalog, Role, SU_ASMENIMIS, Table};
use chrono::NaiveDate;
use spool::Spool;

pub use joining::SetAside;

use crate::persons::{PersonNumber, Persons};
use crate::pseudonyms::kept_schema;
use crate::scope::Tables;
use crate::{Error, virs};

/// What a run decides before it looks at data.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The day for which owners are resolved.
    pub as_of: NaiveDate,
    /// Which day's BSI measures a year's support.
    pub bsi_policy: BsiPolicy,
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
    /// Of a table of participants: how many of them are about which entity.
    pub set_aside: BTreeMap<String, u64>,
}

/// All core tables by name. Not to be printed: codes that were handed in are among them.
#[derive(Default)]
pub struct Core {
    /// Rows of each table, with the definition's schema.
    pub tables: BTreeMap<String, RecordBatch>,
    /// Rows that name an outlet which is none, by raw table: counted, not published.
    pub no_outlet: BTreeMap<String, u64>,
    /// Rows that two feeds brought under one key: the second is set aside, counted, named.
    pub set_aside: Vec<SetAside>,
    /// Gifts of days before the first known BSI: counted, not published.
    pub gifts_before_bsi: u64,
    /// VIRS, and entities above them, that were resolved.
    pub entities: usize,
    /// Natural persons met.
    pub persons: usize,
    /// The first day on which a holding begins or ends, so that owners must be resolved again although nothing changed.
    pub holds_until: Option<NaiveDate>,
}

/// What the parts of the build share.
pub(crate) struct Build<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) settings: &'a Settings,
    pub(crate) raw: Tables,
    pub(crate) spool: &'a Spool,
    pub(crate) persons: Persons,
    /// Persons named in submissions, with code and birth date: this system itself holds these.
    pub(crate) handed_in: HashMap<PersonNumber, (Option<String>, Option<i32>)>,
    /// How many rows about participants of a VIRS, and of the entities above it, were set aside; of the others nothing stands here.
    pub(crate) unread: HashMap<String, u64>,
    pub(crate) core: Core,
}

impl Build<'_> {
    /// Takes the raw table that has a role out, so that it is let go as soon as it is used.
    pub(crate) fn take(&mut self, role: Role) -> Result<RecordBatch, Error> {
        Ok(self.take_table(self.catalog.role(role)?))
    }

    /// Takes a raw table out; one that did not arrive is empty.
    pub(crate) fn take_table(&mut self, table: &Table) -> RecordBatch {
        self.raw.remove(&table.name).unwrap_or_else(|| RecordBatch::new_empty(kept_schema(table)))
    }

    pub(crate) fn put(&mut self, name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<(), Error> {
        let table = self.catalog.table(name)?.clone();
        self.keep(name, &assemble(&table, columns)?)
    }

    /// Keeps the rows of a core table for the models.
    pub(crate) fn keep(&mut self, name: &str, rows: &RecordBatch) -> Result<(), Error> {
        let kept = self.spool.put(self.catalog.table(name)?, rows, self.core.tables.get(name))?;
        self.core.tables.insert(name.to_owned(), kept);
        Ok(())
    }
}

/// Builds every core table from raw tables as they are kept, narrowed to what [`crate::scope`] asks for; large ones wait in the spool.
///
/// # Errors
/// A definition or a legal parameter is missing, or an engine fails. Rows cannot fail here: cleaning came before.
pub fn build(catalog: &Catalog, (raw, spool): (Tables, &Spool), settings: &Settings, sources: &[SourceState]) -> Result<Core, Error> {
    let mut build = Build {
        catalog,
        settings,
        raw,
        spool,
        persons: Persons::default(),
        handed_in: HashMap::new(),
        unread: HashMap::new(),
        core: Core::default(),
    };
    let registered = build.take(Role::RegisteredVirs)?;
    // Licences become rows of a core table, too.
    let licences = build.raw.get(&catalog.role(Role::Licences)?.name);
    let list = licences.and_then(|licences| virs::list(&registered, licences)).unwrap_or_default();
    let codes: Vec<String> = list.keys().cloned().collect();

    let entities = owners::build(&mut build, &codes, sources)?;
    money::build(&mut build)?;
    facts::build(&mut build)?;
    entities::build(&mut build, &list, &entities)?;
    people::build(&mut build)?;
    marks::build(&mut build)?;
    parts::build(&mut build)?;
    let sources = counted(sources, &build.core.set_aside);
    classify::build(&mut build, &sources)?;
    build.core.persons = build.persons.numbers().len();
    Ok(build.core)
}

/// The states of sources, with the rows that were set aside when feeds were joined.
fn counted(sources: &[SourceState], set_aside: &[SetAside]) -> Vec<SourceState> {
    let mut sources = sources.to_vec();
    for aside in set_aside {
        if let Some(source) = sources.iter_mut().find(|source| source.table == aside.raw) {
            *source.quarantined.entry(aside.bad.rule.to_owned()).or_default() += 1;
        }
    }
    sources
}

/// Columns by name as a table with the definition's schema; extra columns are left aside, so a wider source can be passed whole. Marks that
/// follow from other tables are filled when all are there ([`marks`], [`parts`]).
pub(crate) fn assemble(table: &Arc<Table>, columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Error> {
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let mut by_name: BTreeMap<&str, ArrayRef> = columns.into_iter().collect();
    by_name.entry(ASMENVARDIS).or_insert_with(|| Arc::new(BooleanArray::from(vec![false; rows])));
    by_name.entry(SU_ASMENIMIS).or_insert_with(|| Arc::new(BooleanArray::from(vec![true; rows])));
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

/// `rows` and some added columns as a core table.
pub(crate) fn with_columns(build: &Build<'_>, core: &str, rows: &RecordBatch, added: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, Error> {
    let own = columns(rows);
    let all = own.iter().map(|(name, array)| (name.as_str(), array.clone())).chain(added).collect();
    assemble(build.catalog.table(core)?, all)
}

/// All columns of a table, to be passed on to [`assemble`] with others.
pub(crate) fn columns(rows: &RecordBatch) -> Vec<(String, ArrayRef)> {
    rows.schema().fields().iter().map(|field| field.name().clone()).zip(rows.columns().iter().cloned()).collect()
}

pub(crate) fn text<S: AsRef<str>>(values: impl IntoIterator<Item = Option<S>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}
