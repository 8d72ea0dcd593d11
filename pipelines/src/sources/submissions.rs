//! The transport of the manual feeds where the endpoint takes them: rows come from its store, all of one moment.
//!
//! What people hand in is judged row by row: a bad row is set aside under its receipt number, and all others count. No extract could have
//! been cut short here, so there is nothing for drift gates; but a store that holds less than in the last night is another store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use catalog::{Catalog, tidy};
use connectors::{Batch, Error, Fetched, Memory, Request, Rows, Transport};
use forms::entry::Record;
use forms::store::{self, Durability, Filter, SetAside};
use forms::{Feed, Origin, Store};
use sha2::{Digest, Sha256};
use transforms::Quarantined;

use crate::config::Gates;

/// Under these names the hash of the rows is remembered, and how much the store held.
const HASH: &str = "sha256";
const SUBMISSIONS: &str = "submissions";
const HISTORY: &str = "rows of history";
/// Rows of one batch.
const BATCH_ROWS: usize = 8192;
/// What quarantine calls the history that was brought in.
const OF_HISTORY: &str = "istorija";

/// Whether the last extract came from files: before there was an endpoint, or from another program's.
pub(crate) fn came_from_files(memory: &Memory) -> bool {
    memory.get(HASH).is_some() && memory.get(SUBMISSIONS).is_none()
}

/// Reads what was handed in.
pub(crate) struct HandedIn {
    store: PathBuf,
    catalog: Catalog,
    feeds: Vec<Feed>,
    /// Everything as it was when the first table was asked for: a submission is in a night with all its parts, or with none.
    snapshot: OnceLock<Result<Snapshot, String>>,
}

/// The store at one moment.
struct Snapshot {
    tables: BTreeMap<String, Vec<forms::Row>>,
    /// Rows of history by table, those that a submission stands for among them.
    history: BTreeMap<String, usize>,
    /// Tables whose history was never brought in.
    without_history: BTreeSet<String>,
    /// How many submissions were ever handed in.
    submissions: usize,
}

impl HandedIn {
    /// Prepares the transport; opens nothing.
    pub(crate) fn new(store: PathBuf, catalog: Catalog, feeds: Vec<Feed>) -> Self {
        Self { store, catalog, feeds, snapshot: OnceLock::new() }
    }

    fn snapshot(&self) -> &Result<Snapshot, String> {
        self.snapshot.get_or_init(|| {
            let read = || -> Result<_, forms::Error> {
                let store = Store::open(&self.store)?;
                store.read(|connection| {
                    let handed_in = forms::HandedIn::read(connection, &self.feeds)?;
                    let tables = || self.feeds.iter().flat_map(|feed| &feed.sections).map(|section| section.table.name.clone());
                    let mut without_history = BTreeSet::new();
                    for table in tables() {
                        if !store::has_history(connection, &table)? {
                            without_history.insert(table);
                        }
                    }
                    Ok(Snapshot {
                        without_history,
                        tables: tables().map(|table| (table.clone(), handed_in.rows(&table))).collect(),
                        history: tables().map(|table| (table.clone(), handed_in.history_rows(&table))).collect(),
                        submissions: store::list(connection, Filter::All, usize::MAX >> 1)?.len(),
                    })
                })
            };
            read().map_err(|error| error.to_string())
        })
    }

    /// Where a row of a table comes from.
    fn origin(&self, table: &str, row_number: u64) -> Option<&Origin> {
        let rows = self.snapshot().as_ref().ok()?.tables.get(table)?;
        let row = rows.get(usize::try_from(row_number.checked_sub(1)?).ok()?)?;
        Some(&row.origin)
    }

    /// What quarantine says in the place of a file and its line: the receipt number, and which of the section's records it is.
    pub(crate) fn place(&self, table: &str, row_number: u64) -> (String, u64) {
        match self.origin(table, row_number) {
            Some(Origin::Submission { receipt, place, .. }) => (receipt.clone(), *place as u64),
            Some(Origin::History(place)) => (OF_HISTORY.to_owned(), *place as u64),
            None => (String::new(), 0),
        }
    }

    /// Notes in the store which submissions have rows that were set aside tonight, so that people are told.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn note(&self, table: &str, quarantined: &[Quarantined]) -> Result<(), forms::Error> {
        let of_submissions: Vec<SetAside> = quarantined.iter().filter_map(|bad| self.of_submission(table, bad)).collect();
        Store::open(&self.store)?.write(Durability::OnDisk, |transaction| store::set_aside(transaction, table, &of_submissions))
    }

    /// The same of rows that were set aside because another feed had brought their keys.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn note_joined(&self, set_aside: &[&transforms::SetAside]) -> Result<(), forms::Error> {
        let told = |aside: &&transforms::SetAside| Some((aside.raw.clone(), self.of_submission(&aside.raw, &aside.bad)?));
        let of_submissions: Vec<(String, SetAside)> = set_aside.iter().filter_map(told).collect();
        Store::open(&self.store)?.write(Durability::OnDisk, |transaction| store::set_aside_joined(transaction, &of_submissions))
    }

    /// Which record of which submission a row is; `None` for one of the history.
    fn of_submission(&self, table: &str, bad: &Quarantined) -> Option<SetAside> {
        match self.origin(table, bad.row_number)? {
            Origin::Submission { id, place, .. } => {
                Some(SetAside { submission: *id, place: *place, column: bad.column.clone(), rule: bad.rule.to_owned() })
            }
            Origin::History(_) => None,
        }
    }
}

/// Why this is not the store of the last night, going by what the transport remembers of both; `None` when it is. Nothing that people hand
/// in makes it hold less.
pub(crate) fn lost(gates: &Gates, old: &Memory, new: &Memory) -> Option<String> {
    let count = |memory: &Memory, name: &str| memory.get(name).and_then(|text| text.parse::<u64>().ok());
    let fewer = |name: &str, may_go: &dyn Fn(u64) -> u64| {
        let (was, is) = (count(old, name)?, count(new, name)?);
        let told = || format!("the endpoint's store holds {is} {name} where it held {was} last time");
        (was.saturating_sub(is) > may_go(was)).then(told)
    };
    // History is brought in anew now and then.
    let of_history = |was: u64| gates.floor.max((was as f64 * gates.fewer_rows) as u64);
    fewer(SUBMISSIONS, &|_| 0).or_else(|| fewer(HISTORY, &of_history))
}

/// Rows as text, tidied, with a raw table's columns.
///
/// # Errors
/// The schema is none of text.
pub(crate) fn batch<'a>(schema: &SchemaRef, rows: impl Iterator<Item = &'a Record> + Clone) -> Result<RecordBatch, ArrowError> {
    let column = |name: &str| -> ArrayRef {
        let cells = rows.clone().map(|row| row.get(name).map(|value| tidy(value)).filter(|value| !value.is_empty()));
        Arc::new(cells.collect::<StringArray>())
    };
    RecordBatch::try_new(schema.clone(), schema.fields().iter().map(|field| column(field.name())).collect())
}

impl Transport for HandedIn {
    fn name(&self) -> &'static str {
        "endpoint"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let failed = |reason: String| Error::Store { source_name: request.source, reason };
        let snapshot = self.snapshot().as_ref().map_err(|reason| failed(reason.clone()))?;
        let table = request.table.name.as_str();
        let rows = snapshot.tables.get(table).ok_or_else(|| failed(format!("no form fills {table}")))?;
        // Else what stood in files would be gone from the next release without a word: few rows are below every bound.
        if snapshot.without_history.contains(table) && request.memory.is_some_and(came_from_files) {
            return Err(Error::NotBroughtIn { source_name: request.source, file: request.extract.file });
        }
        let mut hash = Sha256::new();
        hash.update(request.salt);
        for row in rows {
            // Under another receipt number it would be told to somebody else.
            hash.update(serde_json::to_vec(&row.record).unwrap_or_default());
            hash.update(format!("{:?}", row.origin));
            hash.update([0]);
        }
        let hash = hex::encode(hash.finalize());
        if request.unchanged_since().is_some_and(|memory| memory.get(HASH) == Some(&hash)) {
            return Ok(Fetched::Unchanged);
        }
        let schema = self.catalog.table(table).map_err(|error| failed(error.to_string()))?.raw_schema();
        let batches: Vec<Result<Batch, Error>> = rows
            .chunks(BATCH_ROWS)
            .zip((1_u64..).step_by(BATCH_ROWS))
            .map(|(rows, first)| {
                let batch = batch(&schema, rows.iter().map(|row| &row.record)).map_err(|error| failed(error.to_string()))?;
                Ok(Batch { rows: batch, row_numbers: (first..first + rows.len() as u64).collect(), rejected: Vec::new() })
            })
            .collect();
        let counts = [(SUBMISSIONS, snapshot.submissions), (HISTORY, snapshot.history.get(table).copied().unwrap_or(0))];
        let counts = counts.map(|(name, count)| (name.to_owned(), count.to_string()));
        let memory = Memory(counts.into_iter().chain([(HASH.to_owned(), hash)]).collect());
        Ok(Fetched::Rows(Box::new(Read { batches: batches.into_iter(), memory })))
    }
}

struct Read {
    batches: std::vec::IntoIter<Result<Batch, Error>>,
    memory: Memory,
}

impl Iterator for Read {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batches.next()
    }
}

impl Rows for Read {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        Ok(self.memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_holds_less_than_last_night_is_another_one() {
        let memory = |submissions: &str, history: &str| {
            Memory([(SUBMISSIONS, submissions), (HISTORY, history)].map(|(name, count)| (name.into(), count.into())).into())
        };
        let lost = |old: &Memory, new: &Memory| lost(&Gates::default(), old, new);
        let old = memory("7", "1000");
        assert!(lost(&old, &old).is_none() && lost(&old, &memory("8", "900")).is_none());
        assert!(lost(&Memory::default(), &old).is_none(), "nothing was kept yet, or the drop folder was read");
        assert!(lost(&old, &memory("6", "1000")).unwrap().contains(SUBMISSIONS));
        assert!(lost(&old, &memory("7", "899")).unwrap().contains(HISTORY));
    }
}
