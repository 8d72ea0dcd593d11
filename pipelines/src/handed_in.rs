//! The transport of the manual feeds where the endpoint takes them: rows come from its store, all of one moment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use catalog::Catalog;
use connectors::{Batch, Error, Fetched, Memory, Request, Rows, Transport};
use forms::{Feed, Store};
use sha2::{Digest, Sha256};

use crate::kept::hexadecimal;

/// Under this name the hash of the rows is remembered.
const HASH: &str = "sha256";
/// Marks what is remembered of rows that came from the store.
const STORE: &str = "store";
/// Rows of one batch.
const BATCH_ROWS: usize = 8192;

type Record = BTreeMap<String, String>;

/// Rows of one table, and whether its history was brought into the store.
#[derive(Default)]
struct Table {
    rows: Vec<Record>,
    has_history: bool,
}

/// Whether the last extract came from files: before there was an endpoint, or from another program's.
pub(crate) fn came_from_files(memory: &Memory) -> bool {
    memory.get(HASH).is_some() && memory.get(STORE).is_none()
}

/// Reads what was handed in.
pub(crate) struct HandedIn {
    store: PathBuf,
    catalog: Catalog,
    feeds: Vec<Feed>,
    /// All tables as they were when the first was asked for: a submission is in a night with all its parts, or with none.
    snapshot: OnceLock<Result<BTreeMap<String, Table>, String>>,
}

impl HandedIn {
    /// Prepares the transport; opens nothing.
    pub(crate) fn new(store: PathBuf, catalog: Catalog, feeds: Vec<Feed>) -> Self {
        Self { store, catalog, feeds, snapshot: OnceLock::new() }
    }

    fn snapshot(&self) -> &Result<BTreeMap<String, Table>, String> {
        self.snapshot.get_or_init(|| {
            let read = || -> Result<_, forms::Error> {
                let store = Store::open(&self.store)?;
                store.read(|connection| {
                    let tables = self.feeds.iter().flat_map(|feed| &feed.sections).map(|section| &section.table.name);
                    let read = |table: &String| {
                        let rows = forms::handed_in(connection, &self.feeds, table)?;
                        Ok((table.clone(), Table { rows, has_history: forms::store::has_history(connection, table)? }))
                    };
                    tables.map(read).collect()
                })
            };
            read().map_err(|error| error.to_string())
        })
    }
}

impl Transport for HandedIn {
    fn name(&self) -> &'static str {
        "endpoint"
    }

    fn open(&self, request: &Request<'_>) -> Result<Fetched, Error> {
        let failed = |reason: String| Error::Store { source_name: request.source, reason };
        let snapshot = self.snapshot().as_ref().map_err(|reason| failed(reason.clone()))?;
        let table = snapshot.get(&request.table.name).ok_or_else(|| failed(format!("no form fills {}", request.table.name)))?;
        let Table { rows, has_history } = table;
        // Else what stood in files would be gone from the next release without a word: few rows are below every bound.
        if !has_history && request.memory.is_some_and(came_from_files) {
            return Err(Error::NotBroughtIn { source_name: request.source, file: request.extract.file });
        }
        let mut hash = Sha256::new();
        hash.update(request.salt);
        for row in rows {
            hash.update(serde_json::to_vec(row).unwrap_or_default());
            hash.update([0]);
        }
        let hash = hexadecimal(&hash.finalize());
        if request.unchanged_since().is_some_and(|memory| memory.get(HASH) == Some(&hash)) {
            return Ok(Fetched::Unchanged);
        }
        let schema = self.catalog.table(&request.table.name).map_err(|error| failed(error.to_string()))?.raw_schema();
        let batches: Vec<Result<Batch, Error>> = rows
            .chunks(BATCH_ROWS)
            .enumerate()
            .map(|(place, rows)| {
                let column = |name: &str| -> ArrayRef {
                    Arc::new(rows.iter().map(|row| row.get(name).filter(|value| !value.is_empty())).collect::<StringArray>())
                };
                let columns = schema.fields().iter().map(|field| column(field.name())).collect();
                let first = (place * BATCH_ROWS) as u64 + 1;
                let batch = RecordBatch::try_new(schema.clone(), columns).map_err(|error| failed(error.to_string()))?;
                Ok(Batch { rows: batch, row_numbers: (first..first + rows.len() as u64).collect(), rejected: Vec::new() })
            })
            .collect();
        Ok(Fetched::Rows(Box::new(Read { batches: batches.into_iter(), hash })))
    }
}

struct Read {
    batches: std::vec::IntoIter<Result<Batch, Error>>,
    hash: String,
}

impl Iterator for Read {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.batches.next()
    }
}

impl Rows for Read {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        Ok(Memory([(HASH.to_owned(), self.hash), (STORE.to_owned(), "1".to_owned())].into()))
    }
}
